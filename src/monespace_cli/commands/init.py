"""`monespace init`: make a vault, for a person or for a practitioner."""

from datetime import datetime
from typing import Annotated

import typer

from monespace_cli.commands.new_secrets import hand_out_kit, kit_words_of, new_cost
from monespace_cli.commands.options import KitPageOption, ParanoidOption, day_typed
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.identity import (
    Identity,
    Owner,
    PractitionerIdentity,
    Profession,
    Sex,
    is_valid_rpps,
    new_identity,
    new_practitioner,
)
from monespace_cli.record.typed import require_strong

app = typer.Typer(add_completion=False)


@app.command()
def init(
    context: typer.Context,
    family_name: Annotated[str, typer.Option(help=_("Family name at birth."))],
    given_name: Annotated[list[str], typer.Option(help=_("Given name; repeat it for several, first one first."))],
    birth_date: Annotated[datetime | None, typer.Option(parser=day_typed, metavar="YYYY-MM-DD", help=_("Birth date."))] = None,
    sex: Annotated[Sex | None, typer.Option(help=_("Sex as in the civil register."))] = None,
    ins: Annotated[str | None, typer.Option(help=_("INS number: 15 digits, key included."))] = None,
    practitioner: Annotated[bool, typer.Option("--practitioner", help=_("The vault belongs to a practitioner."))] = False,
    profession: Annotated[Profession | None, typer.Option(help=_("A practitioner's profession."))] = None,
    rpps: Annotated[str | None, typer.Option(help=_("A practitioner's RPPS number: 11 digits."))] = None,
    recovery_kit: Annotated[
        bool | None,
        typer.Option("--recovery-kit/--no-recovery-kit", help=_("Make a recovery kit of 12 words, or none; asked for on a terminal.")),
    ] = None,
    recovery_kit_pdf: KitPageOption = None,
    paranoid: ParanoidOption = False,
) -> None:
    """Make a vault, encrypted with a passphrase.

    A recovery kit is a second way in: twelve words on paper, for the day the passphrase is forgotten. There is no third way.
    """
    from monespace_cli.vault.building import NewVault, create_vault, require_free

    tools = services(context)
    owner = (
        _practitioner(tools, family_name, given_name, profession, rpps)
        if practitioner
        else _holder(tools, family_name, given_name, birth_date, sex, ins)
    )
    require_free(tools.settings.vault)
    passphrase = require_strong(tools.secrets.passphrase(_("New passphrase"), confirm=True))
    entropy = tools.random(16) if _wants_kit(tools, True if recovery_kit_pdf else recovery_kit) else None
    if entropy is not None:
        hand_out_kit(tools, entropy, recovery_kit_pdf)
    create_vault(tools.settings.vault, NewVault(owner, passphrase, new_cost(tools, paranoid), entropy), tools.clock, tools.random)
    _show(tools, owner, entropy)


def _holder(
    tools: Services, family_name: str, given_names: list[str], birth_date: datetime | None, sex: Sex | None, ins: str | None
) -> Identity:
    if birth_date is None or sex is None:
        raise UsageError(_("--birth-date and --sex are needed"), hint=_("or --practitioner, for a practitioner's vault"))
    return new_identity(family_name, given_names, birth_date.date(), sex, ins, tools.clock().date())


def _practitioner(
    tools: Services, family_name: str, given_names: list[str], profession: Profession | None, rpps: str | None
) -> PractitionerIdentity:
    if profession is None:
        raise UsageError(_("--profession is needed with --practitioner"))
    practitioner = new_practitioner(family_name, given_names, profession, rpps)
    if rpps is not None and not is_valid_rpps(rpps):
        tools.output.warn(_("the RPPS number's check digit does not fit; it is kept as typed"))
    return practitioner


def _wants_kit(tools: Services, asked: bool | None) -> bool:
    if asked is not None:
        return asked
    return tools.terminal.is_present and tools.terminal.confirm(_("Make a recovery kit, twelve words to keep on paper?"), default=True)


def _show(tools: Services, owner: Owner, entropy: bytes | None) -> None:
    output, path = tools.output, tools.settings.vault
    if output.is_json:
        words = kit_words_of(entropy) if entropy is not None else None
        output.object({"type": "vault", "path": str(path), "owner": owner.display_name, "recovery_kit": words})
        return
    output.say(_("Made a vault for {name} in {path}").format(name=owner.display_name, path=path))
    output.say(_("Next: `monespace import FILE…`, then `monespace search WORD`"))
