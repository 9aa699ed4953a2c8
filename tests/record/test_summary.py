from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.profile import EntryId
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import MEASURES, ORDER, PARTS, Record, Status, seen_through, summary_of
from monespace_cli.record.summary_words import age, line, none_line, period, who
from tests.record.records import NOW, ZOE, empty_record, entry, full_record, none, none_record

FULL = summary_of(full_record(), NOW)


def told(section: Section) -> list[str]:
    found = FULL.section(section)
    assert found
    return [each.text for each in (*found.current, *found.past)]


def test_what_is_urgent_comes_first() -> None:
    assert [section.section for section in FULL.sections][:3] == [Section.ALLERGY, Section.TREATMENT, Section.ILLNESS]
    assert Section.PAPER not in [section.section for section in FULL.sections]


def test_what_is_over_is_told_apart() -> None:
    treatments = FULL.section(Section.TREATMENT)
    assert treatments
    assert [each.text for each in treatments.current] == ["Lévothyroxine 75 µg"]
    assert [each.text for each in treatments.past] == ["Amoxicilline"]


def test_the_newest_comes_first_and_what_has_no_date_last() -> None:
    assert told(Section.HOSPITALISATION) == ["Appendicectomie", "Accouchement"]
    assert told(Section.VACCINATION) == ["Revaxis", "Grippe"]


@pytest.mark.parametrize(
    ("record", "status"),
    [(full_record(), Status.ENTRIES), (none_record(), Status.NONE), (empty_record(), Status.EMPTY)],
)
def test_nothing_known_is_not_nothing_said(record: Record, status: Status) -> None:
    allergies = summary_of(record, NOW).section(Section.ALLERGY)
    assert allergies
    assert allergies.status is status


def test_removed_entries_are_not_told() -> None:
    removed = replace(entry(Section.ALLERGY, "Pollen"), is_removed=True)
    summary = summary_of(Record(ZOE, (removed, *full_record().entries)), NOW)
    assert "Pollen" not in summary.titles.values()


def test_only_the_chosen_parts_are_told() -> None:
    summary = summary_of(full_record(), NOW, ["treatment"])
    assert [section.section for section in summary.sections] == [Section.TREATMENT]
    assert summary.measures is None
    assert summary_of(full_record(), NOW, [MEASURES]).sections == ()


def test_of_each_kind_the_last_measurement_is_told_and_the_body_mass_index_follows() -> None:
    assert FULL.measures
    assert {measure.kind.name: measure.text for measure in FULL.measures} == {
        "weight": "72.4",
        "height": "168.0",
        "bmi": "25.7",
        "blood-pressure": "128/79",
        "glucose": "0.95",
        "pain": "2",
        "gmi": "6.4",
    }


def test_an_entry_speaks_of_others_only_where_they_are_told_too() -> None:
    pill = next(each for each in full_record().entries if each.section is Section.TREATMENT)
    assert line(pill, FULL).facts == (
        ("Posologie", "1 le matin"),
        ("Voir aussi", "Hypothyroïdie"),
        ("Document", "Ordonnance du 03/05/2019"),
    )
    alone = summary_of(Record(ZOE, (pill,)), NOW, ["treatment"])
    assert line(pill, alone).facts == (("Posologie", "1 le matin"),)


def test_values_of_lists_are_told_by_their_label() -> None:
    mother = next(each for each in full_record().entries if each.section is Section.FAMILY_HISTORY)
    assert line(mother, FULL).before == "Mère"


@pytest.mark.parametrize(
    ("section", "start", "end", "words"),
    [
        (Section.ILLNESS, "2019", "", "depuis 2019"),
        (Section.ILLNESS, "2019-05-17", "", "depuis le 17/05/2019"),
        (Section.ILLNESS, "2019-05", "2021", "05/2019 – 2021"),
        (Section.ILLNESS, "", "2021", "jusqu’en 2021"),
        (Section.ILLNESS, "", "2021-02-03", "jusqu’au 03/02/2021"),
        (Section.ILLNESS, "2021", "2021", "2021"),
        (Section.VACCINATION, "2025-05-17", "", "17/05/2025"),
        (Section.ILLNESS, "", "", ""),
    ],
)
def test_when_something_was_is_told_in_french(section: Section, start: str, end: str, words: str) -> None:
    assert period(entry(section, "x", start=start, end=end)) == words


def test_nothing_known_is_told_with_its_day_for_every_section_that_can_say_it() -> None:
    for section in ORDER:
        if section.rules.can_be_none:
            said = none_line(none(section))
            assert said.text.startswith("Auc")
            assert said.when == "au 05/01/2026"


def test_a_child_is_counted_in_months() -> None:
    assert age(ZOE.birth_date, NOW.date()) == "46 ans"
    assert age(NOW.date().replace(year=2025, month=12), NOW.date()) == "11 mois"
    assert who(ZOE, NOW.date()) == "née le 17/05/1980 (46 ans), sexe féminin"


EVERYTHING = full_record().entries + none_record().entries


@given(hidden=st.sets(st.sampled_from([each.id for each in EVERYTHING])), parts=st.sets(st.sampled_from(PARTS)))
def test_what_may_not_be_seen_is_nowhere(hidden: set[EntryId], parts: set[str]) -> None:
    summary = summary_of(seen_through(Record(ZOE, EVERYTHING, full_record().measures), lambda item: item.id not in hidden), NOW, parts)
    shown = {each.id for section in summary.sections for each in (*section.current, *section.past, section.none) if each}
    assert not shown & hidden
    assert not hidden & summary.titles.keys()
