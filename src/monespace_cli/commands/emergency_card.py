"""`monespace emergency card`: a paper for the wallet, in two layers."""

from pathlib import Path
from typing import Annotated, Any

import typer

from monespace_cli.commands.options import ForceOption
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.emergency_card import OPEN_BY_DEFAULT, EmergencyCard, Layer
from monespace_cli.record.journal import Event
from monespace_cli.record.summary_words import who
from monespace_cli.ui.output import Output


def card(
    context: typer.Context,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help=_("A .pdf page, or a .png picture."))] = None,
    show: Annotated[
        list[str] | None,
        typer.Option(
            "--show", metavar="SECTION", help=_("Stands in the open, instead of person, allergy, device and blood-group; repeatable.")
        ),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help=_("Show what each layer reveals, and write nothing."))] = False,
    force: ForceOption = False,
) -> None:
    """Make a card for the wallet: what anyone may read, and more of the record in an encrypted QR code whose code lies under the fold.

    A paper can be read by whoever holds it: the front by all, the QR code by who unfolds the card. The QR code opens with `age` alone.
    """
    from monespace_cli.actions.emergency_card import (
        card_bytes,
        emergency_card,
        records_for_card,
        require_card_format,
        seal_card,
        sections_of,
    )
    from monespace_cli.actions.exporting import require_free_name, written_out

    tools = services(context)
    if output is None and not preview:
        raise UsageError(_("say where the card goes"), hint=_("-o card.pdf writes it, --preview shows what it would reveal"))
    shown = sections_of(show) if show else OPEN_BY_DEFAULT
    if output and not preview:
        require_card_format(output)
        require_free_name(output, force=force)
    with tools.open_vault() as vault:
        made = emergency_card(*records_for_card(vault, tools.clock()), shown, tools.clock())
        if output and not preview:
            with written_out(output, tools.output.raw, force=force) as file:
                file.write(card_bytes(seal_card(made, tools.random), output))
            vault.journal.write(Event.RECORD_EXPORTED, what="emergency-card")
        else:
            vault.journal.write(Event.PROFILE_READ)
    if tools.output.is_json:
        path = str(output) if output and not preview else None
        sealed = _layer_json(made.sealed) if made.sealed else None
        tools.output.object({"type": "emergency-card", "path": path, "open": _layer_json(made.open), "sealed": sealed})
    elif preview:
        _show(tools.output, made)
    if output and not preview:
        tools.output.say(_("Wrote {path}: print it at 100 %, delete the file. Whoever holds the paper can read it").format(path=output))


def _show(output: Output, card: EmergencyCard) -> None:
    """Print what each layer reveals, and to whom."""
    subject = (card.subject.display_name, who(card.subject, card.made.date()))
    output.styled((_("In the open, for anyone who sees the card"), "bold"))
    output.fields([subject, *_lines(card.open)])
    output.text("")
    if card.sealed is None:
        output.text(_("There is no encrypted layer: emergency access is off"))
        return
    output.styled((_("In the QR code, for whoever unfolds the card and reads the code"), "bold"))
    output.fields([subject, (_("INS"), card.subject.ins or ""), *_lines(card.sealed)])


def _lines(layer: Layer) -> list[tuple[str, str]]:
    left_out = ngettext("{count} entry, for want of room", "{count} entries, for want of room", layer.left_out).format(count=layer.left_out)
    return [*((block.label, "; ".join(block.items)) for block in layer.blocks), (_("Left out"), left_out if layer.left_out else "")]


def _layer_json(layer: Layer) -> dict[str, Any]:
    return {"sections": {str(block.section): list(block.items) for block in layer.blocks}, "left_out": layer.left_out}
