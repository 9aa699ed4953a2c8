"""Originals: one encrypted file each, under a random name and a random key that only the database knows (docs/formats/vault-v1.md §5)."""

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from monespace_cli.crypto import chunked
from monespace_cli.errors import IntegrityError
from monespace_cli.files import new_file, sync_folder, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Random
from monespace_cli.vault.connection import Database
from monespace_cli.vault.layout import Layout

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

    def write(self, source: BinaryIO) -> Blob:
        """Encrypt `source` to its end into a new file. Until :meth:`register` it is an orphan.

        Raises:
            NotWritableError: no space, or no permission.
        """
        name, key = self._random(16).hex(), self._random(32)
        path = self._layout.blob(name)
        if not path.parent.exists():
            with writing(path):
                path.parent.mkdir(mode=0o700)
                sync_folder(self._layout.blobs)
        with new_file(path) as sink:
            size, sha256 = chunked.encrypt(source, sink, key, CONTEXT + name.encode())
        return Blob(name, key, size, sha256)

    def register(self, blob: Blob) -> None:
        """Record a written blob, inside the caller's transaction."""
        self._database.execute("INSERT INTO blob (id, key, size, sha256) VALUES (?, ?, ?, ?)", (blob.id, blob.key, blob.size, blob.sha256))

    def read(self, name: str) -> Iterator[bytes]:
        """Yield a blob's original bytes, each piece authenticated before it is handed out.

        Raises:
            IntegrityError: the file is missing or is not what was written.
        """
        row = self._database.one("SELECT key FROM blob WHERE id = ?", (name,))
        path = self._layout.blob(name)
        if row is None or not path.is_file():
            raise IntegrityError(_("the original of a document is missing from the vault"), hint=_("restore it from a backup"))
        with path.open("rb") as source:
            yield from chunked.decrypt(source, row[0], CONTEXT + name.encode())

    def open(self, name: str) -> BinaryIO:
        """Return a blob's original bytes as a file to read from its start to its end."""
        return io.BufferedReader(_PieceReader(self.read(name)), 1 << 16)

    def delete(self, name: str) -> None:
        """Forget a blob's key inside the caller's transaction; the file goes with :meth:`remove_file` once that is committed."""
        self._database.execute("DELETE FROM blob WHERE id = ?", (name,))

    def remove_file(self, name: str) -> None:
        """Remove a blob's file. It is of no use to anybody without its key, so a crash before this loses nothing."""
        self._layout.blob(name).unlink(missing_ok=True)


class _PieceReader(io.RawIOBase):
    """A readable file over an iterator of bytes."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
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


