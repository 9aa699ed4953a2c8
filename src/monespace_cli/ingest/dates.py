"""The dates in a text, read day first, and which of them is the paper's own.

Understood: `12/03/2024`, `12.03.24`, `12-03-2024`, `2024-03-12` (ISO 8601), `12 mars 2024`, `1er avril 24` (`ler` as well, which scanners
make of it), `12 Mar 2024`, `March 12, 2024`, also where a digit was read as the letter that looks like it (`l2/O3/2024`) or a month has a
wrong one (`12 jnin 2024`). Birth dates are left out wherever they stand, and so are dates in the future. Pure functions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

_MONTHS: Final = {
    name: number
    for number, names in enumerate(
        (
            "janvier janv jan january",
            "fevrier fevr fev february feb",
            "mars mar march",
            "avril avr april apr",
            "mai may",
            "juin june jun",
            "juillet juil july jul",
            "aout august aug",
            "septembre sept sep september",
            "octobre oct october",
            "novembre nov november",
            "decembre dec december",
        ),
        start=1,
    )
    for name in names.split()
}

_MONTH: Final = "|".join(sorted(_MONTHS, key=len, reverse=True))

_WRITTEN: Final = re.compile(
    r"(?<![\d/.-])(?:"
    r"(?P<iso_year>\d{4})-(?P<iso_month>\d{2})-(?P<iso_day>\d{2})"
    r"|(?P<day>\d{1,2}) ?(?P<mark>[/.-]) ?(?P<month>\d{1,2}) ?(?P=mark) ?(?P<year>\d{4}|\d{2})"
    rf"|(?:(?P<name_day>\d{{1,2}})(?:er|st|nd|rd|th|°|\*)?|(?<!\w)(?P<first>[li|!]er))[ -]?"
    rf"(?P<name>{_MONTH})\.?[ -](?P<name_year>\d{{4}}|\d{{2}})"
    rf"|\b(?P<us_name>{_MONTH})\.? (?P<us_day>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<us_year>\d{{4}})"
    r")(?![\d/-])"
)

_WRAPPED: Final = re.compile(rf"(?<=\d)\n(?=(?:{_MONTH})\b)|(?<=[a-z])\n(?=\d{{4}}\b)|(?<=\ble)\n(?=\d)")
"""A line's end within a date of words, or just before a date: `le 4` / `septembre 2024`, `née le` / `4/9/1970`."""

_DIGIT: Final = r"[\doilsbz|]"
_MISREAD: Final = re.compile(
    rf"(?<![\w/.-])(?:{_DIGIT}{{1,2}}(?P<mark>[/.-]){_DIGIT}{{1,2}}(?P=mark){_DIGIT}{{4}}"
    rf"|{_DIGIT}{{1,2}} [a-z\d]{{3,9}} {_DIGIT}{{4}})(?!\w)"
)
_LOOKALIKE: Final = str.maketrans("oilsbz|", "0115821")
_DIGITS_READ: Final = 4
"""Digits that what looks like a date has at least: the rest were read as letters."""

_ONE_WRONG_FROM: Final = 4
_TWO_WRONG_FROM: Final = 8
"""Letters of a month's name that may have one wrong letter, or two."""

_BEFORE: Final = 48
"""Characters in front of a date, on its line, that say what it is."""

_BIRTH: Final = re.compile(r"\bne(?:\(e\)|e)?\b|\bnaiss|\bddn\b|\bborn\b|\bdob\b|\bbirth")

_NOT_ITS_OWN: Final = re.compile(
    r"valable|jusqu'au|expir|rendez-vous|\brdv\b|prochain|peremption|anterieur|precedent|compar|celui du|prevu|appointment|next|valid until"
)

_ITS_OWN: Final = (
    (re.compile(r"[a-z] ?[,.] ?le ?:? ?$|\bfait a [a-z' -]+ le ?:? ?$"), 0.95),  # "Lyon, le", "Fait à Lyon le"
    (re.compile(r"^ *le ?$"), 0.9),  # with a colon it is the end of a label
    (re.compile(r"(?:preleve|prelevement|collect|examen|consultation|discharge|sortie|prescription)[^\d]{0,24}$"), 0.92),
    (re.compile(r"\bdate[^\d]{0,24}$"), 0.9),
    (re.compile(r"\b(?:edite|imprime|recu|received|reported|printed|enregistre)[^\d]{0,12}$"), 0.7),
    (re.compile(r"\b(?:le|du) ?:? ?$"), 0.7),
)

_FIRST_YEAR: Final = 1900


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date in a text, how likely it is the paper's own (0–1), and whether it is somebody's birth date."""

    day: date
    confidence: float
    written: str
    """As it stands in the folded text."""
    is_birth: bool = False


def find_dates(folded: str, today: date) -> list[FoundDate]:
    """Return the dates in a folded text in reading order, without birth dates and without those after `today`."""
    found = _found(folded, today)
    births = {item.day for item in found if item.is_birth}
    return [item for item in found if item.day not in births and item.day <= today]


def find_births(folded: str, today: date) -> list[FoundDate]:
    """Return the birth dates in a folded text, in reading order."""
    return [item for item in _found(folded, today) if item.is_birth and item.day <= today]


def _found(folded: str, today: date) -> list[FoundDate]:
    lines = ((line, _MISREAD.sub(_mended, line)) for line in _WRAPPED.sub(" ", folded).splitlines())
    return [_judged(match, day, line) for line, mended in lines for match, day in _written(mended, today)]


def _mended(match: re.Match[str]) -> str:
    """Return what looks like a date with its digits and its month as they were meant, in as many characters; as it was if it is none."""
    written = match.group()
    if sum(map(str.isdigit, written)) < _DIGITS_READ:
        return written
    if match["mark"]:
        return written.translate(_LOOKALIKE)
    day, word, year = written.split()
    return f"{day.translate(_LOOKALIKE)} {_month_meant(word)} {year.translate(_LOOKALIKE)}"


@lru_cache(maxsize=1024)
def _month_meant(word: str) -> str:
    """Return the month that a word of its length may be a misreading of, or the word: `jnin`, `sepfembre`."""
    for month in (name for name in _MONTHS if len(name) == len(word) and len(name) >= _ONE_WRONG_FROM):
        wrong = sum(a != b for a, b in zip(word, month, strict=True))
        if wrong <= (2 if len(month) >= _TWO_WRONG_FROM else 1):
            return month
    return word


def _written(line: str, today: date) -> Iterator[tuple[re.Match[str], date]]:
    for match in _WRITTEN.finditer(line):
        day = _date_of(match, today)
        if day is not None and day.year >= _FIRST_YEAR:
            yield match, day


def _date_of(match: re.Match[str], today: date) -> date | None:
    parts = match.groupdict()
    year, month, day = (
        next(parts[key] for key in keys if parts[key])
        for keys in (
            ("iso_year", "year", "name_year", "us_year"),
            ("iso_month", "month", "name", "us_name"),
            ("iso_day", "day", "name_day", "first", "us_day"),
        )
    )
    try:
        return date(_full_year(year, today), _MONTHS.get(month) or int(month), int(day) if day.isdigit() else 1)
    except ValueError:
        return None


def _full_year(year: str, today: date) -> int:
    """Return the year of two or four digits; two mean the latest such year that is not after this one."""
    if len(year) == 4:
        return int(year)
    century = today.year - today.year % 100
    return century + int(year) - (100 if int(year) > today.year % 100 else 0)


def _judged(match: re.Match[str], day: date, line: str) -> FoundDate:
    before, written = match.string[max(0, match.start() - _BEFORE) : match.start()], line[match.start() : match.end()]
    if _is_birth(before):
        return FoundDate(day, 0.0, written, is_birth=True)
    if _NOT_ITS_OWN.search(before):
        return FoundDate(day, 0.2, written)
    return FoundDate(day, next((confidence for pattern, confidence in _ITS_OWN if pattern.search(before)), 0.5), written)


def _is_birth(before: str) -> bool:
    """Whether the words before a date speak of a birth, and no other date stands in between."""
    births = list(_BIRTH.finditer(before))
    return bool(births) and not _WRITTEN.search(before, births[-1].end())
