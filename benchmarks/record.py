"""What looking through somebody's eyes costs: each listing of a family's record against fetching the same rows into objects."""

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from benchmarks.measure import Figure, best_in_turn
from monespace_cli.actions.spaces import add_space
from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.record.document import Document, DocumentId, Page, TextSource
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.measures import Measure, MeasureId, measure_kinds
from monespace_cli.record.people import SpaceKind
from monespace_cli.record.profile import Entry, EntryId
from monespace_cli.record.sections import Section
from monespace_cli.vault.blobs import Blob
from monespace_cli.vault.building import NewVault, create_vault
from monespace_cli.vault.document_rows import COLUMNS as DOCUMENT_COLUMNS
from monespace_cli.vault.document_rows import document_of
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.entering import enter
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.measures import COLUMNS as MEASURE_COLUMNS
from monespace_cli.vault.measures import measure_of
from monespace_cli.vault.profile import COLUMNS as ENTRY_COLUMNS
from monespace_cli.vault.profile import version_of
from monespace_cli.vault.vault import Vault, open_vault

PASSPHRASE = "bien long et facile à retenir"
ENTRIES = 10_000
SPACES = 20
CHILDREN = SPACES - 1
BOUND = 1.5
TRIES = 7
Pair = tuple[Callable[[], int], Callable[[], int]]


def figures(work: Path) -> list[Figure]:
    """Measure in `work`, an empty directory."""
    with _family(work / "vault") as vault:
        pairs: dict[str, Pair] = {
            "all entries, space by space": (lambda: _entries(vault), lambda: _bare_entries(vault)),
            "all measurements, space by space": (lambda: _measures(vault), lambda: _bare_measures(vault)),
            "all documents of all spaces": (lambda: _documents(vault), lambda: _bare_documents(vault)),
        }
        return [_figure(what, *pair) for what, pair in pairs.items()]


def _figure(what: str, listed: Callable[[], int], bare: Callable[[], int]) -> Figure:
    if listed() != bare():
        raise AssertionError("both sides must give the same rows")
    best = best_in_turn({"listed": listed, "bare": bare}, TRIES)
    detail = f"{best['listed'] * 1e3:.0f} ms against {best['bare'] * 1e3:.0f} ms for {listed():,} rows in {SPACES} spaces"
    return Figure(f"{what}, as a parent sees them, against the same rows as objects", best["listed"] / best["bare"], BOUND, detail)


def _entries(vault: Vault) -> int:
    return sum(len(vault.profile.entries(space)) for space in vault.spaces.own())


def _bare_entries(vault: Vault) -> int:
    query = f"SELECT {ENTRY_COLUMNS} FROM entry WHERE is_current AND space = ? ORDER BY number"
    return sum(len([version_of(row).entry for row in vault.database.all(query, (space,))]) for space in range(1, SPACES + 1))


def _measures(vault: Vault) -> int:
    return sum(len(vault.measures.all(space)) for space in vault.spaces.own())


def _bare_measures(vault: Vault) -> int:
    query = f"SELECT {MEASURE_COLUMNS} FROM measure WHERE space = ? ORDER BY day"
    return sum(len([measure_of(row) for row in vault.database.all(query, (space,))]) for space in range(1, SPACES + 1))


def _documents(vault: Vault) -> int:
    return len(vault.documents.all(Filter(spaces=tuple(vault.spaces.own()))))


def _bare_documents(vault: Vault) -> int:
    query = f"SELECT {DOCUMENT_COLUMNS} FROM document ORDER BY date DESC NULLS LAST, number DESC"
    return len([document_of(row) for row in vault.database.all(query)])


@contextmanager
def _family(root: Path) -> Iterator[Vault]:
    """Give the vault of a parent with 19 children: 10,000 entries, as many measurements and documents."""
    owner = Identity("MARTIN", ("Anne",), date(1980, 5, 1), Sex.FEMALE)
    create_vault(root, NewVault(owner, PASSPHRASE, Argon2Params(os.urandom(16), 32, 1, 1)), _clock, os.urandom)
    with open_vault(root, read_header(root), PASSPHRASE, _clock, os.urandom) as vault:
        for number in range(CHILDREN):
            child = Identity("MARTIN", (f"Enfant {number}",), date(2015, 1, number + 1), Sex.MALE)
            add_space(vault, child, SpaceKind.CHILD)
        with vault.database.transaction():
            for number in range(ENTRIES):
                _fill(vault, number, 1 + number % SPACES)
        enter(vault, None)
        yield vault


def _fill(vault: Vault, number: int, space: int) -> None:
    weight = measure_kinds()["weight"]
    document = DocumentId(f"d{number:09}")
    vault.measures.add(
        Measure(MeasureId(f"m{number:09}"), weight, (Decimal(30 + number % 50),), date(2026, 1, 1 + number % 28), space=space)
    )
    sha256 = hashlib.sha256(str(number).encode()).hexdigest()
    stored = Document(document, f"Ordonnance {number}", "DOCPAT02", "text/plain", 100, sha256, 1, 1.0, _clock(), space=space)
    vault.documents.add(stored, [Page(1, "Doliprane 1 g", 1.0, TextSource.PLAIN)], Blob(f"{number:032x}", bytes(32), 100, sha256))
    vault.profile.add(Entry(EntryId(f"e{number:09}"), Section.TREATMENT, f"Médicament {number}", documents=(document,), space=space))


def _clock() -> datetime:
    return datetime(2026, 11, 26, 12, tzinfo=UTC)
