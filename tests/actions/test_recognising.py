"""Whom a deposit is about, where a vault holds several people's spaces: INS, birth name, first given name, birth date and sex decide."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monespace_cli.actions.recognising import Recognised, best_match
from monespace_cli.record.identity import Identity, Match, Sex
from monespace_cli.record.people import SpaceKind
from tests.actions.exchange import Party, party

ANNE = Identity("MARTIN", ("Anne",), date(1990, 1, 31), Sex.FEMALE)
LEA = Identity("MARTIN", ("Léa", "Rose"), date(2020, 5, 5), Sex.FEMALE, "220056311300119")
TOM = Identity("MARTIN", ("Tom",), date(2020, 5, 5), Sex.MALE, "120056311300268")
NEWBORN = Identity("MARTIN", ("Noé",), date(2026, 11, 20), Sex.MALE)
SPACES = {1: ANNE, 2: LEA, 3: TOM, 4: NEWBORN}


@pytest.fixture
def anne(tmp_path: Path) -> Iterator[Party]:
    with party(tmp_path / "anne", ANNE) as anne:
        for child in (LEA, TOM, NEWBORN):
            anne.vault.spaces.add(child, kind=SpaceKind.CHILD)
        yield anne


@pytest.mark.parametrize(
    ("about", "match", "space"),
    [
        pytest.param(LEA, Match.SAME, 2, id="a twin"),
        pytest.param(TOM, Match.SAME, 3, id="the other twin"),
        pytest.param(replace(LEA, family_name="martin", given_names=("LEA",)), Match.SAME, 2, id="spelt otherwise"),
        pytest.param(replace(TOM, ins=None), Match.WITHOUT_INS, 3, id="a twin without INS"),
        pytest.param(NEWBORN, Match.WITHOUT_INS, 4, id="a newborn"),
        pytest.param(replace(NEWBORN, ins="126116311300165"), Match.WITHOUT_INS, 4, id="a newborn who has an INS by now"),
        pytest.param(replace(LEA, ins=TOM.ins), Match.DIFFERENT, 1, id="the INS of the other twin"),
        pytest.param(replace(TOM, given_names=("Tim",)), Match.DIFFERENT, 1, id="a triplet who is not here"),
        pytest.param(replace(LEA, sex=Sex.MALE), Match.DIFFERENT, 1, id="another sex"),
        pytest.param(replace(LEA, ins=""), Match.DIFFERENT, 1, id="an empty INS"),
        pytest.param(replace(NEWBORN, birth_date=date(2026, 11, 21)), Match.DIFFERENT, 1, id="another day"),
        pytest.param(replace(LEA, ins_oid="1.2.250.1.213.1.4.10"), Match.DIFFERENT, 1, id="an INS for tests"),
    ],
)
def test_the_person_decides_the_space(anne: Party, about: Identity, match: Match, space: int) -> None:
    assert best_match(anne.vault, about) == Recognised(match, space)


def test_two_who_fit_equally_well_are_for_a_person_to_tell_apart(anne: Party) -> None:
    anne.vault.spaces.add(replace(NEWBORN, given_names=("Noé", "Paul")), kind=SpaceKind.CHILD)
    assert best_match(anne.vault, NEWBORN).match is Match.DIFFERENT


def test_whose_papers_somebody_else_shared_is_nobody_here(anne: Party) -> None:
    paul = Identity("ROUX", ("Paul",), date(1975, 1, 2), Sex.MALE, "175016311300125")
    anne.vault.spaces.add(paul, "ab" * 32)
    assert best_match(anne.vault, paul) == Recognised(Match.DIFFERENT, 1)
