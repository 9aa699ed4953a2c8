"""What becomes of bundles: of those that were sent, by the receipts that come back; of those that came, by what a person decides."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outcome(StrEnum):
    """What became of a bundle, or of one of its documents, where it arrived. Values are signed: they are added to, never renamed."""

    RECEIVED = "received"
    """It is there, and a person will decide."""
    ACCEPTED = "accepted"
    REFUSED = "refused"
    QUARANTINED = "quarantined"
    PARTLY = "partly"
    """Of a whole bundle: some of its documents were accepted, some not."""


def overall(outcomes: "tuple[Outcome, ...]") -> Outcome:
    """Return what became of a whole bundle, by its documents; without any it is accepted."""
    return Outcome.ACCEPTED if not outcomes else outcomes[0] if len(set(outcomes)) == 1 else Outcome.PARTLY


class SentState(StrEnum):
    """How far a bundle that was made here has come. Stored: added to, never renamed."""

    MADE = "made"
    """It is complete, and has not left the vault."""
    SENT = "sent"
    """It was written to a file or a store; whether it arrived is not known."""
    RECEIVED = "received"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    QUARANTINED = "quarantined"
    PARTLY = "partly"

    @property
    def is_answered(self) -> bool:
        """Whether a receipt came for it."""
        return self not in (SentState.MADE, SentState.SENT)

    @property
    def is_final(self) -> bool:
        """Whether nothing more is waited for."""
        return self.is_answered and self is not SentState.RECEIVED


@dataclass(frozen=True, slots=True)
class Answer:
    """What a receipt said, and when it was made."""

    outcome: Outcome
    at: datetime

    def is_newer_than(self, other: "Answer | None") -> bool:
        """Tell which of two receipts holds: they may arrive in any order. A decision holds against an arrival of the same second."""
        rank = (self.at, self.outcome is not Outcome.RECEIVED)
        return other is None or rank > (other.at, other.outcome is not Outcome.RECEIVED)


def is_reached(contact: str, mine: Collection[str], every: Iterable[Collection[str]]) -> bool:
    """Tell whether a remote that names `mine` reaches a contact; one that names nobody reaches those whom none of `every` remote names."""
    return contact in mine if mine else not any(contact in each for each in every)


class ReceivedState(StrEnum):
    """What became of a bundle that came. Stored: added to, never renamed."""

    WAITING = "waiting"
    """Encrypted in the vault until a person decides."""
    ACCEPTED = "accepted"
    PARTLY = "partly"
    QUARANTINED = "quarantined"
    REFUSED = "refused"
    REVOKED = "revoked"
    """Its sender took it back before anybody decided."""

    @property
    def outcome(self) -> Outcome:
        """What its sender is told."""
        if self is ReceivedState.WAITING:
            return Outcome.RECEIVED
        return Outcome.REFUSED if self is ReceivedState.REVOKED else Outcome(self.value)
