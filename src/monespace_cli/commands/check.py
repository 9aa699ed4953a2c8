"""`monespace check`: see that everything in the vault is as it was written."""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from monespace_cli.commands.services import services
from monespace_cli.errors import ExitCode
from monespace_cli.i18n import _, ngettext
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import size
from monespace_cli.vault.checking import Finding, Flaw, Report, check

app = typer.Typer(add_completion=False)

FLAW_LABELS = {
    Flaw.HEADER: _("the header is damaged"),
    Flaw.PAGE: _("cannot be read from the database"),
    Flaw.ROW: _("database rows do not fit together"),
    Flaw.INDEX: _("not in the search index as it should be"),
    Flaw.JOURNAL: _("the journal was changed from this line on"),
    Flaw.MISSING: _("the original is missing"),
    Flaw.DAMAGED: _("the original is damaged"),
    Flaw.ORPHAN: _("a file that no document refers to"),
    Flaw.LEFTOVER: _("a file that was not written to its end"),
    Flaw.MODE: _("other users of this machine may use it"),
}

ReadDataOption = Annotated[bool, typer.Option("--read-data", help=_("Read every byte of every original and of the database too."))]


@app.command("check")
def check_vault(context: typer.Context, read_data: ReadDataOption = False) -> None:
    """See that everything in the vault is as it was written. Nothing is changed.

    Exits 0 when it is, 15 when something is damaged or missing; what is only untidy is listed and does not count.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        report = check(vault.layout, vault.database, tools.progress(_("Checking")), read_data=read_data)
    show_report(tools.output, "check", report)
    if report.damage:
        tools.output.say(_("`monespace repair` mends what can be mended; what cannot comes back from a backup"))
    raise typer.Exit(exit_code(report))


def exit_code(report: Report) -> ExitCode:
    """Return the status for what was found."""
    return ExitCode.INTEGRITY if report.damage else ExitCode.OK


def show_report(output: Output, kind: str, report: Report, **more: Any) -> None:
    """Show what a check found: with --json one object of this type, with `more` members."""
    if output.is_json:
        output.object({"type": kind, **more, **report_json(report)})
        return
    for finding in (*report.damage, *report.notes):
        show_finding(output, finding)
    documents = ngettext("{count} document", "{count} documents", report.documents).format(count=report.documents)
    read = _(", {size} of originals read").format(size=size(report.bytes_read)) if report.bytes_read else ""
    damage = len(report.damage)
    result = ngettext("{count} damage found", "{count} damages found", damage).format(count=damage) if damage else _("no damage found")
    output.say(f"{documents}{read}: {result}")


def show_finding(output: Output, finding: Finding) -> None:
    """Print one finding as a line: what it concerns, its title, what is wrong."""
    mark = "✗" if finding.flaw.is_damage else "·"
    output.text("  ".join(filter(None, (mark, finding.subject, finding.title, FLAW_LABELS[finding.flaw]))))


def report_json(report: Report) -> dict[str, Any]:
    """Return a report as JSON-ready data."""
    return {
        "clean": not report.damage,
        "documents": report.documents,
        "blobs": report.blobs,
        "bytes_read": report.bytes_read,
        "damage": [finding_json(finding) for finding in report.damage],
        "notes": [finding_json(finding) for finding in report.notes],
    }


def finding_json(finding: Finding) -> dict[str, Any]:
    """Return a finding as JSON-ready data."""
    return {name: str(value) for name, value in asdict(finding).items()}
