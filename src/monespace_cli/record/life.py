"""The life of a space: from the invitation to the day when what was closed has been kept long enough.

Nothing happens behind anybody's back: the steps that people took are kept, and the state follows from them and the time that is handed in.

Source: Code de la santé publique R1111-28 to R1111-36 (opposition, opening after six weeks, closing, ten years of keeping).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from monespace_cli.errors import NotAllowedError
from monespace_cli.i18n import _

INVITATION = timedelta(weeks=6)
"""After this long without an answer an invited space opens by itself."""
KEPT_YEARS = 10
"""How long a closed space is kept."""


class LifeEvent(StrEnum):
    """What somebody did to a space as a whole. Stored: added to, never renamed."""

    INVITED = "invited"
    OPENED = "opened"
    OPPOSED = "opposed"
    CLOSED = "closed"
    REOPENED = "reopened"
    HANDED_OVER = "handed-over"
    """Its record was given to the person it is about; the space goes on as it was."""
    ERASED = "erased"


class LifeState(StrEnum):
    """What a space is now. Shown to scripts: added to, never renamed."""

    INVITED = "invited"
    ACTIVE = "active"
    OPPOSED = "opposed"
    CLOSED = "closed"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was done to a space, and when."""

    event: LifeEvent
    at: datetime


_LEADS_TO = {
    LifeEvent.INVITED: LifeState.INVITED,
    LifeEvent.OPENED: LifeState.ACTIVE,
    LifeEvent.OPPOSED: LifeState.OPPOSED,
    LifeEvent.CLOSED: LifeState.CLOSED,
    LifeEvent.REOPENED: LifeState.ACTIVE,
    LifeEvent.ERASED: LifeState.ERASED,
}
_POSSIBLE_IN = {
    LifeEvent.OPENED: (LifeState.INVITED,),
    LifeEvent.OPPOSED: (LifeState.INVITED, LifeState.ACTIVE),
    LifeEvent.CLOSED: (LifeState.ACTIVE,),
    LifeEvent.REOPENED: (LifeState.OPPOSED, LifeState.CLOSED, LifeState.ERASED),
    LifeEvent.HANDED_OVER: (LifeState.ACTIVE,),
    LifeEvent.ERASED: (LifeState.INVITED, LifeState.ACTIVE, LifeState.OPPOSED, LifeState.CLOSED),
}


def state_of(steps: Sequence[Step], at: datetime) -> LifeState:
    """Return what a space is at a moment, from its steps in the order they were taken; one without any was open from the start."""
    last = _last(steps, at)
    if last is None or (last.event is LifeEvent.INVITED and at >= last.at + INVITATION):
        return LifeState.ACTIVE
    return _LEADS_TO[last.event]


def opens_at(steps: Sequence[Step], at: datetime) -> datetime | None:
    """Return when a space that is invited at a moment opens by itself, or None where it is not invited."""
    last = _last(steps, at)
    due = last.at + INVITATION if last and last.event is LifeEvent.INVITED else None
    return due if due and due > at else None


def kept_until(steps: Sequence[Step], at: datetime) -> datetime | None:
    """Return until when a space that is closed, or opposed after it was used, is kept; from then on it is due to be erased."""
    last = _last(steps, at)
    if last is None or last.event not in (LifeEvent.CLOSED, LifeEvent.OPPOSED):
        return None
    try:
        return last.at.replace(year=last.at.year + KEPT_YEARS)
    except ValueError:  # closed on the 29th of February
        return last.at.replace(year=last.at.year + KEPT_YEARS, month=3, day=1)


def require_possible(event: LifeEvent, state: LifeState) -> None:
    """See that something can be done to a space as it is.

    Raises:
        NotAllowedError: it cannot.
    """
    if event in _POSSIBLE_IN and state not in _POSSIBLE_IN[event]:
        raise NotAllowedError(_("this cannot be done to a space that is {state}").format(state=state), hint=hint_for(state))


def hint_for(state: LifeState) -> str:
    """Return what can be done with a space in a state, for people."""
    return {
        LifeState.INVITED: _("`monespace space activate` opens it at once, `space oppose` declines"),
        LifeState.OPPOSED: _("`monespace space reopen` opens it"),
        LifeState.CLOSED: _("`monespace space reopen` restores it, `space erase` destroys it"),
        LifeState.ERASED: _("`monespace space reopen` begins it again, empty"),
    }.get(state, _("`monespace space show` says what it is"))


def _last(steps: Sequence[Step], at: datetime) -> Step | None:
    taken = [step for step in steps if step.at <= at and step.event in _LEADS_TO]
    return taken[-1] if taken else None
