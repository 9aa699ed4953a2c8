"""`monespace sync`: bundles fetched from remotes and put there."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Annotated

import typer

from monespace_cli.actions.arrivals import Arrivals, ArrivalStatus
from monespace_cli.actions.people import names_of, own_keys
from monespace_cli.actions.pulling import Pulling, require_remotes
from monespace_cli.actions.pushing import UNHEARD, Plan, Pushing
from monespace_cli.actions.routes import Routes
from monespace_cli.actions.taking import Taking
from monespace_cli.commands.exchanges import sent_json
from monespace_cli.commands.inbox import show_arrival, show_gaps
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import ExitCode, StoreNotWritableError, TryLaterError
from monespace_cli.i18n import _, ngettext
from monespace_cli.ingest.reader import Reader
from monespace_cli.ports import Store
from monespace_cli.vault.remotes import Remote
from monespace_cli.vault.vault import Vault

app = typer.Typer(add_completion=False)

RemoteOption = Annotated[list[str] | None, typer.Option("--remote", "-r", metavar="NAME", help=_("Only this remote; may be repeated."))]
DryRunOption = Annotated[bool, typer.Option("--dry-run", "-n", help=_("Say what would be done, and do nothing."))]
AgainOption = Annotated[bool, typer.Option("--again", help=_("Put again, under new names, what nobody answered."))]
AgainAfterOption = Annotated[
    int,
    typer.Option("--again-after", min=1, metavar="DAYS", help=_("Put again, under new names, what lies there so long without a receipt.")),
]

Step = Callable[["_Exchange", Remote, Store], None]


@app.callback(invoke_without_command=True)
def both(
    context: typer.Context,
    remote: RemoteOption = None,
    dry_run: DryRunOption = False,
    again: AgainOption = False,
    again_after: AgainAfterOption = UNHEARD.days,
) -> None:
    """Fetch what came for you by your remotes, then put there what you send, receipts included.

    Each object is checked as `inbox add` does. What was put and has gone, was changed, or lies there long without a receipt is put again;
    once its receipt comes it is taken away. Its recipient knows again what did arrive.
    """
    if context.invoked_subcommand is None:
        unheard = timedelta(days=again_after)
        _run(services(context), remote, [_Exchange.pull, _Exchange.push], dry_run=dry_run, again=again, unheard=unheard)


@app.command()
def pull(context: typer.Context, remote: RemoteOption = None, dry_run: DryRunOption = False) -> None:
    """Fetch what came for you."""
    _run(services(context), remote, [_Exchange.pull], dry_run=dry_run)


@app.command()
def push(
    context: typer.Context,
    remote: RemoteOption = None,
    dry_run: DryRunOption = False,
    again: AgainOption = False,
    again_after: AgainAfterOption = UNHEARD.days,
) -> None:
    """Put there what you send, receipts for what you received included."""
    _run(services(context), remote, [_Exchange.push], dry_run=dry_run, again=again, unheard=timedelta(days=again_after))


class _Exchange:
    """One run over some remotes, and what it comes to."""

    def __init__(self, tools: Services, vault: Vault, reader: Reader, *, dry_run: bool, again: bool, unheard: timedelta) -> None:
        self._tools = tools
        self._vault = vault
        self._dry_run = dry_run
        self._again = again
        self._unheard = unheard
        self._names: dict[str, str] = {}
        self._arrivals = Arrivals(vault, own_keys(vault), Taking(vault, reader, tools.ingest_options, tools.clock), tools.clock)
        self.counts: Counter[str] = Counter()

    def pull(self, remote: Remote, store: Store) -> None:
        pulling = Pulling(self._vault, remote, store, self._tools.clock)
        if self._dry_run:
            self.counts["unseen"] += len(pulling.unseen())
            return
        for arrival in pulling.pull(self._arrivals, self._tools.progress(_("Fetching"))):
            self.counts[arrival.status] += 1
            show_arrival(self._tools, arrival)

    def _name(self, peer: str) -> str:
        if peer not in self._names:
            self._names |= names_of(self._vault, [peer])
        return self._names[peer]

    def show_gaps(self) -> None:
        """Say what did not come, by whatever way the rest came."""
        show_gaps(self._tools, self._vault, self._arrivals.gaps())

    def push(self, remote: Remote, store: Store) -> None:
        pushing = Pushing(self._vault, remote, store, self._tools.clock, self._tools.random)
        plan = pushing.plan(again=self._again, unheard=self._unheard)
        self.counts.update(lost=plan.lost, unheard=plan.unheard)
        if self._dry_run:
            self.counts["taken_back"] += len(plan.delete)
            self.counts["put"] += len(plan.put)
            self.counts["answers"] += len({*plan.answer, *(each.bundle for each in self._vault.inbox.unanswered())})
            return
        self._warn_of_lost(remote, plan)
        for each in pushing.push(plan, self._tools.progress(_("Putting"))):
            self.counts["put"] += 1
            if self._tools.output.is_json:
                self._tools.output.object({"type": "put", "remote": remote.name, "object": each.name, **sent_json(each.sent)})
            else:
                self._tools.output.text("\t".join((_("put"), each.sent.bundle[:8], each.sent.kind, self._name(each.sent.peer))))
        self.counts["taken_back"] += len(plan.delete)

    def show_unreached(self) -> None:
        """Say for whom there is something and no remote."""
        found = Counter(sent.peer for sent in Routes(self._vault).unreached())
        self.counts["unreached"] = found.total()
        names = names_of(self._vault, found)
        for peer, count in found.items():
            self._tools.output.warn(
                ngettext(
                    "no remote reaches {name}: {count} bundle stays in the outbox (`remote edit NAME --for`, or `outbox write --into DIR`)",
                    "no remote reaches {name}: {count} bundles stay in the outbox (`remote edit NAME --for`, or `outbox write --into DIR`)",
                    count,
                ).format(name=names[peer], count=count)
            )

    def _warn_of_lost(self, remote: Remote, plan: Plan) -> None:
        if plan.unheard and not self._again:
            self._tools.output.say(
                ngettext(
                    "{remote}: {count} bundle without a receipt for {days} days is put again",
                    "{remote}: {count} bundles without a receipt for {days} days are put again",
                    plan.unheard,
                ).format(remote=remote.name, count=plan.unheard, days=self._unheard.days)
            )
        if plan.lost and not self._again:
            self._tools.output.warn(
                ngettext(
                    "{remote}: {count} bundle that you put there has gone or was changed, and is put again",
                    "{remote}: {count} bundles that you put there have gone or were changed, and are put again",
                    plan.lost,
                ).format(remote=remote.name, count=plan.lost)
            )


def _run(
    tools: Services,
    names: Sequence[str] | None,
    steps: Sequence[Step],
    *,
    dry_run: bool,
    again: bool = False,
    unheard: timedelta = UNHEARD,
) -> None:
    failed: list[ExitCode] = []
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        remotes = require_remotes([vault.remotes.find(name) for name in names] if names else vault.remotes.all())
        exchange = _Exchange(tools, vault, reader, dry_run=dry_run, again=again, unheard=unheard)
        for remote in remotes:
            try:
                store = tools.store(remote.location)
                for step in steps:
                    step(exchange, remote, store)
            except (TryLaterError, StoreNotWritableError) as error:
                failed.append(error.exit_code)
                tools.output.warn(f"{remote.name}: {error.message}" + (f" ({error.hint})" if error.hint else ""))
        exchange.show_gaps()
        if _Exchange.push in steps:
            exchange.show_unreached()
    _show_summary(tools, exchange.counts, len(failed), dry_run=dry_run)
    if len(failed) == len(remotes):
        raise typer.Exit(failed[0])
    raise typer.Exit(ExitCode.PARTLY if failed or exchange.counts[ArrivalStatus.REFUSED] else ExitCode.OK)


def _show_summary(tools: Services, counts: Counter[str], unreachable: int, *, dry_run: bool) -> None:
    if tools.output.is_json:
        known = dict.fromkeys([*ArrivalStatus, "put", "taken_back", "lost", "unheard", "unreached"], 0)
        every = {str(name): count for name, count in {**known, **counts}.items()}
        tools.output.object({"type": "summary", "dry_run": dry_run, **every, "unreachable": unreachable})
    if dry_run:
        words = _("{unseen} objects to look at, {put} bundles and {answers} receipts to put, {taken_back} to take back")
        tools.output.say(words.format_map(Counter(counts)))
        return
    came = sum(counts[status] for status in ArrivalStatus)
    tools.output.say(
        _("{came} came, {put} put, {taken_back} taken back").format(came=came, put=counts["put"], taken_back=counts["taken_back"])
    )
    if counts[ArrivalStatus.WAITING]:
        tools.output.say(_("{count} wait: `monespace inbox list` shows them").format(count=counts[ArrivalStatus.WAITING]))
