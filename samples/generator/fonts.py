"""Typefaces, nearly all of Debian packages, found by their file names wherever fonts are kept on this machine.

A missing typeface is an error that names the package to install: a paper drawn in another typeface would be another paper.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import reportlab

from generator.paper import Style

FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/Library/Fonts")


class MissingFontError(Exception):
    """A typeface is not on this machine; the message says which Debian package brings it."""


@dataclass(frozen=True, slots=True)
class Typeface:
    """A family in three styles, as TrueType files."""

    name: str
    package: str
    """The Debian package that holds the files."""
    regular: str
    bold: str
    italic: str

    @property
    def is_installed(self) -> bool:
        """Whether all three files are on this machine."""
        return all(file in _font_files() for file in (self.regular, self.bold, self.italic))

    def file(self, style: Style) -> Path:
        """Return the file of one style.

        Raises:
            MissingFontError: if it is not on this machine.
        """
        name = {Style.REGULAR: self.regular, Style.BOLD: self.bold, Style.ITALIC: self.italic}[style]
        if name not in _font_files():
            raise MissingFontError(f"{name} was not found: apt-get install {self.package}")
        return _font_files()[name]


def _family(name: str, package: str, stem: str) -> Typeface:
    return Typeface(name, package, f"{stem}-Regular.ttf", f"{stem}-Bold.ttf", f"{stem}-Italic.ttf")


TYPEFACES = {
    face.name: face
    for face in (
        # Bundled with reportlab, so it is there wherever samples can be made at all.
        Typeface("vera", "python3-reportlab", "Vera.ttf", "VeraBd.ttf", "VeraIt.ttf"),
        # fonts-dejavu-core has no oblique files, so its italic is upright.
        Typeface("dejavu-sans", "fonts-dejavu-core", "DejaVuSans.ttf", "DejaVuSans-Bold.ttf", "DejaVuSans.ttf"),
        Typeface("dejavu-serif", "fonts-dejavu-core", "DejaVuSerif.ttf", "DejaVuSerif-Bold.ttf", "DejaVuSerif.ttf"),
        _family("liberation-sans", "fonts-liberation", "LiberationSans"),
        _family("liberation-serif", "fonts-liberation", "LiberationSerif"),
        _family("liberation-mono", "fonts-liberation", "LiberationMono"),
        _family("carlito", "fonts-crosextra-carlito", "Carlito"),
        _family("lato", "fonts-lato", "Lato"),
        _family("open-sans", "fonts-open-sans", "OpenSans"),
    )
}


def typeface(name: str) -> Typeface:
    """Return a typeface whose files are all there.

    Raises:
        MissingFontError: if the name is unknown, or its files are not on this machine.
    """
    face = TYPEFACES.get(name)
    if face is None:
        raise MissingFontError(f"no typeface is called {name}: choose among {', '.join(TYPEFACES)}")
    if not face.is_installed:
        raise MissingFontError(f"the typeface {name} is not installed: apt-get install {face.package}")
    return face


def installed() -> tuple[str, ...]:
    """Return the names of the typefaces on this machine, in a fixed order."""
    return tuple(name for name, face in TYPEFACES.items() if face.is_installed)


@cache
def _font_files() -> dict[str, Path]:
    return {path.name: path for path in _walk_font_folders()}


def _walk_font_folders() -> Iterator[Path]:
    for folder in (*FONT_FOLDERS, Path(reportlab.__file__).parent / "fonts"):
        yield from sorted(Path(folder).expanduser().rglob("*.ttf"))
