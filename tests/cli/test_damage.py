"""One byte changed, anywhere: it is noticed, with the right exit code, and nothing is written."""

import os
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.script import Script

SAMPLES = Path(__file__).parents[2] / "samples" / "papers"
INIT = "$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit"


def flip(path: Path, position: int, bit: int = 0) -> bytes:
    """Flip one bit of a file and return what it held before."""
    before = path.read_bytes()
    path.write_bytes(before[:position] + bytes([before[position] ^ 1 << bit]) + before[position + 1 :])
    return before


def positions(path: Path, count: int) -> list[int]:
    """Return the first and last bytes of a file and some between."""
    size = path.stat().st_size
    return sorted({0, 1, size - 1, *random.Random(7).sample(range(size), min(count, size))})


@pytest.fixture
def filled(script: Script) -> Script:
    script.play(f'{INIT}\n$ monespace import $SAMPLES/certificat.txt --json\nkeep ID \'"document": "([0-9a-z]+)"\'')
    return script


def test_a_changed_original_is_noticed(filled: Script) -> None:
    blob = next(path for path in (filled.work / "vault" / "blobs").rglob("*") if path.is_file())
    for position in positions(blob, 12):
        before = flip(blob, position)
        filled.play("[15] $ monespace document export $ID -o out.txt\n! exists out.txt")
        blob.write_bytes(before)
    filled.play("$ monespace document export $ID -o out.txt\nsame out.txt $SAMPLES/certificat.txt")


def test_a_changed_header_is_noticed(filled: Script) -> None:
    header = filled.work / "vault" / "vault.json"
    for position in positions(header, 25):
        before = flip(header, position)
        filled.play("[15] $ monespace status")
        header.write_bytes(before)
    filled.play("$ monespace status")


def test_every_page_of_the_database_is_authenticated(filled: Script) -> None:
    database = filled.work / "vault" / "record.db"
    state = filled.work / "state"
    filled.environment["XDG_STATE_HOME"] = str(state)
    pages = database.stat().st_size // 16384
    noticed = 0
    for page in range(pages):
        shutil.rmtree(state, ignore_errors=True)  # or the database that is put back each time would be an older copy
        before = flip(database, page * 16384 + 100)
        noticed += _status(filled, "document", "text", filled.variables["ID"]) == 15
        database.write_bytes(before)
    assert noticed >= 5, "the pages that reading a document touches"
    shutil.rmtree(state)
    assert _status(filled, "document", "text", filled.variables["ID"]) == 0


def test_a_changed_bundle_is_noticed(filled: Script) -> None:
    filled.play(
        "set MONESPACE_VAULT=durand\n"
        "$ monespace init --practitioner --family-name DURAND --given-name Luc --profession physician --no-recovery-kit\n"
        "$ monespace card export -o durand.card\nset MONESPACE_VAULT=vault\n"
        "$ monespace contact add durand.card\n"
        "$ monespace share --to DURAND --document $ID -o bundle.age --accept-unverified\n"
        "set MONESPACE_VAULT=durand\n[33] $ monespace bundle verify bundle.age"
    )
    bundle = filled.work / "bundle.age"
    for position in positions(bundle, 25):
        before = flip(bundle, position)
        filled.play("[30] $ monespace bundle verify bundle.age\n[30] $ monespace bundle open bundle.age --into opened\n! exists opened")
        bundle.write_bytes(before)
    filled.play("$ monespace bundle verify bundle.age --accept-unverified\nstdout intact")


def _status(script: Script, *arguments: str) -> int:
    program = Path(sys.executable).with_name("monespace")
    environment = {**os.environ, **script.environment}
    return subprocess.run([program, *arguments], cwd=script.work, env=environment, capture_output=True).returncode
