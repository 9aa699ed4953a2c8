"""For which persons a card stands: its owner, and who its owner represents."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from monespace_cli.actions.people import own_keys
from monespace_cli.record.identity import Identity, Sex, is_represented
from monespace_cli.vault.patients import TraitSource
from tests.actions.exchange import ZOE, Party, zoe_and_lea

CHILD = Identity("MARTIN", ("Léo",), date(2020, 5, 5), Sex.MALE)


@pytest.fixture
def parties(tmp_path: Path) -> Iterator[tuple[str, Party]]:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        yield own_keys(zoe.vault).fingerprint, lea


def test_a_card_stands_for_its_owner_first_and_for_others(parties: tuple[str, Party]) -> None:
    zoe, lea = parties
    known = lea.vault.patients_known
    known.put_represented(zoe, CHILD)
    known.put_represented(zoe, replace(CHILD, given_names=("Lia",), sex=Sex.FEMALE))
    assert [(each.identity.given_names[0], each.is_represented) for each in known.of(zoe)] == [("Zoé", False), ("Léo", True), ("Lia", True)]
    own = known.get(zoe)
    assert own
    assert own.identity == ZOE
    assert [each.identity.given_names[0] for each in known.born(CHILD.birth_date)] == ["Léo", "Lia"]


def test_what_is_said_anew_of_somebody_takes_the_place_of_what_was_said(parties: tuple[str, Party]) -> None:
    zoe, lea = parties
    known = lea.vault.patients_known
    known.put_represented(zoe, CHILD)
    known.put_represented(zoe, replace(CHILD, ins="120056311300268"))
    child = known.of(zoe)[1]
    assert child.identity.ins == "120056311300268"
    known.end(child)
    assert [each.identity for each in known.of(zoe)] == [ZOE]


def test_what_a_contact_shares_of_themselves_leaves_who_they_represent(parties: tuple[str, Party]) -> None:
    zoe, lea = parties
    known = lea.vault.patients_known
    lea.vault.database.execute("DELETE FROM patient")
    known.put_represented(zoe, CHILD)
    known.put(zoe, ZOE, TraitSource.SHARED)
    assert [each.source for each in known.of(zoe)] == [TraitSource.SHARED, TraitSource.TYPED]


@pytest.mark.parametrize(
    ("born", "since", "on", "stands"),
    [
        (date(2020, 5, 5), date(2026, 1, 1), date(2038, 5, 4), True),
        (date(2020, 5, 5), date(2026, 1, 1), date(2038, 5, 5), False),
        (date(1940, 5, 5), date(2026, 1, 1), date(2038, 5, 5), True),
    ],
)
def test_a_child_is_represented_until_they_come_of_age(born: date, since: date, on: date, stands: bool) -> None:
    assert is_represented(born, since, on) is stands
