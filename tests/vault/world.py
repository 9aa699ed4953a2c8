"""A vault that costs nothing to open: the smallest key derivation, a clock that stands still, randomness that repeats itself."""

import hashlib
import io
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.record.document import Document, DocumentId, Page, TextSource, Word
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.vault.building import NewVault, create_vault
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.vault import Vault, open_vault

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PASSPHRASE = "une phrase de passe"
KIT = bytes(range(16))
ZOE = Identity("MARTIN", ("Zoé",), date(1980, 5, 17), Sex.FEMALE)


class Repeatable:
    """Bytes that look random and are the same at each run."""

    def __init__(self, seed: bytes = b"") -> None:
        self._seed = seed
        self._count = 0

    def __call__(self, size: int) -> bytes:
        self._count += 1
        return hashlib.shake_256(self._seed + self._count.to_bytes(8)).digest(size)


class World:
    """A place for one vault, and all that is needed to make and open it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now = NOW
        self.random = Repeatable()

    def clock(self) -> datetime:
        return self.now

    def create(self, *, passphrase: str = PASSPHRASE, kit: bytes | None = None) -> None:
        argon2 = Argon2Params(self.random(16), memory_kib=32, iterations=1, lanes=1)
        create_vault(self.root, NewVault(ZOE, passphrase, argon2, kit), self.clock, self.random)

    def open(self, secret: str = PASSPHRASE) -> Vault:
        return open_vault(self.root, read_header(self.root), secret, self.clock, self.random)

    def files(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.root)): path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}


def hardly_read(text: str, percent: int = 50) -> Page:
    """Return a page of which nobody is sure; its words stand one beside the other."""
    words = tuple(Word(word, 40 * place, 7, 30, 12, percent / 100) for place, word in enumerate(text.split()))
    return Page(1, text, percent / 100, TextSource.OCR, ("levelled",), words, (1654, 2339))


def put(vault: Vault, *pages: str | Page, data: bytes = b"", title: str = "Ordonnance", **fields: Any) -> Document:
    """Store a document with this text; its bytes are the text's, where no others are given."""
    blob = vault.blobs.write(io.BytesIO(data or "\f".join((title, *map(str, pages))).encode("utf-8", "replace")))
    document = Document(
        id=DocumentId(vault.documents.new_id()),
        title=title,
        type_code="DOCPAT02",
        media_type="text/plain",
        size=blob.size,
        sha256=blob.sha256,
        page_count=len(pages),
        confidence=1.0,
        imported_at=NOW,
    )
    read = [
        replace(page, number=number) if isinstance(page, Page) else Page(number, page, 1.0, TextSource.PLAIN)
        for number, page in enumerate(pages, start=1)
    ]
    return vault.documents.add(replace(document, **fields), read, blob)
