"""The layers are a test, not a diagram: each contract and ban of pyproject.toml is green on the source and red on a planted fault."""

import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONTRACTS = {contract["id"]: contract for contract in PYPROJECT["tool"]["importlinter"]["contracts"]}
BANS = PYPROJECT["tool"]["ruff"]["lint"]["flake8-tidy-imports"]["banned-api"]

IMPORT_NAMES = {
    "font-source-sans-pro": "font_source_sans_pro",
    "opencv-python-headless": "cv2",
    "pillow": "PIL",
    "pillow-heif": "pillow_heif",
    "zxing-cpp": "zxingcpp",
}
"""Distributions whose module has another name."""


@dataclass(frozen=True)
class Fault:
    """Files to plant in the package (path: source), and the contract that must break."""

    contract: str
    files: dict[str, str]


FAULTS = {
    "the vault talks to the terminal": Fault("layers", {"vault/planted.py": "import monespace_cli.ui"}),
    "the same, for its types only": Fault(
        "layers", {"vault/planted.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import monespace_cli.ui"}
    ),
    "the same, inside a function": Fault("layers", {"vault/planted.py": "def show():\n    import monespace_cli.ui"}),
    "ingest knows sync, its neighbour": Fault("layers", {"ingest/planted.py": "import monespace_cli.sync"}),
    "ingest reads the settings": Fault("layers", {"ingest/planted.py": "import monespace_cli.config"}),
    "vault knows interop, its neighbour": Fault("layers", {"vault/planted.py": "import monespace_cli.interop"}),
    "the record looks into the vault": Fault("layers", {"record/planted.py": "import monespace_cli.vault"}),
    "an action calls a command": Fault("layers", {"actions/planted.py": "import monespace_cli.commands"}),
    "a package that nobody listed": Fault("layers", {"telemetry/__init__.py": ""}),
    "two modules that need each other": Fault(
        "cycles", {"record/one.py": "import monespace_cli.record.other", "record/other.py": "import monespace_cli.record.one"}
    ),
    "two folders that need each other": Fault(
        "cycles",
        {
            "sync/one/__init__.py": "import monespace_cli.sync.other.leaf",
            "sync/other/__init__.py": "",
            "sync/other/leaf.py": "import monespace_cli.sync.one",
        },
    ),
    "the terminal reads the vault": Fault("shell", {"ui/planted.py": "import monespace_cli.vault"}),
    "the settings look into the vault": Fault("shell", {"config.py": "import monespace_cli.vault"}),
    "the record checks bounds": Fault("record", {"record/planted.py": "import monespace_cli.bounds"}),
    "the record writes files": Fault("record", {"record/planted.py": "import monespace_cli.files"}),
    "the bounds decode images": Fault("light", {"bounds/planted.py": "from PIL import Image"}),
    "the record hashes with a library": Fault("light", {"record/planted.py": "import cryptography"}),
    "a temporary file": Fault("plain", {"ingest/planted.py": "from tempfile import NamedTemporaryFile"}),
    "a database without a key": Fault("plain", {"vault/planted.py": "import sqlite3"}),
    "a second module opens the database": Fault("driver", {"vault/planted.py": "import sqlcipher3"}),
    "sync makes its own cryptography": Fault(
        "crypto", {"sync/planted.py": "from cryptography.hazmat.primitives.asymmetric import ed25519"}
    ),
    "a command starts a program": Fault("programs", {"commands/planted.py": "import subprocess"}),
    "another module of bounds starts a program": Fault("programs", {"bounds/planted.py": "import subprocess"}),
    "sync speaks Typer": Fault("typer", {"sync/planted.py": "import typer"}),
    "a command speaks to a cluster": Fault("cluster", {"commands/planted.py": "from distributed import Client"}),
    "a command draws a table": Fault("rich", {"commands/planted.py": "from rich.table import Table"}),
}


@pytest.fixture(scope="session")
def house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the source and its configuration, to plant faults in."""
    copy = tmp_path_factory.mktemp("house")
    shutil.copytree(ROOT / "src", copy / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", copy)
    return copy


@contextmanager
def planted(house: Path, files: dict[str, str]) -> Iterator[None]:
    """Add files to the copied package and take them away again; an existing file is restored."""
    package = house / "src/monespace_cli"
    before = {package / name: (package / name).read_text(encoding="utf-8") if (package / name).exists() else None for name in files}
    for name, planted_source in files.items():
        (package / name).parent.mkdir(exist_ok=True)
        (package / name).write_text(planted_source, encoding="utf-8")
    try:
        yield
    finally:
        for path, source in before.items():
            restore(path, source, package)


def restore(path: Path, source: str | None, package: Path) -> None:
    """Bring one file back to what it held; a folder that is empty then was planted too."""
    if source is not None:
        path.write_text(source, encoding="utf-8")
        return
    path.unlink()
    if path.parent != package and not any(path.parent.iterdir()):
        path.parent.rmdir()


def run(house: Path, *command: str) -> subprocess.CompletedProcess[str]:
    """Run one of the checkers on the copy, never on the installed package."""
    program = Path(sys.executable).with_name(command[0])
    environment = {**os.environ, "PYTHONPATH": str(house / "src"), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "200", "NO_COLOR": "1"}
    return subprocess.run([program, *command[1:]], cwd=house, env=environment, capture_output=True, text=True)


def broken_contracts(house: Path) -> set[str]:
    """Return the ids of the contracts that import-linter finds broken."""
    result = run(house, "lint-imports", "--no-cache", "--no-logo")
    broken = {name for name, contract in CONTRACTS.items() if f"{contract['name']} BROKEN" in result.stdout}
    assert result.returncode == bool(broken), result.stdout + result.stderr
    return broken


def ruff_codes(house: Path, name: str) -> list[str]:
    """Return the codes that ruff reports for one file of the copied package."""
    result = run(house, "ruff", "check", "--no-cache", "--output-format", "concise", f"src/monespace_cli/{name}")
    assert result.returncode in (0, 1), result.stderr
    return [line.split()[1] for line in result.stdout.splitlines() if line.startswith("src/")]


def test_the_source_keeps_every_contract(house: Path) -> None:
    assert broken_contracts(house) == set()


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_planted_fault_breaks_its_contract(house: Path, fault: Fault) -> None:
    with planted(house, fault.files):
        assert fault.contract in broken_contracts(house)


def test_every_contract_has_a_planted_fault() -> None:
    assert {fault.contract for fault in FAULTS.values()} == set(CONTRACTS)


def test_the_lower_layers_are_kept_from_every_dependency() -> None:
    """A library that is added to the project is forbidden there from its first day on."""
    names = {requirement.split(";")[0].split(">")[0].strip() for requirement in PYPROJECT["project"]["dependencies"]}
    assert {IMPORT_NAMES.get(name, name) for name in names} <= set(CONTRACTS["light"]["forbidden_modules"])


@pytest.mark.parametrize("name", ["vault/planted.py", "commands/planted.py", "ui/planted.py"])
def test_only_ui_output_prints(house: Path, name: str) -> None:
    with planted(house, {name: '"""Planted."""\n\nprint("Zoé")\n'}):
        assert ruff_codes(house, name) == ["T201"]


@pytest.mark.parametrize("api", BANS)
def test_a_banned_call_is_red(house: Path, api: str) -> None:
    module, _, attribute = api.rpartition(".")
    source = f"from {module} import {attribute}" if module else f"import {api}"
    with planted(house, {"actions/planted.py": f'"""Planted."""\n\n{source}\n\n__all__ = ["{attribute}"]\n'}):
        assert "TID251" in ruff_codes(house, "actions/planted.py")
