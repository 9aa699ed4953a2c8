"""Medicines named in a text, with their strength: known names despite a wrong letter, and what is written as a medicine is. Pure functions.

Known are the substances and brands of the dated lists beside this module. A name counts where a strength follows it or where it is in
capitals, as prescriptions have it; a substance before its brand in brackets (`Salbutamol (VENTOLINE)`) is the same medicine. A misread name
needs its strength: people and towns have names in capitals too, a letter away from a brand's; only vaccines are printed without one. What
is in capitals in front of a strength is a medicine even if it is in no list, only less surely. A name is the brand alone: the number behind
a vaccine's (`PREVENAR 20`, `ENGERIX B20`) is its strength. English papers name the device with it (`Salbutamol inhaler`).
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import zip_longest
from typing import Final

from monespace_cli.record.text import fold

DATA: Final = ("medicines-2026-11.txt", "medicines-2022-04.txt")
"""The lists by their dates; where both have a name, the first one's spelling holds."""

_NUMBER: Final = r"(?<![\d.,])(?:\d{1,3}(?:[   ]\d{3})+|\d+)(?:[.,]\d+)?"
_STRENGTH: Final = re.compile(
    rf"{_NUMBER}(?: ?/ ?\d+(?:[.,]\d+)?)? ?(?:mg|microgrammes?|micrograms?|µg|ug|mcg|g|ml|UI|U\.I\.|unités?|MUI)\b(?! ?/ ?(?:[dc]?L|min)\b)"
    rf"(?: ?/ ?(?:\d+(?:[.,]\d+)? ?)?(?:mg|µg|ml|g|dose|h|24 ?h))?|{_NUMBER} ?%",
    re.IGNORECASE,
)
"""An amount, or one in another; what is in a litre or goes by the minute is a result."""

_WORD: Final = re.compile(r"[^\W_][\w'’-]*")

_IN_CAPITALS: Final = r"(?P<name>[A-ZÀ-Þ][A-ZÀ-Þ'’-]{3,30}(?: [A-ZÀ-Þ][A-ZÀ-Þ0-9'’-]{0,20}){0,2})\)? $"
_UNLISTED: Final = re.compile(rf"(?:^|[-–•)(.] ?){_IN_CAPITALS}")
_UNLISTED_WITHIN: Final = re.compile(rf"[a-zà-ÿ,;]['’ ] ?{_IN_CAPITALS}")
"""Words in capitals in front of a strength: that begin a line or an item; or within a sentence, for the units that only medicines have."""

_WEIGHED: Final = re.compile(r"mg|µg|ug|mcg|microg|UI|U\.I\.", re.IGNORECASE)

_SHOT: Final = re.compile(
    r"(?<![\w-])(?!HÉPATITE|HEPATITE|GRIPPE|ROUGEOLE|TÉTANOS|TETANOS|RAPPEL|VACCIN|COVID)[A-ZÀ-Þ][A-ZÀ-Þ-]{4,20}(?![\w-])"
)
"""What may be a vaccine's name in a row of a vaccination record: no disease."""

_LONGEST: Final = 3
"""Words of the longest name."""

_ALIKE_FROM: Final = 4
_FUZZY_FROM: Final = 6
_TWO_WRONG_FROM: Final = 10
"""Letters that a name has at least if letters that look alike, any wrong one, or two wrong ones are forgiven."""

_REACH: Final = 24
"""Characters between a name and its strength at most."""

_BETWEEN: Final = re.compile(r"[\W_]*(?P<device>inhaler|nasal spray|eye drops|nebules)?(?:tablets?|capsules?)?[\W_]*", re.IGNORECASE)

_GLUED: Final = re.compile(r"(?<=[^\W\d_]{4})(?=\d{1,4}(?:[.,]\d+)? ?(?:mg|g|µg|ml|UI|%|microgrammes?)\b)", re.IGNORECASE)
"""Where a scanner lost the space between a name and its strength."""

_NUMBERED: Final = re.compile(r" (?P<number>[A-Z]?\d{1,4})(?![\w/.,-])")
"""The number behind a vaccine's name: of strains, or of units."""

VACCINE: Final = "vaccin"
"""What the list has in the place of a vaccine's substance."""

_LOT: Final = re.compile(r"\b[Ll](?:ot|OT)\b[ :n°]*([A-Z0-9][A-Z0-9-]{2,14})|(?<![\w/])([A-Z]{1,3}\d{3,7}[A-Z]?)(?![\w/])")

_LOOKALIKES: Final = (("rn", "m"), ("vv", "w"), ("cl", "d"), ("ii", "u"))
_LOOKALIKE: Final = str.maketrans("015689|l", "oisbbgii")
"""What scanners take for each other: both readings of a name have the same form when each is replaced by the other."""

_ORDINARY: Final = frozenset(
    (
        *("fer", "potassium", "magnesium", "calcium", "lithium", "zinc", "cuivre", "cobalt", "selenium", "manganese", "fluor", "phosphore"),
        *("albumine", "glucose", "insuline", "resine", "progesterone", "testosterone", "estradiol", "cortisone", "nicotine", "digoxine"),
        *("alma", "antigone", "diane", "divina", "jasmine", "melodia", "minerva", "sylviane", "thais"),
    )
)
"""What is measured in blood as well, and given names: only a strength makes a medicine of them."""


@dataclass(frozen=True, slots=True)
class FoundMedicine:
    """A medicine as the list spells it (brands in capitals) or as printed, its strength as printed, and how sure that is, 0–1."""

    name: str
    strength: str
    substance: str
    confidence: float
    line: int = 0
    """Counted from 1."""
    lot: str = ""
    """Of a vaccine, where it stands behind it on its line."""


def find_medicines(text: str, shots: Container[int] = ()) -> list[FoundMedicine]:
    """Return the medicines named in a text, each once, in order of first appearance.

    `shots` are the lines (from 1) that are rows of a vaccination record.
    """
    found: dict[str, FoundMedicine] = {}
    lines = text.splitlines()
    for number, (line, after) in enumerate(zip_longest(lines, lines[1:], fillvalue=""), 1):
        whole = f"{line} {wrapped.group()}" if (wrapped := _STRENGTH.match(after)) else line
        for medicine in list(_in_line(_GLUED.sub(" ", whole))) or (_shot(line) if number in shots else ()):
            key = fold(medicine.name)
            if key not in found or (medicine.strength and not found[key].strength):
                found[key] = replace(medicine, line=number)
    return list(found.values())


def _in_line(line: str) -> Iterator[FoundMedicine]:
    words = list(_WORD.finditer(line))
    taken: set[int] = set()
    index = 0
    while index < len(words):
        count, name, confidence = _listed_at(line, words, index)
        start, index = words[index].start(), index + max(1, count)
        end = words[index - 1].end()
        if not count or (line[end : end + 2] == " (" and _listed_at(line, words, index)[0]):  # no medicine, or a substance before its brand
            continue
        substance = _names()[fold(name)][1]
        if strength := _strength_after(line, end):
            taken.add(strength.start())
            yield FoundMedicine(_with_device(name, line[end : strength.start()]), strength.group(), substance, confidence)
        elif line[start:end].isupper() and fold(name) not in _ORDINARY:
            name, number = _numbered(name, line[end:]) if substance == VACCINE else (name, "")
            lot = _LOT.search(line, end) if substance == VACCINE else None
            yield FoundMedicine(name, number, substance, confidence - 0.1, lot=lot[1] or lot[2] if lot else "")
    yield from _unlisted(line, taken)


def _numbered(name: str, rest: str) -> tuple[str, str]:
    """Return a vaccine's brand and the number behind it, which may be part of the name as listed: `GARDASIL 9`."""
    words = name.split()
    brand = [word for word in words if not any(letter.isdigit() for letter in word)]
    if len(brand) < len(words):
        return " ".join(brand), " ".join(words[len(brand) :])
    number = _NUMBERED.match(rest)
    return name, number["number"] if number else ""


def _with_device(name: str, between: str) -> str:
    match = _BETWEEN.fullmatch(between)
    return f"{name} {match['device'].upper()}" if match and match["device"] else name


def _strength_after(line: str, end: int) -> re.Match[str] | None:
    """Return the strength that follows a name, with nothing in between but brackets, a comma, or the word for a device or form."""
    match = _STRENGTH.search(line, end, end + 2 * _REACH)
    return match if match and _BETWEEN.fullmatch(line[end : match.start()]) else None


def _unlisted(line: str, taken: set[int]) -> Iterator[FoundMedicine]:
    for match in _STRENGTH.finditer(line):
        head = line[: match.start()]
        before = _UNLISTED.search(head) or (_WEIGHED.search(match.group()) and _UNLISTED_WITHIN.search(head))
        if before and match.start() not in taken:
            yield FoundMedicine(before["name"], match.group(), "", 0.6)


def _shot(line: str) -> Iterator[FoundMedicine]:
    """Yield the vaccine of a row that names none of the lists', where its lot stands behind it."""
    name = _SHOT.search(line)
    if name and (lot := _LOT.search(line, name.end())):
        yield FoundMedicine(name.group(), "", VACCINE, 0.5, lot=lot[1] or lot[2])


def _listed_at(line: str, words: list[re.Match[str]], index: int) -> tuple[int, str, float]:
    """Return how many words from this one on are a listed name, which, and how sure that is; 0 words if none is."""
    for count in range(min(_LONGEST, len(words) - index), 0, -1):
        group = words[index : index + count]
        key = " ".join(_folded(word.group()) for word in group)
        if key in _names():
            return count, _names()[key][0], 0.95
        if group[0].group()[0].isupper() and _is_lettered(group) and (near := _misread(key, _may_be(line, group))):
            return count, *near
    return 0, "", 0.0


def _may_be(line: str, group: list[re.Match[str]]) -> tuple[str, ...]:
    """Return the forms that these words may be a misreading of: any where a strength follows, vaccines where they are in capitals."""
    end = group[-1].end()
    if _strength_after(line, end):
        return _long_forms()
    return _vaccine_forms() if line[group[0].start() : end].isupper() else ()


@lru_cache(maxsize=4096)
def _folded(word: str) -> str:
    """Return a word folded; each is asked for once with every number of words behind it."""
    return fold(word)


def _is_lettered(group: list[re.Match[str]]) -> bool:
    """Whether each word begins like one: `RAMIPRIL 2` is not a misread `RAMIPRIL`, but its strength."""
    return all(word.group()[0].isalpha() for word in group)


def _misread(key: str, forms: tuple[str, ...]) -> tuple[str, float] | None:
    """Return the listed name that a word may be a misreading of, and how sure that is: by letters that look alike, or by any."""
    form = _form(key)
    if len(key) >= _ALIKE_FROM and form in _forms():
        return _names()[_forms()[form]][0], 0.9
    near = _nearest(form, forms) if forms and len(key) >= _FUZZY_FROM else None
    return (_names()[near][0], 0.8) if near else None


def _nearest(form: str, forms: tuple[str, ...]) -> str | None:
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    wrong = 2 if len(form) >= _TWO_WRONG_FROM else 1
    best = process.extractOne(form, forms, scorer=OSA.distance, score_cutoff=wrong)
    return _forms()[best[0]] if best else None


def _form(key: str) -> str:
    """Return a folded name with each letter replaced by the one of those it is mistaken for."""
    for pair, letter in _LOOKALIKES:
        key = key.replace(pair, letter)
    return key.translate(_LOOKALIKE)


@cache
def _forms() -> dict[str, str]:
    return {_form(name): name for name in reversed(_names())}


@cache
def _long_forms() -> tuple[str, ...]:
    return tuple(form for form, name in _forms().items() if len(name) >= _FUZZY_FROM)


@cache
def _vaccine_forms() -> tuple[str, ...]:
    return tuple(form for form in _long_forms() if _names()[_forms()[form]][1] == VACCINE)


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Return the listed names and the substance of each, by their folded form."""
    names: dict[str, tuple[str, str]] = {}
    folder = files("monespace_cli.ingest").joinpath("data")
    for line in (line for file in DATA for line in folder.joinpath(file).read_text("utf-8").splitlines()):
        if line.startswith("#"):
            continue
        substance, _, brands = line.partition(":")
        for name in (substance, *brands.strip().split(", ")):
            if name and name != VACCINE:
                names.setdefault(fold(name), (name.upper(), substance))
    return names
