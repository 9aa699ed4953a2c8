"""A paper that names another patient, at a terminal: who is named, then a question short enough for its line."""

import pytest

from tests.cli.script import Script
from tests.cli.test_review import Screen

NEW = "$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit"
PAPER = "LABORATOIRE\nPatient : PETIT Paul né(e) le 01/02/2012\nSodium 138 mmol/L 136 - 145\n"


@pytest.mark.parametrize(("answer", "status"), [("y\n", 0), ("n\n", 24)])
def test_somebody_decides_where_it_goes(script: Script, answer: str, status: int) -> None:
    script.play(NEW)
    (script.work / "paul.txt").write_text(PAPER, "utf-8")
    screen = Screen(script, "import", "paul.txt")
    screen.expect("names Paul PETIT, and this is the space of Zoé MARTIN\r\n")
    screen.expect("Take it in here all the same? [y/N]")
    screen.press(answer)
    assert screen.end() == status
