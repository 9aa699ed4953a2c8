"""`monespace journal`: who did what, when."""

import re
from enum import StrEnum
from typing import Annotated

import typer

from monespace_cli.commands.options import ForceOption, OutputOption
from monespace_cli.commands.services import services
from monespace_cli.i18n import _
from monespace_cli.record.journal import Event, JournalEntry
from monespace_cli.ui.views import journal_json, moment
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)


class JournalFormat(StrEnum):
    """What the journal can be written as."""

    JSONL = "jsonl"
    CSV = "csv"


@app.command()
def show(
    context: typer.Context,
    limit: Annotated[int | None, typer.Option("--limit", "-n", min=1, max=1_000_000_000, help=_("Only the last lines."))] = None,
    former: Annotated[
        bool,
        typer.Option("--former", help=_("What the vault's journal said that this record was handed over from.")),
    ] = False,
) -> None:
    """Show every access, change and exchange, oldest first."""
    tools = services(context)
    with tools.open_vault() as vault:
        entries = vault.handing.former_journal(limit) if former else vault.journal.entries(limit)
        who = {_acting(entry): _words(vault, *_acting(entry)) for entry in entries}
    if tools.output.is_json:
        for entry in entries:
            tools.output.object({"type": "entry", **journal_json(entry), "name": who[_acting(entry)]})
        tools.output.object({"type": "summary", "entries": len(entries)})
        return
    tools.output.table(
        (_("No."), _("When"), _("Who"), _("What"), _("Which"), _("Details")),
        (
            (
                str(entry.sequence),
                moment(entry.at),
                who[_acting(entry)],
                entry.event,
                entry.subject[:16],
                " ".join(f"{key}={_short(value)}" for key, value in entry.details.items() if key != "for"),
            )
            for entry in entries
        ),
    )


@app.command()
def verify(context: typer.Context) -> None:
    """Follow the journal from its first line to its last: was one changed, removed or cut off?"""
    from monespace_cli.actions.chronicle import verify_journal

    tools = services(context)
    with tools.open_vault() as vault:
        found = verify_journal(vault)
    if tools.output.is_json:
        known = found.known and found.known.sequence
        tools.output.object(
            {"type": "journal", "intact": True, "entries": found.head.sequence, "hash": found.head.hash, "compared_with": known}
        )
        return
    tools.output.text(_("intact: {count} lines, each follows from the one before").format(count=found.head.sequence))
    if found.known is None:
        tools.output.say(_("This machine remembers no earlier state: it could not notice lines cut off at the end."))


@app.command()
def export(
    context: typer.Context,
    output: OutputOption,
    journal_format: Annotated[JournalFormat, typer.Option("--format", help=_("jsonl: one JSON object a line; csv."))] = JournalFormat.JSONL,
    force: ForceOption = False,
) -> None:
    """Write the journal out, not encrypted: ids and times, and nothing that a document says. Each line has its hash."""
    from monespace_cli.actions.chronicle import csv_lines, json_lines
    from monespace_cli.actions.exporting import written_out

    tools = services(context)
    with tools.open_vault() as vault:
        vault.journal.write(Event.JOURNAL_EXPORTED)
        with written_out(output, tools.output.raw, force=force) as sink:
            sink.writelines(csv_lines(vault) if journal_format is JournalFormat.CSV else json_lines(vault))
    if str(output) != "-":
        if tools.output.is_json:
            tools.output.object({"type": "exported", "path": str(output), "format": str(journal_format)})
        tools.output.say(_("Wrote {path}; it is not encrypted").format(path=output))


def _short(value: str) -> str:
    """Return a detail as it is, but of a fingerprint or a hash no more than tells it from others."""
    return value[:16] if re.fullmatch("[0-9a-f]{16,}", value) else value


def _acting(entry: JournalEntry) -> tuple[str, str]:
    """Return who acted, and for the person of which space where not for themselves."""
    return entry.actor, entry.details.get("for", "")


def _words(vault: Vault, actor: str, space: str) -> str:
    name = vault.people.name_of(actor)
    whose = vault.spaces.owner(int(space)).display_name if space.isdecimal() else ""
    return _("{name}, for {whose}").format(name=name, whose=whose) if whose else name
