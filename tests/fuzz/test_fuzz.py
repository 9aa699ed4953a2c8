"""No parser meets an input that it did not foresee, for a minute of looking for one."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fuzz import parsers

SECONDS = 60
ROOT = Path(__file__).parents[2]


def test_no_parser_is_taken_by_surprise(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.fuzz.fuzz", str(SECONDS), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, errors="replace", check=False)
    assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-4000:]
    tried = re.search(r"number_of_executed_units: *(\d+)", done.stderr)
    assert tried
    assert int(tried[1]) > 1000, "it stopped before it began"


def test_a_surprise_is_no_foreseen_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def surprised(_data: bytes) -> None:
        raise KeyError("surprise")

    monkeypatch.setattr(parsers, "PARSERS", (surprised,))
    with pytest.raises(KeyError):
        parsers.try_parser(b"\x00")
