"""How far a run of the import came, and which one is gone on with."""

import platform
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monespace_cli.actions.run_log import RunState, state_of, to_be_resumed
from monespace_cli.errors import BusyError
from monespace_cli.vault.runs import Run
from tests.vault.world import World

NOW = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)
RUN = Run(1, 1, {"host": platform.node()}, NOW, None, 0, {})
ELSEWHERE = replace(RUN, options={"host": "another"})


@pytest.mark.parametrize(
    ("run", "state"),
    [
        (replace(RUN, ended_at=NOW), RunState.ENDED),
        (replace(RUN, is_underway=True), RunState.UNDERWAY),
        (RUN, RunState.INTERRUPTED),
        (replace(RUN, was_left=True), RunState.INTERRUPTED),
        (replace(RUN, was_left=True, options={}), RunState.INTERRUPTED),
        (ELSEWHERE, RunState.INTERRUPTED),
        (replace(ELSEWHERE, was_left=True), RunState.ELSEWHERE),
        (replace(ELSEWHERE, is_underway=True), RunState.UNDERWAY),
    ],
)
def test_how_far_a_run_came(run: Run, state: RunState) -> None:
    assert state_of(run) is state


def test_a_run_that_somebody_is_at_is_not_gone_on_with_but_an_earlier_one_is(tmp_path: Path) -> None:
    world = World(tmp_path / "vault")
    world.create()
    with world.open() as vault:
        assert to_be_resumed(vault.runs, 1) is None
        with world.open() as other:
            live = other.runs.begin(1, {})
            other.runs.expect(live, [(Path("/scans/a.pdf"), False, "{}")])
            with pytest.raises(BusyError, match="underway"):
                to_be_resumed(vault.runs, 1)
            with world.open() as third:
                earlier = third.runs.begin(1, {})
                third.runs.expect(earlier, [(Path("/scans/b.pdf"), False, "{}")])
            found = to_be_resumed(vault.runs, 1)
            assert found and found.number == earlier
