"""`monespace repair`: mend what can be mended."""

from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.commands.check import ReadDataOption, exit_code, finding_json, show_finding, show_report
from monespace_cli.commands.services import services
from monespace_cli.i18n import _, ngettext
from monespace_cli.vault.checking import check
from monespace_cli.vault.repairing import repair

app = typer.Typer(add_completion=False)


@app.command("repair")
def repair_vault(
    context: typer.Context,
    backups: Annotated[
        list[Path] | None,
        typer.Option("--from", metavar="DEST", help=_("A folder of backups to take damaged originals from, besides those that are known.")),
    ] = None,
    read_data: ReadDataOption = False,
) -> None:
    """Check the vault, mend what can be mended, and check it again.

    The search index is made anew from the pages; files that others may use are closed to them; originals that are missing or damaged come
    back from a backup that is at hand. No document is ever removed. What remains is named, and the exit status is 15.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        places = [*(backups or []), *dict.fromkeys(known.path for known in vault.backups.all())]
        before = check(vault.layout, vault.database, tools.progress(_("Checking")), read_data=read_data)
        mended = repair(vault, before, [place / "blobs" for place in places], tools.progress(_("Indexing")))
        after = check(vault.layout, vault.database, tools.progress(_("Checking")), read_data=read_data) if mended else before
    if not tools.output.is_json:
        for finding in mended:
            show_finding(tools.output, finding)
        tools.output.say(ngettext("{count} thing mended", "{count} things mended", len(mended)).format(count=len(mended)))
    show_report(tools.output, "repair", after, mended=[finding_json(finding) for finding in mended])
    raise typer.Exit(exit_code(after))
