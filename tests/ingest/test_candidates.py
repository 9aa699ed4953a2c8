"""Candidates travel as JSON and are believed only in the form in which they were sent."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.bounds import limits
from monespace_cli.ingest.candidates import FIELDS, from_json, to_json
from monespace_cli.record.document import Candidate

PRINTABLE = st.text(st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp", "Zs"]))


@given(st.lists(st.builds(Candidate, st.sampled_from(sorted(FIELDS)), PRINTABLE, st.floats(0, 1), st.just(2))))
def test_what_goes_in_comes_out(candidates: list[Candidate]) -> None:
    assert from_json(json.loads(json.dumps(to_json(candidates))), 2) == tuple(candidates)


@pytest.mark.parametrize(
    "answered",
    [
        None,
        7,
        [["lot", "x"]],
        [["lot", "x", 1.0, 1]],
        [["practitioner", "x", 0.5]],
        [[["lot"], "x", 0.5]],
        [["lot", 7, 0.5]],
        [["lot", "\x1b[2J", 0.5]],
        [["lot", "two\nlines", 0.5]],
        [["lot", "x", 1.5]],
        [["lot", "x", float("nan")]],
        [["lot", "x", None]],
        [["lot", "x", 0.5]] * (limits.MAX_CANDIDATES_PER_PAGE + 1),
    ],
)
def test_anything_else_is_refused(answered: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        from_json(answered, 1)
