"""The payload of an age file: 64 KiB chunks of ChaCha20-Poly1305 in the STREAM construction (C2SP age.md, "Payload").

A chunk's nonce holds its number and whether it is the last, so that chunks cannot be moved, dropped or added. The last chunk is full or
short, and never empty unless the whole payload is.
"""

import io
from typing import TYPE_CHECKING, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from monespace_cli.errors import BundleError
from monespace_cli.i18n import _

if TYPE_CHECKING:
    from types import TracebackType

    from _typeshed import ReadableBuffer, WriteableBuffer

CHUNK_SIZE = 65_536
TAG_SIZE = 16
SEALED_SIZE = CHUNK_SIZE + TAG_SIZE
NONCE_SIZE = 16
"""Bytes before the first chunk, from which the payload key is derived."""


def _nonce(number: int, *, is_last: bool) -> bytes:
    return number.to_bytes(11, "big") + (b"\x01" if is_last else b"\x00")


def _damaged() -> BundleError:
    return BundleError(_("the encrypted content was changed or damaged"), hint=_("ask the sender for the file again"))


class StreamWriter(io.BufferedIOBase):
    """Encrypts what is written to it. Closing writes the last chunk, without which the file is recognised as cut short.

    That is why neither an exception inside the `with` block nor a forgotten writer closes the stream: what they leave opens nowhere.
    The sink stays open.
    """

    def __init__(self, sink: BinaryIO, key: bytes, *, header_digest: str = "") -> None:
        """Write to `sink`, which takes each write whole, under a 32-byte payload key used for nothing else."""
        self.header_digest = header_digest
        """SHA-256 of the file's header and nonce, in hex: what its maker knows it by."""
        self._sink = sink
        self._aead = ChaCha20Poly1305(key)
        self._number = 0
        self._pending = bytearray()
        self._sealed = memoryview(bytearray(SEALED_SIZE))
        self._size = 0

    def writable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the number of plaintext bytes written."""
        return self._size

    def write(self, data: "ReadableBuffer", /) -> int:
        """Take `data`; a full chunk is encrypted once it is known not to be the last. Returns the number of bytes taken: all.

        Raises:
            ValueError: the writer is closed.
        """
        if self.closed:
            raise ValueError("write to a closed encryption stream")
        view = memoryview(data).cast("B")
        self._size += len(view)
        start = 0
        if self._pending:
            start = CHUNK_SIZE - len(self._pending)
            self._pending += view[:start]
            if len(view) <= start:
                return len(view)
            self._seal(self._pending, is_last=False)
        # Whole chunks go straight from the caller's buffer; at least one byte is kept for the last chunk.
        while len(view) - start > CHUNK_SIZE:
            self._seal(view[start : start + CHUNK_SIZE], is_last=False)
            start += CHUNK_SIZE
        self._pending = bytearray(view[start:])
        return len(view)

    def close(self) -> None:
        """Encrypt the last chunk; doing it again does nothing."""
        if not self.closed:
            super().close()
            self._seal(self._pending, is_last=True)

    def __exit__(self, error: "type[BaseException] | None", value: "BaseException | None", traceback: "TracebackType | None", /) -> None:
        """Close, or after an exception leave the file without its end."""
        if error is None:
            self.close()
        else:
            super().close()

    def __del__(self) -> None:
        """Do not close, as the base class would."""

    def _seal(self, chunk: bytearray | memoryview, *, is_last: bool) -> None:
        # The number moves on before anything is written: a nonce is never used twice, whatever the sink does.
        number, self._number = self._number, self._number + 1
        sealed = self._sealed[: len(chunk) + TAG_SIZE]
        self._aead.encrypt_into(_nonce(number, is_last=is_last), chunk, None, sealed)
        self._sink.write(sealed)


class StreamReader(io.RawIOBase):
    """Decrypts a payload, seekable, one chunk in memory. The last chunk is decrypted before anything else, so the size is authentic."""

    def __init__(self, source: BinaryIO, key: bytes, start: int) -> None:
        """Read chunks from `source`, which begin at byte `start` and fill the rest of it.

        Raises:
            BundleError: cut short, lengthened, or the last chunk does not decrypt.
        """
        self._source = source
        self._aead = ChaCha20Poly1305(key)
        self._start = start
        self._sealed_size = source.seek(0, io.SEEK_END) - start
        self._count = max(1, -(-self._sealed_size // SEALED_SIZE))
        self._size = self._sealed_size - self._count * TAG_SIZE
        self._number, self._chunk = -1, b""
        self._position = 0
        if self._count > 1 and self._size <= (self._count - 1) * CHUNK_SIZE:
            raise _damaged()
        self._load(self._count - 1)

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def tell(self) -> int:
        """Return the position in the plaintext."""
        return self._position

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move in the plaintext, also past its end, as in a file; return the new position.

        Raises:
            ValueError: the position would be negative, or `whence` is none of the three.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}.get(whence)
        if base is None or base + offset < 0:
            raise ValueError("no such position")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill `buffer` with plaintext up to the end of a chunk; return the number of bytes, 0 at the end.

        Raises:
            BundleError: the chunk does not decrypt; nothing of it is handed out.
        """
        view = memoryview(buffer).cast("B")
        if self._position >= self._size or not len(view):
            return 0
        number, offset = divmod(self._position, CHUNK_SIZE)
        self._load(number)
        size = min(len(view), len(self._chunk) - offset)
        view[:size] = memoryview(self._chunk)[offset : offset + size]
        self._position += size
        return size

    def _load(self, number: int) -> None:
        """Decrypt chunk `number`, unless it is the one in memory."""
        if number == self._number:
            return
        self._source.seek(self._start + number * SEALED_SIZE)
        sealed = self._source.read(SEALED_SIZE)
        try:
            self._chunk = self._aead.decrypt(_nonce(number, is_last=number == self._count - 1), sealed, None)
        except InvalidTag:
            raise _damaged() from None
        self._number = number
