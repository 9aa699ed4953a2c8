"""`monespace access`: who may see what of the record, and by which rule."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from monespace_cli.actions.access import find_item, preview, view_of, who_sees
from monespace_cli.actions.directory import find_person, set_role
from monespace_cli.commands.access_shown import show_policy, show_preview, show_seers
from monespace_cli.commands.options import day_typed
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.access import EmergencySwitches, Grant
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.identity import Profession
from monespace_cli.record.journal import Event
from monespace_cli.record.practitioner import CareRole
from monespace_cli.record.tables import table
from monespace_cli.ui.access import code_label, switch_words
from monespace_cli.vault.access import Basis
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("A contact: a name, or the first digits of a fingerprint or id."))]
UntilOption = Annotated[
    datetime | None, typer.Option("--until", parser=day_typed, metavar="YYYY-MM-DD", help=_("The last day; it then ends by itself."))
]
DaysOption = Annotated[int | None, typer.Option("--days", min=1, max=36_500, help=_("For so many days from now, instead of --until."))]
SinceOption = Annotated[
    datetime | None,
    typer.Option("--since", parser=day_typed, metavar="YYYY-MM-DD", help=_("Only what came into the record on this day or later.")),
]
HiddenOption = Annotated[bool, typer.Option("--hidden", help=_("Hidden items too."))]


class General(StrEnum):
    """The general setting."""

    ALLOW = "allow"
    ASK = "ask"


class Answer(StrEnum):
    """Whether a profession may read something."""

    YES = "yes"
    NO = "no"
    SHIPPED = "as-shipped"


@app.command()
def show(context: typer.Context) -> None:
    """Show all that you decided: who may see your record, who may not, what is hidden, and what an emergency opens."""
    tools = services(context)
    with tools.open_vault() as vault:
        show_policy(tools.output, vault, tools.clock())
        vault.journal.write(Event.ACCESS_READ, what="policy")


@app.command()
def allow(
    context: typer.Context,
    name: NameArgument,
    until: UntilOption = None,
    days: DaysOption = None,
    since: SinceOption = None,
    hidden: HiddenOption = False,
) -> None:
    """Let somebody see the record, hidden items left out. What was allowed before is replaced; `access revoke` takes it back."""
    tools = services(context)
    end = _end(tools, until, days)
    with tools.open_vault() as vault:
        known = find_person(vault, name)
        vault.access.grant(Basis.ALLOWED, Grant(known.id, None, end, hidden, since.astimezone() if since else None))
        if known.id in vault.access.policy().blocked:
            tools.output.warn(_("{name} is blocked, and sees nothing before `monespace access unblock`").format(name=known.name))
        show_policy(tools.output, vault, tools.clock())


@app.command()
def revoke(context: typer.Context, name: NameArgument) -> None:
    """Take back what somebody was allowed, as the attending physician too. What they have seen or were sent stays with them."""
    tools = services(context)
    with tools.open_vault() as vault:
        known = find_person(vault, name)
        gone = [basis for basis in (Basis.ALLOWED, Basis.ATTENDING) if vault.access.revoke(basis, known.id)]
        if not gone:
            raise UsageError(_("nothing was allowed to {name} by name").format(name=known.name), hint=_("see `monespace access show`"))
        show_policy(tools.output, vault, tools.clock())


@app.command()
def block(context: typer.Context, name: NameArgument) -> None:
    """Keep somebody out, whatever else is allowed, in an emergency too. It has no end but `access unblock`."""
    tools = services(context)
    with tools.open_vault() as vault:
        vault.access.block(find_person(vault, name).id)
        show_policy(tools.output, vault, tools.clock())


@app.command()
def unblock(context: typer.Context, name: NameArgument) -> None:
    """End a block: what was allowed before holds again."""
    tools = services(context)
    with tools.open_vault() as vault:
        known = find_person(vault, name)
        if not vault.access.unblock(known.id):
            raise UsageError(_("{name} is not blocked").format(name=known.name))
        show_policy(tools.output, vault, tools.clock())


@app.command()
def general(
    context: typer.Context,
    setting: Annotated[General, typer.Argument(metavar="allow|ask", help=_("allow: every practitioner; ask: only whom you name."))],
    until: UntilOption = None,
    days: DaysOption = None,
    since: SinceOption = None,
) -> None:
    """Say what practitioners may see whom you did not name. Hidden items are never among it."""
    tools = services(context)
    end = _end(tools, until, days)
    with tools.open_vault() as vault:
        if setting is General.ALLOW:
            vault.access.grant(Basis.GENERAL, Grant(end=end, since=since.astimezone() if since else None))
        elif end or since:
            raise UsageError(_("only what is allowed can have an end"))
        else:
            vault.access.revoke(Basis.GENERAL)
        show_policy(tools.output, vault, tools.clock())


@app.command()
def attending(
    context: typer.Context,
    name: Annotated[str | None, typer.Argument(metavar="[NAME]", help=_("A physician among your contacts."))] = None,
    hidden: HiddenOption = False,
    until: UntilOption = None,
    days: DaysOption = None,
    none: Annotated[bool, typer.Option("--none", help=_("You have no attending physician any more."))] = False,
) -> None:
    """Say who your attending physician is: one, who may see everything; hidden items only with --hidden."""
    tools = services(context)
    end = _end(tools, until, days)
    if (name is None) is not none:
        raise UsageError(_("give a name, or --none"))
    with tools.open_vault() as vault:
        if name is None:
            vault.access.revoke(Basis.ATTENDING)
        else:
            set_role(vault, find_person(vault, name), CareRole.ATTENDING, on=True, terms=Grant(end=end, sees_masked=hidden))
        show_policy(tools.output, vault, tools.clock())


@app.command()
def emergency(
    context: typer.Context,
    samu: Annotated[bool | None, typer.Option("--samu/--no-samu", help=_("The SAMU's regulation centre."))] = None,
    others: Annotated[bool | None, typer.Option("--others/--no-others", help=_("Other practitioners in an emergency."))] = None,
    hidden: Annotated[bool | None, typer.Option("--hidden/--no-hidden", help=_("Hidden items too."))] = None,
) -> None:
    """Switch what an emergency opens, without anybody's consent. Each opening is in the journal, and `status` tells of it."""
    tools = services(context)
    with tools.open_vault() as vault:
        now = vault.access.policy().emergency
        wanted = EmergencySwitches(
            *(old if new is None else new for new, old in ((samu, now.samu), (others, now.others), (hidden, now.masked)))
        )
        if wanted != now:
            vault.access.switch_emergency(wanted)
        show_policy(tools.output, vault, tools.clock())


@app.command("who-sees")
def who_sees_item(
    context: typer.Context,
    item: Annotated[str, typer.Argument(metavar="ITEM", help=_("The id of a document, entry or measurement, or a section: allergy."))],
) -> None:
    """Say who may see something, and by which rule."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = find_item(vault, item)
        seers = who_sees(vault, found.item, _holder(vault, found.item.space), tools.clock())
        vault.journal.write(Event.ACCESS_READ, found.name, what="who-sees")
    show_seers(tools.output, found, seers)


@app.command("preview")
def preview_for(context: typer.Context, name: NameArgument) -> None:
    """Show exactly what somebody would get of the record today, and what is left out and why."""
    tools = services(context)
    with tools.open_vault() as vault:
        known = find_person(vault, name)
        shown = preview(vault, view_of(vault, known.actor, tools.clock()))
        vault.journal.write(Event.ACCESS_READ, known.id, what="preview")
        show_preview(tools.output, shown, vault.profile.today)


@app.command()
def habilitation(
    context: typer.Context,
    profession: Annotated[Profession | None, typer.Argument(metavar="[PROFESSION]", help=_("Whose."))] = None,
    code: Annotated[str | None, typer.Argument(metavar="[CODE]", help=_("A classCode, a typeCode, profile or measure."))] = None,
    may_read: Annotated[Answer | None, typer.Argument(metavar="[yes|no|as-shipped]", help=_("Whether they may read it."))] = None,
) -> None:
    """Show which documents each profession may read, and change it.

    What is shipped is monespace's own starting point, not the official matrix. Codes are classCodes, and typeCodes that differ from theirs.
    """
    tools = services(context)
    if (code is None) is not (may_read is None) or (code and profession is None):
        raise UsageError(_("give a profession, a code and an answer to change something"))
    with tools.open_vault() as vault:
        if profession and code and may_read:
            vault.access.habilitate(profession, code, may_read=None if may_read is Answer.SHIPPED else may_read is Answer.YES)
        changed = vault.access.policy().habilitations
    rows = [dict(row) for row in table("habilitations") if profession in (None, row["profession"])]
    codes = list(dict.fromkeys([*(name for name in rows[0] if name != "profession"), *(code for _profession, code in changed)]))
    for row in rows:
        row |= {name: str(int(allowed)) for (whose, name), allowed in changed.items() if whose == row["profession"]}
    if tools.output.is_json:
        matrix = {row["profession"]: {name: row[name] == "1" for name in codes if name in row} for row in rows}
        tools.output.object({"type": "habilitations", "professions": matrix})
        return
    if profession:
        may = ((name, code_label(name), switch_words(on=rows[0].get(name) == "1", words=(_("yes"), _("no")))) for name in codes)
        tools.output.table((_("Code"), _("What"), _("May read")), may)
        return
    refused = ((row["profession"], "; ".join(code_label(name) for name in codes if row.get(name) != "1")) for row in rows)
    tools.output.table((_("Profession"), _("May not read")), refused)


def _end(tools: Services, until: datetime | None, days: int | None) -> datetime | None:
    """Return the first moment at which a grant no longer holds.

    Raises:
        UsageError: both were given, or it is over already.
    """
    if until and days:
        raise UsageError(_("--until and --days say the same thing: give one"))
    end = (until + timedelta(days=1)).astimezone() if until else tools.clock() + timedelta(days=days) if days else None
    if end and end <= tools.clock():
        raise UsageError(_("this day is over"), hint=_("--until is the last day on which it holds"))
    return end


def _holder(vault: Vault, space: int) -> Actor:
    return Actor("holder", vault.spaces.owner(space).display_name, Relation.HOLDER)
