"""`monespace space`: one's own space, a child's, those of people one helps."""

from dataclasses import replace
from datetime import datetime
from typing import Annotated

import typer

from monespace_cli.actions.spaces import Mandate, add_representative, add_space, erase_space, take_step
from monespace_cli.commands.handover import handover
from monespace_cli.commands.options import ForceOption, OutputOption, YesOption, day_typed
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.actor import Relation
from monespace_cli.record.identity import Identity, Sex, new_identity, with_usage
from monespace_cli.record.journal import Event
from monespace_cli.record.life import LifeEvent, kept_until, opens_at
from monespace_cli.record.people import SpaceKind
from monespace_cli.record.rights import Act
from monespace_cli.record.typed import NAME_LENGTH, line_of_text
from monespace_cli.ui.spaces import SPACE_COLUMNS, Acting, SpaceShown, space_fields, space_json, space_row
from monespace_cli.ui.views import moment
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)

UsedFamilyOption = Annotated[
    str | None, typer.Option("--used-family-name", metavar="NAME", help=_("The family name the person goes by, such as a married name."))
]
UsedGivenOption = Annotated[str | None, typer.Option("--used-given-name", metavar="NAME", help=_("The given name the person goes by."))]
BirthPlaceOption = Annotated[
    str | None, typer.Option("--birth-place", metavar="CODE", help=_("INSEE code of the commune, or 99 and the country's."))
]
DayOption = typer.Option(parser=day_typed, metavar="YYYY-MM-DD", help=_("Birth date."))


@app.command()
def add(
    context: typer.Context,
    family_name: Annotated[str, typer.Option(help=_("Family name at birth."))],
    given_name: Annotated[list[str], typer.Option(help=_("Given name; repeat it for several, first one first."))],
    birth_date: Annotated[datetime, DayOption],
    sex: Annotated[Sex, typer.Option(help=_("Sex as in the civil register."))],
    ins: Annotated[str | None, typer.Option(help=_("INS number: 15 digits, key included."))] = None,
    used_family_name: UsedFamilyOption = None,
    used_given_name: UsedGivenOption = None,
    birth_place: BirthPlaceOption = None,
    helped: Annotated[bool, typer.Option("--helped", help=_("Somebody whom you help, instead of your child."))] = False,
    mandate: Annotated[str, typer.Option(metavar="ID", help=_("The document that makes you their helper."))] = "",
    until: Annotated[
        datetime | None, typer.Option(parser=day_typed, metavar="YYYY-MM-DD", help=_("The last day on which you help."))
    ] = None,
    invited: Annotated[
        bool, typer.Option("--invited", help=_("It opens when it is activated, or by itself after six weeks without opposition."))
    ] = False,
) -> None:
    """Make a space for your child, or with --helped for somebody you help. `--space NAME` works in it, `space use NAME` from now on."""
    tools = services(context)
    typed = new_identity(family_name, given_name, birth_date.date(), sex, ins, tools.clock().date())
    subject = with_usage(typed, used_family_name, used_given_name, birth_place)
    if (mandate or until) and not helped:
        raise UsageError(_("--mandate and --until are for somebody you help"), hint=_("add --helped"))
    with tools.open_vault() as vault:
        proof = vault.documents.find(mandate).id if mandate else ""
        kind = SpaceKind.HELPED if helped else SpaceKind.CHILD
        number = add_space(vault, subject, kind, invited=invited, mandate=Mandate(None, until.date() if until else None, proof))
        _print(tools, space_shown(vault, number))


@app.command("list")
def list_spaces(context: typer.Context) -> None:
    """List the spaces of this vault; `status` names those whose papers only came in bundles."""
    tools = services(context)
    with tools.open_vault() as vault:
        shown = [space_shown(vault, number) for number in vault.spaces.own() if vault.concerns(number)]
    if tools.output.is_json:
        for each in shown:
            tools.output.object({"type": "space", **space_json(each)})
        tools.output.object({"type": "summary", "spaces": len(shown)})
        return
    tools.output.table(SPACE_COLUMNS, map(space_row, shown))


@app.command()
def use(context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME", help=_("A name, or the space's number."))]) -> None:
    """Work in somebody's space from now on, where --space does not say otherwise."""
    tools = services(context)
    with tools.open_vault() as vault:
        number = _known(vault, name)
        with vault.database.transaction():
            vault.spaces.choose(vault.journal.actor, number)
            vault.journal.write(Event.SPACE_CHOSEN, str(number))
        whose = vault.spaces.owner(number).display_name
    if tools.output.is_json:
        tools.output.object({"type": "space-chosen", "number": number, "name": whose})
    tools.output.say(_("Now in use: the space of {name}").format(name=whose))


@app.command()
def show(context: typer.Context, name: Annotated[str, typer.Argument(metavar="[NAME]", help=_("A name or number."))] = "") -> None:
    """Show whose space it is, what it is now, who acts there, and what you may do."""
    tools = services(context)
    with tools.open_vault() as vault:
        _print(tools, space_shown(vault, _known(vault, name) if name else vault.space))


@app.command()
def edit(
    context: typer.Context,
    family_name: Annotated[str | None, typer.Option(help=_("Family name at birth."))] = None,
    given_name: Annotated[list[str] | None, typer.Option(help=_("Given names, all of them."))] = None,
    birth_date: Annotated[datetime | None, DayOption] = None,
    sex: Annotated[Sex | None, typer.Option(help=_("Sex as in the civil register."))] = None,
    ins: Annotated[str | None, typer.Option(help=_("INS number: 15 digits, key included."))] = None,
    used_family_name: UsedFamilyOption = None,
    used_given_name: UsedGivenOption = None,
    birth_place: BirthPlaceOption = None,
    representative: Annotated[str, typer.Option(metavar="NAME", help=_("Let a second parent or guardian act for the child."))] = "",
    no_representative: Annotated[str, typer.Option(metavar="NAME", help=_("End that."))] = "",
) -> None:
    """Change what is known of the person of the space in use, or who represents them. Your card goes out anew with your other traits."""
    tools = services(context)
    with tools.open_vault() as vault:
        before = vault.subject
        if not isinstance(before, Identity):
            raise UsageError(_("this is the space of a practitioner"))
        after = new_identity(
            family_name or before.family_name,
            given_name or before.given_names,
            birth_date.date() if birth_date else before.birth_date,
            sex or before.sex,
            ins or before.ins,
            tools.clock().date(),
        )
        names = (before.used_family_name, before.used_given_name, before.birth_place)
        usage = (new if new is not None else old for new, old in zip((used_family_name, used_given_name, birth_place), names, strict=True))
        after = with_usage(replace(after, ins_oid=before.ins_oid), *usage)
        if after == before and not representative and not no_representative:
            raise UsageError(_("there is nothing to change"), hint=_("see `monespace space edit --help`"))
        with vault.database.transaction():
            _change(vault, before, after, representative, no_representative)
        _print(tools, space_shown(vault, vault.space))


@app.command()
def activate(context: typer.Context) -> None:
    """Open a space that was invited, at once."""
    _step(context, LifeEvent.OPENED, _("The space of {name} is open"))


@app.command()
def oppose(context: typer.Context, yes: YesOption = False) -> None:
    """Decline the space, before or after it was opened. `space proof` writes a page that says so."""
    _step(context, LifeEvent.OPPOSED, _("The space of {name} is opposed; `monespace space proof -o FILE.pdf` writes a proof"), yes=yes)


@app.command()
def close(context: typer.Context, yes: YesOption = False) -> None:
    """Close the space: nothing in it is read or changed; it is kept for ten years, and `space reopen` restores it."""
    _step(context, LifeEvent.CLOSED, _("The space of {name} is closed; it is kept for ten years"), yes=yes)


@app.command()
def reopen(context: typer.Context) -> None:
    """Open a space again that was opposed, closed or erased."""
    _step(context, LifeEvent.REOPENED, _("The space of {name} is open again"))


@app.command()
def proof(context: typer.Context, output: OutputOption, force: ForceOption = False) -> None:
    """Write a page that says when the space was opposed or closed, to print and keep."""
    from monespace_cli.actions.exporting import written_out
    from monespace_cli.render.life_proof import life_proof_pdf

    tools = services(context)
    with tools.open_vault() as vault:
        steps = [step for step in vault.spaces.steps(vault.space) if step.event in (LifeEvent.OPPOSED, LifeEvent.CLOSED)]
        subject = vault.subject
        if not steps or not isinstance(subject, Identity):
            raise NotFoundError(_("this space was neither opposed nor closed"))
        page = life_proof_pdf(subject, steps[-1], tools.clock())
        vault.journal.write(Event.SPACE_CHANGED, str(vault.space), step="proof")
        with written_out(output, tools.output.raw, force=force) as sink:
            sink.write(page)
    if str(output) != "-":
        if tools.output.is_json:
            tools.output.object({"type": "exported", "path": str(output)})
        tools.output.say(_("Wrote {path}").format(path=output))


app.command()(handover)


@app.command()
def erase(context: typer.Context, yes: YesOption = False) -> None:
    """Destroy all that the space in use holds: nobody can bring it back. Backups and what was shared stay where they are."""
    tools = services(context)
    with tools.open_vault() as vault:
        vault.journal.require(Event.SPACE_ERASED)
        name = vault.subject.display_name
        tools.terminal.require_yes(_("Destroy everything in the space of {name} for ever?").format(name=name), yes=yes)
        number, erased = vault.space, erase_space(vault)
    if tools.output.is_json:
        backups = [{"id": each.id, "path": str(each.path), "created_at": each.created_at.isoformat()} for each in erased.backups]
        tools.output.object({"type": "space-erased", "number": number, "backups": backups, "complete": erased.is_complete})
    tools.output.say(_("Destroyed: all that the space of {name} held").format(name=name))
    for each in erased.backups:
        text = _("the backup of {when} in {path} may hold it still: `monespace backup forget {path} {id}` removes it")
        tools.output.warn(text.format(id=each.id, when=moment(each.created_at), path=each.path))


def space_shown(vault: Vault, number: int) -> SpaceShown:
    """Return a space as whoever looks may know it."""
    steps, now = vault.spaces.steps(number), vault.now
    opening, keeping = opens_at(steps, now), kept_until(steps, now)
    return SpaceShown(
        number=number,
        kind=vault.spaces.kind(number),
        subject=vault.spaces.owner(number),
        state=vault.spaces.state(number),
        in_use=number == vault.space,
        relation=vault.people.relation(vault.journal.actor, number),
        acts=tuple(act for act in Act if vault.allows(act, number)),
        people=tuple(Acting(tie.person, vault.people.name_of(tie.person), tie) for tie in vault.people.ties(number)),
        opens_at=opening.isoformat() if opening else None,
        kept_until=keeping.isoformat() if keeping else None,
        documents=vault.documents.count(Filter(spaces=(number,))),
    )


def _known(vault: Vault, name: str) -> int:
    """Return the space of a name, as far as whoever asks has to do with it.

    Raises:
        NotFoundError: none, or none of theirs.
    """
    number = vault.spaces.find(name)
    if not vault.concerns(number):
        raise NotFoundError(_("no space here is called this"), hint=_("`monespace space list` shows them; give the number"))
    return number


def _change(vault: Vault, before: Identity, after: Identity, representative: str, no_representative: str) -> None:
    if after != before:
        vault.spaces.edit(vault.space, after)
        vault.journal.write(Event.SPACE_EDITED, str(vault.space))
    if representative:
        add_representative(vault, vault.space, line_of_text(representative, NAME_LENGTH))
    if no_representative:
        person = vault.people.find(no_representative)
        if not vault.people.untie(vault.space, person.id, Relation.REPRESENTATIVE):
            raise NotFoundError(_("this person does not represent the child"), hint=_("`monespace space show` names who acts here"))


def _step(context: typer.Context, event: LifeEvent, text: str, *, yes: bool = True) -> None:
    tools = services(context)
    with tools.open_vault() as vault:
        name = vault.subject.display_name
        if not yes:
            tools.terminal.require_yes(_("The space of {name} will not be read or changed any more. Go on?").format(name=name), yes=False)
        take_step(vault, event)
        shown = space_shown(vault, vault.space)
    if tools.output.is_json:
        tools.output.object({"type": "space", **space_json(shown)})
    tools.output.say(text.format(name=name))


def _print(tools: Services, shown: SpaceShown) -> None:
    if tools.output.is_json:
        tools.output.object({"type": "space", **space_json(shown)})
    else:
        tools.output.fields(space_fields(shown))
