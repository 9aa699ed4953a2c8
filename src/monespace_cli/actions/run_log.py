"""What a run of the import notes of its files in the vault while it goes on, so that it can be gone on with after an interruption.

What is noted of a batch is in the transaction that stores it. A file that is to be moved or deleted counts as stored until that is done.
"""

import platform
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Self

from monespace_cli.actions.disposal import SOURCE_KEPT, Disposal
from monespace_cli.actions.entries import Entry, ImportRun, Stated, stated_json, stated_of
from monespace_cli.actions.imported import NOT_TAKEN, ImportedItem, ItemStatus
from monespace_cli.errors import BusyError
from monespace_cli.i18n import _
from monespace_cli.ingest.walk import FoundFile, Problem
from monespace_cli.vault.runs import FileState, OpenFile, Outcome, Run, Runs

IN_QUARANTINE = "in-quarantine"
"""What stands for the failure of a file that waits there: it stays where it is, and the quarantine says the rest."""


class RunLog:
    """The journal of one run."""

    def __init__(self, runs: Runs, run: int, *, disposes: bool) -> None:
        """Note in `runs` under this number."""
        self._runs = runs
        self._run = run
        self._disposes = disposes
        self._numbers: dict[Path, int] = {}
        self._failures: dict[int, str] = {}
        self._stored: set[int] = set()
        self._disposed = Outcome()

    @classmethod
    def begun(cls, runs: Runs, space: int, run: ImportRun, other_patient: str | None = None) -> Self:
        """Begin a run; `other_patient` says how papers that name another patient are treated."""
        move = run.disposal.move_to
        options = {
            "delete": run.disposal.delete,
            "move": str(move.absolute()) if move else None,
            "stop_on_error": run.stop_on_error,
            "other_patient": other_patient,
            "host": platform.node(),
            "watch": run.watches,
        }
        return cls(runs, runs.begin(space, options), disposes=not run.disposal.keeps)

    @classmethod
    def resumed(cls, runs: Runs, run: Run, files: Iterable[OpenFile]) -> Self:
        """Go on with a run and these files of it.

        Raises:
            BusyError: a process is at it.
        """
        runs.go_on(run.number)
        log = cls(runs, run.number, disposes=not run_of(run, ()).disposal.keeps)
        log._numbers = {file.path: file.number for file in files}
        return log

    def expect(self, found: Iterable[FoundFile | Problem], run: ImportRun, stated: Stated) -> None:
        """Note the files that were found and are not noted yet, with what is said of each."""
        new = {each.path.absolute(): each for each in found}
        files = [
            (path, isinstance(each, FoundFile) and each.named, stated_json(run.statements.get(each.path, stated)))
            for path, each in new.items()
            if path not in self._numbers
        ]
        if files:
            self._numbers.update(self._runs.expect(self._run, files))

    def number_of(self, found: FoundFile | Problem) -> int | None:
        """Return a file's number."""
        return self._numbers.get(found.path.absolute())

    def note(self, batch: Iterable[Entry]) -> None:
        """Note what became of a batch, in the transaction that stores it, and what was done since with files of earlier ones."""
        outcome, self._disposed = self._disposed, Outcome()
        outcome.counts = Counter(str(entry.item.status) for entry in batch if entry.item)
        for entry in batch:
            if entry.file is None:
                continue
            if entry.item and entry.item.status in NOT_TAKEN:
                if entry.item.status is ItemStatus.FAILED:
                    self._failures[entry.file] = entry.item.code or ""
                else:
                    self._failures.setdefault(entry.file, IN_QUARANTINE)
            if entry.is_last:
                self._settle(entry.file, outcome)
        self._runs.note(self._run, outcome)

    def told(self, entry: Entry, items: Iterable[ImportedItem]) -> None:
        """Note what was done with the file of an entry, which is stored; it is written with the next batch."""
        if entry.file is None or not entry.is_last or entry.file not in self._stored:
            return
        self._stored.discard(entry.file)
        if any(item.code == SOURCE_KEPT for item in items):
            self._disposed.failed[entry.file] = SOURCE_KEPT
        else:
            self._disposed.done.append(entry.file)

    def flush(self) -> None:
        """Write what was done with files since the last batch."""
        outcome, self._disposed = self._disposed, Outcome()
        if outcome.done or outcome.failed:
            self._runs.note(self._run, outcome)

    def end(self) -> int:
        """Note that the run came to its end; return how many files are left all the same."""
        self._runs.end(self._run)
        return self._runs.get(self._run).left

    def _settle(self, file: int, outcome: Outcome) -> None:
        code = self._failures.pop(file, "")
        if code and code != IN_QUARANTINE:
            outcome.failed[file] = code
        elif self._disposes and not code:
            outcome.stored.append(file)
            self._stored.add(file)
        else:
            outcome.done.append(file)


class RunState(StrEnum):
    """How far a run came. Part of the contract with scripts."""

    ENDED = "ended"
    UNDERWAY = "underway"
    INTERRUPTED = "interrupted"
    ELSEWHERE = "elsewhere"
    """It was begun on another machine: interrupted, or underway there on a network folder that does not tell."""


def state_of(run: Run) -> RunState:
    """Return how far a run came."""
    if run.ended_at:
        return RunState.ENDED
    if run.is_underway:
        return RunState.UNDERWAY
    return RunState.ELSEWHERE if run.was_left and host_of(run) not in ("", platform.node()) else RunState.INTERRUPTED


def host_of(run: Run) -> str:
    """Return the name of the machine that a run was begun on, where that is known."""
    return str(run.options.get("host") or "")


def to_be_resumed(runs: Runs, space: int) -> Run | None:
    """Return the last run of a space that was interrupted and has files left; None where none was.

    Raises:
        BusyError: the only ones are underway.
    """
    unfinished = runs.unfinished(space)
    interrupted = [run for run in unfinished if not run.is_underway]
    if unfinished and not interrupted:
        raise BusyError(
            _("the import that is not finished is underway: another monespace is at it"),
            hint=_("`monespace import status` says how far it is"),
        )
    return next(iter(interrupted), None)


def run_of(run: Run, files: Iterable[OpenFile]) -> ImportRun:
    """Return how an earlier run treated its files, with what was said of these."""
    move = run.options.get("move")
    return ImportRun(
        {file.path: stated_of(file.stated) for file in files},
        Disposal(bool(run.options.get("delete")), Path(move) if move else None),
        bool(run.options.get("stop_on_error")),
    )


def left_of(runs: Runs, run: Run) -> list[OpenFile]:
    """Return the files with which a run can be gone on; one that was stored and is not there any more was moved or deleted."""
    files = runs.open_files(run.space, FileState.PENDING, FileState.STORED, run=run.number)
    gone = [file.number for file in files if file.state is FileState.STORED and not file.path.exists()]
    if gone:
        runs.note(run.number, Outcome(done=gone))
    return [file for file in files if file.number not in set(gone)]


def found_again(files: Iterable[OpenFile]) -> list[FoundFile | Problem]:
    """Return files of an earlier run as they were found then."""
    return [FoundFile(file.path, file.named) for file in files]
