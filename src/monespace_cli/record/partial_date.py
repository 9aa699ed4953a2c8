"""A date as people remember it: a day, a month or only a year (FHIR `date`: YYYY, YYYY-MM or YYYY-MM-DD)."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_DAY_FIRST = re.compile(r"(?:(?:(\d{1,2})/)?(\d{1,2})/)?(\d{4})", re.ASCII)
YEARS = range(1850, 2200)


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A year, with its month and day where they are known."""

    year: int
    month: int | None = None
    day: int | None = None

    @property
    def first(self) -> date:
        """The earliest day it can mean."""
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def last(self) -> date:
        """The latest day it can mean."""
        month = self.month or 12
        return date(self.year, month, self.day or monthrange(self.year, month)[1])

    def __str__(self) -> str:
        return "-".join([f"{self.year:04}", *(f"{part:02}" for part in (self.month, self.day) if part)])


def exact(day: date) -> PartialDate:
    """Return a day as a date of which everything is known."""
    return PartialDate(day.year, day.month, day.day)


def parse_partial_date(text: str) -> PartialDate:
    """Read `2019`, `2019-05`, `2019-05-17`, `05/2019` or `17/05/2019`.

    Raises:
        UsageError: it is none of these, or no such day exists.
    """
    iso, day_first = _ISO.fullmatch(text.strip()), _DAY_FIRST.fullmatch(text.strip())
    year, month, day = iso.groups() if iso else reversed(day_first.groups()) if day_first else (None, None, None)
    try:
        found = PartialDate(int(year or 0), int(month) if month else None, int(day) if day else None)
        found.first  # noqa: B018 - raises where there is no such day
    except ValueError:
        raise _not_a_date() from None
    if found.year not in YEARS or 0 in (found.month, found.day):
        raise _not_a_date()
    return found


def _not_a_date() -> UsageError:
    return UsageError(_("this is not a date"), hint=_("write a year, a month or a day: 2019, 2019-05 or 2019-05-17"))
