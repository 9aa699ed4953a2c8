"""Putting what is to be sent into a store, seeing that it is still there, and taking back what was answered (docs/formats/store-v1.md).

A bundle is put once. Where its object has gone or has other bytes, and no receipt came, it is put again under another name; so is one that
lies there unanswered for long, because a store may hide it. Each side deletes only what it put: a bundle once its receipt came or its
recipient is reached by other stores, a receipt once the bundle that it answers has gone.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import BinaryIO

from monespace_cli.actions.answers import answer_due
from monespace_cli.actions.dispatching import NAME_SIZE
from monespace_cli.actions.pulling import listed
from monespace_cli.actions.routes import Routes
from monespace_cli.errors import MonespaceError, StoreNotWritableError, TryLaterError
from monespace_cli.ports import Clock, Progress, Random, Store
from monespace_cli.sync.manifest import read_manifest
from monespace_cli.vault.outbox import UNANSWERED, SentBundle
from monespace_cli.vault.remotes import Part, Remote, StoreObject
from monespace_cli.vault.vault import Vault

BATCH = 64
"""Objects whose names are noted in one transaction before the first of them is put."""
KEPT = timedelta(days=90)
"""How long what nobody answers stays where it cannot be seen whether it arrived."""
UNHEARD = timedelta(days=30)
"""After how long without any receipt a bundle is put again under a new name."""
CHUNK = 1 << 20
OURS = (Part.PUT, Part.ANSWER, Part.OWN)


@dataclass(slots=True)
class Plan:
    """What a push does to a store."""

    delete: list[str] = field(default_factory=list)
    """Objects of ours that did their work, or whose bytes are not ours any more."""
    forget: list[str] = field(default_factory=list)
    """Objects of which nothing need be known any more."""
    same: list[StoreObject] = field(default_factory=list)
    """Objects that only look changed."""
    lost: int = 0
    """Bundles that were put, were not answered, and are not there as they were: put again."""
    unheard: int = 0
    """Bundles that are there as they were, and may be hidden from their recipients: put again."""
    answer: list[str] = field(default_factory=list)
    """Bundles of others that are still there, although no answer to them is."""
    put: list[SentBundle] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Pushed:
    """A bundle that is in the store now."""

    name: str
    sent: SentBundle


class Pushing:
    """Puts into one store."""

    def __init__(self, vault: Vault, remote: Remote, store: Store, clock: Clock, random: Random) -> None:
        """Work with a store that can be reached."""
        self._vault = vault
        self._remote = remote
        self._store = store
        self._clock = clock
        self._random = random

    def plan(self, *, again: bool = False, unheard: timedelta = UNHEARD) -> Plan:
        """Return what there is to do; with `again` whatever has no final answer is put anew, otherwise what is `unheard` of for so long."""
        return _Planning(self._vault, self._remote, self._store, self._clock(), None if again else unheard).plan()

    def push(self, plan: Plan, progress: Progress) -> Iterator[Pushed]:
        """Do what was planned, answers included; yield each bundle that is there, and known to be."""
        self._clear(plan)
        put = [*plan.put, *self._answers(plan)]
        progress.start(len(put))
        try:
            for start in range(0, len(put), BATCH):
                yield from self._put(put[start : start + BATCH], progress)
        finally:
            progress.stop()

    def take_back(self) -> int:
        """Remove every object that was put there, answered or not; return how many."""
        put = [each.name for each in self._vault.remotes.objects(self._remote.store).values() if each.part in (Part.PUT, Part.ANSWER)]
        for name in put:
            self._store.delete(name)
        self._vault.remotes.forget(self._remote.store, put)
        return len(put)

    def _clear(self, plan: Plan) -> None:
        for name in plan.delete:
            self._store.delete(name)
        self._store.tidy(self._clock())
        with self._vault.database.transaction():
            self._vault.remotes.forget(self._remote.store, [*plan.delete, *plan.forget])
            self._vault.remotes.note(self._remote.store, plan.same)
            for bundle in plan.answer:
                self._vault.inbox.answer_again(bundle)

    def _answers(self, plan: Plan) -> list[SentBundle]:
        """Make the receipts that are due, and return those that belong here."""
        before = {sent.bundle for sent in plan.put}
        made = {manifest.bundle for manifest in answer_due(self._vault, self._clock(), self._random)}
        fresh = [sent for sent in self._vault.outbox.kept() if sent.bundle in made - before] if made else []
        routes = Routes(self._vault)
        return [sent for sent in fresh if self._remote.store in routes.of(sent)]

    def _put(self, batch: Sequence[SentBundle], progress: Progress) -> Iterator[Pushed]:
        """Put a batch. Its names are noted first: a crash leaves no object of which nobody knows whose it is."""
        problem = None
        now = self._clock()
        planned = [Pushed(f"{self._random(NAME_SIZE).hex()}.age", sent) for sent in batch]
        objects = {each.name: StoreObject(each.name, "", self._part(each.sent), each.sent.bundle, now) for each in planned}
        self._vault.remotes.note(self._remote.store, objects.values())
        done: list[tuple[Pushed, str]] = []
        try:
            for each in planned:
                with self._vault.outbox.open_copy(each.sent) as source:
                    done.append((each, self._store.put(each.name, source)))
                progress.advance()
        except (TryLaterError, StoreNotWritableError) as error:
            problem = error  # told after what is there
        finally:
            with self._vault.database.transaction():
                self._vault.remotes.note(self._remote.store, (replace(objects[each.name], stamp=stamp) for each, stamp in done))
                routes = Routes(self._vault)
                for each, _stamp in done:
                    elsewhere = routes.of(each.sent) - self._vault.remotes.holding(each.sent.bundle)
                    self._vault.outbox.sent(each.sent, goes_on=bool(elsewhere) and self._part(each.sent) is Part.PUT)
        yield from (each for each, _stamp in done)
        if problem:
            raise problem

    def _part(self, sent: SentBundle) -> Part:
        is_answer = sent.kind == "receipt" and sent.about and self._remote.store in self._vault.remotes.brought(sent.about)
        return Part.ANSWER if is_answer else Part.PUT


class _Planning:
    """Compares what is in a store with what ought to be."""

    def __init__(self, vault: Vault, remote: Remote, store: Store, now: datetime, unheard: timedelta | None) -> None:
        self._vault = vault
        self._store = store
        self._id = remote.store
        self._now = now
        self._unheard = unheard
        """None puts all again that has no final answer."""
        self._routes = Routes(vault)
        self._listed = listed(remote, store)
        self._known = vault.remotes.objects(remote.store)
        taken = [each for each in self._known.values() if each.part is Part.TAKEN and each.bundle]
        self._still_there = {each.bundle for each in taken if each.name in self._listed}
        self._to_answer = {*(each.bundle for each in vault.inbox.unanswered()), *(sent.about for sent in vault.outbox.kept())}

    def plan(self) -> Plan:
        plan = Plan()
        there = [sent for each in self._known.values() if (sent := self._look(each, plan))]
        in_place = {sent.bundle for sent in there}
        kept = [sent for sent in self._vault.outbox.kept() if self._id in self._routes.of(sent)]
        plan.put = [sent for sent in kept if sent.bundle not in in_place]
        answered = {sent.about for sent in (*there, *plan.put)}
        plan.answer = sorted(bundle for bundle in self._still_there if bundle and bundle not in answered)
        return plan

    def _look(self, known: StoreObject, plan: Plan) -> SentBundle | None:
        """Decide about one object, and return the bundle of ours that is in place there."""
        is_listed = known.name in self._listed
        sent = self._vault.outbox.get(known.bundle) if known.bundle and known.part in OURS else None
        if sent is None or known.part is Part.OWN or self._is_done(sent, known):
            if sent and is_listed and self._is_done(sent, known):
                plan.delete.append(known.name)
            elif not is_listed and known.bundle not in self._to_answer:  # until then it says where the answer belongs
                plan.forget.append(known.name)
            return None
        can_be_put_again = sent.blob is not None or known.part is Part.ANSWER
        if is_listed and self._is_unchanged(known, sent, plan):
            if not can_be_put_again or not self._is_unheard(known, sent):
                return sent
            plan.unheard += 1
        else:
            plan.lost += bool(known.stamp) and can_be_put_again
        (plan.delete if is_listed else plan.forget).append(known.name)
        return None

    def _is_done(self, sent: SentBundle, known: StoreObject) -> bool:
        if known.part is Part.ANSWER:
            return sent.about not in self._still_there
        if known.part is Part.PUT and self._id not in self._routes.of(sent):
            return True
        return self._now - known.at >= KEPT if sent.kind in UNANSWERED else sent.state.is_final

    def _is_unheard(self, known: StoreObject, sent: SentBundle) -> bool:
        """Tell whether an object that is in place does not seem to reach its recipient."""
        return self._unheard is None or (sent.waits and self._now - known.at >= self._unheard and not _is_over(sent, self._now))

    def _is_unchanged(self, known: StoreObject, sent: SentBundle, plan: Plan) -> bool:
        """Tell whether an object has the bytes that were put: by its stamp, else by looking, since a file system may round its times."""
        stamp = self._listed[known.name]
        if stamp == known.stamp:
            return True
        if sent.blob is None or not self._is_copy(known.name, sent):
            return False
        plan.same.append(replace(known, stamp=stamp))
        return True

    def _is_copy(self, name: str, sent: SentBundle) -> bool:
        try:
            with self._store.get(name) as found, self._vault.outbox.open_copy(sent) as copy:
                return _are_equal(found, copy)
        except (MonespaceError, OSError):
            return False


def _is_over(sent: SentBundle, now: datetime) -> bool:
    expires = read_manifest(sent.manifest.encode()).expires
    return expires is not None and expires <= now


def _are_equal(one: BinaryIO, other: BinaryIO) -> bool:
    while data := one.read(CHUNK):
        if data != other.read(len(data)):
            return False
    return not other.read(1)
