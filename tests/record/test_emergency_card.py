from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.emergency_card import (
    FORMAT,
    LABELS,
    OPEN_BY_DEFAULT,
    OPEN_LETTERS,
    SEALED_BYTES,
    Layer,
    open_layer,
    sealed_layer,
    sealed_text,
)
from monespace_cli.record.profile import Entry
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import Record, Summary, summary_of
from tests.record.records import NOW, ZOE, empty_record, entry, full_record, none_record

FULL = summary_of(full_record(), NOW)


def text_of(summary: Summary) -> str:
    return sealed_text(summary.subject, summary.made, sealed_layer(summary))


def told(layer: Layer) -> dict[Section, tuple[str, ...]]:
    return {block.section: block.items for block in layer.blocks}


def test_the_open_layer_tells_whom_to_call_first_and_only_what_was_chosen() -> None:
    assert list(told(open_layer(FULL, OPEN_BY_DEFAULT))) == [Section.PERSON, Section.ALLERGY, Section.DEVICE, Section.BLOOD_GROUP]
    assert told(open_layer(FULL, [Section.TREATMENT])) == {Section.TREATMENT: ("Lévothyroxine 75 µg",)}


def test_the_open_layer_says_no_more_of_an_entry_than_its_words() -> None:
    assert told(open_layer(FULL, [Section.ALLERGY])) == {Section.ALLERGY: ("Pénicilline", "Arachide")}


def test_the_trusted_person_comes_after_the_emergency_contact_and_whom_one_helps_is_not_called() -> None:
    people = [entry(Section.PERSON, text, role=role) for text, role in (("Luc", "trusted"), ("Rose", "helped"), ("Ana", "emergency"))]
    layer = open_layer(summary_of(Record(ZOE, tuple(people)), NOW), OPEN_BY_DEFAULT)
    assert told(layer)[Section.PERSON] == ("Ana (contact d'urgence)", "Luc (personne de confiance)")


def test_the_sealed_layer_is_lines_of_text() -> None:
    lines = text_of(FULL).splitlines()
    assert lines[:4] == [FORMAT, "MARTIN Zoé Anne", "née le 17/05/1980 (46 ans), sexe féminin", "INS 279035121518989"]
    assert lines[-1] == "établi le 26/11/2026"
    assert [line.partition(":")[0] for line in lines[4:-1]] == [label for label in LABELS.values() if f"\n{label}:" in text_of(FULL)]
    assert lines[5].startswith("Traitements: Lévothyroxine 75 µg (1 le matin, depuis 05/2019")


def test_nothing_known_is_told_apart_from_nothing_said() -> None:
    assert "Allergies: Aucune allergie connue (au 05/01/2026)" in text_of(summary_of(none_record(), NOW))
    assert "Allergies: non renseigné\nTraitements: non renseigné\n" in text_of(summary_of(empty_record(), NOW))


def test_where_there_is_no_room_details_go_before_entries_and_the_least_urgent_first() -> None:
    comments = [replace(each, comment="mot " * 12) for each in full_record().entries if not each.is_none]
    lines = text_of(summary_of(Record(ZOE, tuple(comments)), NOW))
    assert "Pénicilline (depuis 1992, mot mot" in lines
    assert "Hospitalisations: Appendicectomie; Accouchement" in lines
    assert "de plus" not in lines


def test_what_was_left_out_is_counted() -> None:
    many = tuple(entry(Section.TREATMENT, f"Médicament numéro {number}") for number in range(60))
    layer = sealed_layer(summary_of(Record(ZOE, (*many, entry(Section.ALLERGY, "Latex"))), NOW))
    assert told(layer)[Section.ALLERGY] == ("Latex",)
    assert len(told(layer)[Section.TREATMENT]) + layer.left_out == 60
    assert f"({layer.left_out} de plus dans le dossier)" in sealed_text(ZOE, NOW, layer)


def test_names_without_end_leave_room_for_what_matters() -> None:
    subject = replace(ZOE, given_names=("\u0416" * 100,) * 10)
    text = text_of(summary_of(replace(full_record(), subject=subject), NOW))
    assert len(text.encode()) <= SEALED_BYTES
    assert "Allergies: Pénicilline" in text


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=200).filter(str.strip)
entries = st.lists(st.builds(entry, st.sampled_from([s for s in LABELS if s is not Section.PERSON]), words), max_size=30)


@given(said=entries)
def test_both_layers_stay_within_their_bounds(said: list[Entry]) -> None:
    summary = summary_of(Record(ZOE, tuple(said)), NOW)
    assert len(text_of(summary).encode()) <= SEALED_BYTES
    letters = sum(len(block.label) + sum(map(len, block.items)) for block in open_layer(summary, tuple(LABELS)).blocks)
    assert letters <= OPEN_LETTERS
