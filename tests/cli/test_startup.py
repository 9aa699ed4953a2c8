"""What is not needed is not loaded: start-up of the commands that everybody waits for."""

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {"cryptography", "sqlcipher3", "PIL", "pypdfium2", "tesserocr", "mnemonic", "numpy", "cv2", "keyring"}


def modules(code: str, tmp_path: Path) -> tuple[str, set[str]]:
    """Return what a fresh interpreter printed while it ran `code`, and the modules it has then."""
    lines = ["import sys", "try:", f"    exec({code!r})", "except SystemExit:", "    pass", "sys.stderr.write(' '.join(sys.modules))"]
    done = subprocess.run([sys.executable, "-c", "\n".join(lines)], capture_output=True, text=True, env={"HOME": str(tmp_path)}, check=True)
    return done.stdout, set(done.stderr.split())


def loaded(code: str, tmp_path: Path) -> set[str]:
    """Return the top-level packages that a fresh interpreter has after `code`."""
    return {name.partition(".")[0] for name in modules(code, tmp_path)[1]}


def command(line: str) -> str:
    return f"import sys\nsys.argv = {['monespace', *line.split()]!r}\nfrom monespace_cli.__main__ import main\nmain()"


def test_what_is_loaded_can_be_seen(tmp_path: Path) -> None:
    assert "cryptography" in loaded("import cryptography", tmp_path)


def test_the_version_loads_nothing_of_ours_but_itself(tmp_path: Path) -> None:
    assert not loaded(command("--version"), tmp_path) & (HEAVY | {"typer", "rich", "json", "dataclasses"})


@pytest.mark.parametrize("line", ["--help", "search --help", "import --help", "share --help"])
def test_help_loads_no_cryptography_imaging_or_recognition(line: str, tmp_path: Path) -> None:
    found = loaded(command(line), tmp_path) & (HEAVY - {"cryptography", "sqlcipher3"} if line != "--help" else HEAVY)
    assert not found


def test_completion_of_the_first_word_loads_no_command(tmp_path: Path) -> None:
    code = (
        "import os, sys\nos.environ.update(_MONESPACE_COMPLETE='complete_bash', COMP_WORDS='monespace ', COMP_CWORD='1')\n"
        "sys.argv = ['monespace']\nfrom monespace_cli.app import run\nrun([])"
    )
    printed, found = modules(code, tmp_path)
    assert {"search", "import", "share"} <= set(printed.split())
    assert not {"cryptography", "sqlcipher3", "PIL", "monespace_cli.commands.search"} & found
