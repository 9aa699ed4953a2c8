"""`monespace outbox`: the bundles made here, how far each has come, and writing them out to be handed over."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.answers import answer_due
from monespace_cli.actions.dispatching import find_sent, write_out
from monespace_cli.actions.people import names_of
from monespace_cli.commands.exchanges import OUTBOX_COLUMNS, count_words, sent_fields, sent_json, sent_row
from monespace_cli.commands.options import limit_option
from monespace_cli.commands.services import Services, services
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.exchange import SentState
from monespace_cli.sync.kinds import Kind as BundleKind
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.vault import Vault

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list")
def list_sent(
    context: typer.Context,
    waiting: Annotated[bool, typer.Option("--waiting", help=_("Only what was handed over and got no receipt yet."))] = False,
    state: Annotated[list[SentState] | None, typer.Option(help=_("Only what has come so far; repeat it for several."))] = None,
    kind: Annotated[list[BundleKind] | None, typer.Option(help=_("Only bundles of this kind; repeat it for several."))] = None,
    to: Annotated[str, typer.Option(metavar="NAME", help=_("Only what is for this contact."))] = "",
    limit: Annotated[int | None, limit_option] = None,
) -> None:
    """List what was made here for others, oldest first: to whom, and what came back, or since when a receipt is waited for."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = find_sent(vault.outbox.waiting() if waiting else vault.outbox.all(), vault, state or (), kind or (), to)
        sent, later = found[-limit:] if limit else found, vault.outbox.followed()
        names = names_of(vault, (each.peer for each in sent))
    if tools.output.is_json:
        told = [sent_json(each, later.get(each.bundle, ())) for each in sent]
        tools.output.object({"type": "outbox", "bundles": told, "total": len(found)})
        return
    tools.output.table(OUTBOX_COLUMNS, (sent_row(each, names[each.peer], later.get(each.bundle, ())) for each in sent))
    tools.output.say(count_words([each.state for each in found], len(sent)))


@app.command()
def show(
    context: typer.Context, bundle: Annotated[str, typer.Argument(metavar="ID", help=_("The bundle's id, or the beginning of it."))]
) -> None:
    """Show a bundle that was made here: what is in it, how far it has come, and what became of each document."""
    tools = services(context)
    with tools.open_vault() as vault:
        show_sent(tools, vault, vault.outbox.find(bundle))


def show_sent(tools: Services, vault: Vault, found: SentBundle) -> None:
    """Show a bundle that was made here."""
    name, later = names_of(vault, [found.peer])[found.peer], vault.outbox.spoken_of(found.bundle)
    if tools.output.is_json:
        tools.output.object({"type": "bundle", **sent_json(found, later)})
        return
    tools.output.fields(sent_fields(found, name, later))


@app.command()
def write(
    context: typer.Context,
    into: Annotated[Path, typer.Option(metavar="DIR", help=_("The folder: a USB stick, a shared folder."))],
    bundles: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help=_("Ids, or their beginnings; without one, all that nobody answered yet."))
    ] = None,
) -> None:
    """Write bundles into files to hand over, receipts for what you received included.

    What was written before and not answered is written again, byte for byte the same: its recipient knows it again.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        answer_due(vault, tools.clock(), tools.random)
        wanted = [vault.outbox.find(each) for each in bundles] if bundles else vault.outbox.unanswered()
        _write(tools, vault, wanted, into)


@app.command()
def resend(
    context: typer.Context,
    into: Annotated[Path, typer.Option(metavar="DIR", help=_("The folder: a USB stick, a shared folder."))],
    days: Annotated[int, typer.Option("--after", min=0, metavar="DAYS", help=_("Only what was made at least so many days ago."))] = 0,
) -> None:
    """Write again what was handed over and got no receipt.

    It is byte for byte the same: what did arrive is known there, and is not taken in twice. Of what `share -o` wrote straight into a
    file no copy is kept.
    """
    tools = services(context)
    before = tools.clock() - timedelta(days=days)
    with tools.open_vault() as vault:
        lost = [each for each in vault.outbox.unanswered() if each.state is SentState.SENT and each.at <= before]
        _write(tools, vault, lost, into)


def _write(tools: Services, vault: Vault, wanted: Sequence[SentBundle], into: Path) -> None:
    written = write_out(vault, wanted, into, tools.random)
    names = names_of(vault, (sent.peer for _path, sent in written))
    for path, sent in written:
        if tools.output.is_json:
            tools.output.object({"type": "written", "path": str(path), **sent_json(sent)})
        else:
            tools.output.text("\t".join((str(path), sent.kind, names[sent.peer])))
    if tools.output.is_json:
        tools.output.object({"type": "summary", "written": len(written)})
    tools.output.say(ngettext("{count} bundle written", "{count} bundles written", len(written)).format(count=len(written)))
