"""PDF files that open with a password of their own: given by a file or a descriptor, or typed, and kept nowhere."""

from pathlib import Path

import pytest

from tests.cli.script import Script
from tests.cli.test_review import Screen
from tests.ingest.papers import pdf_with_text

NEW = "$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit\n"


@pytest.fixture
def locked(script: Script) -> Path:
    path = script.work / "resultats.pdf"
    path.write_bytes(pdf_with_text("Laboratoire de biologie, resultats de Madame Zoe MARTIN, glycemie normale", password="sesame"))
    (script.work / "password").write_text("sesame\n")
    (script.work / "wrong").write_text("autre\n")
    script.play(NEW)
    return path


def test_without_its_password_it_is_kept_back_and_says_what_to_do(script: Script, locked: Path) -> None:
    script.play("[20] $ monespace import resultats.pdf --json\nstdout 'encrypted-pdf'")
    script.play("$ monespace quarantine list\nstdout 'quarantine retry --pdf-password-file'")
    script.play("[20] $ monespace quarantine retry --pdf-password-file wrong")
    script.play('$ monespace quarantine retry --pdf-password-file password --json\nstdout \'"status": "imported"\'')
    script.play("$ monespace search glycemie\nstdout 'glycemie normale'")


def test_with_its_password_it_is_read_and_kept_as_it_is(script: Script, locked: Path) -> None:
    script.play('$ monespace import resultats.pdf --pdf-password-file password --json\nkeep ID \'"document": "([0-9a-z]+)"\'')
    script.play("$ monespace search glycemie --json\nstdout '\"total\": 1'")
    script.play("$ monespace document show $ID\nstderr 'opens with its own password alone'")
    script.play("$ monespace document export $ID -o out.pdf\nsame resultats.pdf out.pdf")
    script.play("[20] $ monespace document reread $ID")
    script.play("$ monespace document reread $ID --pdf-password-file password\nstdout 'own text'")
    script.play("[2] $ monespace import resultats.pdf --pdf-password-file password --pdf-password-fd 0")
    script.play("[13] $ monespace import resultats.pdf --pdf-password-file nowhere")


def test_the_others_need_none(script: Script, locked: Path) -> None:
    (script.work / "plain.pdf").write_bytes(pdf_with_text("Laboratoire de biologie, resultats de Madame Zoe MARTIN"))
    script.play("[3] $ monespace import plain.pdf resultats.pdf --pdf-password-file wrong --json\nstdout '\"imported\": 1'")


def test_it_is_asked_for_at_a_terminal(script: Script, locked: Path) -> None:
    screen = Screen(script, "import", "resultats.pdf")
    screen.expect("Password of")
    screen.press("autre\n")
    screen.expect("does not open it")
    screen.expect("Password of")
    screen.press("sesame\n")
    screen.expect("1 imported")
    assert screen.end() == 0
    assert "sesame" not in screen.seen
