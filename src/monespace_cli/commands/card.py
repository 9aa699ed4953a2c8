"""`monespace card`: one's public identity, to hand out."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.codes import qr_modules, qr_picture, require_qr_format
from monespace_cli.actions.exporting import written_out
from monespace_cli.actions.people import own_card, own_keys
from monespace_cli.commands.options import ForceOption, OutputOption
from monespace_cli.commands.services import services
from monespace_cli.i18n import _
from monespace_cli.record.card import Card
from monespace_cli.record.journal import Event
from monespace_cli.sync.card import export_age, export_allowed_signers
from monespace_cli.ui.cards import card_fields, card_json
from monespace_cli.ui.qr import show_qr

app = typer.Typer(no_args_is_help=True, add_completion=False)


class CardFormat(StrEnum):
    """What a card can be written as."""

    CARD = "card"
    AGE = "age"
    ALLOWED_SIGNERS = "allowed-signers"


@app.command()
def show(context: typer.Context) -> None:
    """Show your card, and the eight words that somebody compares to know that it is yours."""
    tools = services(context)
    with tools.open_vault() as vault:
        card, _data = own_card(vault, tools.clock())
    if tools.output.is_json:
        tools.output.object({"type": "card", **card_json(card)})
    else:
        tools.output.fields(card_fields(card))


@app.command()
def qr(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("Write it as .png or .svg instead."))] = None,
    force: ForceOption = False,
) -> None:
    """Show the QR code of your key's fingerprint, for `contact verify --qr`. The card itself travels as a file: `card export`."""
    tools = services(context)
    if output:
        require_qr_format(output)
    with tools.open_vault() as vault:
        fingerprint = own_keys(vault).fingerprint
    if output:
        with written_out(output, tools.output.raw, force=force) as sink:
            sink.write(qr_picture(fingerprint, output))
        tools.output.say(_("Wrote {path}").format(path=output))
    elif not tools.output.is_json:
        show_qr(tools.output, qr_modules(fingerprint))
    if tools.output.is_json:
        tools.output.object({"type": "qr", "fingerprint": fingerprint, "path": str(output) if output else None})


@app.command()
def export(
    context: typer.Context,
    output: OutputOption,
    card_format: Annotated[
        CardFormat,
        typer.Option("--format", help=_("card: for monespace; age: recipients for `age -R`; allowed-signers: for `ssh-keygen -Y verify`.")),
    ] = CardFormat.CARD,
    force: ForceOption = False,
) -> None:
    """Write your card to a file that you can mail or hand out. It holds nothing secret."""
    tools = services(context)
    with tools.open_vault() as vault:
        card, data = own_card(vault, tools.clock())
        with written_out(output, tools.output.raw, force=force) as sink:
            sink.write(_formatted(card, data, card_format))
        vault.journal.write(Event.CARD_EXPORTED, card.fingerprint)
    if str(output) != "-":
        if tools.output.is_json:
            tools.output.object({"type": "exported", "path": str(output), "format": str(card_format), "fingerprint": card.fingerprint})
        tools.output.say(_("Wrote {path}. Whoever takes it in compares these words with you:").format(path=output))
        tools.output.say("    " + " ".join(card_json(card)["words"]))


def _formatted(card: Card, data: bytes, card_format: CardFormat) -> bytes:
    if card_format is CardFormat.AGE:
        return export_age(card).encode()
    if card_format is CardFormat.ALLOWED_SIGNERS:
        return export_allowed_signers(card).encode()
    return data
