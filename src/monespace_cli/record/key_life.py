"""How long the keys live that bundles are encrypted to. The signing key, and with it the fingerprint's words, is not among them.

They change once a year, so that who steals one reads at most what was sent in some two years. An old one opens what its owner's contacts
sent before they had the new card; after that it is erased, and what was encrypted to it stays closed for good.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

IN_USE: timedelta = timedelta(days=365)
"""How long a key stands on the card."""
KEPT: timedelta = timedelta(days=365)
"""How long it is kept afterwards: the new card goes out with every bundle, and who heard nothing for a year asks for it."""


@dataclass(frozen=True, slots=True)
class KeyLife:
    """What became, and will become, of the keys of one day."""

    created: datetime
    replaced: datetime | None = None
    """None for those on the card."""

    @property
    def ends(self) -> datetime:
        """When those on the card are replaced; when those that were are erased."""
        return self.replaced + KEPT if self.replaced else self.created + IN_USE

    def is_over(self, now: datetime) -> bool:
        """Tell whether that moment has come."""
        return now >= self.ends


def lives(created: Iterable[datetime]) -> tuple[KeyLife, ...]:
    """Return the lives of keys by the moments they were made at, oldest first; each replaces the one before."""
    moments = sorted(set(created))
    return tuple(KeyLife(made, replaced) for made, replaced in zip(moments, [*moments[1:], None], strict=True))


def may_be_gone(created: datetime, now: datetime) -> bool:
    """Tell whether the owner of a card may have erased its newest key, made at `created`: they should be asked for a newer card."""
    return now >= created + IN_USE + KEPT
