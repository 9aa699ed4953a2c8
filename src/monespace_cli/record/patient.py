"""Whether a paper is about the person whose space it goes to: what it prints of its patient against their identity.

Filing somebody else's result is the danger, so only what can be explained by a scanner's slip, an accent or a married name counts as near.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from monespace_cli.record.document import Candidate
from monespace_cli.record.identity import Identity
from monespace_cli.record.text import fold

SURE = 0.8
"""Confidence from which a name printed on a paper is taken for its patient's."""


class PatientMatch(StrEnum):
    """How the patient on a paper compares with a person."""

    SAME = "same"
    NEAR = "near"
    """The same but for what a scanner misreads, a given name that is cut short, or a family name where the birth date is the same (a
    married name)."""
    OTHER = "other"
    UNNAMED = "unnamed"
    """The paper does not say."""


@dataclass(frozen=True, slots=True)
class PrintedPatient:
    """What a paper says of its patient; None for what it does not say."""

    name: str = ""
    """Given name first."""
    birth_date: date | None = None
    ins: str | None = None


def compare_patients(identity: Identity, printed: Iterable[PrintedPatient]) -> PatientMatch:
    """Return the best match among those whom a paper may be about."""
    found = {compare_patient(identity, patient) for patient in printed}
    order = (PatientMatch.SAME, PatientMatch.NEAR, PatientMatch.OTHER)
    return next((match for match in order if match in found), PatientMatch.UNNAMED)


def compare_patient(identity: Identity, printed: PrintedPatient) -> PatientMatch:
    """Return how one printed patient compares with a person.

    Birth names and those that somebody goes by count alike. The INS decides where both have one. Else the given name must be the same:
    twins share all but that. Its initial alone, or the first half of a double one (`Jean` for Jean-Éric), is near. A birth date of which
    more than one digit differs is another person's, whatever the name.
    """
    if identity.ins and printed.ins:
        return PatientMatch.SAME if identity.ins[:13] == printed.ins[:13] else PatientMatch.OTHER
    words = _words(printed.name)
    if not words:
        return PatientMatch.UNNAMED
    wrong = _wrong_digits(identity.birth_date, printed.birth_date)
    families = [_words(name) for name in (identity.family_name, identity.used_family_name) if name]
    givens = [_words(name) for name in (*identity.given_names, identity.used_given_name) if name]
    given = min(_distance_of_given(name, words, [part for family in families for part in family]) for name in givens)
    family = min(_distance_of(name, words) for name in families)
    if wrong > 1 or given > 1:
        return PatientMatch.OTHER
    if family > 1:
        return PatientMatch.NEAR if printed.birth_date == identity.birth_date else PatientMatch.OTHER
    return PatientMatch.NEAR if given or family or wrong else PatientMatch.SAME


def printed_patients(candidates: Iterable[Candidate]) -> list[PrintedPatient]:
    """Return whom a paper names as its patient, from what was read of it: each sure name, with the birth date and INS that stand there."""
    found = list(candidates)
    births = [date.fromisoformat(each.value) for each in found if each.field == "birth-date" and _is_day(each.value)]
    numbers = [each.value for each in found if each.field == "ins"]
    birth, ins = (births[0] if len(set(births)) == 1 else None), (numbers[0] if len(set(numbers)) == 1 else None)
    return [PrintedPatient(each.value, birth, ins) for each in found if each.field == "patient" and each.confidence >= SURE]


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z]+", fold(name))


def _distance_of(wanted: list[str], words: list[str]) -> int:
    """Return 0 where all the words wanted are among the others, 1 where they are but for one wrong letter in each long one, else 2."""
    if all(word in words for word in wanted):
        return 0
    return 1 if all(any(_is_slip(word, other) for other in words) for word in wanted) else 2


def _distance_of_given(wanted: list[str], words: list[str], family: list[str]) -> int:
    """Return the distance of a given name, which may be printed cut short: its initials, or the first part of a double one."""
    distance = _distance_of(wanted, words)
    if distance <= 1:
        return distance
    printed = [word for word in words if word not in family]
    initials = all(len(word) == 1 for word in printed) and bool(printed) and printed[0] == wanted[0][0]
    return 1 if initials or printed == wanted[:1] else distance


def _is_slip(word: str, other: str) -> bool:
    """Tell whether two words are the same but for a letter that is wrong, missing or too many; short ones must be the same."""
    if word == other:
        return True
    if min(len(word), len(other)) < 4:
        return False
    start = next((at for at, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), min(len(word), len(other)))
    rests = ((word[start + 1 :], other[start + 1 :]), (word[start + 1 :], other[start:]), (word[start:], other[start + 1 :]))
    return any(left == right for left, right in rests)


def _wrong_digits(wanted: date, printed: date | None) -> int:
    return 0 if printed is None else sum(a != b for a, b in zip(wanted.isoformat(), printed.isoformat(), strict=True))


def _is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True
