"""Other people's programs: their output is bounded, so is their time, and no shell is involved."""

import sys
import time
from pathlib import Path

import pytest

from monespace_cli.bounds.process import Completed, run, run_viewer
from monespace_cli.errors import MissingDependencyError, TryLaterError


def test_input_goes_in_and_output_comes_out() -> None:
    data = bytes(range(256)) * 4000
    assert run(["cat"], input=data, timeout=20) == Completed(0, data)


def test_a_program_need_not_read_its_input() -> None:
    assert run(["true"], input=bytes(1_000_000), timeout=20) == Completed(0, b"")


def test_the_exit_status_is_told() -> None:
    assert run([sys.executable, "-c", "raise SystemExit(3)"], timeout=20).status == 3


def test_arguments_are_no_shell_line(tmp_path: Path) -> None:
    assert run(["printf", "%s", f"$(touch {tmp_path}/made)"], timeout=20).output.startswith(b"$(touch")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("argv", [["no-such-program-here"], ["/etc/hostname"]])
def test_a_missing_program_is_named(argv: list[str]) -> None:
    with pytest.raises(MissingDependencyError, match=argv[0]):
        run(argv, timeout=20)


def test_a_slow_program_is_killed() -> None:
    started = time.monotonic()
    with pytest.raises(TryLaterError):
        run(["sleep", "60"], timeout=0.2)
    assert time.monotonic() - started < 5


def test_endless_output_is_cut_off() -> None:
    started = time.monotonic()
    with pytest.raises(TryLaterError):
        run(["yes"], timeout=20, max_output=100_000)
    assert time.monotonic() - started < 10


def test_errors_are_dropped_or_shown(capfd: pytest.CaptureFixture[str]) -> None:
    program = [sys.executable, "-c", "import sys; sys.stderr.write('which card?')"]
    run(program, timeout=20)
    assert capfd.readouterr().err == ""
    run(program, timeout=20, errors_to_terminal=True)
    assert capfd.readouterr().err == "which card?"


def test_a_viewer_is_waited_for(capfd: pytest.CaptureFixture[str]) -> None:
    assert run_viewer([sys.executable, "-c", "print('a page'); raise SystemExit(2)"]) == 2
    assert capfd.readouterr().out == "a page\n"
