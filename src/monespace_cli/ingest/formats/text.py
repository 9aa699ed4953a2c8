"""Plain text and RTF: pages that are text already, and have no image."""

from typing import TYPE_CHECKING

from monespace_cli.ingest.detect import MediaType, decode_text
from monespace_cli.ingest.formats import rtf
from monespace_cli.ingest.problems import Code, Notice, unreadable
from monespace_cli.record.document import Candidate, TextSource, Word

if TYPE_CHECKING:
    from PIL import Image


class TextPages:
    """Text in which a form feed ends a page."""

    own_text = TextSource.PLAIN
    notices: tuple[Notice, ...] = ()

    def __init__(self, media_type: MediaType, text: str) -> None:
        self.media_type = media_type
        self._pages = text.removesuffix("\f").split("\f")
        self.page_count = len(self._pages)

    def text(self, number: int) -> str:
        """Return a page's text; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        return self._pages[number - 1]

    def words(self, number: int) -> tuple[tuple[Word, ...], tuple[int, int]]:
        """Return nothing: text has no places; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        return (), (0, 0)

    def image(self, number: int) -> "Image.Image":
        """Raise `no-picture`: a page of text has none."""
        raise unreadable(Code.NO_PICTURE)

    def is_picture(self, number: int) -> bool:
        """Return False: a page of text has no picture."""
        return False

    def candidates(self, number: int) -> tuple[Candidate, ...]:
        """Return nothing: text says nothing in a form made for machines."""
        return ()


def plain_text(data: bytes) -> TextPages:
    """Open plain text.

    Raises:
        UnreadableInputError: `unsupported-type`: it is no text.
    """
    return TextPages(MediaType.TEXT, decode_text(data))


def rich_text(data: bytes) -> TextPages:
    """Open an RTF file; what it says beside its words (fonts, pictures, objects) is left out.

    Raises:
        UnreadableInputError: `damaged-file`.
    """
    return TextPages(MediaType.RTF, rtf.to_text(data))
