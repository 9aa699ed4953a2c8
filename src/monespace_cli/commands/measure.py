"""`monespace measure`: weight, blood pressure, glucose and other measurements."""

import shutil
from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.profile import measures_of, origin_of
from monespace_cli.commands.options import ForceOption, YesOption, since_option, until_option
from monespace_cli.commands.services import Services, services
from monespace_cli.commands.standard_input import STANDARD_INPUT, typed
from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.journal import Event
from monespace_cli.record.measures import (
    TYPED_LENGTH,
    Measure,
    MeasureKind,
    is_plausible,
    measure_kind,
    parse_moment,
    parse_values,
    unit_names,
)
from monespace_cli.record.profile import TEXT_LENGTH
from monespace_cli.record.typed import line_of_text
from monespace_cli.ui.measures import MEASURE_COLUMNS, measure_fields, measure_json, measure_row
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)

KindArgument = Annotated[
    str,
    typer.Argument(
        metavar="KIND", help=_("What was measured: weight, height, temperature, blood-pressure, glucose … or the beginning of it.")
    ),
]
MeasureArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The measurement's id, or the beginning of it."))]


@app.command()
def add(
    context: typer.Context,
    kind: KindArgument,
    value: Annotated[
        list[str],
        typer.Argument(
            metavar="VALUE [UNIT]", help=_("For example 72.4, `160 lb`, 1m75, 120/80, `5.5 mmol/L`; - reads it from standard input.")
        ),
    ],
    at: Annotated[str, typer.Option("--at", metavar="WHEN", help=_("2026-11-20 or 2026-11-20T08:30; now without this."))] = "",
    comment: Annotated[str, typer.Option("--comment", metavar="TEXT", help=_("More words; - reads them from standard input."))] = "",
    source: Annotated[str | None, typer.Option("--from-document", metavar="ID", help=_("The document that this was taken from."))] = None,
    yes: YesOption = False,
) -> None:
    """Add a measurement. Units are converted; what is not plausible is asked about."""
    tools = services(context)
    measured = measure_kind(kind)
    text = typed(STANDARD_INPUT if value == [STANDARD_INPUT] else " ".join(value), TYPED_LENGTH)
    values = parse_values(measured, text)
    day, time = parse_moment(at, tools.clock().astimezone())
    words = line_of_text(typed(comment, TEXT_LENGTH), TEXT_LENGTH, shortest=0)
    _question(tools, measured, values, yes=yes)
    with tools.open_vault() as vault:
        measure = Measure(vault.measures.new_id(), measured, values, day, time, text, words, origin_of(vault, source), vault.space)
        vault.measures.add(measure)
    _print(tools, measure)


@app.command("list")
def list_measures(
    context: typer.Context,
    kind: Annotated[
        str | None, typer.Argument(metavar="[KIND]", help=_("Only this kind; `bmi` is computed from weight and height."))
    ] = None,
    since: Annotated[datetime | None, since_option] = None,
    until: Annotated[datetime | None, until_option] = None,
    removed: Annotated[bool, typer.Option("--removed", help=_("Those that were removed instead."))] = False,
) -> None:
    """List measurements, oldest first."""
    tools = services(context)
    wanted = measure_kind(kind) if kind else None
    with tools.open_vault() as vault:
        kinds = (wanted,) if wanted else ()
        measures = _between(vault.measures.all(kinds=kinds, removed=True) if removed else measures_of(vault, wanted), since, until)
        vault.journal.write(Event.MEASURES_READ)
    if tools.output.is_json:
        tools.output.object({"type": "measures", "measures": [measure_json(measure) for measure in measures], "total": len(measures)})
        return
    tools.output.table(MEASURE_COLUMNS, map(measure_row, measures))
    tools.output.say(ngettext("{count} measurement", "{count} measurements", len(measures)).format(count=len(measures)))


@app.command()
def plot(
    context: typer.Context,
    kind: KindArgument,
    since: Annotated[datetime | None, since_option] = None,
    until: Annotated[datetime | None, until_option] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("Write it as .png or .svg instead."))] = None,
    force: ForceOption = False,
) -> None:
    """Draw the measurements of a kind over time, on the terminal or into a file, which is not encrypted."""
    from monespace_cli.actions.charting import chart_of, require_format

    tools = services(context)
    wanted = measure_kind(kind)
    if output:
        require_format(output)
    with tools.open_vault() as vault:
        measures = _between(measures_of(vault, wanted), since, until)
        if not measures:
            raise NotFoundError(_("there is no such measurement to draw"), hint=_("`monespace measure list` shows what there is"))
        if output:
            _write(tools, vault, measures, output, force=force)
            return
        vault.journal.write(Event.MEASURES_READ)
    if tools.output.is_json:
        tools.output.object({"type": "plot", "kind": wanted.name, "measures": [measure_json(measure) for measure in measures]})
        return
    from monespace_cli.ui.chart import chart_lines

    chart = chart_of(measures, f"{wanted.name} ({wanted.unit})")
    tools.output.text("\n".join(chart_lines(chart, shutil.get_terminal_size().columns)))


@app.command()
def remove(context: typer.Context, measure: MeasureArgument) -> None:
    """Take out a measurement that is wrong; it can be restored."""
    tools = services(context)
    with tools.open_vault() as vault:
        _print(tools, vault.measures.remove(vault.measures.find(measure)))


@app.command()
def restore(context: typer.Context, measure: MeasureArgument) -> None:
    """Put a removed measurement back."""
    tools = services(context)
    with tools.open_vault() as vault:
        _print(tools, vault.measures.restore(vault.measures.find(measure)))


def _question(tools: Services, kind: MeasureKind, values: tuple[Decimal, ...], *, yes: bool) -> None:
    """Ask whether a value that is not plausible is meant: on a terminal, or agreed to beforehand with --yes."""
    if is_plausible(kind, values) or yes:
        return
    usual = {"kind": kind.name, "low": kind.low, "high": kind.high, "unit": kind.unit, "units": ", ".join(unit_names(kind))}
    tools.output.warn(_("{kind} is mostly between {low} and {high} {unit}; is the unit right? It can be {units}").format(**usual))
    tools.terminal.require_yes(_("Keep it as it is?"), yes=yes)


def _write(tools: Services, vault: Vault, measures: Sequence[Measure], path: Path, *, force: bool) -> None:
    from monespace_cli.actions.charting import chart_bytes, chart_of
    from monespace_cli.actions.exporting import written_out

    with written_out(path, tools.output.raw, force=force) as file:
        file.write(chart_bytes(chart_of(measures), path))
    vault.journal.write(Event.RECORD_EXPORTED, what="chart")
    if tools.output.is_json:
        tools.output.object({"type": "exported", "path": str(path)})
    tools.output.say(_("Wrote {path}; it is not encrypted").format(path=path))


def _between(measures: list[Measure], since: datetime | None, until: datetime | None) -> list[Measure]:
    return [
        measure for measure in measures if (since is None or measure.day >= since.date()) and (until is None or measure.day <= until.date())
    ]


def _print(tools: Services, measure: Measure) -> None:
    if tools.output.is_json:
        tools.output.object({"type": "measure", **measure_json(measure)})
    else:
        tools.output.fields(measure_fields(measure))
