"""`monespace remote`: the places that bundles travel through."""

import re
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.pulling import require_same_store
from monespace_cli.actions.pushing import Pushing
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.sync.sealing import ID_SIZE
from monespace_cli.ui.views import moment

app = typer.Typer(no_args_is_help=True, add_completion=False)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("What you call it."))]


@app.command()
def add(
    context: typer.Context,
    name: NameArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("A folder on a stick, a synchronised folder, a network share."))],
) -> None:
    """Exchange bundles through a folder that others reach too. `sync` fetches and puts them; nobody has to trust the place."""
    tools = services(context)
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]{0,39}", name):
        raise UsageError(_("a remote's name is made of letters, digits, `.`, `_` and `-`"))
    location = str(folder.absolute())
    with tools.open_vault() as vault:
        remote = vault.remotes.add(name, location, tools.store(location).set_up(tools.random(ID_SIZE).hex()))
    if tools.output.is_json:
        tools.output.object({"type": "remote", "name": remote.name, "location": remote.location, "store": remote.store})
    tools.output.say(_("{name} is known: `monespace sync` exchanges through it").format(name=name))


@app.command("list")
def list_remotes(context: typer.Context) -> None:
    """List the places that bundles travel through."""
    tools = services(context)
    with tools.open_vault() as vault:
        remotes = vault.remotes.all()
    if tools.output.is_json:
        rows = [{"name": r.name, "location": r.location, "store": r.store, "added_at": r.added_at.isoformat()} for r in remotes]
        tools.output.object({"type": "remotes", "remotes": rows, "total": len(rows)})
        return
    tools.output.table((_("Name"), _("Where"), _("Added")), ((r.name, r.location, moment(r.added_at)) for r in remotes))


@app.command()
def remove(
    context: typer.Context,
    name: NameArgument,
    take_back: Annotated[bool, typer.Option("--take-back", help=_("First remove what you put there, answered or not."))] = False,
) -> None:
    """Forget a place. What lies there stays unless you take yours back; what nobody answered is put into the other remotes all the same."""
    tools = services(context)
    with tools.open_vault() as vault:
        remote = vault.remotes.find(name)
        taken = 0
        if take_back:
            store = tools.store(remote.location)
            require_same_store(remote, store)
            taken = Pushing(vault, remote, store, tools.clock, tools.random).take_back()
        vault.remotes.remove(remote)
    if tools.output.is_json:
        tools.output.object({"type": "removed", "name": name, "taken_back": taken})
    if take_back:
        tools.output.say(ngettext("{count} object taken back", "{count} objects taken back", taken).format(count=taken))
    tools.output.say(_("{name} is forgotten").format(name=name))
