"""When keys change and how long old ones are kept, at the edges."""

from datetime import UTC, datetime, timedelta

import pytest

from monespace_cli.record.key_life import IN_USE, KEPT, KeyLife, lives, may_be_gone

MADE = datetime(2026, 1, 31, 12, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("life", "after", "over"),
    [
        (KeyLife(MADE), timedelta(0), False),
        (KeyLife(MADE), -IN_USE, False),  # a clock that was set back
        (KeyLife(MADE), IN_USE - INSTANT, False),
        (KeyLife(MADE), IN_USE, True),
        (KeyLife(MADE, MADE + IN_USE), IN_USE + KEPT - INSTANT, False),
        (KeyLife(MADE, MADE + IN_USE), IN_USE + KEPT, True),
        (KeyLife(MADE, MADE), KEPT - INSTANT, False),  # changed by hand, at once
        (KeyLife(MADE, MADE), KEPT, True),
    ],
)
def test_when_a_life_is_over(life: KeyLife, after: timedelta, over: bool) -> None:
    assert life.is_over(MADE + after) is over


def test_each_replaces_the_one_before_whatever_their_order_and_number() -> None:
    later, last = MADE + INSTANT, MADE + IN_USE
    assert lives([last, MADE, MADE, later, last]) == (KeyLife(MADE, later), KeyLife(later, last), KeyLife(last))


def test_a_contact_who_was_not_heard_of_for_so_long_may_have_erased_the_key() -> None:
    assert not may_be_gone(MADE, MADE + IN_USE + KEPT - INSTANT)
    assert may_be_gone(MADE, MADE + IN_USE + KEPT)
