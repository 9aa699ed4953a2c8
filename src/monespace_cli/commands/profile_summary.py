"""`monespace profile summary`: one page for a practitioner."""

from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.directory import find_person
from monespace_cli.actions.summary import SummaryFormat, format_of, hidden_in, parts_of, record_for, record_of, store_summary, summary_bytes
from monespace_cli.commands.options import ForceOption
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.journal import Event
from monespace_cli.record.summary import summary_of


def summary(
    context: typer.Context,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("A .pdf, .html or .json file; - is standard output."))
    ] = None,
    wanted: Annotated[
        SummaryFormat | None,
        typer.Option("--format", help=_("Where the file's name does not say it; json is FHIR.")),
    ] = None,
    section: Annotated[
        list[str] | None,
        typer.Option("--section", metavar="SECTION", help=_("Only this section, or `measures`, or `practitioners`; repeatable.")),
    ] = None,
    recipient: Annotated[str | None, typer.Option("--for", metavar="CONTACT", help=_("Only what this person may see today."))] = None,
    store: Annotated[bool, typer.Option("--store", help=_("Keep the PDF among the documents, where practitioners look for it."))] = False,
    force: ForceOption = False,
) -> None:
    """Write the profile as one page that a practitioner likes to read: allergies and treatments first, each thing with its date and source.

    A section of which nothing is known says so; one of which nothing was said is told as that. As .json it is an International Patient
    Summary, a FHIR R4 document that other programs read. The file is not encrypted.
    """
    from monespace_cli.actions.exporting import STANDARD_OUTPUT, require_free_name, written_out

    tools = services(context)
    if output is None and not store:
        raise UsageError(_("say where the summary goes"), hint=_("-o summary.pdf writes a file, --store keeps it among the documents"))
    parts = parts_of(section or ())
    written_as = format_of(output, wanted) if output else None
    if output and output != STANDARD_OUTPUT:
        require_free_name(output, force=force)
    now = tools.clock()
    with tools.open_vault() as vault:
        known = find_person(vault, recipient) if recipient else None
        record = record_for(vault, known, now) if known else record_of(vault)
        made = summary_of(record, now.astimezone(), parts, known.name if known else "")
        hidden = 0 if known else hidden_in(vault, made)
        stored = store_summary(vault, made, now) if store else None
        if output and written_as:
            with written_out(output, tools.output.raw, force=force) as file:
                file.write(summary_bytes(made, written_as))
            vault.journal.write(Event.RECORD_EXPORTED, known.id if known else "", what="summary", format=str(written_as))
    if hidden:
        tools.output.warn(
            ngettext(
                "{count} thing in it is hidden from practitioners; --for CONTACT leaves out what somebody may not see",
                "{count} things in it are hidden from practitioners; --for CONTACT leaves out what somebody may not see",
                hidden,
            ).format(count=hidden)
        )
    if tools.output.is_json and output != STANDARD_OUTPUT:
        told = {"path": str(output) if output else None, "format": written_as, "document": stored.id if stored else None}
        tools.output.object({"type": "summary", **told, "sections": {str(each.section): str(each.status) for each in made.sections}})
    if output and output != STANDARD_OUTPUT:
        tools.output.say(_("Wrote {path}; it is not encrypted").format(path=output))
    if stored:
        said = _("Kept as document {id}, which is hidden as well") if hidden else _("Kept as document {id}")
        tools.output.say(said.format(id=stored.id))
