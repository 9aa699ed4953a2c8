"""Measurements: their kinds and codes, units, what is plausible, and the body mass index, which is computed and never entered.

A value is kept in its kind's own unit and beside it as it was typed. Arithmetic is exact: decimal numbers and fractions, rounded once.

Source: kinds, codes and units in `record/data/measures.csv` and `units.csv`; body mass index = weight (kg) / height (m)²,
WHO Technical Report Series 894 (2000).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache
from itertools import pairwise
from typing import NewType

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.identity import is_adult
from monespace_cli.record.profile import Origin
from monespace_cli.record.tables import table
from monespace_cli.record.text import fold

MeasureId = NewType("MeasureId", str)

KEPT_DECIMALS = 6
TYPED_LENGTH = 40
CHILD_HEIGHT_DAYS = 92
"""How long a child's height is good for a body mass index: children grow some centimetres in three months."""
PRESSURE, WEIGHT, HEIGHT, BMI, GLUCOSE, HBA1C = "blood-pressure", "weight", "height", "bmi", "glucose", "hba1c"
PRESSURE_CODES = ("8480-6", "8462-4")
"""LOINC, systolic and diastolic."""

_NUMBER = r"\d+(?:[.,]\d+)?"
_PART = re.compile(rf"\s*({_NUMBER})\s*([^\d\s.,/]*(?:/10\b|/[^\d\s]+)?)\s*", re.ASCII)
_SPACES = {ord(space): " " for space in "\u00a0\u2009\u202f"}


@dataclass(frozen=True, slots=True)
class MeasureKind:
    """What can be measured."""

    name: str
    """The word for it here."""
    code: str
    """LOINC, or `MED-…` of the ANS terminology 1.2.250.1.213.1.1.4.322."""
    unit: str
    ucum: str
    decimals: int
    """How finely it is shown."""
    low: Decimal
    """What lies below is asked about."""
    high: Decimal
    label: str
    """In French."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One measurement."""

    id: MeasureId
    kind: MeasureKind
    values: tuple[Decimal, ...]
    """In the kind's unit; two for a blood pressure, systolic first."""
    day: date
    time: "time | None" = None
    """By the clock on the wall, where it is known."""
    typed: str = ""
    """As it was entered."""
    comment: str = ""
    origin: Origin = field(default_factory=Origin)
    space: int = 1
    removed_at: datetime | None = None

    @property
    def text(self) -> str:
        """The value as it is shown, without its unit: `72.4`, `120/80`."""
        return "/".join(f"{value:.{self.kind.decimals}f}" for value in self.values)

    @property
    def moment(self) -> datetime:
        """When, for putting measurements in order: midnight where no time is known."""
        return datetime.combine(self.day, self.time or time())


@dataclass(frozen=True, slots=True)
class _Unit:
    name: str
    factor: Fraction
    offset: Fraction
    then: str


@cache
def measure_kinds() -> dict[str, MeasureKind]:
    """Return every kind of measurement by its word."""
    return {
        row["kind"]: MeasureKind(
            row["kind"],
            row["code"],
            row["unit"],
            row["ucum"],
            int(row["decimals"]),
            Decimal(row["low"]),
            Decimal(row["high"]),
            row["label"],
        )
        for row in table("measures")
    }


def measure_kind(word: str) -> MeasureKind:
    """Return the kind that a word, or the beginning of one, names.

    Raises:
        UsageError: none, or more than one.
    """
    kinds = measure_kinds()
    found = [kinds[word]] if word in kinds else [kind for name, kind in kinds.items() if word and name.startswith(word)]
    if len(found) != 1:
        raise UsageError(_("this is not a kind of measurement"), hint=_("one of: {kinds}").format(kinds=", ".join(kinds)))
    return found[0]


_ANALYTES = (("hba1c", HBA1C), ("hemoglobine glyquee", HBA1C), ("hemoglobine a1c", HBA1C), ("glycemie", GLUCOSE), ("glucose", GLUCOSE))


def kind_of_analyte(name: str) -> MeasureKind | None:
    """Return the kind of measurement that a laboratory's result is, by the beginning of its name; None for most results."""
    folded = fold(name)
    return next((measure_kinds()[kind] for beginning, kind in _ANALYTES if folded.startswith(beginning)), None)


def parse_values(kind: MeasureKind, text: str) -> tuple[Decimal, ...]:
    """Read a value as people write it, and return it in the kind's unit.

    `72.4`, `72,4 kg`, `159.6 lb`, `1m75`, `5'11"`, `5 ft 11 in`, `98.6 °F`; a blood pressure is `120/80` or `12/8 cmHg`.

    Raises:
        UsageError: it is not a value of this kind, or the kind is computed.
    """
    if kind.name == BMI:
        raise UsageError(_("the body mass index is computed"), hint=_("add weight and height: it follows from them"))
    if len(text) > TYPED_LENGTH:
        raise _not_a_value(kind)
    text = text.translate(_SPACES)
    values = _pair(kind, text) if kind.name == PRESSURE else (_rounded(_quantity(kind, text)),)
    if kind.low > 0 and min(values) <= 0:
        raise _not_a_value(kind)
    return values


def is_plausible(kind: MeasureKind, values: tuple[Decimal, ...]) -> bool:
    """Tell whether a value is what a person can have, a systolic pressure above the diastolic one included."""
    return all(kind.low <= value <= kind.high for value in values) and all(a > b for a, b in pairwise(values))


def parse_moment(text: str, now: datetime) -> tuple[date, time | None]:
    """Read `2026-11-20`, `2026-11-20 08:30` or `2026-11-20T08:30`; nothing is now, to the minute.

    Args:
        text: by the clock on the wall.
        now: aware, in the person's own time zone.

    Raises:
        UsageError: it is none of these, or in the future.
    """
    if not text:
        return now.date(), now.time().replace(second=0, microsecond=0)
    found = re.fullmatch(r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d))?", text.strip(), re.ASCII)
    try:
        day, at = (date.fromisoformat(found[1]), time.fromisoformat(found[2]) if found[2] else None) if found else (None, None)
    except ValueError:
        day, at = None, None
    if day is None:
        raise UsageError(_("this is not a moment"), hint=_("write 2026-11-20, or 2026-11-20T08:30"))
    if datetime.combine(day, at or time()) > now.replace(tzinfo=None):
        raise UsageError(_("this moment is still to come"), hint=_("--at says when it was measured"))
    return day, at


def in_order(measures: Iterable[Measure]) -> list[Measure]:
    """Return measurements by their moment, oldest first."""
    return sorted(measures, key=lambda measure: measure.moment)


def with_body_mass_indexes(measures: Iterable[Measure], birth_date: date | None) -> list[Measure]:
    """Return measurements in order, each weight followed by the body mass index that it makes with the height known then.

    An adult's height holds until the next one is measured; a child's for some three months only.
    """
    ordered = in_order(measures)
    heights = [measure for measure in ordered if measure.kind.name == HEIGHT]
    found: list[Measure] = []
    for measure in ordered:
        found.append(measure)
        height = _height_known_on(measure.day, heights) if measure.kind.name == WEIGHT else None
        if height and _still_holds(height, measure.day, birth_date):
            found.append(_body_mass_index(measure, height))
    return found


def unit_names(kind: MeasureKind) -> tuple[str, ...]:
    """Return the units in which a kind can be typed."""
    return tuple(unit.name for unit in _units(kind.name).values())


def _height_known_on(day: date, heights: list[Measure]) -> Measure | None:
    """Return the last height of a day or before it: whoever is weighed and measured at once may type either first."""
    return next((height for height in reversed(heights) if height.day <= day), None)


def _body_mass_index(weight: Measure, height: Measure) -> Measure:
    metres = Fraction(height.values[0]) / 100
    index = _rounded(Fraction(weight.values[0]) / metres**2)
    return Measure(weight.id, measure_kinds()[BMI], (index,), weight.day, weight.time, origin=weight.origin, space=weight.space)


def _still_holds(height: Measure, day: date, birth_date: date | None) -> bool:
    is_grown = birth_date is None or is_adult(birth_date, height.day)
    return is_grown or day - height.day <= timedelta(days=CHILD_HEIGHT_DAYS)


def _pair(kind: MeasureKind, text: str) -> tuple[Decimal, ...]:
    pair = re.fullmatch(rf"\s*({_NUMBER})\s*/\s*({_NUMBER})\s*(\S*)\s*", text, re.ASCII)
    if not pair:
        raise _not_a_value(kind)
    unit = _unit(kind, pair[3] or kind.unit)
    return tuple(_rounded(_converted(number, unit)) for number in pair.group(1, 2))


def _quantity(kind: MeasureKind, text: str) -> Fraction:
    """Return the sum of the parts of `5 ft 11 in`; a last number without unit is in what usually follows the unit before it."""
    text = text.replace("′", "ft").replace("'", "ft").replace("″", "in").replace('"', "in")
    parts = _PART.findall(text)
    if not parts or "".join(_PART.split(text)[::3]).strip():
        raise _not_a_value(kind)
    total, implied = Fraction(0), kind.unit
    for position, (number, name) in enumerate(parts):
        if position and name not in ("", implied):  # 37 °C 5 and 72 kg 3 kg are no sums
            raise _not_a_value(kind)
        unit = _unit(kind, name or implied)
        total += _converted(number, unit)
        implied = unit.then
    return total


def _unit(kind: MeasureKind, name: str) -> _Unit:
    units = _units(kind.name)
    found = units.get(fold(name))
    if found is None:
        raise UsageError(
            _("this is not a unit of {kind}").format(kind=kind.name),
            hint=_("one of: {units}").format(units=", ".join(unit.name for unit in units.values())),
        )
    return found


@cache
def _units(kind: str) -> dict[str, _Unit]:
    rows = [row for row in table("units") if kind in row["kinds"].split()]
    return {fold(row["unit"]): _Unit(row["unit"], Fraction(row["factor"]), Fraction(row["offset"]), row["then"]) for row in rows}


def _converted(number: str, unit: _Unit) -> Fraction:
    return Fraction(number.replace(",", ".")) * unit.factor + unit.offset


def _rounded(value: Fraction) -> Decimal:
    digits = round(value * 10**KEPT_DECIMALS)
    return Decimal(digits).scaleb(-KEPT_DECIMALS).normalize() + 0


def _not_a_value(kind: MeasureKind) -> UsageError:
    example = _("for example 120/80") if kind.name == PRESSURE else _("a number and a unit, for example 72.4 or `1m75`")
    return UsageError(_("this is not a value of {kind}").format(kind=kind.name), hint=example)
