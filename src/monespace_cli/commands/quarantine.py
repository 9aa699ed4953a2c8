"""`monespace quarantine`: see to files that could not be taken in."""

from collections.abc import Iterable
from typing import Annotated

import typer

from monespace_cli.actions.imported import ImportedItem, ImportSummary
from monespace_cli.actions.importing import Importer, keep_back
from monespace_cli.commands.options import YesOption
from monespace_cli.commands.outcome import explain, show_item, show_summary
from monespace_cli.commands.page_readers import PageReaders, reads_pages
from monespace_cli.commands.pdf_password import password_asker
from monespace_cli.commands.services import Services, services
from monespace_cli.i18n import _
from monespace_cli.record.journal import Event
from monespace_cli.ui.views import moment, size
from monespace_cli.vault.quarantine import QuarantinedItem

app = typer.Typer(no_args_is_help=True, add_completion=False)

ItemArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The item's id, or the beginning of it."))]


@app.command("list")
def list_items(context: typer.Context) -> None:
    """List what could not be taken in, with the reason and what to do next."""
    tools = services(context)
    with tools.open_vault() as vault:
        items = vault.quarantine.all()
    if tools.output.is_json:
        tools.output.object({"type": "quarantine", "items": [_json(item) for item in items], "total": len(items)})
        return
    columns = (_("Id"), _("Since"), _("File"), _("Size"), _("Reason"))
    tools.output.table(columns, ((item.id, moment(item.at), item.name, size(item.size), explain(item.code)[0]) for item in items))
    if items:
        tools.output.heading(_("What to do"))
        tools.output.table((_("Reason"), _("Next")), map(explain, dict.fromkeys(item.code for item in items)))


@app.command()
def show(context: typer.Context, item: ItemArgument) -> None:
    """Show one item, with the reason and what to do next."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.quarantine.find(item)
    if tools.output.is_json:
        tools.output.object({"type": "item", **_json(found)})
        return
    reason, next_step = explain(found.code)
    tools.output.fields(
        [
            (_("File"), found.name),
            (_("Size"), size(found.size)),
            (_("Since"), moment(found.at)),
            (_("Reason"), f"{reason} ({found.code})"),
            (_("Next"), next_step),
            (_("Tried"), str(found.attempts)),
            (_("SHA-256"), found.sha256),
            (_("Id"), found.id),
        ]
    )


@app.command()
@reads_pages
def retry(
    context: typer.Context,
    items: Annotated[list[str] | None, typer.Argument(metavar="ID...", help=_("Ids, or their beginnings; all without one."))] = None,
    code: Annotated[str, typer.Option(metavar="CODE", help=_("Only those with this reason, such as reader-timed-out."))] = "",
    *,
    pages: PageReaders,
) -> None:
    """Read items again, for example after an upgrade; what can be read now becomes a document."""
    tools = services(context)
    with pages.reading(tools) as (vault, executor, options):
        found = [vault.quarantine.find(each) for each in items] if items else vault.quarantine.all()
        found = [each for each in found if code in ("", each.code)]
        importer = Importer(vault, executor, options, tools.clock, ask_patient=keep_back, ask_password=password_asker(tools))
        summary = _outcome(tools, importer.retry(found))
    raise typer.Exit(summary.exit_code if found else 0)


@app.command()
@reads_pages
def release(
    context: typer.Context,
    items: Annotated[list[str], typer.Argument(metavar="ID...", help=_("Ids, or their beginnings."))],
    pages: PageReaders,
) -> None:
    """Make documents of items as they are: whomever they name, and without text where they cannot be read."""
    tools = services(context)
    with pages.reading(tools) as (vault, executor, options):
        found = [vault.quarantine.find(each) for each in items]
        summary = _outcome(tools, map(Importer(vault, executor, options, tools.clock).release, found))
    raise typer.Exit(summary.exit_code)


def _outcome(tools: Services, results: Iterable[ImportedItem]) -> ImportSummary:
    summary = ImportSummary()
    for result in results:
        summary.add(result)
        show_item(tools.output, result)
    show_summary(tools.output, summary)
    return summary


@app.command()
def discard(context: typer.Context, item: ItemArgument, yes: YesOption = False) -> None:
    """Destroy an item. It cannot be brought back."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.quarantine.find(item)
        tools.terminal.require_yes(_("Destroy {name}?").format(name=found.name), yes=yes)
        vault.quarantine.remove(found, Event.ITEM_DISCARDED)
        vault.database.truncate_log()
    if tools.output.is_json:
        tools.output.object({"type": "discarded", "id": found.id})
    tools.output.say(_("Destroyed {name}.").format(name=found.name))


def _json(item: QuarantinedItem) -> dict[str, object]:
    reason, next_step = explain(item.code)
    return {
        "id": item.id,
        "name": item.name,
        "code": item.code,
        "reason": reason,
        "next": next_step,
        "attempts": item.attempts,
        "at": item.at.isoformat(),
        "size": item.size,
        "sha256": item.sha256,
    }
