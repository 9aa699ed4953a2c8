"""Every script under tests/scripts/ comes true."""

from pathlib import Path

import pytest

from tests.cli.script import Script, ScriptError

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "tests" / "scripts").glob("*.txt"))


@pytest.fixture
def script(tmp_path: Path, cheap_keys: None) -> Script:
    (tmp_path / "passphrase").write_text("bien long et facile à retenir\n", "utf-8")
    work = tmp_path / "work"
    work.mkdir()
    environment = {
        "MONESPACE_VAULT": str(work / "vault"),
        "MONESPACE_PASSPHRASE_FILE": str(tmp_path / "passphrase"),
        "HOME": str(tmp_path),
    }
    return Script(work, {"WORK": str(work), "SAMPLES": str(ROOT / "samples" / "papers")}, environment=environment)


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
