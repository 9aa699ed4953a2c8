"""Proposes what a paper is: its kind, date, author, patient, heading, medicines, results. Candidates only, each with how sure it is.

Pure functions of the text; the modules named after each field hold the rules, and a person decides. Only the first pages are looked at:
what a paper is, it says early.
"""

import re
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from monespace_cli.ingest.analytes import find_analytes
from monespace_cli.ingest.dates import find_births, find_dates
from monespace_cli.ingest.kinds import score_kind
from monespace_cli.ingest.medicines import find_medicines
from monespace_cli.ingest.patients import CIVIL_TITLE, find_patients
from monespace_cli.ingest.practitioners import find_practitioners
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
_LAST_DAY: Final = 0.9
_YEARS_APART: Final = 10
"""A date that is so much older than another one of the same paper is a birth whose label was not read, or of the patient's history."""
_PRACTITIONER: Final = 0.5
"""How sure it is at least that somebody is a practitioner, if they are no patient."""
_LISTED: Final = 0.75
"""A medicine that is surer than this is one of the lists."""
_LAST_ENTRY: Final = 0.7
_EARLIER_ENTRY: Final = 0.3
"""How sure it is that who made an entry of a vaccination record is its author."""


def find_fields(pages: Sequence[Page], today: date) -> tuple[Candidate, ...]:
    """Return candidates for `kind`, `date`, `practitioner`, `title`, `patient`, `birth-date`, `medicine` and `analyte`.

    Dates after `today` are no candidates. A kind is always proposed, if only `other`; the rest only where something was found.
    """
    read = [(page.number, page.text[:_CHARACTERS_READ]) for page in pages[:_PAGES_READ]]
    kind, confidence = _kind("\n".join(text for _, text in read))
    practitioners = tuple(_practitioner_candidates(read, kind, today))
    return (
        Candidate("kind", kind, confidence),
        *_date_candidates(read, kind, today),
        *practitioners,
        *_title_candidates(read),
        *_patient_candidates(read, today, {found.value for found in practitioners if found.confidence >= _PRACTITIONER}),
        *(_analyte_candidates(read) if kind is Kind.BIOLOGY else _medicine_candidates(read, kind, today)),
    )


def _kind(text: str) -> tuple[Kind, float]:
    """Return what a paper is and how sure that is; what no words tell of and that names a medicine with its strength is a prescription."""
    kind, confidence = score_kind(fold(text))
    if kind is Kind.OTHER and any(found.strength and found.confidence > _LISTED for found in find_medicines(text)):
        return Kind.PRESCRIPTION, 0.5
    return kind, confidence


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
        yield replace(candidate, confidence=_sure_of_day(candidate.confidence, kind, day, last or day))


def _sure_of_day(confidence: float, kind: Kind, day: date, last: date) -> float:
    """Return how sure a date is in sight of the last one: an entry's of a vaccination record, or one that is too old to be the paper's."""
    if kind is Kind.VACCINATION:
        return _LAST_DAY if day == last else min(confidence, 0.5)
    return confidence if last.year - day.year <= _YEARS_APART else min(confidence, 0.4)


def _line_with(written: str, lines: Sequence[str]) -> int:
    """Return the first line, from 1, that holds what was written; 0 where it goes over two."""
    return next((number for number, line in enumerate(lines, 1) if written in line), 0)


def _practitioner_candidates(read: list[tuple[int, str]], kind: Kind, today: date) -> Iterator[Candidate]:
    for number, text in read:
        entries = _entries(text, today) if kind is Kind.VACCINATION else {}
        patients = (patient.name for patient in find_patients(text) if patient.confidence > CIVIL_TITLE)
        for found in find_practitioners(text, patients, entries):
            details = (("rpps", found.rpps), ("specialty", found.specialty))
            yield Candidate("practitioner", found.name, found.confidence, number, found.line, _said(details))


def _entries(text: str, today: date) -> dict[int, float]:
    """Return how likely each dated line of a vaccination record names its author: whoever made the last entry."""
    days = _days_of_lines(text, today)
    last = max(days.values(), default=None)
    return {number: _LAST_ENTRY if day == last else _EARLIER_ENTRY for number, day in days.items()}


def _days_of_lines(text: str, today: date) -> dict[int, date]:
    """Return the last day that stands on each line, by its number, where one does."""
    lines = {number: find_dates(fold(line), today) for number, line in enumerate(text.splitlines(), 1)}
    return {number: max(found.day for found in dates) for number, dates in lines.items() if dates}


def _patient_candidates(read: list[tuple[int, str]], today: date, practitioners: Container[str]) -> Iterator[Candidate]:
    """Yield births and patients; who has but a civil title and is named as a practitioner is no patient: `Rédigé par Mme Claire ROY`."""
    for number, text in read:
        folded = fold(text)
        for birth in find_births(folded, today):
            yield Candidate("birth-date", birth.day.isoformat(), _BIRTH, number, _line_with(birth.written, folded.splitlines()))
        for found in find_patients(text):
            if found.confidence > CIVIL_TITLE or found.name not in practitioners:
                yield Candidate("patient", found.name, found.confidence, number, found.line)


def _medicine_candidates(read: list[tuple[int, str]], kind: Kind, today: date) -> Iterator[Candidate]:
    """Yield medicines; those of a vaccination record with the day of their line."""
    for number, text in read:
        days = _days_of_lines(text, today) if kind is Kind.VACCINATION else {}
        for found in find_medicines(text, days):
            day = days.get(found.line)
            details = (
                ("strength", found.strength),
                ("substance", found.substance),
                ("lot", found.lot),
                ("date", day.isoformat() if day else ""),
            )
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
