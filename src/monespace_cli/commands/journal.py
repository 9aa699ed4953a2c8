"""`monespace journal`: who did what, when."""

from typing import Annotated

import typer

from monespace_cli.commands.services import services
from monespace_cli.i18n import _
from monespace_cli.ui.views import journal_json, moment

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.callback()
def _group() -> None:
    pass


@app.command()
def show(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, help=_("Only the last lines."))] = None,
) -> None:
    """Show every access, change and exchange, oldest first."""
    tools = services(context)
    with tools.open_vault() as vault:
        entries = vault.journal.entries(limit)
    if tools.output.is_json:
        for entry in entries:
            tools.output.object({"type": "entry", **journal_json(entry)})
        tools.output.object({"type": "summary", "entries": len(entries)})
        return
    tools.output.table(
        (_("No."), _("When"), _("Who"), _("What"), _("Which"), _("Details")),
        (
            (
                str(entry.sequence),
                moment(entry.at),
                entry.actor,
                entry.event,
                entry.subject[:16],
                " ".join(f"{key}={value[:16]}" for key, value in entry.details.items()),
            )
            for entry in entries
        ),
    )
