"""The recovery kit at a terminal: shown before anything depends on it, and three of its words are asked back."""

import re

import pypdfium2
import pytest
import zxingcpp

from monespace_cli.ui.prompt import Terminal
from tests.cli.script import Script

INIT = "monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female"


class Person:
    """Somebody at the terminal, who copied the words rightly, or from the `mistakes`-th question on."""

    def __init__(self, script: Script, monkeypatch: pytest.MonkeyPatch, mistakes: int) -> None:
        self.asked: list[int] = []
        self.mistakes = mistakes
        self.shown: list[str] = []
        monkeypatch.setattr(Terminal, "is_present", True)
        monkeypatch.setattr(Terminal, "confirm", lambda *_arguments, **_options: True)
        monkeypatch.setattr(Terminal, "ask", lambda _terminal, question: self.answer(question))
        monkeypatch.setattr("monespace_cli.commands.new_secrets.kit_words_of", self.words)
        self.script = script

    def words(self, entropy: bytes) -> list[str]:
        from monespace_cli.crypto.words import kit_words

        self.shown = list(kit_words(entropy))
        return self.shown

    def answer(self, question: str) -> str:
        assert not (self.script.work / "vault").exists(), "nothing depends on the kit yet"
        found = re.search(r"\d+", question)
        assert found
        self.asked.append(int(found[0]))
        return "faux" if len(self.asked) <= self.mistakes else self.shown[self.asked[-1] - 1].upper()


def test_three_of_the_words_are_asked_back(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person(script, monkeypatch, mistakes=0)
    script.play(f"$ {INIT}")
    assert len(person.asked) == len(set(person.asked)) == 3
    assert person.asked == sorted(person.asked)
    assert all(word in script.stdout for word in person.shown)
    monkeypatch.undo()
    (script.work / "kit").write_text(" ".join(person.shown), "utf-8")
    script.play("$ monespace status --passphrase-fd fd:kit")


def test_a_mistake_is_told_and_asked_again(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    person = Person(script, monkeypatch, mistakes=1)
    script.play(f"$ {INIT}\nstderr 'look at what you wrote'\nexists vault")
    assert len(person.asked) == 6


def test_a_kit_that_nobody_wrote_down_is_not_relied_upon(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    Person(script, monkeypatch, mistakes=99)
    script.play(f"[34] $ {INIT}\n! exists vault")


def test_the_kit_as_a_page_opens_the_vault(script: Script) -> None:
    script.play(f"$ {INIT} --recovery-kit-pdf kit.pdf\nstderr 'print it, then delete it'")
    assert (script.work / "kit.pdf").stat().st_mode & 0o777 == 0o600
    page = pypdfium2.PdfDocument(script.work / "kit.pdf")[0]
    (code,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
    (script.work / "kit").write_text(code.text, "utf-8")
    script.play("$ monespace key test --passphrase-fd fd:kit\nstderr 'this is the recovery kit'")


def test_where_the_page_cannot_be_written_nothing_is_done(script: Script) -> None:
    script.play(f"write kit.pdf 'mine'\n[2] $ {INIT} --recovery-kit-pdf kit.pdf\n! exists vault")
    script.play(f"[2] $ {INIT} --recovery-kit-pdf nowhere/kit.pdf\n! exists vault")
    script.play(f"$ {INIT} --no-recovery-kit\n[2] $ monespace key add recovery-kit --recovery-kit-pdf kit.pdf")
    script.play("[2] $ monespace key rotate --recovery-kit-pdf kit.pdf\n$ monespace key list --json\nstdout '\"slots\": 1'")
    assert (script.work / "kit.pdf").read_text() == "mine"
