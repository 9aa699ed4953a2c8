"""What people are to a space, day by day."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from monespace_cli.errors import NotAllowedError
from monespace_cli.record.actor import Relation
from monespace_cli.record.identity import Identity, Sex, is_adult
from monespace_cli.record.people import MAX_HELPED, OWNER, SpaceKind, Tie, relation_of, require_room

CHILD = Identity("MARTIN", ("Léa",), date(2010, 3, 2), Sex.FEMALE)
PARENT = Tie(2, OWNER, Relation.REPRESENTATIVE)
HELPER = Tie(1, "marc", Relation.HELPER, date(2026, 1, 10), date(2026, 1, 20))
TODAY = date(2026, 1, 15)


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("born", "day", "adult"),
    [
        (date(2010, 3, 2), date(2028, 3, 1), False),
        (date(2010, 3, 2), date(2028, 3, 2), True),
        (date(2008, 2, 29), date(2026, 2, 28), False),
        (date(2008, 2, 29), date(2026, 3, 1), True),
    ],
)
def test_majority_comes_with_the_birthday(born: date, day: date, adult: bool) -> None:
    assert is_adult(born, day) is adult


def test_the_owner_is_the_holder_of_the_own_space_alone() -> None:
    assert relation_of(OWNER, SpaceKind.OWN, CHILD, (), at(TODAY)) is Relation.HOLDER
    assert relation_of(OWNER, SpaceKind.CHILD, CHILD, (), at(TODAY)) is Relation.NONE
    assert relation_of("paul", SpaceKind.OWN, CHILD, (), at(TODAY)) is Relation.NONE


def test_a_parent_represents_until_majority_and_the_child_is_the_holder_throughout() -> None:
    ties = (PARENT, Tie(2, "lea", Relation.HOLDER))
    assert relation_of(OWNER, SpaceKind.CHILD, CHILD, ties, at(date(2028, 3, 1))) is Relation.REPRESENTATIVE
    assert relation_of(OWNER, SpaceKind.CHILD, CHILD, ties, at(date(2028, 3, 2))) is Relation.FORMER_REPRESENTATIVE
    for day in (date(2028, 3, 1), date(2028, 3, 2)):
        assert relation_of("lea", SpaceKind.CHILD, CHILD, ties, at(day)) is Relation.HOLDER


@pytest.mark.parametrize(
    ("day", "relation"),
    [
        (date(2026, 1, 9), Relation.NONE),
        (date(2026, 1, 10), Relation.HELPER),
        (date(2026, 1, 20), Relation.HELPER),
        (date(2026, 1, 21), Relation.NONE),
    ],
)
def test_a_helper_helps_from_the_first_day_to_the_last(day: date, relation: Relation) -> None:
    assert relation_of("marc", SpaceKind.OWN, CHILD, (HELPER,), at(day)) is relation


def test_a_child_has_two_representatives_at_most() -> None:
    two = [PARENT, replace(PARENT, person="paul")]
    require_room(two[1], two[:1], TODAY)
    with pytest.raises(NotAllowedError):
        require_room(replace(PARENT, person="third"), two, TODAY)


def test_somebody_has_three_helpers_at_most_and_one_that_is_over_does_not_count() -> None:
    three = [replace(HELPER, person=name) for name in ("a", "b", "c")]
    with pytest.raises(NotAllowedError):
        require_room(replace(HELPER, person="d"), three, TODAY)
    require_room(replace(HELPER, person="d"), three[1:], TODAY)
    require_room(replace(HELPER, person="d"), three, date(2026, 1, 21))


def test_somebody_helps_five_people_at_most() -> None:
    helped = [replace(HELPER, space=number) for number in range(MAX_HELPED)]
    require_room(replace(HELPER, space=99), helped[1:], TODAY)
    with pytest.raises(NotAllowedError):
        require_room(replace(HELPER, space=99), helped, TODAY)


def test_nobody_is_appointed_twice() -> None:
    with pytest.raises(NotAllowedError):
        require_room(HELPER, [HELPER], TODAY)
