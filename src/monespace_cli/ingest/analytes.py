"""Results of analyses in a text, one a line as laboratories print them: name, value, unit, reference range. Pure functions.

A line counts if its name is one of a list, despite a wrong letter, and a value with a unit or a reference range follows. Numbers are kept
as printed: a decimal comma tells nobody's meaning, and a person compares with the paper.
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final

from monespace_cli.record.text import fold

DATA: Final = "analytes-2026-11.txt"

_NUMBER: Final = r"[<>]? ?\d{1,7}(?:[.,]\d{1,4})?"

_UNIT: Final = (
    r"(?:[GTM]iga|[TG]era|[GT]|[mµunpf]?mol|[mµunkd]?g|m?[UI]{1,2}|m?UI|mUI|kUI|[fpd]?L|mL|10\^?\d+|%|mm|sec|s|ratio|pg|fL|pmol|nmol|umol|ug|ng)"
    r"(?:/(?:[mdµ]?L|ml|min|mm3|h|mmol|g|24h)(?:/1[.,]73 ?m[²2])?)?"
)

_RANGE: Final = (
    r"(?P<low>\d+(?:[.,]\d+)?) ?(?:-|–|à|a) ?(?P<high>\d+(?:[.,]\d+)?)|<+ ?(?P<below>\d+(?:[.,]\d+)?)|> ?(?P<above>\d+(?:[.,]\d+)?)"
)

_ROW: Final = re.compile(
    rf"^(?P<name>[^\W\d_][^:|]*?)[\s.:·…_]+(?P<value>{_NUMBER})(?: ?[HBLN*+-])?(?: ?(?P<unit>{_UNIT})(?![\w]))?(?: ?[*HB])?"
    rf"(?:[ (\[]*(?:N ?:? ?)?(?:{_RANGE}))?"
)

_FAR_ABOVE: Final = 3
"""Times the upper end of its range."""

_WITHOUT_COMMA: Final = 0.3
"""What is left of the confidence in a value whose decimal comma was probably not read."""

_LONGEST_LINE: Final = 160


@dataclass(frozen=True, slots=True)
class FoundAnalyte:
    """A result as printed; `unit`, `low` and `high` are empty where the line has none. `confidence` 0–1."""

    name: str
    value: str
    unit: str
    low: str
    high: str
    confidence: float
    line: int = 0
    """Counted from 1."""


def find_analytes(text: str) -> list[FoundAnalyte]:
    """Return the results in a text, in reading order."""
    lines = enumerate(text.splitlines(), 1)
    return [replace(found, line=number) for number, line in lines if len(line) <= _LONGEST_LINE and (found := _in_line(line.strip()))]


def _in_line(line: str) -> FoundAnalyte | None:
    match = _ROW.match(line)
    if match is None:
        return None
    name = match["name"].strip(" .:·…_-")
    likeness = _likeness(" ".join(re.findall(r"[a-z0-9]+", fold(name))))
    low, high = match["low"] or match["above"] or "", match["high"] or match["below"] or ""
    if not likeness or not (match["unit"] or low or high):
        return None
    value = match["value"].strip()
    confidence = likeness * (0.95 if low or high else 0.8) * (_WITHOUT_COMMA if _lost_its_comma(value, high) else 1)
    return FoundAnalyte(name, value, match["unit"] or "", low, high, confidence)


def _lost_its_comma(value: str, high: str) -> bool:
    """Tell whether a value is far above a range that has decimals, and would not be with as many: `182` beside `13,0 - 18,0`.

    A value may be that high, so it stays as it was read; nobody should take it for sure.
    """
    decimals = len(high.replace(",", ".").partition(".")[2])
    if not decimals or not value.isdigit():
        return False
    most = _FAR_ABOVE * float(high.replace(",", "."))
    return int(value) > most >= int(value) / 10.0**decimals


@cache
def _likeness(key: str) -> float:
    """Return how much a folded name is like a known one, 0–1; 0 if it is not."""
    from rapidfuzz import process
    from rapidfuzz.distance import OSA

    if key in _names() or any(key.startswith(f"{name} ") for name in _names()):  # `Vitamine D (25-OH)`
        return 1.0
    if len(key) < 5:
        return 0.0
    best = process.extractOne(key, _names(), scorer=OSA.normalized_similarity, score_cutoff=0.8)
    return best[1] if best else 0.0


@cache
def _names() -> tuple[str, ...]:
    lines = files("monespace_cli.ingest").joinpath("data", DATA).read_text("utf-8").splitlines()
    return tuple(line for line in lines if not line.startswith("#"))
