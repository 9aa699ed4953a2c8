from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from monespace_cli.errors import NotAllowedError, UsageError
from monespace_cli.record.document import DocumentId
from monespace_cli.record.partial_date import exact, parse_partial_date
from monespace_cli.record.profile import (
    COMMENT_LENGTH,
    LINKS,
    TEXT_LENGTH,
    Change,
    Code,
    Entry,
    EntryId,
    Origin,
    Source,
    Version,
    check_entry,
    displaced_by,
    former,
    none_known,
    parse_code,
    require_adult,
    require_changeable,
)
from monespace_cli.record.sections import Section

TODAY = date(2026, 11, 23)
PRACTITIONER = Origin(Source.CONFIRMED, signer="ab" * 32)


def entry(section: Section = Section.ALLERGY, text: str = "Pollen", name: str = "1", **fields: Any) -> Entry:
    return Entry(EntryId(name), section, text, **fields)


def person(role: str, name: str = "1", **fields: Any) -> Entry:
    return entry(Section.PERSON, "Luc", name, details={"role": role}, **fields)


@pytest.mark.parametrize(
    "right",
    [
        entry(text="x" * TEXT_LENGTH, comment="x" * COMMENT_LENGTH),
        entry(start=parse_partial_date("2019-05"), end=parse_partial_date("2019")),
        entry(Section.BLOOD_GROUP, "AB-"),
        entry(Section.FAMILY_HISTORY, "Diabète", details={"relation": "mother"}),
        entry(Section.DISABILITY, "Surdité", details={"kind": "sensory", "rate": "50-79", "aid": "appareil"}),
        person("carer"),
    ],
)
def test_what_a_section_can_say(right: Entry) -> None:
    check_entry(right)


@pytest.mark.parametrize(
    "wrong",
    [
        entry(text=""),
        entry(text="one\ntwo"),
        entry(text="x" * (TEXT_LENGTH + 1)),
        entry(comment="x" * (COMMENT_LENGTH + 1)),
        entry(documents=(DocumentId("d"),) * (LINKS + 1)),
        entry(start=parse_partial_date("2020-01-02"), end=parse_partial_date("2020-01-01")),
        entry(start=parse_partial_date("2020"), end=parse_partial_date("2019")),
        entry(Section.BLOOD_GROUP, "rhésus"),
        entry(details={"lot": "A"}),
        entry(Section.VACCINATION, details={"lot": "x" * 101}),
        entry(Section.VACCINATION, details={"act": "third"}),
        entry(Section.FAMILY_HISTORY),
        entry(Section.HABIT, "Course à pied"),
        person("boss"),
    ],
)
def test_what_it_cannot(wrong: Entry) -> None:
    with pytest.raises(UsageError):
        check_entry(wrong)


def test_a_confirmed_vaccination_is_changed_by_a_practitioner_only() -> None:
    locked = entry(Section.VACCINATION, origin=PRACTITIONER)
    with pytest.raises(NotAllowedError):
        require_changeable(locked, Origin())
    with pytest.raises(NotAllowedError):
        require_changeable(locked, Origin(Source.EXTRACTED, DocumentId("d")))
    require_changeable(locked, PRACTITIONER)
    require_changeable(entry(Section.VACCINATION), Origin())
    require_changeable(entry(Section.ALLERGY, origin=PRACTITIONER), Origin())


@pytest.mark.parametrize(("born", "is_adult"), [(date(2008, 11, 23), True), (date(2008, 11, 24), False), (date(2008, 2, 29), True)])
def test_directives_are_for_adults(born: date, is_adult: bool) -> None:
    require_adult(Section.ALLERGY, born, TODAY)
    if is_adult:
        require_adult(Section.DIRECTIVE, born, TODAY)
    else:
        with pytest.raises(NotAllowedError):
            require_adult(Section.DIRECTIVE, born, TODAY)


def test_a_new_directive_takes_the_place_of_the_former() -> None:
    old = entry(Section.DIRECTIVE, name="old")
    gone = entry(Section.DIRECTIVE, name="gone", is_removed=True)
    assert displaced_by(entry(Section.DIRECTIVE, name="new"), [old, gone], TODAY) == (old,)


def test_one_trusted_person_at_a_time() -> None:
    trusted = person("trusted", "old")
    with pytest.raises(UsageError):
        displaced_by(person("trusted", "new"), [trusted], TODAY)
    over = replace(trusted, end=exact(date(2026, 11, 22)))
    for others in ([person("carer", "old")], [over], [replace(trusted, is_removed=True)]):
        assert displaced_by(person("trusted", "new"), others, TODAY) == ()
    assert displaced_by(person("carer", "new"), [trusted, person("carer", "old")], TODAY) == ()
    assert displaced_by(replace(person("trusted", "new"), end=exact(date(2020, 1, 1))), [trusted], TODAY) == ()


@pytest.mark.parametrize("section", [Section.BLOOD_GROUP, Section.ORGAN_DONATION])
def test_there_is_one_of_some(section: Section) -> None:
    with pytest.raises(UsageError):
        displaced_by(entry(section, name="new"), [entry(section, name="old")], TODAY)


def test_none_known_and_entries_do_not_stand_together() -> None:
    none = none_known(EntryId("none"), Section.ALLERGY, TODAY)
    assert displaced_by(entry(), [none], TODAY) == (none,)
    assert displaced_by(none_known(EntryId("later"), Section.ALLERGY, TODAY), [none], TODAY) == (none,)
    with pytest.raises(UsageError):
        displaced_by(none, [entry()], TODAY)
    over = entry(end=exact(date(2026, 11, 22)))
    assert displaced_by(none, [over], TODAY) == ()
    assert displaced_by(entry(Section.PERSON, details={"role": "trusted"}), [replace(none, section=Section.PERSON)], TODAY)


def test_what_happened_stands_after_its_end() -> None:
    stay = entry(Section.HOSPITALISATION, end=exact(date(2020, 1, 1)))
    with pytest.raises(UsageError):
        displaced_by(none_known(EntryId("none"), Section.HOSPITALISATION, TODAY), [stay], TODAY)


@pytest.mark.parametrize(
    ("end", "stands"), [("2026-11-23", False), ("2026", False), ("2026-11-24", True), ("2026-12", True), ("2027", True)]
)
def test_what_ended_today_or_this_year_is_over(end: str, stands: bool) -> None:
    assert entry(end=parse_partial_date(end)).is_standing(TODAY) is stands


def test_none_is_not_said_of_every_section() -> None:
    with pytest.raises(UsageError):
        none_known(EntryId("none"), Section.BLOOD_GROUP, TODAY)


def version(number: int, text: str, restores: int | None = None) -> Version:
    return Version(number, entry(text=text), Change.EDITED, datetime(2026, 11, 23, tzinfo=UTC), restores)


def test_undoing_goes_back_and_back() -> None:
    history = [version(1, "a"), version(2, "b"), version(3, "c")]
    assert former(history).number == 2
    history.append(version(4, "b", restores=2))
    assert former(history).number == 1
    history.append(version(5, "a", restores=1))
    with pytest.raises(UsageError):
        former(history)
    history.append(version(6, "d"))
    assert former(history).number == 1  # before d there was a, which version 5 had brought back


def test_codes() -> None:
    assert parse_code("ATC=J07BB02") == Code("http://www.whocc.no/atc", "J07BB02")
    assert parse_code("1.2.250.1.213=MED-1") == Code("urn:oid:1.2.250.1.213", "MED-1")
    for wrong in ("J45", "atc=", "unknown=J45", "1.2=x", "atc=" + "x" * 100):
        with pytest.raises(UsageError):
            parse_code(wrong)
