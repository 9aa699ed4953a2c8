"""The journal in the database: append-only, each line chained to the one before (docs/formats/vault-v1.md §6)."""

import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

import rfc8785

from monespace_cli.errors import IntegrityError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock
from monespace_cli.record.journal import Event, JournalEntry, JournalHead
from monespace_cli.vault.connection import Database

GENESIS = bytes(32)

BATCH = 10_000
"""Lines held in memory while the chain is checked."""


class Journal:
    """Writes and reads the journal of one vault, in the name of one actor."""

    def __init__(self, database: Database, clock: Clock, actor: str) -> None:
        """Write in the name of `actor`, the person whose key slot opened the vault."""
        self._database = database
        self._clock = clock
        self.actor = actor
        self.guard: Callable[[Event], None] | None = None
        """Asked before each line whether the actor may do what it tells of; None where everything is the actor's own."""
        self.on_behalf: Callable[[], dict[str, str]] | None = None
        """For whom the actor acts, as each line keeps it."""

    def require(self, event: Event) -> None:
        """See that the actor may do what a line would tell of, before work is spent on it.

        Raises:
            NotAllowedError: they may not.
        """
        if self.guard:
            self.guard(event)

    def write(self, event: Event, subject: str = "", **details: str) -> None:
        """Append a line, in the caller's transaction where there is one: a change and its line are committed together.

        Raises:
            NotAllowedError: the actor may not do this; the caller's transaction brings nothing then.
        """
        self.require(event)
        if self.on_behalf:
            details = {**details, **self.on_behalf()}
        with self._database.transaction():
            last = self._database.one("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1") or (0, GENESIS)
            entry = JournalEntry(last[0] + 1, self._clock(), self.actor, event, subject, details)
            self._database.execute(
                "INSERT INTO journal (sequence, at, actor, event, subject, details, hash) VALUES (?, ?, ?, ?, ?, ?, ?)",
                (entry.sequence, entry.at.isoformat(), entry.actor, entry.event, entry.subject, json.dumps(details), chain(last[1], entry)),
            )

    def entries(self, limit: int | None = None) -> list[JournalEntry]:
        """Return the last `limit` lines (all without one), oldest first."""
        rows = self._database.all(
            "SELECT sequence, at, actor, event, subject, details FROM journal ORDER BY sequence DESC LIMIT ?",
            (-1 if limit is None else limit,),
        )
        return [_shown(row) for row in reversed(rows)]

    def emergencies(self, since: datetime) -> list[JournalEntry]:
        """Return the lines of a record opened in an emergency from a moment on, oldest first."""
        rows = self._database.all(
            "SELECT sequence, at, actor, event, subject, details FROM journal WHERE event = 'emergency-opened' ORDER BY sequence"
        )
        return [entry for entry in map(_shown, rows) if entry.at >= since]

    def lines(self) -> Iterator[tuple[JournalEntry, str]]:
        """Yield every line, oldest first, with its hash in hexadecimal, so that the chain can be followed elsewhere.

        Raises:
            IntegrityError: a line is none of ours.
        """
        for *line, found in _rows(self._database):
            yield _shown(line), found.hex()

    def head(self) -> JournalHead:
        """Return the last line's number and hash; number 0 for a journal without a line."""
        sequence, found = self._database.one("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1") or (0, GENESIS)
        return JournalHead(sequence, found.hex())

    def holds(self, head: JournalHead) -> bool:
        """Tell whether a line that was the last one once is still there: where it is not, lines were cut off or an older copy is here."""
        row = self._database.one("SELECT hash FROM journal WHERE sequence = ?", (head.sequence,))
        return row is not None and row[0].hex() == head.hash

    def verify(self, known: JournalHead | None) -> JournalHead:
        """Follow the chain from its beginning to its end, and on to what is `known` of it from outside the vault; return its end.

        Raises:
            IntegrityError: a line was changed, removed or cut off; the message names the first that does not fit.
        """
        hint = _("keep a copy of the vault as it is; a backup made before has the journal as it was then")
        line = first_broken_line(self._database)
        if line is not None:
            raise IntegrityError(_("line {number} of the journal is not what was written there").format(number=line), hint=hint)
        if known and not self.holds(known):
            raise IntegrityError(
                _("the end of the journal is missing: this machine has seen line {number}, and it was another one").format(
                    number=known.sequence
                ),
                hint=hint,
            )
        return self.head()


def chain(previous: bytes, entry: JournalEntry) -> bytes:
    """Return a line's hash: SHA-256 over the hash before it and the line in canonical JSON."""
    line: dict[str, Any] = {
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "event": str(entry.event),
        "subject": entry.subject,
        "details": entry.details,
    }
    return hashlib.sha256(previous + rfc8785.dumps(line)).digest()


def first_broken_line(database: Database) -> int | None:
    """Return the number of the first line that was changed, or that follows one that was removed; None where the chain holds.

    Lines cut off at the end leave no trace in what remains.
    """
    previous, expected = GENESIS, 1
    for *line, found in _rows(database):
        if line[0] != expected or _hash_of(previous, line) != found:
            return expected
        previous, expected = found, expected + 1
    return None


def _rows(database: Database) -> Iterator[tuple[Any, ...]]:
    """Yield every line as it is stored, a batch in memory at a time."""
    query = "SELECT sequence, at, actor, event, subject, details, hash FROM journal WHERE sequence > ? ORDER BY sequence LIMIT ?"
    last: int = -(2**63)
    while rows := database.all(query, (last, BATCH)):
        yield from rows
        last = rows[-1][0]


def _hash_of(previous: bytes, line: Sequence[Any]) -> bytes | None:
    try:
        return chain(previous, _entry(line))
    except ValueError:
        return None


def _shown(line: Sequence[Any]) -> JournalEntry:
    """Return a line for people to read; only following the chain tells whether it is genuine."""
    try:
        return _entry(line)
    except ValueError:
        raise IntegrityError(
            _("line {number} of the journal is not what was written there").format(number=line[0]),
            hint=_("`monespace journal verify` follows all of it"),
        ) from None


def _entry(line: Sequence[Any]) -> JournalEntry:
    """Return a stored line as an entry; ValueError where it is none."""
    sequence, at, actor, event, subject, text = line
    details = json.loads(text)
    if not isinstance(details, dict) or not all(isinstance(value, str) for value in details.values()):
        raise ValueError
    return JournalEntry(sequence, datetime.fromisoformat(at), actor, Event(event), subject, details)
