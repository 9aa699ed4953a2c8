"""`import --watch`: papers are taken in when they are complete, a bad one does not stop it, and it ends when asked."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.script import Script
from tests.cli.test_review import Screen

SAMPLES = Path(__file__).parents[2] / "samples" / "papers"
PROGRAM = Path(sys.executable).with_name("monespace")
SECONDS = 60


@pytest.fixture
def folder(script: Script) -> Path:
    script.play("$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit")
    folder = script.work / "scanner"
    folder.mkdir()
    return folder


@pytest.fixture
def watcher(script: Script, folder: Path) -> Iterator[subprocess.Popen[str]]:
    environment = {**os.environ, **script.environment}
    arguments = [str(PROGRAM), "import", str(folder), "--watch", "--json"]
    with subprocess.Popen(
        arguments, cwd=script.work, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        yield process
        process.kill()


def test_watching(watcher: subprocess.Popen[str], folder: Path) -> None:
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    shutil.copy(SAMPLES / "certificat.txt", folder)
    growing = (folder / "growing.txt").open("w")
    items: list[dict[str, str]] = []
    deadline = time.monotonic() + SECONDS
    while len(items) < 2 and time.monotonic() < deadline:
        growing.write("encore une ligne du 3 mars 2024\n")
        growing.flush()
        items += _lines_that_are_there(watcher)
    assert {(Path(item["path"]).name, item["status"]) for item in items} == {("broken.pdf", "quarantined"), ("certificat.txt", "imported")}
    growing.close()
    assert watcher.stdout
    last = json.loads(watcher.stdout.readline())
    assert (Path(last["path"]).name, last["status"]) == ("growing.txt", "imported")
    watcher.send_signal(signal.SIGTERM)
    rest = watcher.stdout.read().splitlines()
    counts = {"imported": 2, "duplicates": 0, "near_duplicates": 0, "quarantined": 1, "failed": 0, "sealed": 0, "would_import": 0}
    assert json.loads(rest[-1]) == {"type": "summary", **counts}
    assert watcher.wait(SECONDS) == 3


def test_it_ends_the_same_way_within_a_batch_and_what_it_left_is_taken_in_later(
    script: Script, watcher: subprocess.Popen[str], folder: Path
) -> None:
    papers = [shutil.copy(paper, folder) for paper in sorted(SAMPLES.glob("scans/*.jpg"))]
    assert watcher.stdout
    watcher.stdout.readline()
    watcher.send_signal(signal.SIGTERM)
    *_items, summary = watcher.stdout.read().splitlines()
    assert watcher.wait(SECONDS) == 0
    assert 0 < json.loads(summary)["imported"] < len(papers)
    script.play('$ monespace import status --json\nstdout \'"state": "interrupted"\'')
    script.play("$ monespace import --resume\nstderr 'This run watched folders'")
    script.play('$ monespace import status --json\nstdout \'"state": "ended"\'')
    script.play(f"$ monespace document list --json\nstdout '\"total\": {len(papers)}'")


def test_one_that_nothing_came_to_ends_well(script: Script, folder: Path) -> None:
    screen = Screen(script, "import", "scanner", "--watch")
    screen.expect("Watching, until Ctrl-C or SIGTERM: scanner")
    screen.press("\x03")
    assert screen.end() == 0


def test_it_is_underway_until_it_is_killed(script: Script, watcher: subprocess.Popen[str], folder: Path) -> None:
    shutil.copy(SAMPLES / "certificat.txt", folder)
    assert watcher.stdout
    watcher.stdout.readline()
    script.play('$ monespace import status --json\nstdout \'"state": "underway"\'')
    watcher.kill()
    watcher.wait(SECONDS)
    script.play('$ monespace import status --json\nstdout \'"state": "interrupted"\'')


def _lines_that_are_there(process: subprocess.Popen[str]) -> list[dict[str, str]]:
    """Wait half a second, and return the lines that came meanwhile."""
    assert process.stdout
    os.set_blocking(process.stdout.fileno(), False)
    time.sleep(0.5)
    lines = process.stdout.readlines()
    os.set_blocking(process.stdout.fileno(), True)
    return [json.loads(line) for line in lines]
