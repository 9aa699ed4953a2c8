"""The journal in the database: append-only, each line chained to the one before (docs/formats/vault-v1.md §6)."""

import hashlib
import json
from datetime import datetime
from typing import Any

import rfc8785

from monespace_cli.ports import Clock
from monespace_cli.record.journal import Event, JournalEntry
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
        self._actor = actor

    def write(self, event: Event, subject: str = "", **details: str) -> None:
        """Append a line, in the caller's transaction where there is one: a change and its line are committed together."""
        with self._database.transaction():
            last = self._database.one("SELECT sequence, hash FROM journal ORDER BY sequence DESC LIMIT 1") or (0, GENESIS)
            entry = JournalEntry(last[0] + 1, self._clock(), self._actor, event, subject, details)
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
        return [
            JournalEntry(sequence, datetime.fromisoformat(at), actor, Event(event), subject, json.loads(details))
            for sequence, at, actor, event, subject, details in reversed(rows)
        ]


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
    query = "SELECT sequence, at, actor, event, subject, details, hash FROM journal WHERE sequence >= ? ORDER BY sequence LIMIT ?"
    while rows := database.all(query, (expected, BATCH)):
        for *line, found in rows:
            if line[0] != expected or _hash_of(previous, line) != found:
                return expected
            previous, expected = found, expected + 1
    return None


def _hash_of(previous: bytes, line: list[Any]) -> bytes | None:
    sequence, at, actor, event, subject, details = line
    try:
        return chain(previous, JournalEntry(sequence, datetime.fromisoformat(at), actor, Event(event), subject, json.loads(details)))
    except ValueError:
        return None
