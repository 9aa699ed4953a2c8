"""Every script under tests/scripts/ comes true."""

from pathlib import Path

import pytest

from tests.cli.script import Script, ScriptError

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "tests" / "scripts").glob("*.txt"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_script(path: Path, script: Script) -> None:
    script.play(path.read_text("utf-8"))
    assert script.commands > 0


@pytest.mark.parametrize(
    "line",
    [
        "[1] $ monespace --version",
        "$ monespace document list",
        "$ false",
        "$ monespace --version\nstdout 'restic'",
        "$ monespace --version\n! stdout 'monespace'",
        "exists nothing",
        "write a 'x'\n! exists a",
        "write a 'x'\nwrite b 'y'\nsame a b",
        "$ monespace --version\nkeep ID '(vault)'",
    ],
)
def test_a_script_that_does_not_come_true_fails(line: str, script: Script) -> None:
    with pytest.raises(ScriptError):
        script.play(line)
