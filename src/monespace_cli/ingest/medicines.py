"""Medicines named in a text, with their strength: known names despite a wrong letter, and what is written as a medicine is. Pure functions.

Known are the substances and brands of a dated list beside this module. A name counts where a strength follows it or where it is in
capitals, as prescriptions have it; a substance before its brand in brackets (`Salbutamol (VENTOLINE)`) is the same medicine. What is in
capitals in front of a strength is a medicine even if it is not in the list, only less surely.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from monespace_cli.record.text import fold

DATA: Final = "medicines-2026-11.txt"

_STRENGTH: Final = re.compile(
    r"\d{1,3}(?:[   ]\d{3})*(?:[.,]\d+)?(?: ?/ ?\d+(?:[.,]\d+)?)? ?"
    r"(?:mg|microgrammes?|micrograms?|µg|ug|mcg|g|ml|UI|U\.I\.|%|unités?|MUI)\b(?: ?/ ?(?:\d+(?:[.,]\d+)? ?)?(?:mg|µg|ml|g|dose|h|24 ?h))?"
    r"|\d+(?:[.,]\d+)? ?%",
    re.IGNORECASE,
)

_WORD: Final = re.compile(r"[^\W_][\w'’-]*")

_UNLISTED: Final = re.compile(r"(?:^|[-–•)(.] ?)(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ'’-]{3,30}(?: [A-ZÀ-Þ][A-ZÀ-Þ0-9'’-]{0,20}){0,2})\)? $")
"""Words in capitals that begin a line or an item, in front of a strength."""

_LONGEST: Final = 3
"""Words of the longest name."""

_FUZZY_FROM: Final = 6
"""Letters that a name has at least if a wrong one is forgiven; from ten on, two are."""

_REACH: Final = 24
"""Characters between a name and its strength at most."""

_BETWEEN: Final = re.compile(r"[\W_]*(?:inhaler|tablets?|capsules?)?[\W_]*")

_ORDINARY: Final = frozenset({"fer", "potassium", "magnesium", "calcium", "lithium", "resine", "progesterone", "testosterone", "estradiol"})
"""Substances that are measured in blood as well: only a strength makes a medicine of them."""


@dataclass(frozen=True, slots=True)
class FoundMedicine:
    """A medicine as the list spells it (brands in capitals) or as printed, its strength as printed, and how sure that is, 0–1."""

    name: str
    strength: str
    substance: str
    confidence: float
    line: int = 0
    """Counted from 1."""


def find_medicines(text: str) -> list[FoundMedicine]:
    """Return the medicines named in a text, each once, in order of first appearance."""
    found: dict[str, FoundMedicine] = {}
    for number, line in enumerate(text.splitlines(), 1):
        for medicine in _in_line(line):
            key = fold(medicine.name)
            if key not in found or (medicine.strength and not found[key].strength):
                found[key] = replace(medicine, line=number)
    return list(found.values())


def _in_line(line: str) -> Iterator[FoundMedicine]:
    words = list(_WORD.finditer(line))
    taken: set[int] = set()
    index = 0
    while index < len(words):
        count, name, confidence = _listed_at(words, index)
        start, index = words[index].start(), index + max(1, count)
        end = words[index - 1].end()
        if not count or (line[end : end + 2] == " (" and _listed_at(words, index)[0]):  # no medicine, or a substance before its brand
            continue
        strength = _strength_after(line, end)
        if strength:
            taken.add(strength.start())
            yield FoundMedicine(name, strength.group(), _names()[fold(name)][1], confidence)
        elif line[start:end].isupper() and fold(name) not in _ORDINARY:
            yield FoundMedicine(name, "", _names()[fold(name)][1], confidence - 0.1)
    yield from _unlisted(line, taken)


def _strength_after(line: str, end: int) -> re.Match[str] | None:
    """Return the strength that follows a name, with nothing in between but brackets, a comma, or the word for an inhaler."""
    match = _STRENGTH.search(line, end, end + 2 * _REACH)
    return match if match and _BETWEEN.fullmatch(line[end : match.start()]) else None


def _unlisted(line: str, taken: set[int]) -> Iterator[FoundMedicine]:
    for match in _STRENGTH.finditer(line):
        before = _UNLISTED.search(line[: match.start()])
        if before and match.start() not in taken:
            yield FoundMedicine(before["name"], match.group(), "", 0.6)


def _listed_at(words: list[re.Match[str]], index: int) -> tuple[int, str, float]:
    """Return how many words from this one on are a listed name, which, and how sure that is; 0 words if none is."""
    for count in range(min(_LONGEST, len(words) - index), 0, -1):
        group = words[index : index + count]
        key = " ".join(fold(word.group()) for word in group)
        if key in _names():
            return count, _names()[key][0], 0.95
        if len(key) >= _FUZZY_FROM and group[0].group()[0].isupper() and _is_lettered(group) and (near := _nearest(key)):
            return count, _names()[near][0], 0.8
    return 0, "", 0.0


def _is_lettered(group: list[re.Match[str]]) -> bool:
    """Whether each word begins like one: `RAMIPRIL 2` is not a misread `RAMIPRIL`, but its strength."""
    return all(word.group()[0].isalpha() for word in group)


@cache
def _nearest(key: str) -> str | None:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    wrong = 2 if len(key) >= 10 else 1
    best = process.extractOne(key, _long_names(), scorer=OSA.distance, score_cutoff=wrong)
    return best[0] if best else None


@cache
def _long_names() -> tuple[str, ...]:
    return tuple(name for name in _names() if len(name) >= _FUZZY_FROM)


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Return the listed names and the substance of each, by their folded form."""
    names: dict[str, tuple[str, str]] = {}
    for line in files("monespace_cli.ingest").joinpath("data", DATA).read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        substance, _, brands = line.partition(": ")
        substance = substance.rstrip(":")
        for name in (substance, *brands.split(", ")):
            if name and name != "vaccin":
                names.setdefault(fold(name), (name if name.isupper() else name.upper(), substance))
    return names
