"""`monespace remote`: the places that bundles travel through."""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from monespace_cli.actions.people import find_contact, names_of
from monespace_cli.actions.pulling import require_same_store
from monespace_cli.actions.pushing import Pushing
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.sync.sealing import ID_SIZE
from monespace_cli.ui.views import moment
from monespace_cli.vault.remotes import Remote
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)

ForOption = Annotated[list[str] | None, typer.Option("--for", metavar="CONTACT", help=_("Somebody who is reached by it; may be repeated."))]
NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("What you call it."))]


@app.command()
def add(
    context: typer.Context,
    name: NameArgument,
    folder: Annotated[Path, typer.Argument(metavar="DIR", help=_("A folder on a stick, a synchronised folder, a network share."))],
    contacts: ForOption = None,
) -> None:
    """Exchange bundles through a folder that others reach too. `sync` fetches and puts them; nobody has to trust the place.

    With --for it takes what is for these contacts; without, what is for all those whom no other remote names. A receipt goes where the
    bundle came from that it answers.
    """
    tools = services(context)
    if not re.fullmatch("[A-Za-z0-9][A-Za-z0-9._-]{0,39}", name):
        raise UsageError(_("a remote's name is made of letters, digits, `.`, `_` and `-`"))
    location = str(folder.absolute())
    with tools.open_vault() as vault:
        reached = _fingerprints(vault, contacts)
        remote = vault.remotes.add(name, location, tools.store(location).set_up(tools.random(ID_SIZE).hex()), reached)
    if tools.output.is_json:
        tools.output.object({"type": "remote", **_remote_json(remote)})
    tools.output.say(_("{name} is known: `monespace sync` exchanges through it").format(name=name))


@app.command()
def edit(
    context: typer.Context,
    name: NameArgument,
    contacts: ForOption = None,
    everybody: Annotated[bool, typer.Option("--for-others", help=_("For all those whom no other remote names."))] = False,
    folder: Annotated[Path | None, typer.Option("--at", metavar="DIR", help=_("Where the same folder is found now."))] = None,
) -> None:
    """Change who is reached by a remote, or where it is. The contacts named here take the place of those named before.

    What lies there for somebody who is not reached by it any more is taken back at the next `sync push`, and goes the other way.
    """
    tools = services(context)
    if contacts and everybody:
        raise UsageError(_("give either --for or --for-others"))
    with tools.open_vault() as vault:
        remote = vault.remotes.find(name)
        location = str(folder.absolute()) if folder else remote.location
        if folder:
            require_same_store(remote, tools.store(location))
        reached = () if everybody else _fingerprints(vault, contacts) if contacts else remote.contacts
        edited = vault.remotes.edit(remote, location, reached)
    if tools.output.is_json:
        tools.output.object({"type": "remote", **_remote_json(edited)})
    tools.output.say(_("{name} is changed").format(name=name))


@app.command("list")
def list_remotes(context: typer.Context) -> None:
    """List the places that bundles travel through, and who is reached by each."""
    tools = services(context)
    with tools.open_vault() as vault:
        remotes = vault.remotes.all()
        names = names_of(vault, (contact for remote in remotes for contact in remote.contacts))
    if tools.output.is_json:
        rows = [_remote_json(remote) for remote in remotes]
        tools.output.object({"type": "remotes", "remotes": rows, "total": len(rows)})
        return
    everybody = _("everybody") if not names else _("everybody else")
    rows_of_text = (
        (each.name, each.location, ", ".join(names[contact] for contact in each.contacts) or everybody, moment(each.added_at))
        for each in remotes
    )
    tools.output.table((_("Name"), _("Where"), _("Reaches"), _("Added")), rows_of_text)


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


def _fingerprints(vault: Vault, names: Sequence[str] | None) -> tuple[str, ...]:
    return tuple(find_contact(vault, name).card.fingerprint for name in names or ())


def _remote_json(remote: Remote) -> dict[str, Any]:
    return {
        "name": remote.name,
        "location": remote.location,
        "store": remote.store,
        "for": list(remote.contacts),
        "added_at": remote.added_at.isoformat(),
    }
