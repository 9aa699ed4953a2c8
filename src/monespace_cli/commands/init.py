"""`monespace init`: make a vault, for a person or for a practitioner."""

from datetime import datetime
from typing import Annotated

import typer

from monespace_cli.commands.services import Services, services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.identity import Identity, Owner, PractitionerIdentity, Profession, Sex, is_valid_ins, is_valid_rpps
from monespace_cli.ui.views import words_in_lines

app = typer.Typer(add_completion=False)

PASSPHRASE_MINIMUM = 8
"""Characters. Argon2id makes each guess slow; it cannot make up for a guess that is tried first."""


@app.command()
def init(
    context: typer.Context,
    family_name: Annotated[str, typer.Option(help=_("Family name at birth."))],
    given_name: Annotated[list[str], typer.Option(help=_("Given name; repeat it for several, first one first."))],
    birth_date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=_("Birth date."))] = None,
    sex: Annotated[Sex | None, typer.Option(help=_("Sex as in the civil register."))] = None,
    ins: Annotated[str | None, typer.Option(help=_("INS number: 15 digits, key included."))] = None,
    practitioner: Annotated[bool, typer.Option("--practitioner", help=_("The vault belongs to a practitioner."))] = False,
    profession: Annotated[Profession | None, typer.Option(help=_("A practitioner's profession."))] = None,
    rpps: Annotated[str | None, typer.Option(help=_("A practitioner's RPPS number: 11 digits."))] = None,
    recovery_kit: Annotated[
        bool | None,
        typer.Option("--recovery-kit/--no-recovery-kit", help=_("Make a recovery kit of 12 words, or none; asked for on a terminal.")),
    ] = None,
) -> None:
    """Make a vault, encrypted with a passphrase.

    A recovery kit is a second way in: twelve words on paper, for the day the passphrase is forgotten. There is no third way.
    """
    from monespace_cli.crypto.keys import Argon2Params
    from monespace_cli.vault.vault import NewVault, create_vault, require_free

    tools = services(context)
    owner = (
        _practitioner(tools, family_name, given_name, profession, rpps)
        if practitioner
        else _holder(family_name, given_name, birth_date, sex, ins)
    )
    require_free(tools.settings.vault)
    passphrase = tools.secrets.passphrase(_("New passphrase"), confirm=True)
    if len(passphrase) < PASSPHRASE_MINIMUM:
        raise UsageError(
            _("the passphrase is shorter than {count} characters").format(count=PASSPHRASE_MINIMUM), hint=_("take several unrelated words")
        )
    entropy = tools.random(16) if _wants_kit(tools, recovery_kit) else None
    new = NewVault(owner, passphrase, Argon2Params.default(tools.random), entropy)
    create_vault(tools.settings.vault, new, tools.clock, tools.random)
    _show(tools, owner, entropy)


def _holder(family_name: str, given_names: list[str], birth_date: datetime | None, sex: Sex | None, ins: str | None) -> Identity:
    if birth_date is None or sex is None:
        raise UsageError(_("--birth-date and --sex are needed"), hint=_("or --practitioner, for a practitioner's vault"))
    if ins is not None and not is_valid_ins(ins):
        raise UsageError(_("the INS number's key is wrong"), hint=_("look at the 15 digits again: the last two are the key"))
    return Identity(family_name, tuple(given_names), birth_date.date(), sex, ins)


def _practitioner(
    tools: Services, family_name: str, given_names: list[str], profession: Profession | None, rpps: str | None
) -> PractitionerIdentity:
    if profession is None:
        raise UsageError(_("--profession is needed with --practitioner"))
    if rpps is not None and not is_valid_rpps(rpps):
        tools.output.warn(_("the RPPS number's check digit does not fit; it is kept as typed"))
    return PractitionerIdentity(family_name, tuple(given_names), profession, rpps)


def _wants_kit(tools: Services, asked: bool | None) -> bool:
    if asked is not None:
        return asked
    return tools.terminal.is_present and tools.terminal.confirm(_("Make a recovery kit, twelve words to keep on paper?"), default=True)


def _show(tools: Services, owner: Owner, entropy: bytes | None) -> None:
    output, path = tools.output, tools.settings.vault
    words: tuple[str, ...] = ()
    if entropy is not None:
        from monespace_cli.crypto.words import kit_words

        words = kit_words(entropy)
    if output.is_json:
        output.object({"type": "vault", "path": str(path), "owner": owner.display_name, "recovery_kit": list(words) or None})
        return
    output.say(_("Made a vault for {name} in {path}").format(name=owner.display_name, path=path))
    if words:
        output.say(
            _("\nRecovery kit. Write these words down and keep them away from this machine; they open the vault as the passphrase does:\n")
        )
        output.text("\n".join(f"    {line}" for line in words_in_lines(words)))
    output.say(_("\nNext: `monespace import FILE…`, then `monespace search WORD`"))
