"""Practitioners named in a text: what follows `Dr`, `Docteur`, `Pr`, `Professeur`, and who of them wrote the paper. Pure functions.

The name keeps its letters' case as printed; a family name in capitals that stands first is put last (`GUÉRIN Benoît` → `Benoît GUÉRIN`).
"""

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from monespace_cli.record.text import fold

_FAMILY: Final = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]+"
_MORE_FAMILY: Final = r"(?: [A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{2,}){0,2}"  # two letters behind a name are a scanner's noise more often than a name
_GIVEN: Final = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:-[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)*"
_INITIAL: Final = r"[A-ZÀ-ÖØ-Þ]\.(?:-?[A-ZÀ-ÖØ-Þ]\.)?"
_PARTICLE: Final = r"(?:(?:d[eu]s?|la|le|van|von|el|ben|d['’]) )?"

_NAME: Final = "|".join(
    (
        rf"(?:{_GIVEN}|{_INITIAL}) (?:(?:{_GIVEN}|{_INITIAL}) )?{_PARTICLE}{_FAMILY}{_MORE_FAMILY}",
        rf"{_FAMILY}{_MORE_FAMILY}(?: {_GIVEN})?",
        rf"(?:{_GIVEN}|{_INITIAL}) {_PARTICLE}{_GIVEN}",
        _GIVEN,
    )
)

_TITLED: Final = re.compile(
    rf"\b(?:[Dd]octeure?|DOCTEURE?|Doctor|D[rR]e?\.?|P[rR]\.?|[Pp]rofesseure?|PROFESSEURE?|Professor|Prof\.?)[ :]+(?P<name>{_NAME})"
)

_NO_NAME: Final = frozenset(
    (
        *("adeli", "finess", "rpps", "am", "no", "tel", "fax", "telephone", "date"),
        *("identification", "patient", "service", "secretariat", "cabinet", "centre", "hopital"),
    )
)
"""Words that follow a name on its line, and are not part of it (folded)."""

_BEFORE_A_DATE: Final = frozenset({"Le", "Du"})  # as written: LE and DU begin family names

_BEFORE: Final = 40

_ADDRESSED: Final = re.compile(r"attention|cher|chere|dear|destinataire|copie|adresse par|medecin traitant|referr|\bgp\b|\bto\b")
_ASKED: Final = re.compile(r"prescripteur|prescri|requested|demande|traitant")

_HEAD_LINES: Final = 8


@dataclass(frozen=True, slots=True)
class FoundName:
    """A practitioner's name and how likely this is the paper's author, 0–1."""

    name: str
    confidence: float
    line: int
    """Of its first appearance, counted from 1."""


def find_practitioners(text: str) -> list[FoundName]:
    """Return the practitioners named in a text, each once, in order of first appearance.

    More likely the author: in the first lines (the letterhead), and named again (the signature). Less likely: whom a letter is addressed
    to, or who only asked for the examination.
    """
    scores: dict[str, FoundName] = {}
    printed = [(place, line) for place, line in enumerate(text.splitlines(), 1) if line.strip()]
    for number, (place, line) in enumerate(printed):
        for match in _TITLED.finditer(line):
            name = in_order(_without_noise(_cut(match["name"]), text))
            if not name:
                continue
            before = fold(line[max(0, match.start() - _BEFORE) : match.start()])
            likely = _likelihood(before, in_head=number < _HEAD_LINES, is_full=" " in name)
            key = fold(name)
            known = scores.get(key)
            again = known and replace(known, confidence=min(0.95, max(known.confidence, likely) + 0.1))
            scores[key] = again or FoundName(name, likely, place)
    return list(scores.values())


def _likelihood(before: str, *, in_head: bool, is_full: bool) -> float:
    if _ADDRESSED.search(before):
        return 0.15
    likely = 0.8 if in_head else 0.55
    if _ASKED.search(before):
        likely -= 0.2
    return likely if is_full else likely / 2


def _cut(name: str) -> str:
    """Return a name up to the first word that is none."""
    kept: list[str] = []
    for word in name.split():
        if word in _BEFORE_A_DATE or fold(word).strip("-'") in _NO_NAME:
            break
        kept.append(word)
    return " ".join(kept)


def _without_noise(name: str, text: str) -> str:
    """Return a name without words in capitals behind its family name that stand nowhere else: bar codes and logos are read as such."""
    words = name.split()
    given = next((index for index, word in enumerate(words) if not word.isupper()), len(words))
    first = next((index for index, word in enumerate(words) if index > given and word.isupper() and len(word) > 3), len(words))
    kept = [word for index, word in enumerate(words) if index <= first or not word.isupper() or len(_same_word(word).findall(text)) > 1]
    return " ".join(kept)


@cache
def _same_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")


def in_order(name: str) -> str:
    """Return a name with the given name first: a first word in capitals before a last one that is not is the family name."""
    *family, given = name.split() or [""]
    if family and family[0].isupper() and len(family[0]) > 1 and "." not in family[0] and not given.isupper():
        return " ".join([given, *family])
    return name
