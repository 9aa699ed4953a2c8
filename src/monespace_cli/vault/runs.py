"""The job journal: each run of the import, and those of its files that something remains to be done about (docs/formats/vault-v1.md §4).

A file that is in the vault leaves no line but a count, so that nothing of a paper outlives its erasure here. What is noted of a file is
written in the transaction that stores its document.
"""

import json
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from monespace_cli.errors import NotFoundError
from monespace_cli.files import FileHold, is_held
from monespace_cli.i18n import _
from monespace_cli.ports import Clock
from monespace_cli.vault.connection import Database
from monespace_cli.vault.layout import Layout

KEPT_RUNS = 50
"""Runs that are remembered once nothing remains of them."""

_RUN = "number, space, options, started_at, ended_at, found, counts"
_COLUMNS = "import_file.run, import_file.number, path, named, stated, state, code, attempts"


class FileState(StrEnum):
    """What remains to be done about a file. Part of the contract with scripts."""

    PENDING = "pending"
    """It was not read yet."""
    STORED = "stored"
    """It is in the vault, and is still to be moved or deleted."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OpenFile:
    """A file that something remains to be done about."""

    run: int
    number: int
    path: Path
    named: bool
    """Whether a person named it, so that a link is followed."""
    stated: str
    """What was said of it, as JSON."""
    state: FileState
    code: str
    attempts: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of the import."""

    number: int
    space: int
    options: Mapping[str, Any]
    started_at: datetime
    ended_at: datetime | None
    """None while it is underway, and once it was interrupted."""
    found: int
    counts: Mapping[str, int]
    """How many papers became what."""
    open: Mapping[FileState, int] = field(default_factory=dict)
    """How many files something remains to be done about."""
    is_underway: bool = False
    """Whether a process is at it now."""
    was_left: bool = False
    """Whether its process is not seen and took no leave: it was killed, or is on a machine whose locks are not seen here."""

    @property
    def left(self) -> int:
        """How many files it can be gone on with."""
        return sum(count for state, count in self.open.items() if state is not FileState.FAILED)


@dataclass(slots=True)
class Outcome:
    """What became of some files of a run, by their numbers."""

    counts: Counter[str] = field(default_factory=Counter)
    done: list[int] = field(default_factory=list)
    stored: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    """With the code of the failure."""


class Runs:
    """The job journal of one vault."""

    def __init__(self, database: Database, layout: Layout, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._layout = layout
        self._clock = clock
        self._held: dict[int, FileHold] = {}

    def begin(self, space: int, options: Mapping[str, Any]) -> int:
        """Note that a run begins, and is underway; return its number.

        The oldest of which nothing remains are forgotten.
        """
        with self._database.transaction():
            cursor = self._database.execute(
                "INSERT INTO import_run (space, options, started_at) VALUES (?, ?, ?)",
                (space, json.dumps(options), self._clock().isoformat()),
            )
            number = int(cursor.lastrowid)
            self.go_on(number)
            old = self._at_rest("number <= ? AND number NOT IN (SELECT run FROM import_file)", number - KEPT_RUNS)
            self._database.insert_many("DELETE FROM import_run WHERE number = ?", old)
            return number

    def go_on(self, run: int) -> None:
        """Say that a run is underway, until :meth:`end` or :meth:`close`, or the end of this process, whichever way.

        Raises:
            BusyError: another process is at it.
        """
        self._held[run] = FileHold(self._layout.run(run))

    def close(self) -> None:
        """Leave the runs that did not come to their end."""
        while self._held:
            self._held.popitem()[1].release()

    def expect(self, run: int, files: Iterable[tuple[Path, bool, str]]) -> dict[Path, int]:
        """Note files (path, whether it was named, what is said of it as JSON) that are to be taken in; return each one's number."""
        with self._database.transaction():
            row = self._database.one("SELECT found FROM import_run WHERE number = ?", (run,))
            rows = [
                (run, number, os.fsencode(path), named, stated, FileState.PENDING)
                for number, (path, named, stated) in enumerate(files, int(row[0]) + 1 if row else 1)
            ]
            self._database.insert_many(
                "INSERT INTO import_file (run, number, path, named, stated, state, code, attempts) VALUES (?, ?, ?, ?, ?, ?, '', 0)", rows
            )
            self._database.execute("UPDATE import_run SET found = found + ? WHERE number = ?", (len(rows), run))
        return {Path(os.fsdecode(path)): number for _run, number, path, *_rest in rows}

    def note(self, run: int, outcome: Outcome) -> None:
        """Note what became of files, in the caller's transaction where there is one. Earlier runs have nothing more to do with them."""
        with self._database.transaction():
            if outcome.counts:
                row = self._database.one("SELECT counts FROM import_run WHERE number = ?", (run,))
                counts = Counter(json.loads(row[0]) if row else {}) + outcome.counts
                self._database.execute("UPDATE import_run SET counts = ? WHERE number = ?", (json.dumps(counts), run))
            for number, code in outcome.failed.items():
                self._database.execute(
                    "UPDATE import_file SET state = ?, code = ?, attempts = 1 + (SELECT max(attempts) FROM import_file AS other "
                    "WHERE other.path = import_file.path) WHERE run = ? AND number = ?",
                    (FileState.FAILED, code, run, number),
                )
            self._forget_elsewhere(run, [*outcome.done, *outcome.stored, *outcome.failed])
            self._database.insert_many(
                "UPDATE import_file SET state = ? WHERE run = ? AND number = ?",
                [(FileState.STORED, run, number) for number in outcome.stored],
            )
            self._database.insert_many("DELETE FROM import_file WHERE run = ? AND number = ?", [(run, number) for number in outcome.done])

    def end(self, run: int) -> None:
        """Note that a run came to its end. So did earlier ones of which nothing remains to be begun, and that nobody is at."""
        with self._database.transaction():
            done = "ended_at IS NULL AND number <= ? AND number NOT IN (SELECT run FROM import_file WHERE state <> ?)"
            now = self._clock().isoformat()
            self._database.insert_many(
                "UPDATE import_run SET ended_at = ? WHERE number = ?",
                [(now, number) for (number,) in self._at_rest(done, run, FileState.FAILED)],
            )
        if run in self._held:
            self._held.pop(run).release()

    def latest(self, space: int, limit: int) -> list[Run]:
        """Return the last runs of a space, latest first."""
        rows = self._database.all(f"SELECT {_RUN} FROM import_run WHERE space = ? ORDER BY number DESC LIMIT ?", (space, limit))  # noqa: S608
        return [self._run(row) for row in rows]

    def get(self, number: int) -> Run:
        """Return the run of a file that was returned.

        Raises:
            NotFoundError: it was forgotten meanwhile.
        """
        row = self._database.one(f"SELECT {_RUN} FROM import_run WHERE number = ?", (number,))  # noqa: S608
        if row is None:
            raise NotFoundError(_("there is no such run of the import"))
        return self._run(row)

    def unfinished(self, space: int) -> list[Run]:
        """Return the runs of a space that did not come to their end and have files left, latest first."""
        rows = self._database.all(
            f"SELECT {_RUN} FROM import_run WHERE space = ? AND ended_at IS NULL AND "  # noqa: S608
            "number IN (SELECT run FROM import_file WHERE state <> ?) ORDER BY number DESC",
            (space, FileState.FAILED),
        )
        return [self._run(row) for row in rows]

    def open_files(self, space: int, *states: FileState, run: int | None = None) -> list[OpenFile]:
        """Return the files of a space's runs that are in one of these states, in their order, or of one run alone."""
        rows = self._database.all(
            f"SELECT {_COLUMNS} FROM import_file JOIN import_run ON import_run.number = run "  # noqa: S608
            "WHERE space = ? AND state IN (SELECT value FROM json_each(?)) AND (run = ? OR ?) ORDER BY run, import_file.number",
            (space, json.dumps(states), run, run is None),
        )
        return [_file(row) for row in rows]

    def _run(self, row: tuple[Any, ...]) -> Run:
        number, space, options, started_at, ended_at, found, counts = row
        mark = self._layout.run(number)
        is_underway = ended_at is None and is_held(mark)
        states = self._database.all("SELECT state, count(*) FROM import_file WHERE run = ? GROUP BY state", (number,))
        return Run(
            number,
            space,
            json.loads(options),
            datetime.fromisoformat(started_at),
            datetime.fromisoformat(ended_at) if ended_at else None,
            found,
            json.loads(counts),
            {FileState(state): count for state, count in states},
            is_underway,
            ended_at is None and not is_underway and mark.exists(),
        )

    def _at_rest(self, condition: str, *values: object) -> list[tuple[int]]:
        """Return the numbers of runs of which something is true and that no other process is at."""
        rows = self._database.all(f"SELECT number FROM import_run WHERE {condition}", values)  # noqa: S608
        return [(number,) for (number,) in rows if number in self._held or not is_held(self._layout.run(number))]

    def _forget_elsewhere(self, run: int, numbers: Iterable[int]) -> None:
        self._database.insert_many(
            "DELETE FROM import_file WHERE path = (SELECT path FROM import_file WHERE run = ? AND number = ?) AND run <> ? "
            "AND run IN (SELECT number FROM import_run WHERE space = (SELECT space FROM import_run WHERE number = ?))",
            [(run, number, run, run) for number in numbers],
        )


def _file(row: tuple[Any, ...]) -> OpenFile:
    run, number, path, named, stated, state, code, attempts = row
    return OpenFile(run, number, Path(os.fsdecode(path)), bool(named), stated, FileState(state), code, attempts)
