"""The journal as a whole: followed from its beginning to its end, and written out."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import dataclass

from monespace_cli.record.journal import JournalEntry, JournalHead
from monespace_cli.vault.vault import Vault

COLUMNS = ("sequence", "at", "actor", "event", "subject", "details", "hash")


@dataclass(frozen=True, slots=True)
class Verified:
    """A journal whose every line follows from the one before."""

    head: JournalHead
    known: JournalHead | None
    """Its end as this machine last saw it; None where it never did, so that lines cut off at the end are not noticed."""


def verify_journal(vault: Vault) -> Verified:
    """Follow the journal of a vault, and compare it with what this machine remembered when the vault was opened.

    Raises:
        IntegrityError: a line was changed, removed or cut off.
    """
    return Verified(vault.journal.verify(vault.last_seen), vault.last_seen)


def json_lines(vault: Vault) -> Iterator[bytes]:
    """Yield the journal as one JSON object a line, each with its hash."""
    for entry, found in vault.journal.lines():
        yield json.dumps(dict(zip(COLUMNS, _cells(entry, found), strict=True)), ensure_ascii=False).encode() + b"\n"


def csv_lines(vault: Vault) -> Iterator[bytes]:
    """Yield the journal as CSV (RFC 4180) with a first line of names; the details are JSON."""
    yield _csv_line(COLUMNS)
    for entry, found in vault.journal.lines():
        *cells, details, last = _cells(entry, found)
        yield _csv_line((*cells, json.dumps(details, ensure_ascii=False), last))


def _cells(entry: JournalEntry, found: str) -> tuple[object, ...]:
    return entry.sequence, entry.at.isoformat(), entry.actor, str(entry.event), entry.subject, entry.details, found


def _csv_line(cells: tuple[object, ...]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()
