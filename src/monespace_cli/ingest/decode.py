"""Opens a file of a known type and gives its pages, one at a time: the text a page carries itself, and its image.

Runs in the decoding child only. Rules: sizes are checked before anything is decoded; only the decoder of the detected type is tried;
whatever a decoder stumbles on is `damaged-file`. Left to others: whether a page's own text is good enough (`worker`), reading images
(`engine`), and memory and time limits (`bounds`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from math import sqrt
from typing import Final, Protocol, assert_never

import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image, ImageOps

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.detect import MediaType, decode_text, media_type
from monespace_cli.ingest.prepare import READING_DPI
from monespace_cli.ingest.problems import Code, unreadable
from monespace_cli.record.document import TextSource

_POINTS_PER_INCH: Final = 72  # ISO 32000-1 §8.3.2.3, default user space

_PILLOW_FORMATS: Final = {MediaType.JPEG: "JPEG", MediaType.PNG: "PNG", MediaType.TIFF: "TIFF"}

Image.MAX_IMAGE_PIXELS = None  # limits.MAX_PIXELS is checked here instead: Pillow would only warn up to twice its own limit


class OpenDocument(Protocol):
    """A file that was opened. Pages are counted from 1."""

    media_type: MediaType
    page_count: int
    own_text: TextSource
    """What the text of :meth:`text` counts as."""

    def text(self, number: int) -> str:
        """Return the text that a page carries as text; empty if it is only an image.

        Raises:
            UnreadableInputError: `damaged-file`.
        """

    def image(self, number: int) -> Image.Image:
        """Return a page as an image, upright as far as the file says how it lies.

        Raises:
            UnreadableInputError: `damaged-file`, `too-many-pixels`.
        """


def open_document(data: bytes) -> OpenDocument:
    """Open a file by its content.

    Raises:
        UnreadableInputError: `empty-file`, `unsupported-type`, `damaged-file`, `encrypted-pdf` or `too-many-pages`.
    """
    kind = media_type(data)
    with _damage():
        document = _opened(data, kind)
    if document.page_count < 1:
        raise unreadable(Code.DAMAGED)
    if document.page_count > limits.MAX_PAGES:
        raise unreadable(Code.TOO_MANY_PAGES)
    return document


class TextFile:
    """Plain text; a form feed ends a page."""

    media_type = MediaType.TEXT
    own_text = TextSource.PLAIN

    def __init__(self, data: bytes) -> None:
        self._pages = decode_text(data).removesuffix("\f").split("\f")
        self.page_count = len(self._pages)

    def text(self, number: int) -> str:
        """Return a page's text; see :class:`OpenDocument`."""
        return self._pages[number - 1]

    def image(self, number: int) -> Image.Image:
        """Raise: a page of text has no image."""
        raise unreadable(Code.DAMAGED)


class ImageFile:
    """A JPEG, PNG or TIFF; only a TIFF has several pages (an animation or a depth map is not another page)."""

    own_text = TextSource.NONE

    def __init__(self, data: bytes, kind: MediaType) -> None:
        self.media_type = kind
        self._image = Image.open(BytesIO(data), formats=[_PILLOW_FORMATS[kind]])
        self.page_count = getattr(self._image, "n_frames", 1) if kind is MediaType.TIFF else 1

    def text(self, number: int) -> str:
        """Return nothing: an image carries no text; see :class:`OpenDocument`."""
        return ""

    def image(self, number: int) -> Image.Image:
        """Return a page with its EXIF orientation applied; see :class:`OpenDocument`."""
        with _damage():
            if self.page_count > 1:
                self._image.seek(number - 1)
            _check_pixels(self._image)
            self._image.draft("L", self._image.size)  # a JPEG's colours are not even decoded: half the time
            self._image.load()
            return _upright(self._image)


class PdfFile:
    """A PDF, by PDFium."""

    media_type = MediaType.PDF
    own_text = TextSource.TEXT_LAYER

    def __init__(self, data: bytes) -> None:
        try:
            self._pdf = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            raise unreadable(Code.ENCRYPTED_PDF if error.err_code == pdfium.FPDF_ERR_PASSWORD else Code.DAMAGED) from None
        self.page_count = len(self._pdf)

    def text(self, number: int) -> str:
        """Return a page's text layer; see :class:`OpenDocument`."""
        with _damage(), self._page(number) as page:
            layer = page.get_textpage()
            count = min(layer.count_chars(), limits.MAX_TEXT_PER_PAGE + 1)
            text: str = layer.get_text_range(0, count) if count > 0 else ""
            return text.replace("\r\n", "\n").replace("\ufffe", "-")  # PDFium's mark for a hyphen at a line's end

    def image(self, number: int) -> Image.Image:
        """Return a page drawn in grey at the dots per inch that are read best; see :class:`OpenDocument`."""
        with _damage(), self._page(number) as page:
            width, height = page.get_size()
            scale = min(READING_DPI / _POINTS_PER_INCH, sqrt(limits.MAX_RENDER_PIXELS / max(1.0, width * height)))
            drawn: Image.Image = page.render(scale=scale, grayscale=True, may_draw_forms=False).to_pil()
            return drawn.copy()  # the bitmap behind it goes with the page

    @contextmanager
    def _page(self, number: int) -> Iterator[pypdfium2.PdfPage]:
        page = self._pdf[number - 1]
        try:
            yield page
        finally:
            page.close()


def _opened(data: bytes, kind: MediaType) -> OpenDocument:
    match kind:
        case MediaType.TEXT:
            return TextFile(data)
        case MediaType.PDF:
            return PdfFile(data)
        case MediaType.JPEG | MediaType.PNG | MediaType.TIFF:
            return ImageFile(data, kind)
        case _:
            assert_never(kind)


@contextmanager
def _damage() -> Iterator[None]:
    """Turn whatever a decoder raises into `damaged-file`; running out of memory stays what it is."""
    try:
        yield
    except (UnreadableInputError, MemoryError):
        raise
    except Exception:  # decoders raise what they like on bad input: OSError, SyntaxError, struct.error, KeyError, ...
        raise unreadable(Code.DAMAGED) from None


def _check_pixels(image: Image.Image) -> None:
    if image.width * image.height > limits.MAX_PIXELS:
        raise unreadable(Code.TOO_MANY_PIXELS)


def _upright(image: Image.Image) -> Image.Image:
    """Return the image turned as its EXIF orientation says; a broken EXIF block says nothing, and the picture is still good."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        return image
