"""What becomes of bundles, and who is reached by what."""

import pytest

from monespace_cli.record.exchange import is_reached

CLINIC, STICK = {"zoé", "paul"}, {"léo"}


@pytest.mark.parametrize(
    ("contact", "mine", "expected"),
    [("zoé", CLINIC, True), ("léo", CLINIC, False), ("zoé", set(), False), ("ali", set(), True), ("ali", CLINIC, False)],
)
def test_a_remote_that_names_nobody_is_for_those_whom_no_other_names(contact: str, mine: set[str], expected: bool) -> None:
    assert is_reached(contact, mine, [CLINIC, STICK, set()]) is expected
