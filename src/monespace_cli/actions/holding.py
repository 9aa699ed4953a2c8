"""What came, held so that nobody outside can change it: who keeps the original may give other bytes at each read."""

import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from monespace_cli.errors import BundleError
from monespace_cli.i18n import _
from monespace_cli.sync.limits import LIMITS
from monespace_cli.vault.blobs import Blob, Blobs

IN_MEMORY = 4 << 20
"""Bytes that are held in memory; a larger bundle goes to the disk, encrypted once more."""


@dataclass(frozen=True, slots=True)
class Incoming:
    """Something that came and may be a bundle."""

    name: str
    """Its path, or its name in a store."""
    open: Callable[[], AbstractContextManager[BinaryIO]]
    """Gives its bytes, to be read once from their start to their end."""


class Held:
    """A copy that stays as it is, seekable."""

    def __init__(self, blobs: Blobs, source: BinaryIO, blob: Blob | None) -> None:
        """Hold `source`, which is a blob that nothing refers to, or in memory."""
        self.source = source
        self._blobs = blobs
        self._blob = blob

    def keep(self) -> Blob:
        """Let it outlive the context, as a blob that the caller registers or removes."""
        if self._blob is None:
            self.source.seek(0)
            return self._blobs.write(self.source)
        blob, self._blob = self._blob, None
        return blob

    def release(self) -> None:
        """Let it go, unless it is kept."""
        if self._blob is not None:
            self._blobs.remove_file(self._blob.id)


@contextmanager
def held(blobs: Blobs, head: bytes, rest: BinaryIO) -> Iterator[Held]:
    """Give a copy of what begins with `head`, :data:`IN_MEMORY` bytes or all there is, and goes on with `rest`.

    Raises:
        BundleError: it is larger than any bundle.
        UnreadableInputError, NotWritableError: it cannot be read, or the disk takes no more.
    """
    if len(head) < IN_MEMORY:
        yield Held(blobs, io.BytesIO(head), None)
        return
    blob = blobs.write(io.BufferedReader(_Joined(head, rest), 1 << 18))
    found = Held(blobs, blobs.open_written(blob), blob)
    try:
        yield found
    finally:
        found.release()


class _Joined(io.RawIOBase):
    """Bytes that were read already, then the rest of their file, but no more than a bundle may have."""

    def __init__(self, head: bytes, rest: BinaryIO) -> None:
        self._head = io.BytesIO(head)
        self._rest = rest
        self._left = LIMITS.archive + LIMITS.age_overhead

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        data = self._head.read(len(buffer)) or self._rest.read(len(buffer))
        self._left -= len(data)
        if self._left < 0:
            raise BundleError(_("the file is larger than any bundle"))
        buffer[: len(data)] = data
        return len(data)
