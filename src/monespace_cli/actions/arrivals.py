"""Bundles that arrive: each is checked from end to end, then acted on by its kind; what a machine may not decide waits for a person.

Checking writes nothing but, for what will wait, the bundle itself, encrypted. What follows from a batch of bundles is written in one
transaction, in the order in which each sender made it: after a crash they are added again, and those that were known change nothing.
Where one of a batch cannot be written beside the others, each is checked once more and written by itself: none stops another.
"""

import io
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from monespace_cli.actions.holding import IN_MEMORY, Held, Incoming, held
from monespace_cli.actions.knowledge import Knowledge
from monespace_cli.actions.recognising import Recognised, recognise
from monespace_cli.actions.registering import Register
from monespace_cli.actions.renewing import take_renewal
from monespace_cli.actions.settling import note_withdrawal
from monespace_cli.actions.taking import ReadDocument, Taking, outcome_of
from monespace_cli.errors import (
    ExchangeError,
    InputError,
    MonespaceError,
    NotWritableError,
    RevokedIdentityError,
    UnreadableInputError,
    VaultError,
)
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Progress
from monespace_cli.record.exchange import Answer, ReceivedState
from monespace_cli.record.identity import Match
from monespace_cli.sync.body import Body, IdentityRevocation, Receipt, Renewal, Revocation
from monespace_cli.sync.files import reading
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.opening import OpenedBundle, Opener, Seen, Standing, open_bundle, peek, require_for
from monespace_cli.vault.blobs import Blob
from monespace_cli.vault.inbox import Withdrawal
from monespace_cli.vault.vault import Vault

RENEWED = "key-renewed"
"""The code of a renewal that was acted on."""
BATCH = 64
"""Bundles of one transaction; one whose documents have more than IN_MEMORY bytes is a transaction of its own."""


class ArrivalStatus(StrEnum):
    """What became of a file. Part of the contract with scripts."""

    ACCEPTED = "accepted"
    """Its documents are in the vault."""
    WAITING = "waiting"
    """A person decides: `inbox show`, `inbox accept`, `inbox refuse`."""
    NOTED = "noted"
    """A receipt or a revocation, acted on."""
    KNOWN = "known"
    """It came before; nothing changed, and its sender is told once more."""
    OWN = "own"
    """It was made here."""
    REFUSED = "refused"
    """It is no bundle for this vault, or was not made as one has to be; `code` says why."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one file; what is not known stays None."""

    path: str
    status: ArrivalStatus
    bundle: str | None = None
    kind: str | None = None
    code: str | None = None
    message: str | None = None
    """What went wrong, or what else a person should be told."""
    missing: tuple[int, ...] = ()
    """Counters of earlier bundles of the same sender that had not come when it was taken in; :meth:`Arrivals.gaps` tells the rest."""


@dataclass(frozen=True, slots=True)
class Gap:
    """Bundles of one stream that did not come, although later ones did."""

    sender: str
    missing: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Step:
    """What is left to write of something that came."""

    incoming: Incoming
    act: Callable[[], Arrival]
    stream: tuple[str, str] = ("", "")
    """Its sender and their stream."""
    counter: int = 0
    """Its place in the stream; 0 where nothing is left to do."""
    is_of_keys: bool = False
    """Whether it says something of a key, which decides about all the rest."""
    kept: Blob | None = None
    """Its copy, of no use to anybody until it is acted on."""

    @property
    def is_done(self) -> bool:
        """Whether nothing is left to do."""
        return self.counter == 0


@dataclass(slots=True)
class _Checked:
    """A bundle that passed every check, with what a batch needs to act on it."""

    path: str
    opened: OpenedBundle
    standing: Standing
    waits: str | None
    """Why a person must decide, or None."""
    recognised: Recognised
    documents: list[ReadDocument] = field(default_factory=list)
    blob: Blob | None = None


class Arrivals:
    """Takes in bundle files for one vault."""

    def __init__(self, vault: Vault, opener: Opener, taking: Taking, clock: Clock) -> None:
        """Open with `opener`, and read documents by `taking`."""
        self._vault = vault
        self._opener = opener
        self._taking = taking
        self._clock = clock
        self._knowledge = Knowledge(vault)
        self._register = Register(vault, self._knowledge, clock)
        self._held = 0
        """Bytes in memory that the transaction to come will write."""
        self._streams: set[tuple[str, str]] = set()
        """Of what came: each sender's fingerprint and stream."""

    def add(self, paths: Sequence[Path], progress: Progress) -> Iterator[Arrival]:
        """Yield what became of each file; what was yielded is on the disk."""
        return self.take([Incoming(str(path), partial(reading, path)) for path in paths], progress)

    def gaps(self) -> list[Gap]:
        """Return what is still missing in the streams of all that was taken in: what fills a gap may have come after what showed it."""
        found = [Gap(sender, self._vault.exchanges.gaps(sender, stream)) for sender, stream in sorted(self._streams)]
        return [gap for gap in found if gap.missing]

    def take(self, incoming: Sequence[Incoming], progress: Progress) -> Iterator[Arrival]:
        """Yield what became of each thing that came; what was yielded is on the disk."""
        progress.start(len(incoming))
        try:
            for start in range(0, len(incoming), BATCH):
                batch = incoming[start : start + BATCH]
                yield from self._take_batch(batch)
                progress.advance(len(batch))
        finally:
            progress.stop()

    def _take_batch(self, batch: Sequence[Incoming]) -> list[Arrival]:
        arrivals = self._written(batch)
        if any(arrival.code == RENEWED for arrival in arrivals):  # what the new key signed may have come beside it
            refused = {arrival.path for arrival in arrivals if arrival.status is ArrivalStatus.REFUSED}
            again = {arrival.path: arrival for arrival in self._written([each for each in batch if each.name in refused])}
            arrivals = [again.get(arrival.path, arrival) for arrival in arrivals]
        return arrivals

    def _written(self, batch: Sequence[Incoming]) -> list[Arrival]:
        arrivals: list[Arrival] = []
        steps: list[_Step] = []
        for each in batch:
            steps.append(self._check(each))
            if self._held >= IN_MEMORY:
                arrivals += self._commit(steps)
                steps = []
        return arrivals + self._commit(steps)

    def _commit(self, steps: Sequence[_Step]) -> list[Arrival]:
        self._held = 0
        order = _in_order(steps)
        try:
            with self._vault.database.transaction():
                acted = {number: steps[number].act() for number in order}
        except (ExchangeError, InputError):
            self._knowledge.forget()
            acted = {number: self._alone(steps[number]) for number in order}
        return [acted[number] for number in range(len(steps))]

    def _alone(self, step: _Step) -> Arrival:
        """Check once more, now that those before it are written, what could not be written beside them."""
        if step.is_done:
            return step.act()
        self._drop(step)
        again = self._check(step.incoming)
        try:
            with self._vault.database.transaction():
                return again.act()
        except (ExchangeError, InputError) as error:
            self._drop(again)
            return _refused(step.incoming.name, error)

    def _drop(self, step: _Step) -> None:
        if step.kept:
            self._vault.blobs.remove_file(step.kept.id)

    def _check(self, incoming: Incoming) -> _Step:
        """Check what came, and return what is left to write."""
        name = incoming.name
        try:
            with incoming.open() as original:
                head = _beginning(original)
                self._held += len(head)
                own = self._vault.outbox.by_header(peek(io.BytesIO(head)).header)
                if own:
                    return _done(incoming, Arrival(name, ArrivalStatus.OWN, own.bundle, own.kind))
                if len(head) == IN_MEMORY:
                    require_for(io.BytesIO(head), self._opener)
                with held(self._vault.blobs, head, original) as copy:
                    return self._check_held(incoming, copy)
        except (VaultError, NotWritableError):
            raise  # nothing is wrong with what came
        except MonespaceError as error:
            return _done(incoming, _refused(name, error))

    def _check_held(self, incoming: Incoming, copy: Held) -> _Step:
        policy = self._knowledge.policy(accepts_unverified=True, again=True)
        opened = open_bundle(copy.source, opener=self._opener, policy=policy, now=self._clock())
        manifest, name = opened.manifest, incoming.name
        place = ((manifest.sender, manifest.stream.id), manifest.stream.counter)
        if self._knowledge.seen(manifest) is Seen.SAME:
            return _Step(incoming, lambda: self._known(name, opened), *place)
        if opened.body is not None:
            is_of_keys = isinstance(opened.body, Renewal | IdentityRevocation)
            return _Step(incoming, self._said(name, opened, opened.body), *place, is_of_keys)
        checked = self._judge(name, opened)
        if checked.waits is None and sum(file.size for file, _info in manifest.documents) <= IN_MEMORY:
            checked.documents = list(self._taking.read(opened))
        elif checked.waits is None:
            return _done(incoming, self._take_in_large(checked))
        else:
            checked.blob = copy.keep()
        return _Step(incoming, lambda: self._note(checked), *place, kept=checked.blob)

    def _said(self, name: str, opened: OpenedBundle, body: Body) -> Callable[[], Arrival]:
        """Return what follows from a bundle without documents."""
        match body:
            case Receipt():
                return lambda: self._receipt(name, opened, body)
            case Revocation():
                return lambda: self._revocation(name, opened, body)
            case Renewal():
                return lambda: self._renewal(name, opened, body)
            case IdentityRevocation():
                return lambda: self._identity_revocation(name, opened, body)

    def _judge(self, name: str, opened: OpenedBundle) -> _Checked:
        """Decide whether a machine may take this in."""
        manifest = opened.manifest
        standing = self._knowledge.standing(opened.sender)
        recognised = recognise(self._vault, manifest)
        return _Checked(name, opened, standing, self._reason(manifest.kind, manifest.sender, standing, recognised), recognised)

    def _reason(self, kind: Kind, sender: str, standing: Standing, recognised: Recognised) -> str | None:
        """Return why a person must decide, as a stable word, or None."""
        if standing is not Standing.VERIFIED:
            return "unverified"
        if kind is Kind.SHARE:
            return recognised.problem
        if kind not in (Kind.DEPOSIT, Kind.CORRECTION):
            return "asks-first"
        if recognised.match is not Match.SAME:
            return f"identity-{recognised.match}"
        contact = self._vault.contacts.get(sender)
        return None if contact and contact.auto_accept else "not-automatic"

    def _known(self, name: str, opened: OpenedBundle) -> Arrival:
        bundle = opened.manifest.bundle
        self._vault.inbox.answer_again(bundle)
        return Arrival(name, ArrivalStatus.KNOWN, bundle, opened.manifest.kind, "replayed")

    def _receipt(self, name: str, opened: OpenedBundle, receipt: Receipt) -> Arrival:
        documents = [{"sha256": d.sha256, "outcome": str(d.outcome), "code": d.code} for d in receipt.documents]
        answer = Answer(receipt.outcome, opened.manifest.created)
        self._vault.outbox.answer(receipt.bundle, answer, receipt.code, documents)
        return self._arrived(name, opened, ArrivalStatus.NOTED, str(receipt.outcome))

    def _revocation(self, name: str, opened: OpenedBundle, revocation: Revocation) -> Arrival:
        manifest = opened.manifest
        with_reason = Withdrawal(revocation.bundle, manifest.sender, manifest.bundle, manifest.kind, revocation.reason)
        if self._vault.inbox.get(manifest.bundle) is None:
            self._vault.inbox.add(self._register.item(opened, ReceivedState.ACCEPTED))
            note_withdrawal(self._vault, with_reason)
        return self._arrived(name, opened, ArrivalStatus.NOTED)

    def _renewal(self, name: str, opened: OpenedBundle, renewal: Renewal) -> Arrival:
        new = take_renewal(self._vault, opened.manifest.sender, renewal)
        self._knowledge.forget()
        told = _("{name} has a new key, and the one before vouches for it").format(name=new.display_name)
        return self._arrived(name, opened, ArrivalStatus.NOTED, RENEWED, told)

    def _identity_revocation(self, name: str, opened: OpenedBundle, revocation: IdentityRevocation) -> Arrival:
        self._vault.contacts.revoke(opened.manifest.sender, revocation.reason)
        self._knowledge.forget()
        told = _("{name} has revoked their key: nothing that it signs is taken in any more").format(name=opened.sender.display_name)
        return self._arrived(name, opened, ArrivalStatus.NOTED, "key-revoked", told)

    def _note(self, checked: _Checked) -> Arrival:
        """Write what follows from a bundle with documents, in the batch's transaction."""
        opened, manifest = checked.opened, checked.opened.manifest
        if self._knowledge.standing(opened.sender) is Standing.REVOKED:  # since it was checked, by another one of this batch
            if checked.blob:
                self._vault.blobs.remove_file(checked.blob.id)
            return Arrival(checked.path, ArrivalStatus.REFUSED, manifest.bundle, manifest.kind, RevokedIdentityError.code)
        if self._vault.inbox.get(manifest.bundle):  # twice in this batch, or another process was faster
            if checked.blob:
                self._vault.blobs.remove_file(checked.blob.id)
            return self._known(checked.path, opened)
        if checked.waits is None:
            return self._taken(checked, [outcome_of(self._taking.keep(read, self._space(checked))) for read in checked.documents])
        item = self._register.waiting(opened, checked.recognised, checked.waits, checked.blob)
        status = ArrivalStatus.WAITING if item.state is ReceivedState.WAITING else ArrivalStatus.NOTED
        return self._arrived(checked.path, opened, status, item.code)

    def _take_in_large(self, checked: _Checked) -> Arrival:
        """Take in a bundle whose documents do not fit into memory together, each on the disk before the next is read."""
        space = self._space(checked)
        outcomes = [outcome_of(self._taking.keep(read, space)) for read in self._taking.read(checked.opened)]
        with self._vault.database.transaction():
            return self._taken(checked, outcomes)

    def _taken(self, checked: _Checked, outcomes: "list[dict[str, Any]]") -> Arrival:
        self._register.taken(checked.opened, checked.recognised, outcomes)
        return self._arrived(checked.path, checked.opened, ArrivalStatus.ACCEPTED)

    def _space(self, checked: _Checked) -> int:
        return checked.recognised.space_in(self._vault, checked.opened.manifest)

    def _arrived(self, name: str, opened: OpenedBundle, status: ArrivalStatus, code: str | None = None, told: str | None = None) -> Arrival:
        manifest = opened.manifest
        self._register.seen(manifest)
        self._streams.add((manifest.sender, manifest.stream.id))
        missing = self._vault.exchanges.gaps(manifest.sender, manifest.stream.id)
        return Arrival(name, status, manifest.bundle, manifest.kind, code, told, missing)


def _beginning(source: BinaryIO) -> bytes:
    try:
        return source.read(IN_MEMORY)
    except OSError as error:
        raise UnreadableInputError(_("it could not be read to its end: {reason}").format(reason=error.strerror)) from None


def _in_order(steps: Sequence[_Step]) -> list[int]:
    """Return the numbers of steps in the order to act on them: keys first, then as they were given, each stream as it was made."""
    first: dict[tuple[str, str], int] = {}
    for number, step in enumerate(steps):
        first.setdefault(step.stream, number)
    return sorted(range(len(steps)), key=lambda n: (not steps[n].is_of_keys, first[steps[n].stream], steps[n].counter))


def _refused(name: str, error: MonespaceError) -> Arrival:
    return Arrival(name, ArrivalStatus.REFUSED, code=error.code, message=error.message)


def _done(incoming: Incoming, arrival: Arrival) -> _Step:
    return _Step(incoming, lambda: arrival)
