from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from monespace_cli.actions.access import (
    Preview,
    find_item,
    hide_document,
    open_in_emergency,
    preview,
    require_may_get,
    unhide_document,
    view_of,
    visible,
    who_sees,
)
from monespace_cli.actions.directory import add_practitioner, find_person
from monespace_cli.errors import NotAllowedError, NotFoundError, UsageError
from monespace_cli.record.access import HIDDEN_FROM_REPRESENTATIVES, MASKED, Circumstance, EmergencySwitches, Grant
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.identity import Profession
from monespace_cli.record.journal import Event
from monespace_cli.record.profile import Entry
from monespace_cli.record.sections import Section
from monespace_cli.vault.access import Basis
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, ZOE, World, put

HOLDER = Actor("holder", "Zoé MARTIN", Relation.HOLDER)
SAMU = Circumstance.EMERGENCY_SAMU


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    world = World(tmp_path / "vault")
    world.create()
    with world.open() as opened:
        yield opened


@pytest.fixture
def doctor(vault: Vault) -> Actor:
    return add_practitioner(vault, "DURAND", "Luc", Profession.PHYSICIAN).actor


def test_a_preview_says_what_is_left_out_and_why(vault: Vault, doctor: Actor) -> None:
    shown, hidden = put(vault, "un"), hide_document(vault, put(vault, "deux"))
    vault.access.grant(Basis.ALLOWED, Grant(doctor.id))
    judged = preview(vault, view_of(vault, doctor, NOW)).documents
    assert {each.thing.id: each.decision.reason for each in judged} == {shown.id: "allowed", hidden.id: "masked"}
    assert visible(judged) == [shown]


def test_a_grant_for_what_comes_after_it_is_asked_of_entries_too(vault: Vault, doctor: Actor) -> None:
    entry = vault.profile.add(Entry(vault.profile.new_id(), Section.ALLERGY, "arachides"))
    for since, reason in ((NOW, "allowed"), (NOW + timedelta(days=1), "older-than-grant")):
        vault.access.grant(Basis.ALLOWED, Grant(doctor.id, since=since))
        (judged,) = preview(vault, view_of(vault, doctor, NOW)).entries
        assert (judged.thing, judged.decision.reason) == (entry, reason)


def test_hiding_is_in_the_code_that_travels_and_can_be_taken_back(vault: Vault, doctor: Actor) -> None:
    document = put(vault, "un")
    hidden = hide_document(vault, document, [find_person(vault, "durand")])
    assert hidden.confidentiality == ("N", MASKED)
    assert vault.access.policy().masks == {document.id: frozenset({doctor.id})}
    both = hide_document(vault, hidden, from_representatives=True)
    assert both.confidentiality == ("N", MASKED, HIDDEN_FROM_REPRESENTATIVES)
    assert unhide_document(vault, both).confidentiality == ("N", HIDDEN_FROM_REPRESENTATIVES)
    assert vault.access.policy().masks == {}
    with pytest.raises(UsageError):
        unhide_document(vault, document)


def test_an_item_is_a_section_or_what_an_id_means(vault: Vault) -> None:
    document = put(vault, "un")
    entry = vault.profile.add(Entry(vault.profile.new_id(), Section.ALLERGY, "arachides"))
    assert [(found.kind, found.name) for found in (find_item(vault, name) for name in ("allergy", document.id, entry.id))] == [
        ("section", "allergy"),
        ("document", document.id),
        ("entry", entry.id),
    ]
    with pytest.raises(NotFoundError):
        find_item(vault, "")


def test_legal_representatives_are_told_of_minors_alone(vault: Vault) -> None:
    child = vault.spaces.add(replace(ZOE, birth_date=NOW.date().replace(year=NOW.year - 18) + timedelta(days=1)))
    adult = vault.spaces.add(replace(ZOE, birth_date=NOW.date().replace(year=NOW.year - 18)))
    told = {
        space: any(seer.actor.relation is Relation.REPRESENTATIVE for seer in who_sees(vault, item, HOLDER, NOW))
        for space in (child, adult)
        for item in [find_item(vault, "allergy", space).item]
    }
    assert told == {child: True, adult: False}


def opened(vault: Vault, actor: Actor) -> Preview:
    return open_in_emergency(vault, view_of(vault, actor, NOW, circumstance=SAMU), "malaise")


def test_each_opening_is_in_the_journal_also_where_nothing_is_shown(vault: Vault, doctor: Actor) -> None:
    document = put(vault, "un")
    assert visible(opened(vault, doctor).documents) == [document]
    vault.access.block(doctor.id)
    with pytest.raises(NotAllowedError):
        opened(vault, doctor)
    lines = [(line.event, line.subject, line.details["opened"]) for line in vault.journal.emergencies(NOW)]
    assert lines == [(Event.EMERGENCY_OPENED, doctor.id, "yes"), (Event.EMERGENCY_OPENED, doctor.id, "no")]
    assert vault.journal.emergencies(NOW + timedelta(seconds=1)) == []


def test_who_is_allowed_anyway_needs_no_switch(vault: Vault, doctor: Actor) -> None:
    document = put(vault, "un")
    vault.access.switch_emergency(EmergencySwitches(samu=False, others=False))
    with pytest.raises(NotAllowedError):
        opened(vault, doctor)
    vault.access.grant(Basis.ALLOWED, Grant(doctor.id))
    assert visible(opened(vault, doctor).documents) == [document]


def test_what_the_holder_picks_out_is_consented_to_whatever_the_profession_reads(vault: Vault, doctor: Actor) -> None:
    residence = put(vault, "un", type_code="ATTEST-RESID")
    require_may_get(vault, [residence], doctor, NOW)
    with pytest.raises(NotAllowedError):
        require_may_get(vault, [hide_document(vault, residence)], doctor, NOW)
    require_may_get(vault, [hide_document(vault, residence, [find_person(vault, "durand")])], doctor, NOW)
    vault.access.block(doctor.id)
    with pytest.raises(NotAllowedError):
        require_may_get(vault, [residence], doctor, NOW)
