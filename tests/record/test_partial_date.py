from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import UsageError
from monespace_cli.record.partial_date import YEARS, PartialDate, exact, parse_partial_date


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2019", date(2019, 1, 1), date(2019, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("02/2023", date(2023, 2, 1), date(2023, 2, 28)),
        ("2019-05-17", date(2019, 5, 17), date(2019, 5, 17)),
        (" 17/05/2019 ", date(2019, 5, 17), date(2019, 5, 17)),
        ("7/5/2019", date(2019, 5, 7), date(2019, 5, 7)),
    ],
)
def test_a_date_is_as_exact_as_it_was_said(text: str, first: date, last: date) -> None:
    found = parse_partial_date(text)
    assert (found.first, found.last) == (first, last)


@pytest.mark.parametrize(
    "text",
    ["", "19", "20190517", "2019-13", "2019-02-30", "2019-00", "2019-05-00", "31/04/2019", "0000", "1849", "2200", "٢٠١٩", "2019/05"],
)
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_partial_date(text)


@given(st.dates(date(YEARS[0], 1, 1), date(YEARS[-1], 12, 31)), st.integers(1, 3))
def test_writing_and_reading_are_inverse(day: date, parts: int) -> None:
    partial = PartialDate(day.year, day.month if parts > 1 else None, day.day if parts > 2 else None)
    assert exact(day).first == exact(day).last == day
    assert parse_partial_date(str(partial)) == partial
    assert partial.first <= day <= partial.last
