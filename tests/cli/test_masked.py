"""A hidden item is in no output for somebody who may not see it: every command that reads is run as they would run it."""

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from monespace_cli.adapters.clock import system_clock
from monespace_cli.app import build_services, run
from monespace_cli.commands.services import Services
from monespace_cli.errors import ExitCode
from monespace_cli.record.access import Circumstance, Grant
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.identity import Profession
from monespace_cli.vault.access import Basis
from monespace_cli.vault.sight import Eyes
from monespace_cli.vault.unlock import Unlocked
from monespace_cli.vault.vault import Vault
from tests.cli.script import Script

CANARY = "chrysoberyl"
SHOWN = "hornblende"
DOCTOR = Actor("doctor", "Luc DURAND", Relation.PRACTITIONER, Profession.PHYSICIAN)
HELPER = Actor("helper", "Paul MARTIN", Relation.HELPER)
PARENT = Actor("parent", "Anne MARTIN", Relation.REPRESENTATIVE)

READING = (
    "document list", "document list --trash", "document list --json", "document list --practitioner chrysoberyl",
    "document show {hidden}", "document text {hidden}", "document export {hidden} -o hidden.bin", "document delete {hidden}",
    "document edit {hidden} --title x --json", "document show {shown} --json", "document text {shown}",
    "search chrysoberyl", "search chrysoberyl --json", "search hornblende --json", "search hornblende OR chrysoberyl",
    "profile show", "profile show --json", "profile show allergy", "profile show treatment", "profile show --removed",
    "profile show {entry}", "profile history {entry}", "profile history {seen} --json", "profile show {seen}",
    "measure list", "measure list --json", "profile summary -o summary.html", "profile summary -o summary.json",
    "emergency card --preview --json", "status", "status --json", "journal show", "journal show --json",
    "check", "export --all out --yes", "quarantine list", "access who-sees {hidden}",
)  # fmt: skip


class As(Services):
    """The services of a command that somebody else than the holder runs."""

    def __init__(self, script: Script, actor: Actor | None) -> None:
        super().__init__({**os.environ, **script.environment}, system_clock, os.urandom, build_services()._make_secrets)
        self._actor = actor

    def open_unlocked(self, unlocked: Unlocked) -> Vault:
        vault = super().open_unlocked(unlocked)
        if self._actor is not None:
            actor = self._actor
            vault.sight.look_as(Eyes(lambda _space: actor, Circumstance.NORMAL))
        return vault


Look = Callable[[str, Actor | None], str]


@pytest.fixture
def look(script: Script, capsysbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Look:
    """Run a command line as somebody, and return all that it printed and wrote."""
    monkeypatch.chdir(script.work)

    def ran(line: str, actor: Actor | None) -> str:
        before = set(written(script.work))
        status = run(line.split(), As(script, actor))
        assert status in (ExitCode.OK, ExitCode.NOT_FOUND), line
        printed = capsysbinary.readouterr()
        files = [path for path in written(script.work) if path not in before]
        texts = [path.read_bytes() + path.name.encode() for path in files]
        for path in files:
            path.unlink()
        shutil.rmtree("out", ignore_errors=True)
        return b"\n".join([printed.out, printed.err, *texts]).decode("utf-8", "replace")

    return ran


def written(work: Path) -> list[Path]:
    return [path for path in work.rglob("*") if path.is_file() and "vault" not in path.relative_to(work).parts]


@pytest.fixture
def ids(script: Script) -> dict[str, str]:
    """A record with something hidden in each part of it."""
    script.play(
        f"""
        $ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit
        write shown.txt 'une note sur la {SHOWN}'
        write {CANARY}.txt 'consultation {CANARY} et {SHOWN}'
        $ monespace import shown.txt --json
        keep SHOWN '"document": "(\\w+)"'
        $ monespace import {CANARY}.txt --json
        keep HIDDEN '"document": "(\\w+)"'
        $ monespace document edit $HIDDEN --title 'Titre {CANARY}' --practitioner 'Dr {CANARY}' --tag {CANARY}
        $ monespace document hide $HIDDEN
        $ monespace document hide $HIDDEN --from-parents
        $ monespace profile add allergy {CANARY} --comment {CANARY} --json
        keep ENTRY '"id": "(\\w+)"'
        $ monespace profile add illness {SHOWN} --document $HIDDEN --from-document $HIDDEN --json
        keep SEEN '"id": "(\\w+)"'
        $ monespace profile add treatment {CANARY}
        $ monespace profile hide $ENTRY
        $ monespace profile hide treatment
        $ monespace measure add weight 72.4 --comment {CANARY} --json
        $ monespace profile hide measure
        """
    )
    for path in written(script.work):
        path.unlink()
    return {name.lower(): value for name, value in script.variables.items()}


def test_the_holder_finds_it_everywhere(look: Look, ids: dict[str, str]) -> None:
    """Else the other test would prove nothing."""
    for line in (
        "document list",
        "search chrysoberyl",
        "profile show",
        "measure list --json",
        "export --all out --yes",
        "document text {hidden}",
    ):
        assert CANARY in look(line.format(**ids), None), line


@pytest.mark.parametrize("actor", [DOCTOR, HELPER])
def test_what_is_hidden_is_in_no_output(look: Look, ids: dict[str, str], actor: Actor, script: Script) -> None:
    allow(script)
    for line in READING:
        said = look(line.format(**ids), actor)
        typed = line.format(**ids)
        assert CANARY not in said.replace(typed, ""), line
        if "{hidden}" not in line and line not in ("journal show", "journal show --json", "export --all out --yes", "check"):
            assert ids["hidden"] not in said, line
    assert SHOWN in look("document text {shown}".format(**ids), actor)
    assert SHOWN in look("profile show", actor)


def test_counts_are_of_what_may_be_seen(look: Look, ids: dict[str, str], script: Script) -> None:
    allow(script)
    last = json.loads(look("search hornblende --json", DOCTOR).strip().splitlines()[-1])
    assert (last["hits"], last["total"]) == (1, 1)
    assert json.loads(look("status --json", DOCTOR))["documents"] == 1


def test_a_minors_secret_is_in_no_output_for_a_parent(look: Look, ids: dict[str, str]) -> None:
    for line in READING:
        said = look(line.format(**ids), PARENT)
        assert "Titre chrysoberyl" not in said and "consultation chrysoberyl" not in said, line


def allow(script: Script) -> None:
    """Let the doctor see what is not hidden; they are no contact, so this goes through the vault."""
    with As(script, None).open_vault() as vault:
        vault.access.grant(Basis.ALLOWED, Grant(DOCTOR.id))
