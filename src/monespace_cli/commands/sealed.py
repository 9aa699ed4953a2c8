"""`monespace sealed`: what was put in while the vault was locked (`import --sealed`)."""

import typer

from monespace_cli.actions.imported import ImportSummary
from monespace_cli.actions.importing import Importer
from monespace_cli.commands.importing import take_sealed
from monespace_cli.commands.outcome import show_summary
from monespace_cli.commands.page_readers import PageReaders, reads_pages
from monespace_cli.commands.services import services
from monespace_cli.i18n import _
from monespace_cli.ui.views import moment, size
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.sealed import waiting

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list")
def list_items(context: typer.Context) -> None:
    """List what waits, oldest first. It needs no secret: names and content are encrypted."""
    tools = services(context)
    read_header(tools.settings.vault)
    items = waiting(tools.settings.vault)
    if tools.output.is_json:
        found = [{"id": item.id, "size": item.size, "at": item.at.isoformat()} for item in items]
        tools.output.object({"type": "sealed", "items": found, "total": len(found)})
        return
    tools.output.table((_("Id"), _("Since"), _("Size")), ((item.id, moment(item.at), size(item.size)) for item in items))
    if items:
        tools.output.say(_("`monespace sealed take`, or the next import, takes them in"))


@app.command()
@reads_pages
def take(context: typer.Context, pages: PageReaders) -> None:
    """Take in what waits, as documents of unverified origin: anybody who can write to the vault's folder could put them there."""
    tools = services(context)
    summary = ImportSummary()
    with pages.reading(tools) as (vault, executor, options):
        take_sealed(tools, vault, Importer(vault, executor, options, tools.clock), summary)
    show_summary(tools.output, summary)
    raise typer.Exit(summary.exit_code if any(summary.counts.values()) else 0)
