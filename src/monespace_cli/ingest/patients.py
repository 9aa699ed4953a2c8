"""The patient that a paper names, for the warning before it is filed with somebody else. Pure functions."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest
from typing import Final

from monespace_cli.ingest.names import SMALL_WORDS, in_order
from monespace_cli.record.text import fold

_FAMILY: Final = rf"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{{1,30}}(?: {SMALL_WORDS}[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{{2,30}}){{0,2}}"
_GIVEN: Final = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]{1,20}(?:-[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]{1,20}){0,2}"
_INITIAL: Final = r"(?!M\.)[A-ZÀ-ÖØ-Þ]\.(?: ?-?[A-ZÀ-ÖØ-Þ]\.)?"  # `M.` says Monsieur
_FULL: Final = rf"(?:(?:{_GIVEN}|{_INITIAL}) {_FAMILY}|{_FAMILY} (?:{_GIVEN}|{_INITIAL}))"

_CIVIL: Final = r"(?:Madame|Monsieur|Mademoiselle|Mme/M\.|M\./Mme|Mme|Mlle|M\.|MME|MR|Mr|Mrs|Ms)"

_LABEL: Final = r"Patient(?:e|\(e\))?|PATIENT|Patient [Nn]ame|Re|Concerne|Bénéficiaire|Assuré"

CIVIL_TITLE: Final = 0.8
"""How sure a patient is whom only `Madame` or a birth date behind the name shows: practitioners are also called so."""

_PLACES: Final = (
    (
        re.compile(
            rf"\b(?:Patient(?:e|\(e\))?|PATIENT|Patient [Nn]ame|Re|Concerne|Bénéficiaire|Assuré) ?:? (?:{_CIVIL} )?(?P<name>{_FULL})"
        ),
        0.95,
    ),
    (re.compile(rf"\bexaminé(?:\(?e\)?)? (?:ce jour )?(?:{_CIVIL} )?(?P<name>{_FULL})"), 0.9),
    (re.compile(rf"\bpatient(?:e|\(e\))?,? (?:{_CIVIL} )?(?P<name>{_FULL})"), 0.85),
    (re.compile(rf"\b{_CIVIL} (?P<name>{_FULL})"), CIVIL_TITLE),
    (re.compile(rf"(?<![\w'-])(?P<name>{_FULL}),? né(?:e|\(e\))? le\b"), CIVIL_TITLE),
)

_WRAPPED: Final = re.compile(rf"\b(?:{_CIVIL}|ce jour)(?: {_GIVEN})?$")
"""A line's end in front of a name, or within it: `examiné ce jour Madame Anne` / `BRUN, née le`."""

_APART: Final = re.compile(rf"\bNom ?: ?(?P<family>{_FAMILY}).{{0,40}}?\bPrénoms? ?: ?(?P<given>{_GIVEN})", re.DOTALL)

_BOX: Final = re.compile(rf"[Ii]dentification du patient[^\n]*\n[^\n]*?(?P<name>{_FAMILY} {_GIVEN}) *(?:\n|$)")


@dataclass(frozen=True, slots=True)
class FoundPatient:
    """A patient's name, given name first, and how sure it is that this is the paper's patient, 0–1."""

    name: str
    confidence: float
    line: int
    """Counted from 1."""


def find_patients(text: str) -> list[FoundPatient]:
    """Return those whom a text names as its patient, each once, the surest first."""
    found: dict[str, FoundPatient] = {}
    for patient in _named(text):
        key = fold(patient.name)
        if key not in found or found[key].confidence < patient.confidence:
            found[key] = patient
    return sorted(found.values(), key=lambda patient: -patient.confidence)


def _named(text: str) -> Iterator[FoundPatient]:
    for match in _APART.finditer(text):
        yield FoundPatient(f"{match['given']} {match['family']}", 0.95, _line(text, match.start("family")))
    for match in _BOX.finditer(text):
        yield FoundPatient(in_order(match["name"]), 0.9, _line(text, match.start("name")))
    lines = text.splitlines()
    for number, (line, after) in enumerate(zip_longest(lines, lines[1:], fillvalue=""), 1):
        whole = f"{line} {after}" if _WRAPPED.search(line) else line
        for pattern, confidence in _PLACES:
            for match in pattern.finditer(whole):
                yield FoundPatient(in_order(match["name"]), confidence, number)


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1
