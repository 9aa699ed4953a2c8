"""`monespace emergency open`: see what the holder lets an emergency open, and leave a line in the journal."""

from typing import Annotated

import typer

from monespace_cli.actions.access import open_in_emergency, somebody, view_of
from monespace_cli.actions.directory import find_person
from monespace_cli.commands.access_shown import show_preview
from monespace_cli.commands.services import services
from monespace_cli.commands.standard_input import typed
from monespace_cli.errors import LockedError
from monespace_cli.i18n import _
from monespace_cli.record.access import Circumstance
from monespace_cli.record.identity import Profession
from monespace_cli.record.typed import PURPOSE_LENGTH, line_of_text


def open_record(
    context: typer.Context,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help=_("Why; it stays in the journal. - reads it from standard input."))
    ] = None,
    samu: Annotated[bool, typer.Option("--samu", help=_("It is for the SAMU's regulation centre."))] = False,
    name: Annotated[str | None, typer.Option("--as", metavar="NAME", help=_("The practitioner who looks, if they are a contact."))] = None,
    profession: Annotated[Profession, typer.Option(help=_("What whoever looks is, if they are no contact."))] = Profession.PHYSICIAN,
) -> None:
    """Show what an emergency opens of the record, without anybody's consent.

    It is what `access emergency` is switched to, and nothing to whoever is blocked. The journal keeps who looked and why before anything
    is shown, and `status` tells of it afterwards.
    """
    tools = services(context)
    if reason is None and not tools.terminal.is_present:
        raise LockedError(_("an emergency needs a reason, and there is no terminal to ask on"), hint=_("give it with --reason"))
    said = tools.terminal.ask(_("Why is the record opened? ")) if reason is None else typed(reason, PURPOSE_LENGTH)
    why = line_of_text(said, PURPOSE_LENGTH)
    circumstance = Circumstance.EMERGENCY_SAMU if samu else Circumstance.EMERGENCY_OTHER
    with tools.open_vault() as vault:
        actor = find_person(vault, name).actor if name else somebody(profession)
        opened = open_in_emergency(vault, view_of(vault, actor, tools.clock(), circumstance=circumstance), why)
        today = vault.profile.today
    show_preview(tools.output, opened, today)
    tools.output.say(_("This is in the journal. The person and their attending physician are to be told (CSP R1111-48)."))
