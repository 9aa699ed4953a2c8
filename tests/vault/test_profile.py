from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import NotAllowedError, NotFoundError, UsageError
from monespace_cli.record.document import DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.record.partial_date import parse_partial_date
from monespace_cli.record.profile import Change, Code, Entry, EntryId, Origin, Source
from monespace_cli.record.sections import Section
from monespace_cli.vault.profile import Profile, content_text, version_of
from monespace_cli.vault.vault import Vault
from tests.vault.world import World

PRACTITIONER = Origin(Source.CONFIRMED, signer="ab" * 32)


def new(profile: Profile, section: Section = Section.ALLERGY, text: str = "Pollen", **fields: Any) -> Entry:
    return profile.add(Entry(profile.new_id(), section, text, **fields))


def texts(profile: Profile, section: Section) -> list[str]:
    return [entry.text for entry in profile.entries(section=section)]


@given(
    st.text(min_size=1).filter(lambda text: "\n" not in text),
    st.none() | st.sampled_from(["2019", "2019-05", "2019-05-17"]).map(parse_partial_date),
    st.dictionaries(st.text(max_size=3), st.text(max_size=5)),
    st.booleans(),
)
def test_what_is_kept_is_what_was_said(text: str, start: Any, details: dict[str, str], flag: bool) -> None:
    codes, origin = (Code("http://loinc.org", "1-8"),), Origin(Source.EXTRACTED, DocumentId("d"))
    said = Entry(
        EntryId("e"), Section.ALLERGY, text, start, None, "why", details, (DocumentId("d"),), (EntryId("f"),), codes, origin, 1, flag
    )
    row = ("e", 1, "allergy", 3, content_text(said), "edited", None, "2026-11-23T09:30:00+00:00")
    assert version_of(row).entry == said


def test_a_change_is_a_new_version(vault: Vault, world: World) -> None:
    entry = new(vault.profile)
    world.now += timedelta(days=1)
    vault.profile.edit(entry.id, text="Graminées")
    vault.profile.end(entry.id)
    vault.profile.remove(entry.id)
    history = vault.profile.history(entry.id)
    assert [version.change for version in history] == [Change.ADDED, Change.EDITED, Change.ENDED, Change.REMOVED]
    assert [version.entry.text for version in history] == ["Pollen", *["Graminées"] * 3]
    assert history[1].at - history[0].at == timedelta(days=1)
    assert str(history[2].entry.end) == "2026-11-24"
    assert vault.profile.entries() == []
    assert vault.profile.entries(removed=True) == [vault.profile.find(entry.id)]


def test_undo_brings_the_former_version_back(vault: Vault) -> None:
    entry = new(vault.profile)
    vault.profile.edit(entry.id, text="Graminées")
    vault.profile.remove(entry.id)
    assert vault.profile.undo(entry.id).text == "Graminées"
    assert vault.profile.undo(entry.id) == entry
    assert vault.profile.entries() == [entry]
    assert [version.restores for version in vault.profile.history(entry.id)] == [None, None, None, 2, 1]
    with pytest.raises(UsageError):
        vault.profile.undo(entry.id)


def test_the_same_again_is_no_version(vault: Vault) -> None:
    entry = new(vault.profile)
    vault.profile.edit(entry.id, text="Pollen")
    assert len(vault.profile.history(entry.id)) == 1
    vault.profile.remove(entry.id)
    vault.profile.remove(entry.id)
    assert len(vault.profile.history(entry.id)) == 2
    with pytest.raises(UsageError):
        vault.profile.edit(entry.id, text="Graminées")


@pytest.mark.parametrize(
    "change",
    [
        lambda profile, entry, by: profile.edit(entry, by, text="other"),
        lambda profile, entry, by: profile.end(entry, None, by),
        lambda profile, entry, by: profile.remove(entry, by),
        lambda profile, entry, by: profile.undo(entry, by),
    ],
)
def test_a_confirmed_vaccination_is_locked(vault: Vault, change: Callable[[Profile, EntryId, Origin], Entry]) -> None:
    entry = new(vault.profile, Section.VACCINATION, "Revaxis")
    vault.profile.edit(entry.id, PRACTITIONER, origin=PRACTITIONER)
    with pytest.raises(NotAllowedError):
        change(vault.profile, entry.id, Origin())
    assert len(vault.profile.history(entry.id)) == 2
    change(vault.profile, entry.id, PRACTITIONER)
    assert len(vault.profile.history(entry.id)) == 3


def test_a_new_directive_replaces_the_former_and_undo_turns_that_round(vault: Vault) -> None:
    old = new(vault.profile, Section.DIRECTIVE, "2020")
    young = new(vault.profile, Section.DIRECTIVE, "2026")
    assert texts(vault.profile, Section.DIRECTIVE) == ["2026"]
    assert vault.profile.history(old.id)[-1].change is Change.REPLACED
    vault.profile.undo(old.id)
    assert texts(vault.profile, Section.DIRECTIVE) == ["2020"]
    assert vault.profile.find(young.id).is_removed


def test_undo_makes_no_second_trusted_person(vault: Vault) -> None:
    first = new(vault.profile, Section.PERSON, "Luc", details={"role": "trusted"})
    vault.profile.remove(first.id)
    second = new(vault.profile, Section.PERSON, "Ana", details={"role": "trusted"})
    with pytest.raises(UsageError):
        vault.profile.undo(first.id)
    with pytest.raises(UsageError):
        vault.profile.edit(new(vault.profile, Section.PERSON, "Zed", details={"role": "carer"}).id, details={"role": "trusted"})
    vault.profile.end(second.id, parse_partial_date("2020"))
    vault.profile.undo(first.id)
    assert [version.change for version in vault.profile.history(first.id)] == [Change.ADDED, Change.REMOVED, Change.UNDONE]


@pytest.mark.parametrize(
    ("section", "text", "other", "details"),
    [
        (Section.PERSON, "Luc", "Luc MARTIN", {"role": "trusted"}),
        (Section.BLOOD_GROUP, "A+", "A-", {}),
        (Section.DIRECTIVE, "2020", "2026", {}),
    ],
)
def test_the_only_one_can_be_edited(vault: Vault, section: Section, text: str, other: str, details: dict[str, str]) -> None:
    entry = new(vault.profile, section, text, details=details)
    vault.profile.edit(entry.id, text=other)
    assert texts(vault.profile, section) == [other]
    assert len(vault.profile.history(entry.id)) == 2


def test_none_known_gives_way_to_an_entry(vault: Vault) -> None:
    none = vault.profile.declare_none(Section.ALLERGY)
    assert none.is_none
    assert str(none.start) == "2026-11-23"
    with pytest.raises(UsageError):
        vault.profile.edit(none.id, text="something")
    again = vault.profile.declare_none(Section.ALLERGY)
    assert vault.profile.entries() == [again]
    entry = new(vault.profile)
    assert vault.profile.entries() == [entry]
    with pytest.raises(UsageError):
        vault.profile.declare_none(Section.ALLERGY)


def test_a_refused_entry_leaves_nothing(vault: Vault) -> None:
    lines = len(vault.journal.entries())
    with pytest.raises(UsageError):
        new(vault.profile, text="")
    assert vault.profile.entries() == []
    assert len(vault.journal.entries()) == lines


def test_an_entry_is_found_by_the_beginning_of_its_id(vault: Vault) -> None:
    entry = new(vault.profile)
    other = new(vault.profile, text="Graminées")
    assert vault.profile.find(f" {entry.id[:6].upper()}") == entry
    vault.profile.remove(other.id)
    assert vault.profile.find(other.id).is_removed
    for prefix in ("", "zzzzzzzzzzz", "%"):
        with pytest.raises(NotFoundError):
            vault.profile.find(prefix)


def test_sections_and_spaces_are_apart(vault: Vault) -> None:
    entry = new(vault.profile)
    illness = new(vault.profile, Section.ILLNESS, "Asthme")
    child = vault.spaces.add(vault.owner)
    other = vault.profile.add(replace(entry, id=vault.profile.new_id(), space=child))
    assert vault.profile.entries(section=Section.ILLNESS) == [illness]
    assert vault.profile.entries() == [entry, illness]
    assert vault.profile.entries(child) == [other]


def test_the_journal_names_the_entry_and_nothing_of_it(vault: Vault) -> None:
    entry = new(vault.profile)
    vault.profile.edit(entry.id, text="Graminées")
    vault.profile.remove(entry.id)
    vault.profile.undo(entry.id)
    events = [Event.ENTRY_ADDED, Event.ENTRY_EDITED, Event.ENTRY_REMOVED, Event.ENTRY_UNDONE]
    assert [(line.event, line.subject, line.details) for line in vault.journal.entries(4)] == [(event, entry.id, {}) for event in events]
