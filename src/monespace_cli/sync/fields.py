"""Reading the members of a received JSON object, each by its type and bounds (docs/formats/card-v1.md, "Moment" and "Text").

:class:`Fields` hands out each member once and then insists that nothing is left, so that an unknown member is never passed over in silence.
"""

import re
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import TypeVar

from monespace_cli.sync.canonical import FormatError, Json

E = TypeVar("E", bound=StrEnum)

# Control characters and surrogates, line separators, and the marks that reorder what people see (Unicode UAX #9).
_UNFIT = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff\\u2028\\u2029\\u061c\\u200e\\u200f\\u202a-\\u202e\\u2066-\\u2069]")
_MOMENT = "%Y-%m-%dT%H:%M:%SZ"


def plain(text: str, longest: int) -> str:
    """Return `text` fit for a bundle or a card: unfit characters become spaces, spaces are joined, the rest is cut at `longest`."""
    return " ".join(_UNFIT.sub(" ", text).split())[:longest].rstrip()


def moment_text(moment: datetime) -> str:
    """Return a timezone-aware moment as `YYYY-MM-DDThh:mm:ssZ`; fractions of a second are dropped."""
    utc = moment.astimezone(UTC)
    return f"{utc.year:04}-{utc:%m-%dT%H:%M:%SZ}"


class Fields:
    """The members of one object, taken out one by one. Every method raises FormatError for a member that is missing or unfit."""

    def __init__(self, value: Json) -> None:
        """Read an object."""
        if not isinstance(value, dict):
            raise FormatError("not an object")
        self._members = dict(value)

    def take(self, name: str) -> Json:
        """Return a member as it is."""
        if name not in self._members:
            raise FormatError(f"no {name}")
        return self._members.pop(name)

    def end(self) -> None:
        """Make sure that no member is left."""
        if self._members:
            raise FormatError("an unknown member")

    def raw_text(self, name: str, *, longest: int) -> str:
        """Return a string of any characters, such as a card inside a manifest."""
        value = self.take(name)
        if not isinstance(value, str) or len(value) > longest:
            raise FormatError(f"{name} is not a text of that length")
        return value

    def text(self, name: str, *, longest: int, shortest: int = 1) -> str:
        """Return a string that can be shown: without control characters and direction marks."""
        return _fit(self.raw_text(name, longest=longest), name, shortest)

    def texts(self, name: str, *, most: int, longest: int) -> tuple[str, ...]:
        """Return 1 to `most` strings that can be shown."""
        values = self.array(name, most=most)
        texts = tuple(_fit(v, name, 1) for v in values if isinstance(v, str) and len(v) <= longest)
        if not texts or len(texts) != len(values):
            raise FormatError(f"{name} is not a list of texts")
        return texts

    def matching(self, name: str, pattern: str) -> str:
        """Return a string that a regular expression matches whole."""
        value = self.take(name)
        if not isinstance(value, str) or not re.fullmatch(pattern, value, re.ASCII):
            raise FormatError(f"{name} has another form")
        return value

    def hex(self, name: str, digits: int) -> str:
        """Return lower-case hexadecimal digits."""
        return self.matching(name, f"[0-9a-f]{{{digits}}}")

    def choice(self, name: str, options: type[E]) -> E:
        """Return a member of an enumeration."""
        value = self.take(name)
        if not isinstance(value, str) or value not in set(options):
            raise FormatError(f"{name} is none of the choices")
        return options(value)

    def integer(self, name: str, *, least: int, most: int) -> int:
        """Return an integer between two others, both included."""
        value = self.take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise FormatError(f"{name} is not a number of that size")
        return value

    def moment(self, name: str) -> datetime:
        """Return a moment, timezone-aware, in UTC."""
        value = self.matching(name, r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")
        try:
            return datetime.strptime(value, _MOMENT).replace(tzinfo=UTC)
        except ValueError:
            raise FormatError(f"{name} is no moment") from None

    def day(self, name: str) -> date:
        """Return a day."""
        value = self.matching(name, r"\d{4}-\d\d-\d\d")
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise FormatError(f"{name} is no day") from None

    def array(self, name: str, *, most: int) -> list[Json]:
        """Return a list of at most so many items."""
        value = self.take(name)
        if not isinstance(value, list) or len(value) > most:
            raise FormatError(f"{name} is not a list of that length")
        return value

    def fields(self, name: str) -> "Fields":
        """Return an object."""
        return Fields(self.take(name))

    def is_null(self, name: str) -> bool:
        """Tell whether a member is null, and take it out if so."""
        if self._members.get(name, ...) is not None:
            return False
        del self._members[name]
        return True


def _fit(text: str, name: str, shortest: int) -> str:
    if len(text) < shortest or _UNFIT.search(text) or text != text.strip():
        raise FormatError(f"{name} has characters that cannot be shown")
    return text
