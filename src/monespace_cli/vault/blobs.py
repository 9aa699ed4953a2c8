"""Originals: one encrypted file each, under a random name and a random key that only the database knows (docs/formats/vault-v1.md §5).

A file is complete and on the disk before the row that names it is committed: a crash leaves at worst a file that nothing refers to.
What is written inside a transaction goes to the disk together, just before the commit.
"""

import io
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from monespace_cli.errors import IntegrityError, NotWritableError, UnreadableInputError
from monespace_cli.files import new_file, sync_files, sync_folder, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Random
from monespace_cli.vault.connection import Database
from monespace_cli.vault.layout import Layout

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from monespace_cli.crypto.chunked import Writer

IN_MEMORY = 1 << 24
"""Bytes of a blob that is held whole where it must be read in any order."""
CONTEXT = b"monespace/vault-v1/blob/"


@dataclass(frozen=True, slots=True)
class Blob:
    """A blob that is on the disk; its row is written by the transaction that refers to it."""

    id: str
    key: bytes
    size: int
    sha256: str


class Blobs:
    """The blobs of one vault."""

    def __init__(self, layout: Layout, database: Database, random: Random) -> None:
        """Work in the vault's directory with its open database."""
        self._layout = layout
        self._database = database
        self._random = random
        self._folders: set[str] = set()
        """Names of folders that are certain to be on the disk."""
        self._unsynced: list[Path] = []
        """Files written in the transaction that is open."""

    def write(self, source: BinaryIO) -> Blob:
        """Encrypt `source` to its end into a new file. Until :meth:`register` it is an orphan.

        Raises:
            NotWritableError: no space, or no permission.
            UnreadableInputError: `source` failed.
        """
        from monespace_cli.crypto import chunked

        name, key = self._random(16).hex(), self._random(32)
        with self._new_file(name) as sink:
            size, sha256 = chunked.encrypt(_Source(source), sink, key, CONTEXT + name.encode())  # type: ignore[arg-type]
        return Blob(name, key, size, sha256)

    @contextmanager
    def writing(self) -> Iterator["BlobWriter"]:
        """Give a file to write to, for content that is made piece by piece; at the end it has its `blob`, until :meth:`register` an orphan.

        Raises:
            NotWritableError: no space, or no permission.
        """
        from monespace_cli.crypto import chunked

        name, key = self._random(16).hex(), self._random(32)
        with self._new_file(name) as sink:
            content = chunked.Writer(sink, key, CONTEXT + name.encode())
            writer = BlobWriter(content)
            yield writer
            sha256 = content.finish()
        writer.blob = Blob(name, key, content.size, sha256)

    @contextmanager
    def _new_file(self, name: str) -> Iterator[BinaryIO]:
        path = self._layout.blob(name)
        with writing(path):
            path.parent.mkdir(mode=0o700, exist_ok=True)
        waits = self._database.in_transaction
        with new_file(path, durable=not waits) as sink:
            yield sink
        if waits:
            self._unsynced.append(path)
            self._database.before_commit(self._sync)
        else:
            self._sync_folders({path.parent.name})

    def _sync(self) -> None:
        paths, self._unsynced = [path for path in self._unsynced if path.exists()], []
        sync_files(paths)
        self._sync_folders({path.parent.name for path in paths})

    def _sync_folders(self, names: set[str]) -> None:
        """Make the names of folders durable, also where another process has just made one."""
        if not names <= self._folders:
            with writing(self._layout.blobs):
                sync_folder(self._layout.blobs)
            self._folders |= names

    def register(self, blob: Blob) -> None:
        """Record a written blob, inside the caller's transaction."""
        self._database.execute("INSERT INTO blob (id, key, size, sha256) VALUES (?, ?, ?, ?)", (blob.id, blob.key, blob.size, blob.sha256))

    def read(self, name: str) -> Generator[bytes]:
        """Yield a blob's original bytes, each piece authenticated before it is handed out.

        Raises:
            IntegrityError: the file is missing or is not what was written.
            NotWritableError: it may not be read.
        """
        row = self._database.one("SELECT key FROM blob WHERE id = ?", (name,))
        if row is None:
            raise _missing()
        yield from read_blob(self._layout.blob(name), name, row[0])

    def open(self, name: str) -> BinaryIO:
        """Return a blob's original bytes as a file to read from its start to its end."""
        return io.BufferedReader(_PieceReader(self.read(name)), 1 << 16)

    def open_seekable(self, name: str) -> BinaryIO:
        """Return a blob's original bytes as a file in which reading may begin anywhere; going back in a large one starts it again."""
        row = self._database.one("SELECT size FROM blob WHERE id = ?", (name,))
        if row is None:
            raise _missing()
        if row[0] <= IN_MEMORY:
            return io.BytesIO(b"".join(self.read(name)))
        return io.BufferedReader(_RestartingReader(lambda: self.read(name), row[0]), 1 << 18)

    def open_written(self, blob: Blob) -> BinaryIO:
        """Return the original bytes of a blob that is not registered yet, as :meth:`open_seekable` does."""
        pieces = partial(read_blob, self._layout.blob(blob.id), blob.id, blob.key)
        return io.BufferedReader(_RestartingReader(pieces, blob.size), 1 << 18)

    def delete(self, name: str) -> None:
        """Forget a blob's key inside the caller's transaction; the file goes with :meth:`remove_file` once that is committed."""
        self._database.execute("DELETE FROM blob WHERE id = ?", (name,))

    def discard(self, name: str) -> None:
        """Forget a blob's key inside the caller's transaction, and remove its file once that is committed."""
        self.delete(name)
        self._database.after_commit(lambda: self.remove_file(name))

    def remove_file(self, name: str) -> None:
        """Remove a blob's file. It is of no use to anybody without its key, so a crash before this loses nothing."""
        self._layout.blob(name).unlink(missing_ok=True)


def read_blob(path: Path, name: str, key: bytes) -> Generator[bytes]:
    """Yield the original bytes of the blob in a file, each piece authenticated before it is handed out.

    Raises:
        IntegrityError: the file is missing or is not what was written under this name and key.
        NotWritableError: it may not be read.
    """
    from monespace_cli.crypto import chunked

    try:
        with path.open("rb") as source:
            yield from chunked.decrypt(source, key, CONTEXT + name.encode())
    except FileNotFoundError:
        raise _missing() from None
    except OSError:
        raise NotWritableError(_("an original in the vault cannot be read"), hint=_("is the vault yours, and the disk in order?")) from None


class BlobWriter(io.BufferedIOBase):
    """A file to write a new blob to."""

    def __init__(self, content: "Writer") -> None:
        self._content = content
        self.blob: Blob | None = None
        """The blob, once all was written."""

    def writable(self) -> bool:
        """Say yes."""
        return True

    def write(self, data: "ReadableBuffer", /) -> int:
        """Take `data`, all of it."""
        return self._content.write(memoryview(data))


class _Source:
    """A file to read, whose failures are told from those of the disk that is written to."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int) -> bytes:
        try:
            return self._file.read(size)
        except OSError as error:
            raise UnreadableInputError(_("a file could not be read to its end"), hint=error.strerror) from None


class _PieceReader(io.RawIOBase):
    """A readable file over pieces of bytes."""

    def __init__(self, pieces: Generator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        while not self._rest:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._rest = memoryview(piece)
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        return taken

    def close(self) -> None:
        self._pieces.close()
        super().close()


class _RestartingReader(io.RawIOBase):
    """A seekable file over pieces of bytes that can only be had from the start."""

    def __init__(self, pieces: Callable[[], Generator[bytes]], size: int) -> None:
        self._pieces = pieces
        self._size = size
        self._position = 0
        self._file = _PieceReader(pieces())
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        if self._position < self._at:
            self._file.close()
            self._file, self._at = _PieceReader(self._pieces()), 0
        while self._at < self._position:
            passed = self._file.readinto(bytearray(min(1 << 18, self._position - self._at)))
            if not passed:
                return 0
            self._at += passed
        taken = self._file.readinto(buffer)
        self._at = self._position = self._position + taken
        return taken

    def close(self) -> None:
        self._file.close()
        super().close()


def _missing() -> IntegrityError:
    return IntegrityError(_("an original is missing from the vault"), hint=_("restore it from a backup"))
