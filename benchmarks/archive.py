"""Large vaults for the benchmarks: made-up documents as the very statements that the vault runs for them, ready to be run on any database.

The words follow Zipf's law, as in any language: a few are in nearly every document, most in hardly any.
"""

import hashlib
import random
from collections.abc import Iterable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from functools import cached_property
from itertools import accumulate
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Document, Page, TextSource
from monespace_cli.vault.access import Access
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.documents import Documents
from monespace_cli.vault.in_use import SpaceInUse
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.sight import Sight

if TYPE_CHECKING:
    from monespace_cli.vault.connection import Database

TEXT_SIZE = 1500
WORDS = 50_000
RARE, FREQUENT = "myastenie", "hemoglobine"
RARE_DOCUMENTS = 30
"""However large the vault is; FREQUENT is in every other document."""

Statement = tuple[str, Sequence[Any]]


def clock() -> datetime:
    """Return the time of everything in these vaults."""
    return datetime(2026, 1, 1, tzinfo=UTC)


class Archive:
    """`size` documents, made in batches: each a list of SQL statements with their parameters, as `Documents.add` runs them."""

    def __init__(self, size: int) -> None:
        """Make a vault of `size` documents, the same ones at each run."""
        self._size = size
        self._chance = random.Random(1)
        self._database = _Recorder()
        made_up = cast("Database", self._database)
        blobs = Blobs(Layout(Path()), made_up, self._chance.randbytes)
        sight = Sight(made_up, lambda: Access(made_up, Journal(made_up, clock, "holder"), SpaceInUse(), clock), SpaceInUse(), clock)
        self._documents = Documents(made_up, blobs, Journal(made_up, clock, "holder"), sight, clock, self._chance.randbytes)

    def batches(self, size: int) -> Iterator[list[Statement]]:
        """Yield the statements of `size` documents at a time."""
        for start in range(0, self._size, size):
            for number in range(start, min(start + size, self._size)):
                self._add(number)
            yield self._database.taken()

    def _add(self, number: int) -> None:
        text = " ".join(self._chance.choices(self._words, cum_weights=self._weights, k=TEXT_SIZE // 7))[:TEXT_SIZE]
        text += f" {FREQUENT}" * (number % 2) + f" {RARE}" * (number % (self._size // RARE_DOCUMENTS) == 0)
        add_made_up(self._documents, number, text)

    @cached_property
    def _words(self) -> list[str]:
        digits = str.maketrans("0123456789", "bcdfghjklm")
        return [hashlib.sha256(str(number).encode()).hexdigest().translate(digits)[: 3 + number % 9] for number in range(WORDS)]

    @cached_property
    def _weights(self) -> list[float]:
        return list(accumulate(1 / rank for rank in range(1, WORDS + 1)))


class _Recorder:
    """Stands in for a database: keeps what it is told to run, and knows what the vault asks while it adds a document that is new."""

    def __init__(self) -> None:
        self._statements: list[Statement] = []
        self._journal: tuple[int, bytes] | None = None
        self.lastrowid = 0

    def taken(self) -> list[Statement]:
        taken, self._statements = self._statements, []
        return taken

    def transaction(self) -> nullcontext[None]:
        return nullcontext()

    def execute(self, sql: str, parameters: Sequence[Any]) -> "_Recorder":
        self._statements.append((sql, parameters))
        self.lastrowid += sql.startswith("INSERT INTO document ")
        if sql.startswith("INSERT INTO journal "):
            self._journal = (parameters[0], parameters[-1])
        return self

    def insert_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        for row in rows:
            self.execute(sql, row)

    def one(self, sql: str, _parameters: Sequence[Any] = ()) -> tuple[int, bytes] | None:
        return self._journal if "FROM journal" in sql else None


def add_made_up(documents: Documents, number: int, text: str) -> None:
    """Store a document of this text, with a row for its original but no file."""
    sha256 = hashlib.sha256(f"{number}".encode()).hexdigest()
    document = Document(
        id=documents.new_id(),
        title=f"Document {number}",
        type_code=Kind.BIOLOGY.type_code,
        media_type="text/plain",
        size=len(text),
        sha256=sha256,
        page_count=1,
        confidence=1.0,
        imported_at=clock(),
    )
    documents.add(document, [Page(1, text, 1.0, TextSource.PLAIN)], Blob(f"{number:032x}", bytes(32), len(text), sha256))
