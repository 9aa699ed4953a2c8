"""`monespace space handover`: a whole space for the person it is about."""

from typing import Annotated

import typer

from monespace_cli.actions.handover import Handover, hand_over, prepare
from monespace_cli.actions.people import find_contact
from monespace_cli.commands.leaving import warn_of_old_keys, way_out
from monespace_cli.commands.options import YesOption
from monespace_cli.commands.services import Services, services
from monespace_cli.i18n import _, ngettext


def handover(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help=_("Whose space it is."))],
    to: Annotated[str, typer.Option("--to", metavar="CONTACT", help=_("Their own card, whose words you have compared."))],
    yes: YesOption = False,
) -> None:
    """Hand a person's whole space over, such as your grown child's, for their own vault: documents, profile, measures, decisions, journal.

    They take it in with `inbox add` and `inbox accept`, into a new vault. Your copy stays until you give it up.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        space = vault.spaces.find(name)
        contact = find_contact(vault, to)
        prepared = prepare(vault, space, contact)
        warn_of_old_keys(tools.output, [contact], tools.clock())
        _say_what_goes(tools, prepared)
        tools.terminal.require_yes(_("Hand all of this space over to {name}?").format(name=contact.card.display_name), yes=yes)
        manifest = hand_over(vault, prepared, tools.clock(), tools.random)
        way = way_out(vault, [manifest.recipient])
    if tools.output.is_json:
        tools.output.object({"type": "handover", "bundle": manifest.bundle, "documents": len(manifest.documents)})
    tools.output.say(_("Sealed into the outbox: {id}. {way}").format(id=manifest.bundle[:8], way=way))


def _say_what_goes(tools: Services, prepared: Handover) -> None:
    tools.output.say(
        ngettext(
            "{count} document goes along ({size} kB in all), with profile, measures, decisions, proposals and journal",
            "{count} documents go along ({size} kB in all), with profile, measures, decisions, proposals and journal",
            len(prepared.documents),
        ).format(count=len(prepared.documents), size=-(-prepared.size // 1000))
    )
    tools.output.say(_("Where the words of a page stand does not: `monespace document reread` finds it again there"))
