"""`monespace inbox`: bundles that came: take files in, see what waits, and decide."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.arrivals import Arrival, Arrivals, ArrivalStatus, Gap
from monespace_cli.actions.deciding import TAKEN_BY_HAND, Decisions, space_for
from monespace_cli.actions.imported import ImportSummary
from monespace_cli.actions.people import names_of, own_keys, with_contact
from monespace_cli.actions.taking import Taking
from monespace_cli.commands.exchanges import (
    ARRIVAL_LABELS,
    INBOX_COLUMNS,
    arrival_json,
    arrival_words,
    count_words,
    differing,
    received_fields,
    received_json,
    received_row,
)
from monespace_cli.commands.options import YesOption, limit_option
from monespace_cli.commands.outcome import show_item, show_summary
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import ExitCode, MonespaceError, NotFoundError, UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.ingest.reader import Reader
from monespace_cli.record.journal import Event
from monespace_cli.vault.inbox import ReceivedBundle
from monespace_cli.vault.vault import Vault

SHOWN = 20
"""Of the numbers that are missing; --json names them all."""

app = typer.Typer(no_args_is_help=True, add_completion=False)

BundleArgument = Annotated[str, typer.Argument(metavar="ID", help=_("The bundle's id, or the beginning of it."))]
BundlesArgument = Annotated[list[str] | None, typer.Argument(metavar="ID...", help=_("The bundles' ids, or their beginnings."))]
FromOption = Annotated[str, typer.Option("--from", metavar="NAME", help=_("All that wait from this contact."))]


@app.command()
def add(context: typer.Context, files: Annotated[list[Path], typer.Argument(metavar="FILE...", help=_("Bundles."))]) -> None:
    """Take bundles in: deposits, receipts, corrections, revocations and shares.

    Each is checked from end to end. What a verified contact whom you trust so deposits for exactly the person of a space goes in by itself;
    the rest waits, encrypted, until you decide.
    """
    tools = services(context)
    counts = dict.fromkeys(ArrivalStatus, 0)
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        taking = Taking(vault, reader, tools.ingest_options, tools.clock)
        arrivals = Arrivals(vault, own_keys(vault), taking, tools.clock)
        for arrival in arrivals.add(files, tools.progress(_("Taking in"))):
            counts[arrival.status] += 1
            show_arrival(tools, arrival)
        show_gaps(tools, vault, arrivals.gaps())
    if tools.output.is_json:
        tools.output.object({"type": "summary", **{str(status): count for status, count in counts.items()}})
    if counts[ArrivalStatus.WAITING]:
        tools.output.say(_("{count} wait: `monespace inbox list` shows them").format(count=counts[ArrivalStatus.WAITING]))
    refused = counts[ArrivalStatus.REFUSED]
    raise typer.Exit(ExitCode.OK if not refused else ExitCode.ALL_REJECTED if refused == len(files) else ExitCode.PARTLY)


@app.command("list")
def list_received(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help=_("What was decided before, too."))] = False,
    sender: Annotated[str, typer.Option("--from", metavar="NAME", help=_("Only what is from this contact."))] = "",
    limit: Annotated[int | None, limit_option] = None,
) -> None:
    """List the bundles that wait for you, oldest first: from whom, and why they wait."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = with_contact(vault, sender, vault.inbox.all() if every else vault.inbox.waiting(), lambda each: each.sender)
    shown = found[-limit:] if limit else found
    if tools.output.is_json:
        tools.output.object({"type": "inbox", "bundles": [received_json(each) for each in shown], "total": len(found)})
        return
    tools.output.table(INBOX_COLUMNS, (received_row(each) for each in shown))
    tools.output.say(count_words([each.state for each in found], len(shown)))


@app.command()
def show(context: typer.Context, bundle: BundleArgument) -> None:
    """Show a bundle that came: who signed it, whom it is about, its documents, and what became of them."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.inbox.find(bundle)
        said = vault.inbox.withdrawals(found.bundle)
        owner = vault.spaces.all().get(space_for(found, vault.space) or 0) if found.kind in TAKEN_BY_HAND else None
        vault.journal.write(Event.BUNDLE_SHOWN, found.bundle, peer=found.sender)
    if tools.output.is_json:
        tools.output.object({"type": "bundle", **received_json(found), "differing": list(differing(found, owner))})
        return
    tools.output.fields(received_fields(found, said, owner))


@app.command()
def accept(
    context: typer.Context,
    bundles: BundlesArgument = None,
    sender: FromOption = "",
    accept_unverified: Annotated[bool, typer.Option("--accept-unverified", help=_("Although nobody compared the sender's words."))] = False,
    confirm_identity: Annotated[
        bool, typer.Option("--confirm-identity", help=_("You have compared: it is about the person whose space `inbox show` names."))
    ] = False,
) -> None:
    """Take the documents of waiting bundles in. Of several, what cannot be accepted is told, and the others are.

    What is not recognised as anybody's goes into the space in use: `--space NAME` says into whose, where you hold several.
    """
    tools = services(context)
    summary, refused = ImportSummary(), 0
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        chosen = _chosen(vault, bundles or [], sender)
        taking, decisions = Taking(vault, reader, tools.ingest_options, tools.clock), Decisions(vault, tools.clock)
        for found in chosen:
            accepted = decisions.accept(
                found,
                taking,
                tools.progress(_("Taking in")),
                accept_unverified=accept_unverified,
                identity_confirmed=confirm_identity,
                space=space_for(found, vault.space),
            )
            try:
                for item in accepted:
                    summary.add(item)
                    show_item(tools.output, item)
            except MonespaceError as problem:
                if len(chosen) == 1:
                    raise
                refused += 1
                _show_problem(tools, found, problem)
    show_summary(tools.output, summary)
    raise typer.Exit(summary.exit_code if not refused else ExitCode.ALL_REJECTED if refused == len(chosen) else ExitCode.PARTLY)


@app.command()
def refuse(context: typer.Context, bundles: BundlesArgument = None, sender: FromOption = "", yes: YesOption = False) -> None:
    """Refuse waiting bundles: they are destroyed, and their senders told at the next `sync push` or `outbox write`."""
    tools = services(context)
    with tools.open_vault() as vault:
        chosen = _chosen(vault, bundles or [], sender)
        tools.terminal.require_yes(
            ngettext("Refuse this bundle, and destroy it?", "Refuse these {count} bundles, and destroy them?", len(chosen)).format(
                count=len(chosen)
            ),
            yes=yes,
        )
        decisions = Decisions(vault, tools.clock)
        for found in chosen:
            decisions.refuse(found, "declined")
            if tools.output.is_json:
                tools.output.object({"type": "refused", "bundle": found.bundle})
            tools.output.say(_("Refused and destroyed: {id}").format(id=found.bundle[:8]))


def _chosen(vault: Vault, bundles: Sequence[str], sender: str) -> list[ReceivedBundle]:
    """Return the bundles that somebody named, or all that wait from a contact.

    Raises:
        NotFoundError: nothing waits from them.
    """
    if bool(bundles) == bool(sender):
        raise UsageError(_("name bundles by their ids, or a contact with --from"), hint=_("`monespace inbox list` shows them"))
    if bundles:
        return [vault.inbox.find(each) for each in bundles]
    waiting = with_contact(vault, sender, vault.inbox.waiting(), lambda each: each.sender)
    if not waiting:
        raise NotFoundError(_("nothing waits from this contact"))
    return waiting


def _show_problem(tools: Services, found: ReceivedBundle, problem: MonespaceError) -> None:
    """Say why one bundle of several is not accepted."""
    if tools.output.is_json:
        tools.output.object({"type": "not-accepted", "bundle": found.bundle, "code": problem.code, "message": problem.message})
    else:
        tools.output.warn(_("{id} still waits: {reason}").format(id=found.bundle[:8], reason=problem.message))


def show_arrival(tools: Services, arrival: Arrival) -> None:
    """Print what became of something that came."""
    if tools.output.is_json:
        tools.output.object({"type": "arrival", **arrival_json(arrival)})
        return
    label, style = ARRIVAL_LABELS[arrival.status]
    bundle = arrival.bundle[:8] if arrival.bundle else ""
    if tools.output.is_terminal:
        tools.output.styled((f"{label:<15}", style), (f"{bundle:<10}", "cyan"), (arrival_words(arrival), ""), (f"  {arrival.path}", "dim"))
    else:
        tools.output.text("\t".join(filter(None, (label, bundle, arrival.path, arrival.message or arrival.code))))


def show_gaps(tools: Services, vault: Vault, gaps: Sequence[Gap]) -> None:
    """Say which bundles did not come, once all of those that were given are taken in."""
    names = names_of(vault, (gap.sender for gap in gaps))
    for gap in gaps:
        if tools.output.is_json:
            tools.output.object({"type": "gap", "from": gap.sender, "missing": list(gap.missing)})
        numbers = ", ".join(map(str, gap.missing[:SHOWN])) + ("…" if len(gap.missing) > SHOWN else "")
        tools.output.warn(
            _("earlier bundles of {name} did not come (yet): number {numbers}").format(name=names[gap.sender], numbers=numbers)
        )
