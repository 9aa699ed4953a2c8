from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.render.chart import Chart, Series
from monespace_cli.ui.chart import HEIGHT, MARK, chart_lines

START = datetime(2026, 1, 1)  # noqa: DTZ001 - wall clock, as measurements are


def chart(*values: float) -> Chart:
    return Chart("weight (kg)", (Series("", tuple((START + timedelta(days=30 * index), value) for index, value in enumerate(values))),))


def test_a_rising_line() -> None:
    lines = chart_lines(chart(70, 75), 40, 6)
    assert lines[0] == "weight (kg)"
    assert lines[1].startswith("75 ┤")
    assert lines[1].endswith(MARK)
    assert lines[6].startswith(f"70 ┤{MARK}")
    assert lines[-1].split() == ["2026-01-01", "2026-01-31"]


def test_one_measurement_is_a_mark() -> None:
    lines = chart_lines(chart(72.4), 40)
    assert sum(line.count(MARK) for line in lines) == 1
    assert lines[-1].split() == ["2026-01-01"]


@given(st.lists(st.floats(0.1, 1e5), min_size=1, max_size=20), st.integers(40, 200))
def test_it_fits_its_place(values: list[float], columns: int) -> None:
    lines = chart_lines(chart(*values), columns)
    assert len(lines) == HEIGHT + 3
    assert all(len(line) <= columns for line in lines)
    assert 1 <= sum(line.count(MARK) for line in lines) <= len(values)
