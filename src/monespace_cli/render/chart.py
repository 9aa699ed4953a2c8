"""A chart over time, laid out as lines, dots and words: `svg` and `png` write them; `ui.chart` draws its own for a terminal."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

WIDTH, HEIGHT = 800, 450
LEFT, RIGHT, TOP, BOTTOM = 64, 96, 56, 48
"""Margins, in the same unit: the labels' place."""
INK, GRID, BLUE = "#1a1a1a", "#dddddd", "#0b57a4"
DOT_RADIUS = 3.5
TICKS = 5


@dataclass(frozen=True, slots=True)
class Series:
    """Points that belong together, oldest first; the label is empty where there is only one series."""

    label: str
    points: tuple[tuple[datetime, float], ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What is to be seen; every series has at least one point."""

    title: str
    series: tuple[Series, ...]

    @property
    def values(self) -> list[float]:
        """Every value of every series."""
        return [value for series in self.series for _moment, value in series.points]

    @property
    def moments(self) -> list[datetime]:
        """Every moment of every series."""
        return [moment for series in self.series for moment, _value in series.points]


@dataclass(frozen=True, slots=True)
class Line:
    """A line through points."""

    points: tuple[tuple[float, float], ...]
    colour: str
    width: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A filled circle."""

    x: float
    y: float
    colour: str


@dataclass(frozen=True, slots=True)
class Words:
    """Words on one line; `anchor` says where (x, y) lies: `start`, `middle` or `end`, on the base line."""

    x: float
    y: float
    text: str
    anchor: str = "start"
    size: int = 14


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn, in this order, on white; y runs downwards."""

    width: int
    height: int
    shapes: tuple[Line | Dot | Words, ...]


def drawing_of(chart: Chart) -> Drawing:
    """Return a chart laid out on WIDTH by HEIGHT."""
    levels = nice_ticks(min(chart.values), max(chart.values))
    first, last = min(chart.moments), max(chart.moments)

    def x(moment: datetime) -> float:
        return LEFT + share_of(moment, first, last) * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (value - levels[0]) / (levels[-1] - levels[0]) * (HEIGHT - TOP - BOTTOM)

    shapes: list[Line | Dot | Words] = [Words(LEFT, TOP - 28, chart.title, size=18)]
    for level in levels:
        shapes += [Line(((LEFT, y(level)), (WIDTH - RIGHT, y(level))), GRID, 1), Words(LEFT - 8, y(level) + 5, number(level), "end")]
    shapes += [Words(x(moment), HEIGHT - BOTTOM + 24, f"{moment:%d/%m/%Y}", "middle") for moment in time_ticks(first, last)]
    for series in chart.series:
        places = tuple((x(moment), y(value)) for moment, value in series.points)
        shapes.append(Line(places, BLUE, 2))
        shapes += [Dot(*place, BLUE) for place in places]
        if series.label:
            shapes.append(Words(places[-1][0] + 8, places[-1][1] + 5, series.label))
    return Drawing(WIDTH, HEIGHT, tuple(shapes))


def nice_ticks(low: float, high: float, count: int = TICKS) -> list[float]:
    """Return at least two evenly spaced numbers that hold `low` to `high` between them; a step is 1, 2 or 5 times a power of ten."""
    raw = (high - low) / count or abs(high) / count or 1.0
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= raw * (1 - 1e-9))
    start = math.floor(low / step)
    end = max(math.ceil(high / step), start + 1)
    return [round(index * step, 10) for index in range(start, end + 1)]


def time_ticks(first: datetime, last: datetime, count: int = TICKS) -> list[datetime]:
    """Return moments, evenly spaced, whose days differ."""
    if first.date() == last.date():
        return [first]
    return list(_spread(first, last, min(count, (last.date() - first.date()).days + 1)))


def share_of(moment: datetime, first: datetime, last: datetime) -> float:
    """Return how far a moment is between two others, 0 to 1; in the middle where there is no time between them."""
    return (moment - first) / (last - first) if last > first else 0.5


def number(value: float) -> str:
    """Return a tick's number, as short as it is exact."""
    return f"{value:.10g}".replace(".", ",")


def _spread(first: datetime, last: datetime, count: int) -> Iterator[datetime]:
    return (first + (last - first) * index / (count - 1) for index in range(count))
