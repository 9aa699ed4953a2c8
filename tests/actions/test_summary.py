"""Summaries and cards tell somebody what they may see, and nothing that was hidden from them, in any of their forms."""

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from monespace_cli.actions.directory import Known, add_practitioner, find_person, set_role
from monespace_cli.actions.emergency_card import emergency_card, records_for_card
from monespace_cli.actions.summary import SummaryFormat, hidden_in, record_for, record_of, store_summary, summary_bytes
from monespace_cli.errors import NotAllowedError
from monespace_cli.record.access import MASKED, EmergencySwitches, Grant
from monespace_cli.record.emergency_card import LABELS, Layer, sealed_text
from monespace_cli.record.identity import Profession
from monespace_cli.record.measures import Measure, measure_kind
from monespace_cli.record.practitioner import CareRole
from monespace_cli.record.profile import Entry
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import Record, Summary, summary_of
from monespace_cli.render.summary_pdf import page_texts
from monespace_cli.vault.access import Basis
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World, put


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    world = World(tmp_path / "vault")
    world.create()
    with world.open() as opened:
        yield opened


@pytest.fixture
def doctor(vault: Vault) -> Known:
    return add_practitioner(vault, "DURAND", "Luc", Profession.PHYSICIAN, phone="01 02 03 04 05")


def add(vault: Vault, section: Section, text: str, **fields: object) -> Entry:
    return vault.profile.add(Entry(vault.profile.new_id(), section, text, **fields))  # type: ignore[arg-type]


def made(record: Record) -> Summary:
    return summary_of(record, NOW)


def told_in(summary: Summary) -> list[str]:
    """Return a summary in each of its forms, as text."""
    pdf, page, fhir = (summary_bytes(summary, form) for form in SummaryFormat)
    return [" ".join(page_texts(pdf)), page.decode(), fhir.decode()]


def test_somebody_gets_what_they_may_see_and_is_named(vault: Vault, doctor: Known) -> None:
    add(vault, Section.ALLERGY, "Pénicilline")
    hidden = add(vault, Section.ILLNESS, "Dépression")
    vault.access.hide(hidden.id)
    vault.access.hide("habit")
    add(vault, Section.HABIT, "Vin", details={"kind": "alcohol"})
    vault.measures.add(Measure(vault.measures.new_id(), measure_kind("weight"), (Decimal(70),), date(2026, 1, 1)))
    vault.access.grant(Basis.ALLOWED, Grant(doctor.id))
    summary = summary_of(record_for(vault, doctor, NOW), NOW, recipient=doctor.name)
    for text in told_in(summary):
        assert "Pénicilline" in text
        assert "Dépression" not in text
        assert "Vin" not in text
    assert "pour Luc DURAND" in told_in(summary)[0]
    assert all("Dépression" in text for text in told_in(made(record_of(vault))))
    assert hidden_in(vault, summary) == 0
    assert hidden_in(vault, made(record_of(vault))) == 2


def test_the_title_of_a_masked_document_is_told_to_nobody_from_whom_it_is_masked(vault: Vault, doctor: Known) -> None:
    masked = put(vault, "secret", title="Psychiatrie", confidentiality=("N", MASKED))
    add(vault, Section.TREATMENT, "Ramipril", documents=(masked.id,))
    vault.access.grant(Basis.ALLOWED, Grant(doctor.id))
    assert not [text for text in told_in(made(record_for(vault, doctor, NOW))) if "Psychiatrie" in text]
    assert hidden_in(vault, made(record_of(vault))) == 1
    vault.access.grant(Basis.ALLOWED, Grant(doctor.id, sees_masked=True))
    assert "Psychiatrie" in told_in(made(record_for(vault, doctor, NOW)))[0]


def test_who_may_see_nothing_gets_nothing(vault: Vault, doctor: Known) -> None:
    with pytest.raises(NotAllowedError, match="nothing of the record"):
        record_for(vault, doctor, NOW)
    vault.access.grant(Basis.ALLOWED, Grant(doctor.id, end=NOW + timedelta(days=1)))
    record_for(vault, doctor, NOW)
    with pytest.raises(NotAllowedError):
        record_for(vault, doctor, NOW + timedelta(days=1))
    vault.access.block(doctor.id)
    with pytest.raises(NotAllowedError, match="blocked"):
        record_for(vault, doctor, NOW)


def test_a_summary_that_tells_something_hidden_is_hidden_itself(vault: Vault) -> None:
    entry = add(vault, Section.ILLNESS, "Dépression")
    assert store_summary(vault, made(record_of(vault)), NOW).confidentiality == ("N",)
    vault.access.hide(entry.id)
    add(vault, Section.ALLERGY, "Pollen")
    assert store_summary(vault, made(record_of(vault)), NOW).confidentiality == ("N", MASKED)


def test_who_looks_after_the_person_is_told(vault: Vault, doctor: Known) -> None:
    set_role(vault, find_person(vault, "DURAND"), CareRole.ATTENDING, on=True)
    (caregiver,) = record_of(vault).caregivers
    assert (caregiver.role, caregiver.name, caregiver.phone) == (CareRole.ATTENDING, "Luc DURAND", "01 02 03 04 05")


def words(layer: Layer | None, record: Record) -> str:
    return sealed_text(record.subject, NOW, layer) if layer else ""


@pytest.mark.parametrize(
    ("switches", "is_sealed", "has_hidden"),
    [
        (EmergencySwitches(), True, False),
        (EmergencySwitches(masked=True), True, True),
        (EmergencySwitches(samu=False), True, False),
        (EmergencySwitches(others=False, masked=True), True, True),
        (EmergencySwitches(samu=False, others=False, masked=True), False, False),
    ],
)
def test_the_card_is_made_from_the_emergency_switches(vault: Vault, switches: EmergencySwitches, is_sealed: bool, has_hidden: bool) -> None:
    add(vault, Section.ALLERGY, "Pénicilline")
    vault.access.hide(add(vault, Section.ALLERGY, "Latex").id)
    vault.access.switch_emergency(switches)
    open_record, sealed_record = records_for_card(vault, NOW)
    card = emergency_card(open_record, sealed_record, tuple(LABELS), NOW)
    assert [block.items for block in card.open.blocks] == [("Pénicilline",)], "what is hidden never stands in the open"
    assert ("Pénicilline" in words(card.sealed, open_record)) is is_sealed
    assert ("Latex" in words(card.sealed, open_record)) is has_hidden
