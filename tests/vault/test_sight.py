"""What somebody may not see is in nothing that the vault gives them: no list, no count, no search, no look-up, no link."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from monespace_cli.errors import NotFoundError
from monespace_cli.record.access import HIDDEN_FROM_REPRESENTATIVES, MASKED, Circumstance, Grant
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Profession
from monespace_cli.record.measures import Measure, measure_kind
from monespace_cli.record.profile import Entry, Origin, Source
from monespace_cli.record.sections import Section
from monespace_cli.vault.access import Basis
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.sight import Eyes
from monespace_cli.vault.vault import Vault
from tests.vault.world import put

DOCTOR = Actor("doctor", "Luc DURAND", Relation.PRACTITIONER, Profession.PHYSICIAN)
PARENT = Actor("parent", "Anne MARTIN", Relation.REPRESENTATIVE)


def eyes(actor: Actor, circumstance: Circumstance = Circumstance.NORMAL) -> Eyes:
    return Eyes(lambda _space: actor, circumstance)


@pytest.fixture
def masked(vault: Vault) -> tuple[Document, Document]:
    vault.access.grant(Basis.ALLOWED, Grant("doctor"))
    shown = put(vault, "commun canari", title="Visible")
    return shown, put(vault, "commun secret canari", title="Cachée", confidentiality=("N", MASKED))


def test_a_masked_document_is_in_nothing(vault: Vault, masked: tuple[Document, Document]) -> None:
    shown, hidden = masked
    with vault.sight.of(eyes(DOCTOR)):
        assert vault.documents.all(Filter()) == [shown]
        assert vault.documents.count(Filter()) == 1
        assert vault.search("canari", Filter(), 10).total == 1
        assert [hit.document for hit in vault.search("canari", Filter(), 10).hits] == [shown]
        assert vault.search("secret", Filter(), 10).total == 0
        with pytest.raises(NotFoundError):
            vault.documents.find(hidden.id)
        with pytest.raises(NotFoundError):
            vault.documents.find(hidden.id[:4])
        assert vault.documents.find(shown.id[:1]) == shown
    assert vault.documents.count(Filter()) == 2


def test_a_masked_document_is_not_in_the_trash_either(vault: Vault, masked: tuple[Document, Document]) -> None:
    vault.documents.trash(masked[1])
    with vault.sight.of(eyes(DOCTOR)):
        assert vault.documents.all(Filter(in_trash=True)) == []


def test_a_masked_page_that_is_hard_to_read_is_not_named(vault: Vault) -> None:
    vault.access.grant(Basis.ALLOWED, Grant("doctor"))
    hidden = put(vault, "illisible", confidentiality=("N", MASKED))
    vault.database.execute("UPDATE page SET hard_to_read = 1")
    assert vault.documents.hard_to_read() == [(hidden.id, 1)]
    with vault.sight.of(eyes(DOCTOR)):
        assert vault.documents.hard_to_read() == []


def test_filters_and_masks_hold_together(vault: Vault, masked: tuple[Document, Document]) -> None:
    wanted = Filter(kind=masked[0].kind, spaces=(1,))
    with vault.sight.of(eyes(DOCTOR)):
        assert vault.search("canari", wanted, 10).total == 1
        assert vault.documents.all(wanted) == [masked[0]]


def add(vault: Vault, text: str, section: Section = Section.ALLERGY, **fields: Any) -> Entry:
    return vault.profile.add(Entry(vault.profile.new_id(), section, text, **fields))


@pytest.mark.parametrize("what", [lambda entry: entry.id, lambda entry: str(entry.section)])
def test_a_hidden_entry_is_in_nothing(vault: Vault, what: Callable[[Entry], str]) -> None:
    vault.access.grant(Basis.ALLOWED, Grant("doctor"))
    hidden, shown = add(vault, "arachides"), add(vault, "asthme", Section.ILLNESS)
    vault.access.hide(what(hidden))
    with vault.sight.of(eyes(DOCTOR)):
        assert vault.profile.entries() == [shown]
        assert vault.profile.history(hidden.id) == []
        assert [version.entry for version in vault.profile.versions()] == [shown]
        with pytest.raises(NotFoundError):
            vault.profile.find(hidden.id)


def test_an_entry_does_not_name_a_masked_document(vault: Vault, masked: tuple[Document, Document]) -> None:
    shown, hidden = masked
    entry = add(vault, "asthme", Section.ILLNESS, documents=(hidden.id, shown.id), origin=Origin(Source.EXTRACTED, hidden.id))
    with vault.sight.of(eyes(DOCTOR)):
        seen = vault.profile.find(entry.id)
        assert (seen.documents, seen.origin.document) == ((shown.id,), None)
        assert [version.entry for version in vault.profile.history(entry.id)] == [seen]
        vault.profile.edit(entry.id, documents=())
    assert vault.profile.find(entry.id).documents == (hidden.id,)


def test_what_may_not_be_seen_still_counts_for_the_rules(vault: Vault) -> None:
    vault.access.grant(Basis.ALLOWED, Grant("doctor"))
    first = add(vault, "refus de réanimation", Section.DIRECTIVE)
    vault.access.hide("directive")
    with vault.sight.of(eyes(DOCTOR)):
        add(vault, "autre", Section.DIRECTIVE)
    assert [entry.text for entry in vault.profile.entries(section=Section.DIRECTIVE)] == ["autre"]
    assert vault.profile.find(first.id).is_removed


def test_hidden_measurements_are_in_nothing(vault: Vault) -> None:
    vault.access.grant(Basis.ALLOWED, Grant("doctor"))
    measures = [Measure(vault.measures.new_id(), measure_kind("weight"), (Decimal(value),), date(2026, 1, 1)) for value in (70, 71)]
    measures[1] = replace(measures[1], id=vault.measures.new_id())
    for measure in measures:
        vault.measures.add(measure)
    vault.access.hide(measures[0].id)
    with vault.sight.of(eyes(DOCTOR)):
        assert vault.measures.all() == [measures[1]]
        with pytest.raises(NotFoundError):
            vault.measures.find(measures[0].id)
        vault.access.hide("measure")
        assert vault.measures.all() == []


def test_a_parent_sees_all_but_what_a_minor_keeps_from_them(vault: Vault, masked: tuple[Document, Document]) -> None:
    put(vault, "contraception", confidentiality=("N", HIDDEN_FROM_REPRESENTATIVES))
    with vault.sight.of(eyes(PARENT)):
        assert {document.id for document in vault.documents.all(Filter())} == {document.id for document in masked}


def test_an_emergency_opens_what_is_switched_on(vault: Vault, masked: tuple[Document, Document]) -> None:
    vault.access.revoke(Basis.ALLOWED)
    with vault.sight.of(eyes(DOCTOR)):
        assert vault.documents.all(Filter()) == []
    with vault.sight.of(eyes(DOCTOR, Circumstance.EMERGENCY_SAMU)):
        assert vault.documents.all(Filter()) == [masked[0]]


def test_looking_as_somebody_ends_with_the_block(vault: Vault, masked: tuple[Document, Document]) -> None:
    with pytest.raises(RuntimeError), vault.sight.of(eyes(DOCTOR)):
        raise RuntimeError
    assert vault.documents.count(Filter()) == 2
    vault.sight.look_as(eyes(DOCTOR))
    assert vault.documents.count(Filter()) == 1
