"""An import by several processes that is killed, or whose reading process is: resumed and run again, it is one clean run."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.crash.harness import copy_of, new_house
from tests.crash.whole import verify
from tests.vault.world import World

PROGRAM = str(Path(sys.executable).with_name("monespace"))
PAPERS = 60
COMMAND = ["import", "--json", "--jobs", "3", "--delete", "new"]


@pytest.fixture
def house(tmp_path: Path) -> Path:
    root = new_house(tmp_path / "house")
    World(root / "vault").create()
    (root / "new").mkdir()
    for number in range(PAPERS):
        (root / "new" / f"{number:02}.txt").write_text(f"Ordonnance {number} du 3 mars 2024 : paracétamol 500 mg.\n", "utf-8")
    (root / "new" / "30.txt").write_bytes(b"%PDF-1.7 and nothing more")
    return root


def start(house: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "MONESPACE_VAULT": "vault",
        "MONESPACE_PASSPHRASE_FILE": "passphrase",
        "XDG_STATE_HOME": str(house / "state"),
    }
    return subprocess.Popen([PROGRAM, *arguments], cwd=house, env=environment, stdout=subprocess.PIPE)


def lines_of(house: Path, *arguments: str) -> list[dict[str, object]]:
    with start(house, *arguments) as process:
        assert process.stdout is not None
        return [json.loads(line) for line in process.stdout]


@pytest.mark.parametrize("told", [0, 1, 40])
def test_a_killed_import_resumed_and_run_again_is_one_clean_run(house: Path, tmp_path: Path, told: int) -> None:
    clean, work = copy_of(house, tmp_path / "clean"), copy_of(house, tmp_path / "work")
    lines_of(clean, *COMMAND)
    with start(work, *COMMAND) as process:
        assert process.stdout is not None
        for _line in range(told):
            process.stdout.readline()
        process.kill()
    lines_of(work, "import", "--json", "--resume")
    lines_of(work, *COMMAND)
    assert verify(work / "vault") == verify(clean / "vault")
    assert [path.name for path in (work / "new").iterdir()] == [path.name for path in (clean / "new").iterdir()] == ["30.txt"]
    assert lines_of(work, "import", "status", "--json")[0]["files"] == []


def test_a_reading_process_that_is_killed_costs_at_most_what_it_was_reading(house: Path) -> None:
    with start(house, *COMMAND) as process:
        assert process.stdout is not None
        process.stdout.readline()
        for child in children_of(process.pid)[:1]:
            os.kill(child, signal.SIGKILL)
        items = [json.loads(line) for line in process.stdout]
    failed = [item["code"] for item in items if item.get("status") == "quarantined"]
    assert len(failed) <= 2
    assert set(failed) <= {"damaged-file", "reader-crashed"}
    lines_of(house, "import", "retry", "--json")
    with World(house / "vault").open() as vault:
        assert [item.code for item in vault.quarantine.all()] == ["damaged-file"]


def children_of(process: int) -> list[int]:
    found = " ".join(path.read_text() for path in Path(f"/proc/{process}/task").glob("*/children"))
    return [int(child) for child in found.split()]
