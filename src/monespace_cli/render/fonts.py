"""The fonts of the pages: Source Sans, whole in the file, so that a page looks and prints the same everywhere.

It carries French and the other European scripts; a character that it lacks is shown by its nearest letter, else by a box.
"""

import unicodedata
from functools import cache
from importlib.resources import files

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

SANS, SANS_BOLD, SANS_ITALIC = "SourceSans", "SourceSans-Semibold", "SourceSans-Italic"
MISSING = "\u25a1"
_FILES = {SANS: "SourceSansPro-Regular.ttf", SANS_BOLD: "SourceSansPro-Semibold.ttf", SANS_ITALIC: "SourceSansPro-It.ttf"}


@cache
def register_fonts() -> None:
    """Make the fonts known to reportlab, under their names here; `<b>` and `<i>` in a paragraph take them too."""
    folder = files("font_source_sans_pro") / "files"
    for name, file in _FILES.items():
        pdfmetrics.registerFont(TTFont(name, str(folder / file)))
    pdfmetrics.registerFontFamily(SANS, normal=SANS, bold=SANS_BOLD, italic=SANS_ITALIC, boldItalic=SANS_BOLD)


def size_that_fits(text: str, font: str, size: float, room: float) -> float:
    """Return the size, at most `size` points, in which a text is no wider than `room`."""
    return float(min(size, size * room / max(pdfmetrics.stringWidth(text, font, size), 1)))


def printable(text: str) -> str:
    """Return a text in characters that the fonts have."""
    known = _known()
    if all(ord(c) in known for c in text):
        return text
    return "".join(c if ord(c) in known else _nearest(c, known) for c in text)


def _nearest(character: str, known: frozenset[int]) -> str:
    letters = "".join(c for c in unicodedata.normalize("NFKD", character) if ord(c) in known and not unicodedata.combining(c))
    return letters or (" " if character.isspace() else MISSING)


@cache
def _known() -> frozenset[int]:
    register_fonts()
    found: dict[int, int] = pdfmetrics.getFont(SANS).face.charToGlyph
    return frozenset(found)
