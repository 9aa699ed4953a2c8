"""Going over papers at a real terminal: keys without Enter, typed corrections, and what goes into the record."""

import os
import pty
import select
import subprocess
import sys
import time

import pytest

from tests.cli.script import Script

SECONDS = 30
PRESCRIPTION = "Docteur Luc DURAND\nLyon, le 12 mars 2024\nORDONNANCE\nMadame Zoé MARTIN\nDOLIPRANE 500 mg\nRAMIPRIL 5 mg\n"
RESULTS = "LABORATOIRE DE BIOLOGIE\nanalyses médicales\nPatient : MARTIN Zoé\nPrélevé le 14/03/2024\nGlycémie 0,95 g/L 0,70 - 1,10\n"


class Screen:
    """A command on a terminal of its own."""

    def __init__(self, script: Script, *arguments: str) -> None:
        self._here, there = pty.openpty()
        self._process = subprocess.Popen(
            # Its controlling terminal, so that Ctrl-C is one, which a test run in the background of a script would otherwise ignore.
            ["setsid", "--ctty", "env", "--default-signal=INT", sys.executable, "-m", "monespace_cli", *arguments],
            stdin=there,
            stdout=there,
            stderr=there,
            cwd=script.work,
            env={**os.environ, **script.environment, "TERM": "xterm"},
        )
        os.close(there)
        self.seen = ""

    def expect(self, text: str) -> None:
        """Wait until the screen shows a text that it had not shown before."""
        end = time.monotonic() + SECONDS
        while text not in self.seen:
            assert time.monotonic() < end, self.seen
            if select.select([self._here], [], [], 0.1)[0]:
                self.seen += self._read()
        self.seen = self.seen[self.seen.index(text) + len(text) :]

    def press(self, keys: str) -> None:
        """Press keys, one after the other."""
        os.write(self._here, keys.encode())

    def end(self) -> int:
        """Wait for the command and return its exit status."""
        end = time.monotonic() + SECONDS
        while self._process.poll() is None:
            if time.monotonic() > end:
                self._process.kill()
                raise AssertionError(self.seen)
            if select.select([self._here], [], [], 0.1)[0]:
                self.seen += self._read()
        os.close(self._here)
        return self._process.returncode

    def _read(self) -> str:
        try:
            return os.read(self._here, 4096).decode("utf-8", "replace")
        except OSError:  # the other end is closed
            return ""


@pytest.fixture
def papers(script: Script) -> Script:
    script.play("$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit --vault zoe")
    script.environment["MONESPACE_VAULT"] = "zoe"
    (script.work / "rx.txt").write_text(PRESCRIPTION, "utf-8")
    (script.work / "lab.txt").write_text(RESULTS, "utf-8")
    script.play("$ monespace import rx.txt\n$ monespace import lab.txt")
    return script


def test_a_person_goes_through_papers_with_single_keys(papers: Script) -> None:
    screen = Screen(papers, "document", "review")
    screen.expect("Paper 1 of 2")
    screen.expect("Kind: prescription")
    screen.expect("[y] right")
    screen.press("y")
    screen.expect("Date: 2024-03-12")
    screen.expect("Lyon, le 12 mars 2024")
    screen.press("e")
    screen.expect("Date:")
    screen.press("soon\n")
    screen.expect("this is not a day")
    screen.press("2024-03-13\n")
    screen.expect("Practitioner: Luc DURAND")
    screen.press("\r")
    screen.expect("Title: ORDONNANCE")
    screen.press("s")
    screen.expect("DOLIPRANE 500 mg?")
    screen.press("y")
    screen.expect("RAMIPRIL 5 mg?")
    screen.press("x")
    screen.expect("Paper 2 of 2")
    screen.press("yyy")
    screen.expect("Glycémie 0,95 g/L?")
    screen.press("y")
    assert screen.end() == 0
    papers.play(
        "$ monespace document list --kind prescription --json\n"
        """stdout '"date": "2024-03-13".*"proposed": \\["title"\\]'\n"""
        "$ monespace profile show treatment --json\n"
        """stdout 'DOLIPRANE 500 mg.*"source": "extracted"'\n"""
        "! stdout 'RAMIPRIL'\n"
        "$ monespace measure list glucose --json\n"
        """stdout '"values": \\[0.95\\]'\n"""
    )


def test_what_was_read_wrong_gives_way_to_the_next_reading(papers: Script) -> None:
    (papers.work / "two.txt").write_text("CERTIFICAT MÉDICAL\nFait à Lyon, le 3 mars 2021\nvu le 1er mars 2021\n", "utf-8")
    papers.play('$ monespace import two.txt --json\nkeep TWO \'"document": "([0-9a-z]+)"\'')
    screen = Screen(papers, "document", "review", papers.variables["TWO"])
    screen.expect("Kind: certificate")
    screen.press("y")
    screen.expect("Date: 2021-03-03")
    screen.expect("[x] wrong")
    screen.press("x")
    screen.expect("Date: 2021-03-01")
    screen.press("x")
    screen.expect("Title: CERTIFICAT MÉDICAL")
    screen.press("x")
    assert screen.end() == 0
    papers.play(
        "$ monespace document show $TWO --json\n"
        """stdout '"title": "two".*"date": null.*"proposed": \\[\\]'\n"""
        """stdout '"value": "2021-03-03".*"state": "rejected"'\n"""
    )


def test_stopping_keeps_what_was_done(papers: Script) -> None:
    screen = Screen(papers, "document", "review")
    screen.expect("[y] right")
    screen.press("yq")
    screen.expect("0 papers gone through")
    assert screen.end() == 0
    papers.play("""$ monespace document list --kind prescription --json\nstdout '"proposed": \\["date", "practitioner", "title"\\]'""")


def test_ctrl_c_is_an_interruption_and_the_terminal_is_as_before(papers: Script) -> None:
    screen = Screen(papers, "document", "review")
    screen.expect("[y] right")
    screen.press("\x03")
    assert screen.end() == 130
