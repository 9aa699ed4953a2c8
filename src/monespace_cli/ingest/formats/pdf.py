"""PDF, by PDFium: the text layer of a page, and the page as it is drawn."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import c_int
from itertools import islice
from math import ceil, sqrt
from typing import Final

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.boxes import MAX_WORDS
from monespace_cli.ingest.codes import read_codes
from monespace_cli.ingest.detect import MediaType
from monespace_cli.ingest.payloads import candidates_of
from monespace_cli.ingest.prepare import READING_DPI
from monespace_cli.ingest.problems import Code, Notice, damage, unreadable
from monespace_cli.record.document import Candidate, TextSource, Word

_POINTS_PER_INCH: Final = 72  # ISO 32000-1 §8.3.2.3, default user space

_MODULES: Final = 60
"""Drawn shapes that may be a code: the smallest one worth printing, a DataMatrix of 12 × 12, has about 70 dark modules."""

_MOSTLY: Final = 0.5

_WORD: Final = re.compile(r"\S+")

_CONTROL: Final = {code: " " if chr(code).isspace() else None for code in (*range(0x20), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"}
_CLEANED: Final = {**_CONTROL, 0xFFFE: "-"}
"""Controls are no text, though some part words; U+FFFE is PDFium's mark for a hyphen at a line's end."""

_OBJECTS_SEEN: Final = 2_000
"""Of a page, how many objects are looked at for pictures and codes."""


class PdfFile:
    """A PDF."""

    media_type = MediaType.PDF
    own_text = TextSource.TEXT_LAYER

    def __init__(self, data: bytes, password: str = "") -> None:
        self.notices: tuple[Notice, ...] = ()
        try:
            self._pdf = _opened(data)
        except UnreadableInputError as problem:
            if problem.code != Code.ENCRYPTED_PDF or not password:
                raise
            self._pdf, self.notices = _opened(data, password), (Notice.NEEDS_PASSWORD,)
        self.page_count = len(self._pdf)
        self._last: tuple[int, Image.Image] | None = None

    def text(self, number: int) -> str:
        """Return a page's text layer; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        with damage(), self._page(number) as page:
            return _cleaned(_layer_text(page.get_textpage()))

    def words(self, number: int) -> tuple[tuple[Word, ...], tuple[int, int]]:
        """Return where the words of the text layer stand on the page as it is drawn; see the same of `decode.OpenDocument`."""
        with damage(), self._page(number) as page:
            layer, size = page.get_textpage(), _drawn_size(page)
            found = islice(_WORD.finditer(_layer_text(layer)), MAX_WORDS)
            words = ((_cleaned(match[0]), _place(page, layer, match, size)) for match in found)
            return tuple(Word(text, *place, 1.0) for text, place in words if text), size

    def image(self, number: int) -> Image.Image:
        """Return a page in grey at the dots per inch that are read best; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        if self._last is None or self._last[0] != number:
            with damage(), self._page(number) as page:
                self._last = number, _drawn(page)
        return self._last[1]

    def is_picture(self, number: int) -> bool:
        """Whether pictures cover most of a page; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        with damage(), self._page(number) as page:
            width, height = page.get_size()
            return bool(_pictured(page) >= _MOSTLY * width * height)

    def candidates(self, number: int) -> tuple[Candidate, ...]:
        """Return what two-dimensional codes say; a page that shows nothing like one is not drawn for it."""
        with damage(), self._page(number) as page:
            if not _may_show_a_code(page):
                return ()
        return candidates_of(read_codes(self.image(number)), number)

    @contextmanager
    def _page(self, number: int) -> Iterator[pypdfium2.PdfPage]:
        page = self._pdf[number - 1]
        try:
            yield page
        finally:
            page.close()


def _opened(data: bytes, password: str | None = None) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(data, password=password)
    except pypdfium2.PdfiumError as error:
        is_encrypted = error.err_code == pdfium.FPDF_ERR_PASSWORD and _error_now(data, password) == pdfium.FPDF_ERR_PASSWORD
        raise unreadable(Code.ENCRYPTED_PDF if is_encrypted else Code.DAMAGED) from None


def _error_now(data: bytes, password: str | None) -> int | None:
    """Return why a file cannot be opened. PDFium tells the last file's error again where it has none for this one: it is made to forget."""
    error = None
    for each in (b"no PDF", data):
        try:
            pypdfium2.PdfDocument(each, password=password).close()
        except pypdfium2.PdfiumError as problem:
            error = problem.err_code
    return error


def _layer_text(layer: pypdfium2.PdfTextPage) -> str:
    count = min(layer.count_chars(), limits.MAX_TEXT_PER_PAGE + 1)
    text: str = layer.get_text_range(0, count) if count > 0 else ""
    return text


def _cleaned(text: str) -> str:
    return text.replace("\r\n", "\n").translate(_CLEANED)


def _place(page: pypdfium2.PdfPage, layer: pypdfium2.PdfTextPage, word: re.Match[str], size: tuple[int, int]) -> tuple[int, int, int, int]:
    """Return left, top, width and height of a word in pixels, by its first and last letter: one font, one line."""
    corners = []
    for position in (word.start(), word.end() - 1):
        index = pdfium.FPDFText_GetCharIndexFromTextIndex(layer, position)
        left, bottom, right, top = layer.get_charbox(index, loose=True) if index >= 0 else (0, 0, 0, 0)
        corners += [_pixel(page, left, top, size), _pixel(page, right, bottom, size)]
    lefts, tops = zip(*corners, strict=True)
    return min(lefts), min(tops), max(lefts) - min(lefts), max(tops) - min(tops)


def _pixel(page: pypdfium2.PdfPage, x: float, y: float, size: tuple[int, int]) -> tuple[int, int]:
    """Return the pixel of a point, as the page is drawn: turned and cut as it says."""
    across, down = c_int(), c_int()
    pdfium.FPDF_PageToDevice(page, 0, 0, *size, 0, x, y, across, down)
    return min(max(across.value, 0), size[0]), min(max(down.value, 0), size[1])


def _scale(page: pypdfium2.PdfPage) -> float:
    width, height = page.get_size()
    return min(READING_DPI / _POINTS_PER_INCH, sqrt(limits.MAX_RENDER_PIXELS / max(1.0, width * height)))


def _drawn_size(page: pypdfium2.PdfPage) -> tuple[int, int]:
    width, height = page.get_size()
    return ceil(width * _scale(page)), ceil(height * _scale(page))


def _drawn(page: pypdfium2.PdfPage) -> Image.Image:
    drawn: Image.Image = page.render(scale=_scale(page), grayscale=True, may_draw_forms=False).to_pil()
    return drawn.copy()  # the bitmap behind it goes with the page


def _pictured(page: pypdfium2.PdfPage) -> float:
    """Return the area of a page's pictures together, in square points; scanners cut a page into strips."""
    pictures = islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=3), _OBJECTS_SEEN)
    bounds = (picture.get_bounds() for picture in pictures)
    return float(sum((right - left) * (top - bottom) for left, bottom, right, top in bounds))


def _may_show_a_code(page: pypdfium2.PdfPage) -> bool:
    """Tell whether a page has a picture, or as many drawn shapes as a code has modules (one path may hold them all)."""
    shapes = 0
    for seen, item in enumerate(page.get_objects(max_depth=3)):
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE or seen >= _OBJECTS_SEEN:
            return True
        if item.type == pdfium.FPDF_PAGEOBJ_PATH:
            shapes += max(1, pdfium.FPDFPath_CountSegments(item) // 5)  # a rectangle is five segments
        if shapes >= _MODULES:
            return True
    return False
