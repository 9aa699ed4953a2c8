"""`monespace export`: write everything out in plain."""

from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.commands.options import YesOption
from monespace_cli.commands.services import services
from monespace_cli.errors import ExitCode
from monespace_cli.i18n import _, ngettext

app = typer.Typer(add_completion=False)


@app.command()
def export(
    context: typer.Context,
    target: Annotated[Path, typer.Option("--all", metavar="DIR", help=_("Everything, into this new folder."))],
    yes: YesOption = False,
) -> None:
    """Write everything out in plain: originals, their text, what is known of them, profile, measurements, journal, and a page to read.

    Nothing of it is encrypted any more. It appears when it is complete. To write out one document, see `monespace document export`.
    """
    from monespace_cli.actions.everything import export_everything, require_new

    tools = services(context)
    require_new(target)
    tools.terminal.require_yes(
        _("Everything will lie in {path} without any encryption, for whoever can read that folder. Go on?").format(path=target), yes=yes
    )
    with tools.open_vault() as vault:
        written = export_everything(vault, target, tools.clock, tools.progress(_("Writing")))
    if tools.output.is_json:
        tools.output.object(
            {
                "type": "exported",
                "path": str(target),
                "documents": written.documents,
                "quarantine": written.items,
                "damaged": [*(document.id for document in written.damaged), *written.damaged_items],
            }
        )
    else:
        for document in written.damaged:
            tools.output.text(f"✗  {document.id}  {document.title}  " + _("the original is damaged"))
        for item in written.damaged_items:
            tools.output.text(f"✗  {item}  " + _("the original is damaged"))
    tools.output.say(
        ngettext(
            "Wrote {count} document to {path}; nothing there is encrypted",
            "Wrote {count} documents to {path}; nothing there is encrypted",
            written.documents,
        ).format(count=written.documents, path=target)
    )
    raise typer.Exit(ExitCode.INTEGRITY if written.damaged or written.damaged_items else ExitCode.OK)
