"""Opens a file of a known type and gives its pages, one at a time: the text a page carries itself, its image, and what it says of itself.

Runs in the decoding child only. Rules: sizes are checked before anything is decoded; only the decoder of the detected type is tried, and
loaded; whatever a decoder stumbles on is `damaged-file`. Left to others: whether a page's own text is good enough (`text_layer`), reading
images (`engine`), archives (`archive`), and memory and time limits (`bounds`).
"""

from typing import TYPE_CHECKING, Protocol, assert_never

from monespace_cli.bounds import limits
from monespace_cli.ingest.detect import MediaType, media_type
from monespace_cli.ingest.problems import Code, Notice, damage, unreadable
from monespace_cli.record.document import Candidate, TextSource, Word

if TYPE_CHECKING:
    from PIL import Image


class OpenDocument(Protocol):
    """A file that was opened. Pages are counted from 1."""

    media_type: MediaType
    page_count: int
    own_text: TextSource
    """What the text of :meth:`text` counts as."""
    notices: tuple[Notice, ...]
    """What a person should know of the file as such."""

    def text(self, number: int) -> str:
        """Return the text that a page carries as text; empty if it is only an image.

        Raises:
            UnreadableInputError: `damaged-file`.
        """

    def words(self, number: int) -> "tuple[tuple[Word, ...], tuple[int, int]]":
        """Return where the words of :meth:`text` stand, in its order, and the size in pixels of the page they stand on.

        There are none where a format keeps no places, or where the text is too long.

        Raises:
            UnreadableInputError: `damaged-file`.
        """

    def image(self, number: int) -> "Image.Image":
        """Return a page as an image, upright as far as the file says how it lies. It is good until the next page, and not to be changed.

        Raises:
            UnreadableInputError: `damaged-file`, `too-many-pixels`.
        """

    def is_picture(self, number: int) -> bool:
        """Whether a page is mostly a picture, such as a scan, whatever text it carries as well.

        Raises:
            UnreadableInputError: `damaged-file`.
        """

    def candidates(self, number: int) -> tuple[Candidate, ...]:
        """Return what a page says in a form made for machines: two-dimensional codes, a header's attributes.

        Raises:
            UnreadableInputError: as :meth:`image`.
        """


def open_document(data: bytes, password: str = "") -> OpenDocument:
    """Open a file by its content, with a password where it needs one.

    Raises:
        UnreadableInputError: `empty-file`, `unsupported-type`, `damaged-file`, `encrypted-pdf` or `too-many-pages`.
    """
    kind = media_type(data)
    with damage():
        document = _opened(data, kind, password)
    if document.page_count < 1:
        raise unreadable(Code.DAMAGED)
    if document.page_count > limits.MAX_PAGES:
        raise unreadable(Code.TOO_MANY_PAGES)
    return document


def _opened(data: bytes, kind: MediaType, password: str) -> OpenDocument:
    match kind:
        case MediaType.TEXT | MediaType.RTF:
            from monespace_cli.ingest.formats import text

            return text.plain_text(data) if kind is MediaType.TEXT else text.rich_text(data)
        case MediaType.PDF:
            from monespace_cli.ingest.formats.pdf import PdfFile

            return PdfFile(data, password)
        case MediaType.PAGES:
            from monespace_cli.ingest.formats.several import SeveralFiles

            return SeveralFiles(data, lambda file: open_document(file, password))
        case MediaType.DICOM:
            from monespace_cli.ingest.formats.dicom import DicomFile

            return DicomFile(data)
        case MediaType.JPEG | MediaType.PNG | MediaType.TIFF | MediaType.WEBP | MediaType.HEIC:
            from monespace_cli.ingest.formats.image import ImageFile

            return ImageFile(data, kind)
        case _:
            assert_never(kind)
