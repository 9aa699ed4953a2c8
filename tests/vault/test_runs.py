"""The job journal: what remains of each run of the import, and nothing of what is done."""

import os
from collections import Counter
from pathlib import Path

import pytest

from monespace_cli.errors import BusyError, NotFoundError
from monespace_cli.vault.runs import KEPT_RUNS, FileState, Outcome, Runs
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World

A, B, C = Path("/scans/a.pdf"), Path("/scans/b.pdf"), Path(os.fsdecode(b"/scans/\xe9\n.pdf"))


@pytest.fixture
def runs(vault: Vault) -> Runs:
    return vault.runs


def begun(runs: Runs, *paths: Path) -> tuple[int, dict[Path, int]]:
    run = runs.begin(1, {"delete": True})
    return run, runs.expect(run, [(path, False, "{}") for path in paths])


def left(runs: Runs) -> list[tuple[int, Path, str, str, int]]:
    return [(each.run, each.path, str(each.state), each.code, each.attempts) for each in runs.open_files(1, *FileState)]


def test_files_wait_until_they_are_done_and_leave_nothing_but_a_count(runs: Runs) -> None:
    run, numbers = begun(runs, A, B, C)
    assert left(runs) == [(run, path, "pending", "", 0) for path in (A, B, C)]
    runs.note(run, Outcome(Counter(imported=1), done=[numbers[A]], stored=[numbers[B]], failed={numbers[C]: "read-error"}))
    assert left(runs) == [(run, B, "stored", "", 0), (run, C, "failed", "read-error", 1)]
    runs.note(run, Outcome(Counter(imported=2), done=[numbers[B]]))
    runs.end(run)
    [latest] = runs.latest(1, 5)
    assert (latest.started_at, latest.ended_at, latest.found, latest.counts) == (NOW, NOW, 3, {"imported": 3})
    assert latest.open == {FileState.FAILED: 1}
    assert latest.left == 0, "what failed is for `import retry`"
    assert latest.options == {"delete": True}


def test_runs_that_did_not_end_are_unfinished_latest_first(runs: Runs) -> None:
    assert runs.unfinished(1) == []
    first, _numbers = begun(runs, A)
    second, numbers = begun(runs, B)
    assert [run.number for run in runs.unfinished(1)] == [second, first]
    assert runs.unfinished(2) == []
    runs.note(second, Outcome(done=[numbers[B]]))
    runs.end(second)
    assert [run.number for run in runs.unfinished(1)] == [first]


def test_a_run_is_underway_until_its_process_leaves_it(world: World, vault: Vault) -> None:
    mark = vault.layout.run(1)
    with world.open() as other:
        run, _numbers = begun(other.runs, A)
        assert vault.runs.get(run).is_underway
        with pytest.raises(BusyError):
            vault.runs.go_on(run)
    assert not vault.runs.get(run).is_underway
    assert not mark.exists()
    vault.runs.go_on(run)
    assert mark.stat().st_mode & 0o777 == 0o600
    vault.runs.note(run, Outcome(done=[1]))
    vault.runs.end(run)
    assert not mark.exists()


def test_a_mark_without_its_process_holds_nobody_up(vault: Vault) -> None:
    run, _numbers = begun(vault.runs, A)
    vault.runs.close()
    vault.layout.run(run).touch()  # as after a kill
    assert (vault.runs.get(run).is_underway, vault.runs.get(run).was_left) == (False, True)
    vault.runs.go_on(run)


def test_a_run_that_somebody_is_at_is_neither_ended_nor_forgotten_by_another(world: World, vault: Vault) -> None:
    with world.open() as other:
        watching = other.runs.begin(1, {})
        for _each in range(KEPT_RUNS + 1):
            vault.runs.end(vault.runs.begin(1, {}))
        assert vault.runs.get(watching).ended_at is None


def test_a_run_with_files_to_be_read_does_not_end(runs: Runs) -> None:
    run, _numbers = begun(runs, A)
    runs.end(run)
    assert runs.get(run).ended_at is None


def test_a_file_that_another_run_sees_to_is_no_more_to_be_done_by_an_earlier_one(runs: Runs) -> None:
    first, numbers = begun(runs, A, B)
    runs.note(first, Outcome(failed={numbers[A]: "read-error"}))
    second, numbers = begun(runs, A, B)
    runs.note(second, Outcome(failed={numbers[A]: "read-error"}, done=[numbers[B]]))
    assert left(runs) == [(second, A, "failed", "read-error", 2)]
    runs.end(second)
    assert all(run.ended_at for run in runs.latest(1, 5))


def test_old_runs_of_which_nothing_remains_are_forgotten(runs: Runs) -> None:
    kept, _numbers = begun(runs, A)
    gone, _numbers = begun(runs)
    for _number in range(KEPT_RUNS):
        begun(runs)
    assert runs.get(kept).found == 1
    with pytest.raises(NotFoundError):
        runs.get(gone)


def test_a_run_is_its_space_s_own(vault: Vault) -> None:
    other = 2
    run, _numbers = begun(vault.runs, A)
    assert vault.runs.latest(other, 5) == []
    assert vault.runs.open_files(other, *FileState) == []
    assert vault.runs.unfinished(other) == []
    assert [each.run for each in vault.runs.open_files(1, *FileState, run=run)] == [run]
