"""Several photos or scans of one paper in one document: a zip of them, in the order of its pages (docs/adr/0016).

Each file is opened when its first page is asked for, and one at a time, so that a set costs no more memory than its largest file.
"""

import zipfile
from bisect import bisect_right
from collections.abc import Callable
from io import BytesIO
from itertools import accumulate
from typing import TYPE_CHECKING, Protocol

from monespace_cli.bounds import limits
from monespace_cli.ingest.detect import PAGE_TYPES, MediaType, media_type
from monespace_cli.ingest.problems import Code, Notice, unreadable
from monespace_cli.record.document import Candidate, TextSource, Word

if TYPE_CHECKING:
    from PIL import Image


class _File(Protocol):
    """What a set asks of each of its files; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""

    page_count: int
    notices: tuple[Notice, ...]

    def text(self, number: int) -> str: ...

    def words(self, number: int) -> tuple[tuple[Word, ...], tuple[int, int]]: ...

    def image(self, number: int) -> "Image.Image": ...

    def is_picture(self, number: int) -> bool: ...

    def candidates(self, number: int) -> tuple[Candidate, ...]: ...


class SeveralFiles:
    """A set of files that are the pages of one document."""

    media_type = MediaType.PAGES
    own_text = TextSource.TEXT_LAYER

    def __init__(self, data: bytes, open_file: Callable[[bytes], _File]) -> None:
        """Open a set whose files `open_file` opens."""
        self._open_file = open_file
        self._archive = zipfile.ZipFile(BytesIO(data))
        self._members = self._archive.infolist()
        if len(self._members) > limits.MAX_PAGES:
            raise unreadable(Code.TOO_MANY_PAGES)
        if any(member.compress_type != zipfile.ZIP_STORED for member in self._members):
            raise unreadable(Code.DAMAGED)  # nobody packs a set so but to hide its size
        self._open: tuple[int, _File] | None = None
        files = [self._file(index) for index in range(len(self._members))]
        self.notices = tuple(dict.fromkeys(notice for file in files for notice in file.notices))
        self._ends = list(accumulate(file.page_count for file in files))
        self.page_count = self._ends[-1] if self._ends else 0

    def text(self, number: int) -> str:
        """Return a page's text; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        file, page = self._page(number)
        return file.text(page)

    def words(self, number: int) -> tuple[tuple[Word, ...], tuple[int, int]]:
        """Return where a page's words stand; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        file, page = self._page(number)
        return file.words(page)

    def image(self, number: int) -> "Image.Image":
        """Return a page as an image; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        file, page = self._page(number)
        return file.image(page)

    def is_picture(self, number: int) -> bool:
        """Tell whether a page is a picture; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        file, page = self._page(number)
        return file.is_picture(page)

    def candidates(self, number: int) -> tuple[Candidate, ...]:
        """Return what a page's codes say; see :class:`~monespace_cli.ingest.decode.OpenDocument`."""
        file, page = self._page(number)
        return file.candidates(page)

    def _page(self, number: int) -> tuple[_File, int]:
        index = bisect_right(self._ends, number - 1)
        return self._file(index), number - (self._ends[index - 1] if index else 0)

    def _file(self, index: int) -> _File:
        if self._open is None or self._open[0] != index:
            self._open = None  # two large files at once would not fit
            data = self._archive.read(self._members[index])
            if media_type(data) not in PAGE_TYPES:
                raise unreadable(Code.UNSUPPORTED)
            self._open = index, self._open_file(data)
        return self._open[1]
