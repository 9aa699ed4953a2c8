"""Who acts: the person behind a key slot, or the owner of a card, as one space sees them.

What an actor may see is `access`'s, what they may do is `rights`'s.
"""

from dataclasses import dataclass
from enum import StrEnum

from monespace_cli.record.identity import Profession


class Relation(StrEnum):
    """What an actor is to the person whom a space is about."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    """A parent or guardian of a person under age (at most two)."""
    HELPER = "helper"
    """A delegate whom the holder appointed."""
    FORMER_REPRESENTATIVE = "former-representative"
    """A parent since their child came of age: hands the space over or erases it, and sees nothing of it."""
    PRACTITIONER = "practitioner"
    NONE = "none"
    """Nobody to this person."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who looks at a space or changes it."""

    id: str
    """`holder` for the vault's owner, another person's id, or the fingerprint of a contact's card. The journal keeps it."""
    name: str
    """As people read it: `Zoé MARTIN`. For screens; never in the journal or a log."""
    relation: Relation
    profession: Profession | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What a rule answers: whether it is allowed, and by which rule."""

    allowed: bool
    reason: str
    """A stable word for the rule that decided, such as `holder`, `blocked`, `masked`, `grant-expired`."""
