"""A chart for a terminal: the line in braille dots, two across and four down in each character, and a mark where something was measured."""

from collections.abc import Iterator
from itertools import pairwise

from monespace_cli.render.chart import Chart, nice_ticks, share_of

HEIGHT = 12
"""Lines of text."""
MARK = "●"
_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""Unicode, Braille Patterns: the bit of each dot, by row and column."""


def chart_lines(chart: Chart, columns: int, height: int = HEIGHT) -> list[str]:
    """Return a chart as lines of text, at most `columns` wide: title, picture with its scale, first and last day."""
    levels = nice_ticks(min(chart.values), max(chart.values))
    labels = {round((1 - (level - levels[0]) / (levels[-1] - levels[0])) * (height - 1)): f"{level:.10g}" for level in levels}
    margin = max(map(len, labels.values())) + 1
    width = max(columns - margin - 1, 10)
    picture = _picture(chart, levels[0], levels[-1], width, height)
    lines = [f"{labels.get(row, ''):>{margin - 1}} {'┤' if row in labels else '│'}{text}" for row, text in enumerate(picture)]
    first, last = f"{min(chart.moments):%Y-%m-%d}", f"{max(chart.moments):%Y-%m-%d}"
    axis = first if first == last else f"{first}{last:>{max(width - len(first), len(last) + 1)}}"
    return [chart.title, *lines, f"{'':>{margin}}└{'─' * width}", f"{'':>{margin + 1}}{axis}"]


def _picture(chart: Chart, low: float, high: float, width: int, height: int) -> list[str]:
    right, bottom = 2 * width - 1, 4 * height - 1
    first, last = min(chart.moments), max(chart.moments)
    cells = [[0] * width for _row in range(height)]
    marks: set[tuple[int, int]] = set()
    for series in chart.series:
        places = [(share_of(moment, first, last) * right, (high - value) / (high - low) * bottom) for moment, value in series.points]
        marks |= {(round(y) // 4, round(x) // 2) for x, y in places}
        for x, y in _dots(places):
            cells[y // 4][x // 2] |= _BITS[y % 4][x % 2]
    return [
        "".join(MARK if (row, column) in marks else chr(0x2800 + cell) if cell else " " for column, cell in enumerate(line)).rstrip()
        for row, line in enumerate(cells)
    ]


def _dots(places: list[tuple[float, float]]) -> Iterator[tuple[int, int]]:
    """Yield the dots of the lines between places, counted from the top left."""
    for (x, y), (to_x, to_y) in pairwise(places):
        steps = max(1, round(abs(to_x - x)), round(abs(to_y - y)))
        yield from ((round(x + (to_x - x) * step / steps), round(y + (to_y - y) * step / steps)) for step in range(steps))
