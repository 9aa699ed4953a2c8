"""`monespace delegate`: who helps somebody that cannot do it alone."""

from datetime import datetime
from typing import Annotated

import typer

from monespace_cli.actions.spaces import Mandate, appoint
from monespace_cli.commands.options import day_typed
from monespace_cli.commands.services import services
from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.actor import Relation
from monespace_cli.record.journal import Event
from monespace_cli.record.typed import NAME_LENGTH, line_of_text
from monespace_cli.ui.spaces import tie_json, tie_words

app = typer.Typer(no_args_is_help=True, add_completion=False)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("The helper's name."))]


@app.command("appoint")
def appoint_helper(
    context: typer.Context,
    name: NameArgument,
    since: Annotated[
        datetime | None, typer.Option("--from", parser=day_typed, metavar="YYYY-MM-DD", help=_("The first day; today without it."))
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--until", parser=day_typed, metavar="YYYY-MM-DD", help=_("The last day; none without it."))
    ] = None,
    mandate: Annotated[str, typer.Option(metavar="ID", help=_("The document that says so."))] = "",
) -> None:
    """Let somebody help in the space in use: read, add and edit; not share, decide, export, close, or change keys.

    `key add passphrase --person NAME` gives them a way in. At most three helpers at a time; somebody helps at most five people.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        start = since.date() if since else vault.people.today
        end = until.date() if until else None
        if end and end < start:
            raise UsageError(_("the last day is before the first"))
        proof = vault.documents.find(mandate).id if mandate else ""
        person = appoint(vault, line_of_text(name, NAME_LENGTH), Mandate(start, end, proof))
        whose = vault.subject.display_name
    if tools.output.is_json:
        tools.output.object({"type": "delegate-appointed", "id": person.id, "name": person.name})
    tools.output.say(
        _("{name} helps {whose}; `monespace key add passphrase --person NAME` gives them a way in").format(name=person.name, whose=whose)
    )


@app.command("list")
def list_helpers(context: typer.Context) -> None:
    """List the helpers of the space in use, past ones too."""
    tools = services(context)
    with tools.open_vault() as vault:
        today = vault.people.today
        ties = [tie for tie in vault.people.ties(vault.space) if tie.relation is Relation.HELPER]
        names = {tie.person: vault.people.name_of(tie.person) for tie in ties}
        vault.journal.write(Event.ACCESS_READ, what="delegates")
    if tools.output.is_json:
        for tie in ties:
            tools.output.object(
                {"type": "delegate", "id": tie.person, "name": names[tie.person], "holds": tie.holds(today), **tie_json(tie)}
            )
        tools.output.object({"type": "summary", "delegates": len(ties)})
        return
    rows = ((names[tie.person], _("yes") if tie.holds(today) else _("no"), tie_words(tie).removeprefix(", ")) for tie in ties)
    tools.output.table((_("Name"), _("Now"), _("Mandate")), rows)


@app.command()
def end(context: typer.Context, name: NameArgument) -> None:
    """End what a helper may do, from now on. Their way in stays until `key remove`: it opens nothing to them then."""
    tools = services(context)
    with tools.open_vault() as vault:
        person = vault.people.find(name)
        if not vault.people.untie(vault.space, person.id, Relation.HELPER):
            raise NotFoundError(_("this person does not help here"), hint=_("`monespace delegate list` names the helpers"))
    if tools.output.is_json:
        tools.output.object({"type": "delegate-ended", "id": person.id})
    tools.output.say(_("{name} helps here no more").format(name=person.name))
