"""An older copy of the vault, and a person at the terminal."""

import shutil

import pytest

from monespace_cli.ui.prompt import Terminal
from tests.cli.script import Script

INIT = "$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit"


@pytest.fixture
def rolled_back(script: Script) -> Script:
    """A vault of which an older copy was put back."""
    script.play(f"{INIT}\n$ monespace search a\n")
    shutil.copytree(script.work / "vault", script.work / "older")
    script.play("$ monespace search b\n$ rm -r vault\n$ mv older vault\n[35] $ monespace status")
    return script


def answering(monkeypatch: pytest.MonkeyPatch, answer: bool) -> list[str]:
    asked: list[str] = []

    def confirm(_self: Terminal, question: str, *, default: bool = False) -> bool:
        asked.append(question)
        return answer

    monkeypatch.setattr(Terminal, "is_present", True)
    monkeypatch.setattr(Terminal, "confirm", confirm)
    return asked


def test_a_person_may_go_on_with_it_and_is_not_asked_again(rolled_back: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, answer=True)
    rolled_back.play("$ monespace status\nstderr 'not the one last seen'")
    rolled_back.play("$ monespace journal show\nstdout 'older-copy-accepted'")
    assert asked == ["Go on with this copy?"]
    monkeypatch.undo()
    rolled_back.play("$ monespace status")


def test_a_person_who_says_no_gets_the_same_exit_status(rolled_back: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = answering(monkeypatch, answer=False)
    rolled_back.play("[35] $ monespace status\n[35] $ monespace status")
    assert len(asked) == 2
