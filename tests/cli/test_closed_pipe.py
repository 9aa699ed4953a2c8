"""Whoever reads the output may stop reading: what was begun is done all the same, and the exit status says how it went."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.script import Script

PROGRAM = Path(sys.executable).with_name("monespace")


def _without_reader(script: Script, *arguments: str) -> int:
    """Run a command whose stdout nobody reads any more; return its exit status."""
    reading, writing = os.pipe()
    os.close(reading)
    environment = {**os.environ, **script.environment}
    try:
        return subprocess.run([PROGRAM, *arguments], cwd=script.work, env=environment, stdout=writing, stderr=subprocess.PIPE).returncode
    finally:
        os.close(writing)


@pytest.mark.parametrize("json", [["--json"], []])
def test_an_import_goes_on_when_nobody_reads_what_became_of_its_files(script: Script, json: list[str]) -> None:
    script.play(
        "$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit\n"
        "$ mkdir scans\n"
        "write scans/a.txt 'Une note, du 3 mars 2024'\n"
        "write scans/b.pdf '%PDF-1.7 and nothing more'\n"
        "write scans/c.txt 'Une autre note, du 4 mars 2024'\n"
    )
    assert _without_reader(script, "import", "scans", *json) == 3
    script.play("$ monespace import status\nstdout '\\t3\\t2\\t0\\t1\\t0\\t0\\tended$'")


def test_listing_ends_when_nobody_reads(script: Script) -> None:
    script.play("$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit")
    assert _without_reader(script, "journal", "show") == 0
