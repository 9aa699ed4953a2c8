"""Two vaults and a store that does what it likes: nothing is lost, nothing comes twice, and all of it is told."""

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

import pytest

from monespace_cli.actions.arrivals import Arrival
from monespace_cli.actions.identity import renew_identity
from monespace_cli.actions.people import own_keys
from monespace_cli.actions.pulling import SETTLES, Pulling, require_same_store
from monespace_cli.actions.pushing import UNHEARD, Plan, Pushed, Pushing
from monespace_cli.adapters.folder_store import FolderStore
from monespace_cli.errors import StoreNotWritableError, TryLaterError, UnreadableInputError
from monespace_cli.ports import NoProgress
from monespace_cli.record.exchange import SentState
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.remotes import Part
from monespace_cli.vault.vault import open_vault
from tests.actions.exchange import PASSPHRASE, Party, deposit, own_paper, revoke, share, statuses, zoe_and_lea
from tests.vault.world import Repeatable


class Line:
    """Zoé, Léa and a folder between them."""

    def __init__(self, zoe: Party, lea: Party, folder: Path) -> None:
        self.zoe, self.lea, self.folder = zoe, lea, folder
        folder.mkdir()
        self.store = FolderStore(folder)
        identity = self.store.set_up("ab" * 16)
        for each in (zoe, lea):
            each.vault.remotes.add("stick", str(folder), identity)

    def pushing(self, who: Party) -> Pushing:
        return Pushing(who.vault, who.vault.remotes.find("stick"), self.store, who.clock, who.random)

    def second(self, who: Party, *names: str) -> Pushing:
        """Another store of somebody's, for these contacts alone."""
        folder = self.folder.parent / "share"
        folder.mkdir()
        store = FolderStore(folder)
        remote = who.vault.remotes.add("share", str(folder), store.set_up("cd" * 16), names)
        return Pushing(who.vault, remote, store, who.clock, who.random)

    def push(self, who: Party, *, again: bool = False) -> Plan:
        who.later()
        pushing = self.pushing(who)
        plan = pushing.plan(again=again)
        list(pushing.push(plan, NoProgress()))
        return plan

    def pull(self, who: Party) -> list[Arrival]:
        who.later()
        return list(Pulling(who.vault, who.vault.remotes.find("stick"), self.store, who.clock).pull(who.arrivals(), NoProgress()))

    def settle(self) -> None:
        """Both exchange until nothing moves any more."""
        for _round in range(4):
            for who in (self.lea, self.zoe):
                self.pull(who)
                self.push(who)

    def objects(self) -> list[Path]:
        return sorted(self.folder.glob("*.age"))


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Line]:
    with zoe_and_lea(tmp_path) as (zoe, lea):
        yield Line(zoe, lea, tmp_path / "stick")


def test_there_and_back_and_the_store_is_empty(line: Line) -> None:
    bundle = deposit(line.lea, "résultat").bundle
    line.push(line.lea)
    assert statuses(line.pull(line.zoe)) == [("accepted", None)]
    line.push(line.zoe)
    assert statuses(line.pull(line.lea)) == [("noted", "accepted")]
    assert line.lea.vault.outbox.find(bundle).state is SentState.ACCEPTED
    line.push(line.lea)
    assert len(line.objects()) == 1, "the receipt stays until its bundle has gone"
    line.push(line.zoe)
    line.push(line.lea)
    assert line.objects() == []
    assert [party.vault.remotes.objects("ab" * 16) for party in (line.zoe, line.lea)] == [{}, {}]


def test_pushing_again_puts_nothing_and_pulling_again_reads_nothing(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    assert line.push(line.lea).put == []
    line.pull(line.zoe)
    line.push(line.zoe)
    assert line.pull(line.zoe) == []
    assert Pulling(line.zoe.vault, line.zoe.vault.remotes.find("stick"), line.store, line.zoe.clock).unseen() == {}


def test_names_say_nothing(line: Line) -> None:
    bundle = deposit(line.lea, "résultat").bundle
    line.push(line.lea)
    (path,) = line.objects()
    assert path.stem not in (bundle, line.lea.vault.outbox.all()[0].header[:32])


def test_what_was_dropped_is_put_again_under_another_name(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (first,) = line.objects()
    first.unlink()
    assert line.push(line.lea).lost == 1
    assert line.objects() != [first]
    line.settle()
    assert (line.zoe.titles(), line.objects()) == (["résultat"], [])


def test_a_receipt_that_was_dropped_is_given_again(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (bundle,) = line.objects()
    line.pull(line.zoe)
    line.push(line.zoe)
    next(path for path in line.objects() if path != bundle).unlink()
    line.settle()
    assert line.lea.vault.outbox.all()[0].state is SentState.ACCEPTED
    assert line.objects() == []


@pytest.mark.parametrize("keep", [0, 40, 3000, -1])
def test_half_a_copy_is_told_and_the_whole_taken_in_later(line: Line, keep: int) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (path,) = line.objects()
    whole = path.read_bytes()
    path.write_bytes(whole[:keep])
    assert [arrival.status for arrival in line.pull(line.zoe)] == ["refused"]
    path.write_bytes(whole)
    assert statuses(line.pull(line.zoe)) == [("accepted", None)]


def test_a_copy_of_one_size_and_time_is_looked_at_for_an_hour(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (path,) = line.objects()
    whole = path.read_bytes()
    refused = "0" * 32 + ".age"

    def stamps() -> dict[str, str]:
        return {refused: "same"}

    path.rename(line.folder / refused)
    line.store.objects = stamps  # type: ignore[method-assign]
    (line.folder / refused).write_bytes(bytes(len(whole)))
    assert [arrival.status for arrival in line.pull(line.zoe)] == ["refused"]
    (line.folder / refused).write_bytes(whole)
    assert statuses(line.pull(line.zoe)) == [("accepted", None)]


def test_what_stays_damaged_is_not_told_for_ever(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (path,) = line.objects()
    path.write_bytes(path.read_bytes()[:-1])
    assert [len(line.pull(line.zoe)) for _time in range(2)] == [1, 1]
    line.zoe.now += SETTLES + timedelta(seconds=1)
    assert line.pull(line.zoe) == []


def test_what_was_refused_is_looked_at_again_once_contacts_changed(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (path,) = line.objects()
    path.write_bytes(path.read_bytes()[:-1])
    line.pull(line.zoe)
    line.zoe.now += SETTLES + timedelta(seconds=1)
    assert line.pull(line.zoe) == []
    line.zoe.knows(line.lea)
    assert [arrival.status for arrival in line.pull(line.zoe)] == ["refused"]
    line.zoe.now += SETTLES + timedelta(seconds=1)
    assert line.pull(line.zoe) == []


def test_what_was_changed_is_taken_away_and_put_again(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (path,) = line.objects()
    path.write_bytes(b"changed")
    plan = line.push(line.lea)
    assert (plan.lost, plan.delete) == (1, [path.name])
    line.settle()
    assert (line.zoe.titles(), line.objects()) == (["résultat"], [])


def test_another_time_alone_is_no_change(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (path,) = line.objects()
    path.touch()
    plan = line.push(line.lea)
    assert (plan.lost, plan.put, line.objects()) == (0, [], [path])
    line.store.get = lambda _name: pytest.fail("its new time is known")  # type: ignore[method-assign, assignment]
    assert line.push(line.lea).lost == 0


def test_what_one_put_there_is_taken_back_and_nothing_else(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (bundle,) = line.objects()
    line.pull(line.zoe)
    line.push(line.zoe)
    assert len(line.objects()) == 2
    assert line.pushing(line.zoe).take_back() == 1
    assert line.objects() == [bundle]
    assert list(line.zoe.vault.remotes.objects("ab" * 16)) == [bundle.name]


def test_a_copy_under_another_name_is_taken_in_once_and_cleared_away(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (path,) = line.objects()
    (line.folder / ("0" * 32 + ".age")).write_bytes(path.read_bytes())
    assert sorted(statuses(line.pull(line.zoe)), key=str) == [("accepted", None), ("known", "replayed")]
    line.settle()
    assert (line.zoe.titles(), line.objects()) == (["résultat"], [])


def test_what_is_hidden_from_its_recipient_goes_again_when_told_to(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    (first,) = line.objects()
    assert line.push(line.lea, again=True).put
    assert len(line.objects()) == 1
    assert line.objects() != [first]


def test_what_is_for_others_is_looked_at_once_and_never_touched(line: Line, tmp_path: Path) -> None:
    with zoe_and_lea(tmp_path / "others") as (_zoe, other):
        deposit(other, "fremd")
        (sent,) = other.write()
    foreign = line.folder / ("0" * 32 + ".age")
    foreign.write_bytes(sent.read_bytes())
    assert line.pull(line.zoe) == []
    assert line.zoe.vault.remotes.objects("ab" * 16)[foreign.name].part is Part.FOREIGN
    line.settle()
    assert line.objects() == [foreign]


def test_a_receipt_goes_where_its_bundle_came_from(line: Line, tmp_path: Path) -> None:
    (tmp_path / "share").mkdir()
    other = FolderStore(tmp_path / "share")
    line.zoe.vault.remotes.add("share", str(tmp_path / "share"), other.set_up("cd" * 16))
    deposit(line.lea, "résultat")
    line.push(line.lea)
    line.pull(line.zoe)
    elsewhere = Pushing(line.zoe.vault, line.zoe.vault.remotes.find("share"), other, line.zoe.clock, line.zoe.random)
    assert list(elsewhere.push(elsewhere.plan(), NoProgress())) == []
    line.push(line.zoe)
    assert len(line.objects()) == 2


def test_a_bundle_goes_where_its_recipient_is_reached(line: Line) -> None:
    zoe = own_keys(line.zoe.vault).fingerprint
    deposit(line.lea, "résultat")
    line.push(line.lea)
    share = line.second(line.lea, zoe)
    plan = line.push(line.lea)
    assert (plan.lost, len(plan.delete), plan.put, line.objects()) == (0, 1, [], []), "taken back where it is not fetched"
    assert len(list(share.push(share.plan(), NoProgress()))) == 1
    renew_identity(line.zoe.vault, line.zoe.now, line.zoe.random)
    line.lea.add(*line.zoe.write())
    assert share.plan().put == []
    deposit(line.lea, "encore")
    assert len(share.plan().put) == 1, "their new key is theirs as well"
    assert line.pushing(line.lea).plan().put == []


def test_a_copy_that_somebody_put_where_it_does_not_go_is_left_alone(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.second(line.lea, own_keys(line.zoe.vault).fingerprint)
    (copy,) = line.lea.write()
    by_hand = line.folder / ("0" * 32 + ".age")
    by_hand.write_bytes(copy.read_bytes())
    assert statuses(line.pull(line.lea)) == [("own", None)]
    line.push(line.lea)
    assert line.objects() == [by_hand]


def test_what_gets_no_receipt_goes_into_every_store_that_it_belongs_to(line: Line) -> None:
    share = line.second(line.lea)
    renew_identity(line.lea.vault, line.lea.now, line.lea.random)
    assert len(line.push(line.lea).put) == 1
    assert len(list(share.push(share.plan(), NoProgress()))) == 1
    assert line.lea.vault.outbox.kept() == []
    assert (line.push(line.lea).put, share.plan().put) == ([], [])


def test_what_gets_no_receipt_stays_when_the_rest_is_put_again(line: Line) -> None:
    renew_identity(line.lea.vault, line.lea.now, line.lea.random)
    line.push(line.lea)
    before = line.objects()
    assert line.push(line.lea, again=True).delete == []
    assert line.objects() == before


def test_what_lies_there_for_a_month_without_a_receipt_is_put_again(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    before = line.objects()
    line.lea.now += UNHEARD - timedelta(days=1)
    assert line.push(line.lea).unheard == 0
    line.lea.now += timedelta(days=1)
    plan = line.push(line.lea)
    assert (plan.unheard, plan.lost, len(line.objects())) == (1, 0, 1)
    assert line.objects() != before
    assert line.push(line.lea).unheard == 0, "and then again after another month"
    line.settle()
    assert (line.zoe.titles(), line.objects()) == (["résultat"], [])


def test_what_arrived_and_waits_for_its_reader_is_not_put_again(line: Line) -> None:
    line.zoe.knows(line.lea, auto_accept=False)
    deposit(line.lea, "résultat")
    line.settle()
    line.lea.now += UNHEARD * 2
    assert line.push(line.lea).unheard == 0


def test_what_does_not_open_any_more_is_not_put_again(line: Line) -> None:
    share(line.zoe, own_paper(line.zoe, "ordonnance"), until=line.zoe.now + timedelta(days=20))
    line.push(line.zoe)
    assert line.zoe.vault.outbox.waiting_since()[0] == 1
    line.zoe.now += UNHEARD
    assert line.push(line.zoe).unheard == 0
    assert (line.zoe.vault.outbox.waiting(), line.zoe.vault.outbox.waiting_since()) == ([], (0, None))


def test_what_another_copy_of_the_vault_sent_is_answered_to_both_and_told_once(line: Line, tmp_path: Path) -> None:
    other = tmp_path / "copy"
    shutil.copytree(line.lea.vault.layout.root, other)
    with open_vault(other, read_header(other), PASSPHRASE, line.lea.clock, Repeatable(b"copy")) as vault:
        copy = replace(line.lea, vault=vault, random=Repeatable(b"copy"))
        deposit(line.lea, "un")
        deposit(copy, "deux")
        for each in (line.lea, copy):
            line.push(each)
        line.pull(line.zoe)
        line.push(line.zoe)
        assert line.zoe.titles() == ["deux", "un"]
        for each in (line.lea, copy):
            assert sorted(statuses(line.pull(each))) == [("noted", "accepted"), ("refused", "not-made-here")]
            assert line.pull(each) == []
            assert line.push(each).lost == 0
    line.push(line.zoe)
    assert line.objects() == []


def test_a_stick_that_is_pulled_out_while_it_is_read_loses_nothing(line: Line) -> None:
    for text in ("un", "deux", "trois"):
        deposit(line.lea, text)
    line.push(line.lea)
    get, away = line.store.get, line.folder.with_name("away")
    read: list[str] = []

    def once(name: str) -> AbstractContextManager[BinaryIO]:
        if len(read) == 1:
            line.folder.rename(away)
        read.append(name)
        return get(name)

    line.store.get = once  # type: ignore[method-assign, assignment]
    with pytest.raises(TryLaterError):
        line.pull(line.zoe)
    assert len(line.zoe.titles()) == 1
    line.store.get = get  # type: ignore[method-assign]
    away.rename(line.folder)
    line.zoe.now += SETTLES * 2
    assert sorted(statuses(line.pull(line.zoe))) == [("accepted", None)] * 2


def test_what_could_not_be_read_is_looked_at_again_however_late(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    get = line.store.get

    def fail(name: str) -> AbstractContextManager[BinaryIO]:
        raise UnreadableInputError("no")

    line.store.get = fail  # type: ignore[method-assign, assignment]
    assert statuses(line.pull(line.zoe)) == [("refused", "unreadable-input")]
    line.store.get = get  # type: ignore[method-assign]
    line.zoe.now += SETTLES * 2
    assert statuses(line.pull(line.zoe)) == [("accepted", None)]


def test_what_was_put_before_the_stick_was_full_is_told_and_not_put_again(line: Line) -> None:
    for text in ("un", "deux", "trois"):
        deposit(line.lea, text)
    pushing, put = line.pushing(line.lea), line.store.put
    pushed: list[Pushed] = []

    def fail(name: str, source: BinaryIO) -> str:
        if len(line.objects()) == 2:
            raise StoreNotWritableError("full")
        return put(name, source)

    line.store.put = fail  # type: ignore[method-assign]
    with pytest.raises(StoreNotWritableError):
        for each in pushing.push(pushing.plan(), NoProgress()):
            pushed.append(each)  # noqa: PERF402 - what was told before the failure stays
    assert len(pushed) == 2
    line.store.put = put  # type: ignore[method-assign]
    plan = pushing.plan()
    assert (plan.lost, len(plan.put)) == (0, 1)


def test_a_stick_that_is_pulled_out_before_it_is_listed_has_lost_nothing(line: Line) -> None:
    deposit(line.lea, "résultat")
    line.push(line.lea)
    line.folder.rename(line.folder.with_name("away"))
    line.folder.mkdir()
    with pytest.raises(TryLaterError):
        line.push(line.lea)
    with pytest.raises(TryLaterError):
        line.pull(line.zoe)
    assert list(line.folder.iterdir()) == []


def test_an_interrupted_put_is_finished_and_leaves_nothing(line: Line) -> None:
    deposit(line.lea, "un")
    deposit(line.lea, "deux")
    pushing, put = line.pushing(line.lea), line.store.put
    done: list[str] = []

    def once(name: str, source: object) -> str:
        if done:
            raise KeyboardInterrupt
        done.append(name)
        return put(name, source)  # type: ignore[arg-type]

    line.store.put = once  # type: ignore[method-assign]
    with pytest.raises(KeyboardInterrupt):
        list(pushing.push(pushing.plan(), NoProgress()))
    line.store.put = put  # type: ignore[method-assign]
    plan = line.push(line.lea)
    assert (plan.lost, len(plan.put)) == (0, 1), "an interruption is not taken for a loss"
    line.settle()
    assert (line.zoe.titles(), line.objects()) == (["deux", "un"], [])


def test_both_ways_with_a_revocation(line: Line) -> None:
    first = deposit(line.lea, "par erreur").bundle
    share(line.zoe, own_paper(line.zoe, "ordonnance"))
    revoke(line.lea, first)
    line.settle()
    assert (line.zoe.titles(), line.lea.titles()) == (["ordonnance"], ["ordonnance"])
    assert line.objects() == []


def test_another_store_at_the_same_place_is_not_one_whose_objects_are_lost(line: Line) -> None:
    remote = line.lea.vault.remotes.find("stick")
    require_same_store(remote, line.store)
    (line.folder / "monespace-store").unlink()
    with pytest.raises(TryLaterError):
        require_same_store(remote, line.store)
    line.store.set_up("cd" * 16)
    with pytest.raises(TryLaterError):
        require_same_store(remote, line.store)
