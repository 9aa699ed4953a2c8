"""Large messages under a key of their own: C2SP chunked encryption, Cobblestone-256 (https://c2sp.org/chunked-encryption).

Streaming in both directions with constant memory. The scheme commits to the key and binds a context, so that a ciphertext put in another
one's place does not open. Whoever decrypts gets bytes before the end was seen: nothing may be acted on before the iterator is exhausted.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import BinaryIO

from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from cryptography.exceptions import InvalidTag

from monespace_cli.errors import IntegrityError
from monespace_cli.i18n import _

CHUNK_SIZE = 16_384
TAG_SIZE = 16
PREFIX_SIZE = 56
"""Salt (24 bytes) and key commitment (32 bytes) before the first chunk."""

READ_SIZE = 16 * CHUNK_SIZE
"""Bytes read at a time. One step's output is at most this, a tag a chunk, a chunk left over from the step before, and the prefix."""
_BUFFER_SIZE = READ_SIZE + CHUNK_SIZE + 17 * TAG_SIZE + PREFIX_SIZE


class Writer:
    """Encrypts what is written to it, piece by piece; :meth:`finish` writes the end, without which it opens nowhere."""

    def __init__(self, sink: BinaryIO, key: bytes, context: bytes) -> None:
        """Write to `sink`, which takes each write whole, under 32 random bytes for what `context` says."""
        self._sink = sink
        self._encryptor = Cobblestone256Encryptor(key, context)
        self._digest = hashlib.sha256()
        self._buffer = memoryview(bytearray(_BUFFER_SIZE))
        self.size = 0
        """Bytes taken."""

    def write(self, data: bytes | memoryview, /) -> int:
        """Take `data`; return its size."""
        view = memoryview(data)
        for start in range(0, len(view), READ_SIZE):
            piece = view[start : start + READ_SIZE]
            self._digest.update(piece)
            self._sink.write(self._buffer[: self._encryptor.update_into(piece, self._buffer)])
        self.size += len(view)
        return len(view)

    def finish(self) -> str:
        """Write the end; return the SHA-256 in hex of all that was written."""
        self._sink.write(self._encryptor.finalize())
        return self._digest.hexdigest()


def encrypt(
    source: BinaryIO, sink: BinaryIO, key: bytes, context: bytes, *, progress: Callable[[int], None] | None = None
) -> tuple[int, str]:
    """Encrypt all that `source` still holds into `sink`; return the plaintext's size in bytes and its SHA-256 in hex.

    Args:
        source: read until it is empty.
        sink: takes each write whole, as a buffered file does.
        key: 32 random bytes.
        context: what the message is; the same bytes are needed to decrypt it.
        progress: called with the number of plaintext bytes taken in since the last call.
    """
    writer = Writer(sink, key, context)
    while data := source.read(READ_SIZE):
        writer.write(data)
        if progress:
            progress(len(data))
    return writer.size, writer.finish()


def encrypted_size(size: int) -> int:
    """Return how many bytes :func:`encrypt` makes of `size`: a prefix, and a tag for each chunk, of which the last is never full."""
    return PREFIX_SIZE + size + TAG_SIZE * (size // CHUNK_SIZE + 1)


def decrypt(source: BinaryIO, key: bytes, context: bytes) -> Iterator[bytes]:
    """Yield the plaintext of what `source` holds, some 256 KiB at a time, each piece authenticated; its end is only so once exhausted.

    Raises:
        IntegrityError: changed, cut short, lengthened, or not encrypted with this key and context.
    """
    decryptor = Cobblestone256Decryptor(key, context)
    try:
        while data := source.read(READ_SIZE):
            yield decryptor.update(data)
        yield decryptor.finalize()
    except InvalidTag:
        raise IntegrityError(_("an encrypted file was changed or damaged"), hint=_("restore it from a backup")) from None
