"""A store that does harm: drops, cuts, swaps, repeats, goes back, gives other bytes at the second read; and two who exchange through it."""

import io
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from typing import BinaryIO

from monespace_cli.actions.arrivals import Arrival
from monespace_cli.actions.pulling import SETTLES, Pulling
from monespace_cli.actions.pushing import Plan, Pushing
from monespace_cli.ports import NoProgress
from monespace_cli.sync.manifest import Manifest
from tests.actions.exchange import Party, correct, deposit, own_paper, revoke, share

STORE = "ab" * 16


class Stopped(BaseException):
    """The process was killed here."""


class HostileStore:
    """Objects in memory, and every fault that a place or its owner can have."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.gone: list[bytes] = []
        """What was there once, to be put back."""
        self._states: list[dict[str, bytes]] = [{}]
        """How all of it was at earlier moments."""
        self.lies_at_second_read = False
        self.stops_after: int | None = None
        """How many more objects are put or read before the process is killed."""
        self._reads: Counter[str] = Counter()
        self._changes: Counter[str] = Counter()

    def identity(self) -> str | None:
        return STORE

    def set_up(self, identity: str) -> str:
        return identity

    def objects(self) -> dict[str, str]:
        return {name: f"{len(data)}-{self._changes[name]}" for name, data in self.kept.items()}

    @contextmanager
    def get(self, name: str) -> Iterator[BinaryIO]:
        self._count()
        self._reads[name] += 1
        lies = self.lies_at_second_read and self._reads[name] > 1
        yield io.BytesIO(bytes(len(self.kept[name])) if lies else self.kept[name])

    def put(self, name: str, source: BinaryIO) -> str:
        self._count()
        self.change(name, source.read())
        return self.objects()[name]

    def tidy(self, now: datetime) -> None:
        pass

    def delete(self, name: str) -> None:
        self.kept.pop(name, None)

    def change(self, name: str, data: bytes) -> None:
        """Have other bytes under a name."""
        self.gone.append(data)
        self.kept[name] = data
        self._changes[name] += 1

    def harm(self, chance: random.Random) -> None:
        """Do one of the things that a bad store does."""
        self._states.append(dict(self.kept))
        names = sorted(self.kept)
        if not names:
            return
        name, other = chance.choice(names), chance.choice(names)
        match chance.randrange(7):
            case 0:
                del self.kept[name]
            case 1:
                self.change(name, self.kept[name][: chance.randrange(len(self.kept[name]) + 1)])
            case 2:
                one, two = self.kept[name], self.kept[other]
                self.change(name, two)
                self.change(other, one)
            case 3:
                self.change(_name(chance), self.kept[name])
            case 4:
                self.change(_name(chance), chance.choice(self.gone))
            case 5:
                data = bytearray(self.kept[name] or b"x")
                data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
                self.change(name, bytes(data))
            case 6:
                self._put_back(chance.choice(self._states))

    def _put_back(self, state: dict[str, bytes]) -> None:
        """Have everything as it was, like a stick that was restored from a copy."""
        for name in self.kept.keys() - state.keys():
            del self.kept[name]
        for name, data in state.items():
            if self.kept.get(name) != data:
                self.change(name, data)

    def _count(self) -> None:
        if self.stops_after is not None:
            if self.stops_after == 0:
                raise Stopped
            self.stops_after -= 1


def _name(chance: random.Random) -> str:
    return chance.randbytes(16).hex() + ".age"


class Exchange:
    """Zoé and Léa, the store between them, and what each ought to have in the end."""

    def __init__(self, zoe: Party, lea: Party) -> None:
        self.zoe, self.lea = zoe, lea
        self.store = HostileStore()
        for each in (zoe, lea):
            each.vault.remotes.add("remote", "nowhere", STORE)
        self.at_zoe: set[str] = set()
        self.at_lea: set[str] = set()
        self.standing: dict[str, str] = {}
        """Léa's deposits that she has not corrected or revoked, with their one title."""
        self.refused = 0
        self._papers = 0

    def deposit(self) -> None:
        self._sent(deposit(self.lea, self._new()))

    def correct(self, bundle: str) -> None:
        self.at_zoe.discard(self.standing.pop(bundle))
        self._sent(correct(self.lea, bundle, self._new()))

    def revoke(self, bundle: str) -> None:
        revoke(self.lea, bundle)
        self.at_zoe.discard(self.standing.pop(bundle))

    def share(self) -> None:
        text = self._new()
        share(self.zoe, own_paper(self.zoe, text))
        self.at_zoe.add(text)
        self.at_lea.add(text)

    def pull(self, who: Party) -> list[Arrival]:
        who.later()
        found = list(Pulling(who.vault, who.vault.remotes.find("remote"), self.store, who.clock).pull(who.arrivals(), NoProgress()))
        self.refused += sum(arrival.status == "refused" for arrival in found)
        return found

    def push(self, who: Party, *, again: bool = False) -> Plan:
        who.later()
        pushing = Pushing(who.vault, who.vault.remotes.find("remote"), self.store, who.clock, who.random)
        plan = pushing.plan(again=again)
        list(pushing.push(plan, NoProgress()))
        return plan

    def settle(self) -> None:
        """Both exchange through a store that is honest from now on, until nothing moves any more."""
        self.store.lies_at_second_read, self.store.stops_after = False, None
        for who in (self.zoe, self.lea):
            who.now += SETTLES
        for number in range(5):
            for who in (self.lea, self.zoe):
                self.pull(who)
                self.push(who, again=number == 0)

    def storm(self, chance: random.Random, shares: int, deposits: int, *, faults: float, exchanges: float) -> None:
        """Share and deposit so many times in random order, with these rates of exchanges by either side and of harm by the store."""
        work = [self.share] * shares + [self.deposit] * deposits
        chance.shuffle(work)
        for do in work:
            do()
            if chance.random() < faults:
                self.store.harm(chance)
            if chance.random() < exchanges:
                who = chance.choice((self.zoe, self.lea))
                self.store.stops_after = chance.choice((None, None, None, chance.randrange(20)))
                with suppress(Stopped):
                    self.pull(who)
                    self.push(who)
        self.settle()

    def check(self, *, is_settled: bool) -> None:
        """See that nobody has anything twice or anything that was never sent; and, once settled, that nothing is lost."""
        for who, wanted in ((self.zoe, self.at_zoe), (self.lea, self.at_lea)):
            titles = who.titles()
            assert len(titles) == len(set(titles)), "something came twice"
            if is_settled:
                assert set(titles) == wanted
                assert all(sent.state.is_final or sent.kind == "receipt" for sent in who.vault.outbox.all())
                left = {
                    who.vault.outbox.find(each.bundle or "").kind
                    for each in who.vault.remotes.objects(STORE).values()
                    if each.part == "put"
                }
                assert left <= {"receipt"}, "one whose bundle was swapped away before it was answered stays for 90 days"

    def _new(self) -> str:
        self._papers += 1
        return f"paper {self._papers}"

    def _sent(self, manifest: Manifest) -> None:
        title = manifest.documents[0][1].title
        self.standing[manifest.bundle] = title
        self.at_zoe.add(title)
