"""`monespace lock`: end what `monespace unlock` began."""

import typer

from monespace_cli.commands.services import services
from monespace_cli.i18n import _
from monespace_cli.vault.header_file import read_header

app = typer.Typer(add_completion=False)


@app.command()
def lock(context: typer.Context) -> None:
    """Lock the vault again, now. Nothing is asked."""
    tools = services(context)
    sessions = tools.sessions(read_header(tools.settings.vault).vault)
    was_unlocked = sessions.read() is not None
    sessions.end()
    if tools.output.is_json:
        tools.output.object({"type": "locked", "was_unlocked": was_unlocked})
    tools.output.say(_("Locked") if was_unlocked else _("It was locked already"))
