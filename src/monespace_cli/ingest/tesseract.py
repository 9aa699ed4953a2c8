"""Tesseract behind the engine interface: in this process by `tesserocr` where that is installed, else the `tesseract` program by pipes.

Both give tesseract's table of words (TSV), so that text and confidence come from one run and are understood in one place. Nothing is
written to disk: the library takes pixels, the program reads standard input. `pytesseract` is no choice, it writes temporary files.

Pages are read as rows from left to right (page segmentation mode 6): on health papers a row belongs together (a medicine and its dose, an
analyte and its value), and a letterhead in two columns stays in order. Measured on the sample papers: 2 % word errors on printed pages,
where the default, automatic columns, gives 13 %.
"""

import contextlib
import shutil
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import run
from monespace_cli.ingest.engine import EngineInfo, OcrEngine, RecognisedPage
from monespace_cli.ingest.prepare import READING_DPI
from monespace_cli.ingest.problems import Code, unreadable
from monespace_cli.record.document import Word

if TYPE_CHECKING:
    from PIL.Image import Image

LANGUAGE_DATA_PLACES: Final = (
    "/usr/share/tesseract-ocr/*/tessdata",  # Debian
    "/usr/share/tessdata",  # Fedora, Arch
    "/usr/local/share/tessdata",
    "/opt/homebrew/share/tessdata",
)
"""Where systems keep tesseract's language data; patterns, the newest version first."""

_ROWS: Final = 6  # page segmentation mode

_SETTINGS: Final = {"invert_threshold": "0"}
"""A line that was read badly is not read again as light on dark: papers have no such lines, and what was read twice was noise."""

_WORD_LEVEL, _TSV_FIELDS = "5", 12

_NOISE: Final = 0.10
"""Words below are bar codes, stamps and folds. Measured: leaving them out lowers the word error rate on every profile of the samples by up
to 7 points, and loses at most 1 point of the words that are there (0.3 where the page can be read at all). A word of letters alone, as
high as the words beside it that were read well, is none of these: a name in capitals with an accent may count 1 %."""

_WELL_READ: Final = 0.8
_LETTERS: Final = 4
"""Letters that a word of a well-read line has at least, if it is kept although it is below the noise."""

_HEIGHT: Final = 0.25
"""Share by which its height may differ."""


def find_engine(languages: Sequence[str], language_data: Path | None = None, name: str = "") -> OcrEngine | None:
    """Return an engine for those of the languages (tesseract's names: `fra`, `eng`) that have data here, or None.

    `name` asks for the library (`tesserocr`) or the program (`tesseract`); without one the library comes first.

    `language_data` is the one folder to look into; without it, the places where systems keep such data.
    """
    for folder in [language_data] if language_data else _system_folders():
        installed = [language for language in languages if _has_data(folder, language)]
        if installed:
            return _engine(folder, "+".join(installed), name)
    return None


def parse_words(table: str) -> RecognisedPage:
    """Return what tesseract's table of words says. What is noise counts for the confidence but is no text.

    Source: tesseract's TSV: level, page, block, paragraph, line, word, left, top, width, height, confidence 0–100, text.
    """
    lines: dict[tuple[str, ...], list[Word]] = {}
    confidences: list[float] = []
    for row in table.splitlines():
        fields = row.split("\t", _TSV_FIELDS - 1)
        if len(fields) == _TSV_FIELDS and fields[0] == _WORD_LEVEL and (word := _one_word(fields[-1])):
            confidence = min(max(float(fields[10]) / 100, 0.0), 1.0)
            confidences.append(confidence)
            left, top, width, height = map(int, fields[6:10])
            lines.setdefault(tuple(fields[1:5]), []).append(Word(word, left, top, width, height, confidence))
    kept = [words for line in lines.values() if (words := _without_noise(line))]
    mean = sum(confidences) / len(confidences) if confidences else 0.0
    text = "\n".join(" ".join(word.text for word in words) for words in kept)
    return RecognisedPage(text, mean, tuple(word for words in kept for word in words))


def _without_noise(line: list[Word]) -> list[Word]:
    """Return the words of a line that are text."""
    heights = [word.height for word in line if word.confidence >= _WELL_READ]
    usual = sum(heights) / len(heights) if heights else 0.0

    def is_text(word: Word) -> bool:
        is_like_others = len(heights) > 1 and abs(word.height - usual) <= _HEIGHT * usual
        return word.confidence >= _NOISE or (is_like_others and len(word.text) >= _LETTERS and word.text.isalpha())

    return [word for word in line if is_text(word)]


class TesseractLibrary:
    """Tesseract in this process. Loaded once, at the first page."""

    def __init__(self, folder: Path, languages: str) -> None:
        self._folder = folder
        self._languages = languages

    def recognise(self, image: "Image") -> RecognisedPage:
        """Return the text of a grey image; see :class:`OcrEngine`."""
        self._show(self._reader, image)
        try:
            return parse_words(self._reader.GetTSVText(0))
        except RuntimeError:
            raise unreadable(Code.READER_FAILED) from None
        finally:
            self._reader.Clear()

    def info(self) -> EngineInfo:
        """Return which engine this is; see :class:`OcrEngine`."""
        import tesserocr

        version = tesserocr.tesseract_version().split()[1]
        return EngineInfo("tesserocr", version, _languages_in(self._folder), str(self._folder))

    @cached_property
    def _reader(self) -> Any:
        import tesserocr

        return tesserocr.PyTessBaseAPI(path=str(self._folder), lang=self._languages, psm=_ROWS, variables=_SETTINGS)

    @staticmethod
    def _show(api: Any, image: "Image") -> None:
        api.SetImageBytes(image.tobytes(), image.width, image.height, 1, image.width)
        api.SetSourceResolution(READING_DPI)


class TesseractProgram:
    """The `tesseract` program, one run a page, spoken to by pipes."""

    def __init__(self, folder: Path, languages: str) -> None:
        self._folder = folder
        self._languages = languages

    def recognise(self, image: "Image") -> RecognisedPage:
        """Return the text of a grey image; see :class:`OcrEngine`."""
        return parse_words(self._run(image, self._languages, _ROWS, "-c", "tessedit_create_tsv=1"))

    def info(self) -> EngineInfo:
        """Return which engine this is; see :class:`OcrEngine`."""
        output = run(["tesseract", "--version"], timeout=limits.PAGE_SECONDS).output.decode("utf-8", errors="replace")
        version = output.split()[1] if len(output.split()) > 1 else ""
        return EngineInfo("tesseract", version, _languages_in(self._folder), str(self._folder))

    def _run(self, image: "Image", languages: str, mode: int, *options: str) -> str:
        picture = b"P5 %d %d 255\n" % image.size + image.tobytes()  # netpbm PGM: no compression to pay for
        place = ["--tessdata-dir", str(self._folder), "-l", languages, "--psm", str(mode), "--dpi", str(READING_DPI)]
        done = run(["tesseract", "stdin", "stdout", *place, *options], input=picture, timeout=limits.PAGE_SECONDS)
        if done.status != 0:
            raise unreadable(Code.READER_FAILED)
        return done.output.decode("utf-8", errors="replace")


def _one_word(text: str) -> str:
    """Return what was read as one word: whatever would part it, or has no place in text, is left out."""
    return "".join(character for character in text if character.isprintable() and not character.isspace())


def _engine(folder: Path, languages: str, name: str) -> OcrEngine | None:
    if name != "tesseract":
        with contextlib.suppress(ImportError):
            import tesserocr  # noqa: F401 - whether it is there decides

            return TesseractLibrary(folder, languages)
    return TesseractProgram(folder, languages) if name != "tesserocr" and shutil.which("tesseract") else None


def _system_folders() -> Iterable[Path]:
    for pattern in LANGUAGE_DATA_PLACES:
        yield from sorted(Path("/").glob(pattern.lstrip("/")), reverse=True)


def _has_data(folder: Path, language: str) -> bool:
    return (folder / f"{language}.traineddata").is_file()


def _languages_in(folder: Path) -> tuple[str, ...]:
    return tuple(sorted(file.stem for file in folder.glob("*.traineddata")))
