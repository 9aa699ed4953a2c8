"""The life of a space, at the edges of its times."""

from datetime import UTC, datetime, timedelta

import pytest

from monespace_cli.errors import NotAllowedError
from monespace_cli.record.life import INVITATION, LifeEvent, LifeState, Step, kept_until, opens_at, require_possible, state_of

START = datetime(2026, 1, 1, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def taken(*events: LifeEvent) -> list[Step]:
    return [Step(event, START + timedelta(days=number)) for number, event in enumerate(events)]


@pytest.mark.parametrize(
    ("events", "state"),
    [
        ((), LifeState.ACTIVE),
        ((LifeEvent.INVITED,), LifeState.INVITED),
        ((LifeEvent.INVITED, LifeEvent.OPENED), LifeState.ACTIVE),
        ((LifeEvent.INVITED, LifeEvent.OPPOSED), LifeState.OPPOSED),
        ((LifeEvent.OPPOSED,), LifeState.OPPOSED),
        ((LifeEvent.OPPOSED, LifeEvent.REOPENED), LifeState.ACTIVE),
        ((LifeEvent.CLOSED,), LifeState.CLOSED),
        ((LifeEvent.CLOSED, LifeEvent.REOPENED), LifeState.ACTIVE),
        ((LifeEvent.CLOSED, LifeEvent.ERASED), LifeState.ERASED),
        ((LifeEvent.HANDED_OVER,), LifeState.ACTIVE),
        ((LifeEvent.CLOSED, LifeEvent.HANDED_OVER), LifeState.CLOSED),
    ],
)
def test_each_step_leads_to_a_state(events: tuple[LifeEvent, ...], state: LifeState) -> None:
    assert state_of(taken(*events), START + timedelta(days=30)) is state


def test_an_invited_space_opens_by_itself_after_six_weeks_and_no_second_sooner() -> None:
    steps = taken(LifeEvent.INVITED)
    due = START + timedelta(weeks=6)
    assert opens_at(steps, START) == due == START + INVITATION
    assert state_of(steps, due - SECOND) is LifeState.INVITED
    assert state_of(steps, due) is LifeState.ACTIVE
    assert opens_at(steps, due) is None


def test_an_opposed_space_never_opens_by_itself() -> None:
    assert state_of(taken(LifeEvent.INVITED, LifeEvent.OPPOSED), START + timedelta(weeks=600)) is LifeState.OPPOSED


def test_what_will_be_done_later_is_not_done_yet() -> None:
    steps = [Step(LifeEvent.CLOSED, START)]
    assert state_of(steps, START - SECOND) is LifeState.ACTIVE
    assert state_of(steps, START) is LifeState.CLOSED


@pytest.mark.parametrize(
    ("closed", "until"),
    [
        (datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2036, 1, 1, 12, tzinfo=UTC)),
        (datetime(2028, 2, 29, 12, tzinfo=UTC), datetime(2038, 3, 1, 12, tzinfo=UTC)),
    ],
)
def test_a_closed_space_is_kept_for_ten_years(closed: datetime, until: datetime) -> None:
    assert kept_until([Step(LifeEvent.CLOSED, closed)], closed) == until
    assert kept_until([Step(LifeEvent.CLOSED, closed), Step(LifeEvent.REOPENED, closed + SECOND)], closed + SECOND) is None


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (LifeEvent.OPENED, LifeState.ACTIVE),
        (LifeEvent.CLOSED, LifeState.CLOSED),
        (LifeEvent.CLOSED, LifeState.INVITED),
        (LifeEvent.REOPENED, LifeState.ACTIVE),
        (LifeEvent.OPPOSED, LifeState.CLOSED),
        (LifeEvent.ERASED, LifeState.ERASED),
        (LifeEvent.HANDED_OVER, LifeState.CLOSED),
    ],
)
def test_some_steps_are_not_possible(event: LifeEvent, state: LifeState) -> None:
    with pytest.raises(NotAllowedError):
        require_possible(event, state)


@pytest.mark.parametrize(
    ("event", "state"),
    [
        (LifeEvent.OPENED, LifeState.INVITED),
        (LifeEvent.OPPOSED, LifeState.INVITED),
        (LifeEvent.OPPOSED, LifeState.ACTIVE),
        (LifeEvent.REOPENED, LifeState.ERASED),
        (LifeEvent.ERASED, LifeState.CLOSED),
    ],
)
def test_others_are(event: LifeEvent, state: LifeState) -> None:
    require_possible(event, state)
