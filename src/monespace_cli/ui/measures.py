"""How measurements look: as JSON for scripts (fields are added, never renamed), as words for people."""

from typing import Any

from monespace_cli.i18n import _
from monespace_cli.record.measures import BMI, PRESSURE, PRESSURE_CODES, Measure
from monespace_cli.ui.profile import origin, origin_json

MEASURE_COLUMNS = (_("Id"), _("When"), _("Kind"), _("Value"), _("Unit"), _("Typed"), _("Comment"))


def measure_json(measure: Measure) -> dict[str, Any]:
    """Return a measurement as JSON-ready data: `values` in `unit`, two for a blood pressure, with the codes of its parts."""
    kind = measure.kind
    is_pressure = kind.name == PRESSURE
    return {
        "id": None if kind.name == BMI else measure.id,
        "kind": kind.name,
        "label": kind.label,
        "code": kind.code,
        "part_codes": list(PRESSURE_CODES) if is_pressure else [],
        "values": [float(value) for value in measure.values],
        "text": measure.text,
        "unit": kind.unit,
        "ucum": kind.ucum,
        "at": at(measure, "T"),
        "typed": measure.typed,
        "comment": measure.comment,
        "computed": kind.name == BMI,
        "origin": origin_json(measure.origin),
        "removed_at": measure.removed_at.isoformat() if measure.removed_at else None,
        "space": measure.space,
    }


def measure_row(measure: Measure) -> tuple[str, ...]:
    """Return a measurement as the cells of MEASURE_COLUMNS; what is computed has no id of its own."""
    name = "" if measure.kind.name == BMI else measure.id
    typed = measure.typed or _("computed")
    return (name, at(measure), measure.kind.name, measure.text, measure.kind.unit, typed, measure.comment)


def measure_fields(measure: Measure) -> list[tuple[str, str]]:
    """Return a measurement as labelled values for a person."""
    return [
        (_("Kind"), measure.kind.name),
        (_("Value"), f"{measure.text} {measure.kind.unit}"),
        (_("Typed"), measure.typed),
        (_("When"), at(measure)),
        (_("Comment"), measure.comment),
        (_("From"), origin(measure.origin)),
        (_("Id"), measure.id),
    ]


def at(measure: Measure, between: str = " ") -> str:
    """Return when: a day, with the time where it is known."""
    return f"{measure.day.isoformat()}{between}{measure.time:%H:%M}" if measure.time else measure.day.isoformat()
