"""A chart of measurements, as the file that a person named with `-o`."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.measures import PRESSURE, Measure
from monespace_cli.render.chart import Chart, Series

FORMATS = (".png", ".svg")
_PARTS = ("systolique", "diastolique")


def chart_of(measures: Sequence[Measure], title: str = "") -> Chart:
    """Return the chart of measurements of one kind, at least one, oldest first.

    Without another title it speaks French, as the practitioner who is shown the file.
    """
    kind = measures[0].kind

    def points(part: int) -> tuple[tuple[datetime, float], ...]:
        return tuple((measure.moment, float(measure.values[part])) for measure in measures)

    labels = _PARTS if kind.name == PRESSURE else ("",)
    return Chart(title or f"{kind.label} ({kind.unit})", tuple(Series(label, points(part)) for part, label in enumerate(labels)))


def require_format(path: Path) -> None:
    """See that a chart's file name says which format it is to have.

    Raises:
        UsageError: it does not.
    """
    if path.suffix.lower() not in FORMATS:
        raise UsageError(_("a chart is written as .png or .svg"), hint=_("for example -o chart.svg"))


def chart_bytes(chart: Chart, path: Path) -> bytes:
    """Return a chart in the format of its file's name."""
    from monespace_cli.render.chart import drawing_of

    if path.suffix.lower() == ".svg":
        from monespace_cli.render.svg import svg

        return svg(drawing_of(chart))
    from monespace_cli.render.png import png

    return png(drawing_of(chart))
