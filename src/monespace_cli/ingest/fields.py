"""Proposes what a paper is: its kind, date, author, patient, heading, medicines, results. Candidates only, each with how sure it is.

Pure functions of the text; the modules named after each field hold the rules, and a person decides. Only the first pages are looked at:
what a paper is, it says early.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from monespace_cli.ingest.analytes import find_analytes
from monespace_cli.ingest.dates import find_births, find_dates
from monespace_cli.ingest.kinds import score_kind
from monespace_cli.ingest.medicines import find_medicines
from monespace_cli.ingest.names import find_practitioners
from monespace_cli.ingest.patients import find_patients
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Candidate, Page
from monespace_cli.record.text import fold

_PAGES_READ: Final = 3

_CHARACTERS_READ: Final = 20_000
"""Of each page: bounds the time that patterns take on a page full of text."""

_HEADING: Final = re.compile(
    r"\b(?:ordonnance|compte[ -]rendu|certificat|attestation|radiographie|echographie|scanner|irm|mammographie|carnet|lettre de liaison"
    r"|resultats|analyses|facture|note d'honoraires|bilan|report|summary|record|certificate|prescription|laboratoire)\b"
)

_HEADING_LINES: Final = 14
_BIRTH: Final = 0.8
"""How sure a birth date is: a paper may name a baby's and its mother's."""
_HEADING_WORDS: Final = 9


def find_fields(pages: Sequence[Page], today: date) -> tuple[Candidate, ...]:
    """Return candidates for `kind`, `date`, `practitioner`, `title`, `patient`, `birth-date`, `medicine` and `analyte`.

    Dates after `today` are no candidates. A kind is always proposed, if only `other`; the rest only where something was found.
    """
    read = [(page.number, page.text[:_CHARACTERS_READ]) for page in pages[:_PAGES_READ]]
    kind, confidence = score_kind(fold("\n".join(text for _, text in read)))
    return (
        Candidate("kind", kind, confidence),
        *_date_candidates(read, kind, today),
        *_practitioner_candidates(read),
        *_title_candidates(read),
        *_patient_candidates(read, today),
        *(_analyte_candidates(read) if kind is Kind.BIOLOGY else _medicine_candidates(read)),
    )


def _date_candidates(read: list[tuple[int, str]], kind: Kind, today: date) -> Iterator[Candidate]:
    """Yield each day once, at its most confident; a vaccination record bears the date of its last entry."""
    best: dict[date, Candidate] = {}
    for number, text in read:
        folded = fold(text)
        lines = folded.splitlines()
        for found in find_dates(folded, today):
            known = best.get(found.day)
            if known is None or found.confidence > known.confidence:
                best[found.day] = Candidate("date", found.day.isoformat(), found.confidence, number, _line_with(found.written, lines))
    last = max(best, default=None)
    for day, candidate in best.items():
        sure = candidate.confidence if kind is not Kind.VACCINATION else 0.9 if day == last else min(candidate.confidence, 0.5)
        yield replace(candidate, confidence=sure)


def _line_with(written: str, lines: Sequence[str]) -> int:
    """Return the first line, from 1, that holds what was written; 0 where it goes over two."""
    return next((number for number, line in enumerate(lines, 1) if written in line), 0)


def _practitioner_candidates(read: list[tuple[int, str]]) -> Iterator[Candidate]:
    for number, text in read:
        for found in find_practitioners(text):
            yield Candidate("practitioner", found.name, found.confidence, number, found.line)


def _patient_candidates(read: list[tuple[int, str]], today: date) -> Iterator[Candidate]:
    for number, text in read:
        folded = fold(text)
        for birth in find_births(folded, today):
            yield Candidate("birth-date", birth.day.isoformat(), _BIRTH, number, _line_with(birth.written, folded.splitlines()))
        for found in find_patients(text):
            yield Candidate("patient", found.name, found.confidence, number, found.line)


def _medicine_candidates(read: list[tuple[int, str]]) -> Iterator[Candidate]:
    for number, text in read:
        for found in find_medicines(text):
            details = (("strength", found.strength), ("substance", found.substance))
            yield Candidate("medicine", found.name, found.confidence, number, found.line, _said(details))


def _analyte_candidates(read: list[tuple[int, str]]) -> Iterator[Candidate]:
    for number, text in read:
        for found in find_analytes(text):
            details = (("value", found.value), ("unit", found.unit), ("low", found.low), ("high", found.high))
            yield Candidate("analyte", found.name, found.confidence, number, found.line, _said(details))


def _said(details: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    return tuple(pair for pair in details if pair[1])


_RULES: Final = " \t|_-–—=~·•*'"
"""What drawn lines, boxes and bullets beside a heading are read as."""


def _title_candidates(read: list[tuple[int, str]]) -> Iterator[Candidate]:
    """Yield the first line on the first page that reads like a heading: short, with a heading's word, and no date, number or name."""
    for number, text in read[:1]:
        lines = [(place, line.strip(_RULES)) for place, line in enumerate(text.splitlines(), 1) if line.strip(_RULES)]
        for place, line in lines[:_HEADING_LINES]:
            if _is_heading(line):
                yield Candidate("title", line, 0.8 if line.isupper() else 0.6, number, place)
                return


def _is_heading(line: str) -> bool:
    words = line.split()
    is_short = len(words) <= _HEADING_WORDS and not re.search(r"\d|:|\b(?:Dr|Docteur|Pr)\b", line)
    return is_short and not line.endswith((".", ",")) and _HEADING.search(fold(line)) is not None
