"""The people around a space: who represents its person, who helps, and what each of them is to it at a moment.

Source: Code de la santé publique R1111-33 (representatives, majority); Mon espace santé, "Aidants" (3 for a person, 5 helped by one).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monespace_cli.errors import NotAllowedError
from monespace_cli.i18n import _
from monespace_cli.record.actor import Relation
from monespace_cli.record.identity import Identity, Owner, is_adult

OWNER = "holder"
"""The id of the person whom the vault belongs to; the journal keeps it."""
MAX_REPRESENTATIVES = 2
MAX_HELPERS = 3
"""Helpers that one person may have at a time."""
MAX_HELPED = 5
"""People whom one person may help at a time."""


class SpaceKind(StrEnum):
    """Why a vault holds a space. Stored: added to, never renamed."""

    OWN = "own"
    """The vault owner's."""
    CHILD = "child"
    """A minor's, kept by their legal representatives."""
    HELPED = "helped"
    """Somebody's whom the vault's owner helps."""
    RECEIVED = "received"
    """Papers that came in somebody's bundles."""


@dataclass(frozen=True, slots=True)
class PersonKnown:
    """Somebody who may hold a key to the vault, or act for the person of a space."""

    id: str
    name: str
    space: int | None = None
    """The space that is about them, where there is one."""


@dataclass(frozen=True, slots=True)
class Tie:
    """That somebody represents or helps the person of a space, for a time."""

    space: int
    person: str
    relation: Relation
    start: date | None = None
    """The first day on which it holds; None is since ever."""
    end: date | None = None
    """The last day on which it holds; None is until it is ended."""
    mandate: str = ""
    """The document that says so, by its id."""

    def holds(self, on: date) -> bool:
        """Tell whether it is in force on a day."""
        return (self.start is None or self.start <= on) and (self.end is None or on <= self.end)


def relation_of(person: str, space_kind: SpaceKind, subject: Owner, ties: Iterable[Tie], at: datetime) -> Relation:
    """Return what somebody is to a space at a moment.

    Args:
        person: whose relation.
        space_kind: why the vault holds the space; of a received one ask for the vault owner's own instead.
        subject: whom the space is about.
        ties: those of this space, of anybody.
        at: when; the day is that of the place where this runs.
    """
    if space_kind is SpaceKind.OWN and person == OWNER:
        return Relation.HOLDER
    today = at.astimezone().date()
    theirs = [tie for tie in ties if tie.person == person]
    held = {tie.relation for tie in theirs if tie.holds(today)}
    if Relation.HOLDER in held:
        return Relation.HOLDER
    if Relation.REPRESENTATIVE in held:
        return Relation.FORMER_REPRESENTATIVE if is_of_age(subject, today) else Relation.REPRESENTATIVE
    return Relation.HELPER if Relation.HELPER in held else Relation.NONE


def is_of_age(subject: Owner, today: date) -> bool:
    """Tell whether the person of a space acts for themselves; practitioners do."""
    return not isinstance(subject, Identity) or is_adult(subject.birth_date, today)


def require_room(new: Tie, ties: Iterable[Tie], on: date) -> None:
    """See that one more may represent or help somebody.

    Args:
        new: the tie that is wanted.
        ties: every one in the vault.
        on: ties that are over by then do not count.

    Raises:
        NotAllowedError: there are as many as there may be, or it is there already.
    """
    standing = [tie for tie in ties if (tie.end is None or on <= tie.end) and tie.relation is new.relation]
    here = [tie for tie in standing if tie.space == new.space]
    if any(tie.person == new.person for tie in here):
        raise NotAllowedError(_("this person does so already"), hint=_("`monespace space show` names who acts here"))
    if new.relation is Relation.REPRESENTATIVE and len(here) >= MAX_REPRESENTATIVES:
        raise NotAllowedError(_("a child has at most {count} legal representatives").format(count=MAX_REPRESENTATIVES))
    if new.relation is Relation.HELPER and len(here) >= MAX_HELPERS:
        raise NotAllowedError(
            _("somebody has at most {count} helpers at a time").format(count=MAX_HELPERS), hint=_("`monespace delegate end` ends one first")
        )
    if new.relation is Relation.HELPER and sum(tie.person == new.person for tie in standing) >= MAX_HELPED:
        raise NotAllowedError(_("somebody helps at most {count} people at a time").format(count=MAX_HELPED))
