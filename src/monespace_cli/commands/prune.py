"""`monespace prune`: remove what interrupted work left in the vault's folder."""

from dataclasses import asdict
from datetime import timedelta
from typing import Annotated

import typer

from monespace_cli.commands.services import services
from monespace_cli.i18n import _, ngettext
from monespace_cli.ui.views import size
from monespace_cli.vault.repairing import GRACE, prune

app = typer.Typer(add_completion=False)


@app.command("prune")
def prune_vault(
    context: typer.Context,
    hours: Annotated[
        float,
        typer.Option(
            "--older-than", min=0, metavar="HOURS", help=_("Only what nobody has written to for so long; 0 where no import runs.")
        ),
    ] = GRACE / timedelta(hours=1),
) -> None:
    """Remove files that no document refers to and files that were not written to their end.

    They are encrypted under keys that nobody has: an import or a deletion was interrupted before its last step. Younger ones may be those
    of an import that is running now, and stay.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        pruned = prune(vault, timedelta(hours=hours), tools.clock())
    if tools.output.is_json:
        tools.output.object({"type": "pruned", **asdict(pruned)})
        return
    count = len(pruned.orphans) + len(pruned.leftovers)
    tools.output.say(
        ngettext("{count} file removed ({size})", "{count} files removed ({size})", count).format(count=count, size=size(pruned.size))
    )
    if pruned.spared:
        tools.output.say(
            ngettext("{count} younger one stays for now", "{count} younger ones stay for now", pruned.spared).format(count=pruned.spared)
        )
