"""Candidates on their way from the child to its parent, as JSON. What comes back is outside data: every value is checked."""

from collections.abc import Iterable
from typing import Any, Final

from monespace_cli.bounds import limits
from monespace_cli.record.document import Candidate

FIELDS: Final = frozenset({"kind", "date", "title", "patient", "birth-date", "ins", "code", "cip13", "lot", "expiry"})
"""What the child may find by itself: in two-dimensional codes and in the headers of DICOM files."""


def to_json(candidates: Iterable[Candidate]) -> list[list[object]]:
    """Return candidates as lists of field, value and confidence."""
    return [[candidate.field, candidate.value, candidate.confidence] for candidate in candidates]


def from_json(answered: Any, page: int) -> tuple[Candidate, ...]:
    """Return the candidates of a page that the child answered.

    Raises:
        TypeError, ValueError: the answer is not what :func:`to_json` gives.
    """
    if len(answered) > limits.MAX_CANDIDATES_PER_PAGE:
        raise ValueError("too many candidates")
    return tuple(_checked(field, value, confidence, page) for field, value, confidence in answered)


def _checked(field: Any, value: Any, confidence: Any, page: int) -> Candidate:
    if field not in FIELDS or not isinstance(value, str) or not value.isprintable() or not 0.0 <= float(confidence) <= 1.0:
        raise ValueError("not a candidate")
    return Candidate(field, value, float(confidence), page)
