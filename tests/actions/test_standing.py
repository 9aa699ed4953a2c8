"""Standing shares: what is new goes once, nothing twice, and what was taken back never again."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monespace_cli.actions.choosing import look
from monespace_cli.actions.people import find_contact, own_card
from monespace_cli.actions.sharing import Terms
from monespace_cli.actions.standing import due, start, still_given, take_back, update
from monespace_cli.errors import NotAllowedError
from monespace_cli.record.access import Grant
from monespace_cli.record.card import Check
from monespace_cli.record.exchange import ReceivedState
from monespace_cli.record.sharing import Wanted
from monespace_cli.sync.manifest import read_manifest
from monespace_cli.vault.access import Basis
from monespace_cli.vault.in_use import OWNER_SPACE
from monespace_cli.vault.shares import StandingShare
from tests.actions.exchange import LEA, Party, own_paper, party, zoe_and_lea

Two = tuple[Party, Party]
EVERYTHING = Wanted(everything=True)


@pytest.fixture
def two(tmp_path: Path) -> Iterator[Two]:
    with zoe_and_lea(tmp_path) as parties:
        yield parties


def lea_of(zoe: Party) -> str:
    return find_contact(zoe.vault, "PETIT").card.fingerprint


def standing(zoe: Party, wanted: Wanted = EVERYTHING, *, days: int | None = None) -> StandingShare:
    zoe.vault.access.grant(Basis.ALLOWED, Grant(lea_of(zoe)))
    choice = look(zoe.vault, wanted, find_contact(zoe.vault, "PETIT"), zoe.now, OWNER_SPACE)
    until = zoe.now + timedelta(days=days) if days else None
    return start(zoe.vault, choice, wanted, Terms("suivi", until), zoe.now, zoe.random)[0]


def sent(zoe: Party, share: StandingShare) -> list[list[str]]:
    """The titles in each bundle that was sent under it."""
    bundles = [read_manifest(each.manifest.encode()) for each in zoe.vault.outbox.under(share.id)]
    return [[info.title for _file, info in manifest.documents] for manifest in bundles]


def test_what_is_new_goes_once(two: Two) -> None:
    zoe, _lea = two
    own_paper(zoe, "une")
    share = standing(zoe)
    own_paper(zoe, "deux")
    for _ in range(2):
        zoe.later()
        share = zoe.vault.standing_shares.find(share.id)
        update(zoe.vault, share, zoe.now, zoe.random)
    assert sent(zoe, share) == [["une"], ["deux"]]


def test_a_dry_run_sends_nothing_and_forgets_nothing(two: Two) -> None:
    zoe, _lea = two
    own_paper(zoe, "une")
    share = standing(zoe)
    own_paper(zoe, "deux")
    assert not update(zoe.vault, share, zoe.now, zoe.random, dry_run=True).made
    assert sent(zoe, share) == [["une"]]
    assert [each.id for each in due(zoe.vault, zoe.now)] == [share.id]


def test_a_paper_that_is_unhidden_is_new(two: Two) -> None:
    zoe, _lea = two
    own_paper(zoe, "une")
    hidden = own_paper(zoe, "cachée")
    zoe.vault.access.hide(hidden.id)
    share = standing(zoe)
    assert due(zoe.vault, zoe.now) == []
    zoe.vault.access.unhide(hidden.id)
    zoe.later()
    assert [each.id for each in due(zoe.vault, zoe.now)] == [share.id]
    update(zoe.vault, share, zoe.now, zoe.random)
    assert sent(zoe, share) == [["une"], ["cachée"]]


def test_what_nobody_may_see_is_nothing_new(two: Two) -> None:
    zoe, _lea = two
    share = standing(zoe)
    zoe.vault.access.hide(own_paper(zoe, "cachée").id)
    assert due(zoe.vault, zoe.now) == []
    kept = zoe.vault.standing_shares.find(share.id)
    assert kept.mark == zoe.vault.standing_shares.mark_of(OWNER_SPACE) != share.mark


def test_it_ends_by_itself(two: Two) -> None:
    zoe, _lea = two
    own_paper(zoe, "une")
    share = standing(zoe, days=1)
    own_paper(zoe, "deux")
    zoe.later(24 * 3600)
    assert (due(zoe.vault, zoe.now), share.is_active(zoe.now)) == ([], False)


def test_who_may_see_nothing_any_more_is_told_of_and_gets_nothing(two: Two) -> None:
    zoe, _lea = two
    own_paper(zoe, "une")
    share = standing(zoe)
    own_paper(zoe, "deux")
    zoe.vault.access.revoke(Basis.ALLOWED, lea_of(zoe))
    done = update(zoe.vault, share, zoe.now, zoe.random)
    assert isinstance(done.problem, NotAllowedError)
    assert sent(zoe, share) == [["une"]]


def test_what_is_taken_back_before_it_left_never_leaves(two: Two) -> None:
    zoe, lea = two
    own_paper(zoe, "une")
    share = standing(zoe)
    (bundle,) = still_given(zoe.vault, share)
    take_back(zoe.vault, bundle, "par erreur", zoe.now, zoe.random)
    assert (still_given(zoe.vault, share), update(zoe.vault, share, zoe.now, zoe.random).made) == ([], ())
    lea.add(*zoe.write())
    assert lea.vault.inbox.get(bundle.bundle) is None
    with pytest.raises(NotAllowedError):
        take_back(zoe.vault, bundle, "", zoe.now, zoe.random)


def test_a_share_that_waits_is_not_offered_after_it_was_taken_back(two: Two) -> None:
    zoe, lea = two
    lea.vault.contacts.remove(next(iter(lea.vault.contacts.all())).fingerprint)  # a stranger's share waits
    own_paper(zoe, "une")
    share = standing(zoe)
    (bundle,) = still_given(zoe.vault, share)
    lea.add(*zoe.write())
    take_back(zoe.vault, bundle, "", zoe.now, zoe.random)
    lea.add(*zoe.write())
    assert lea.vault.inbox.find(bundle.bundle).state is ReceivedState.REVOKED


def test_a_new_key_of_its_recipient_is_followed(two: Two, tmp_path: Path) -> None:
    zoe, lea = two
    own_paper(zoe, "une")
    share = standing(zoe)
    with party(tmp_path / "new", LEA) as renewed:
        card, text = own_card(renewed.vault, zoe.now)
        zoe.vault.contacts.succeed(share.contact, card.fingerprint, text, Check.WORDS)
        zoe.vault.access.grant(Basis.ALLOWED, Grant(card.fingerprint))
        own_paper(zoe, "deux")
        zoe.later()
        (manifest,) = update(zoe.vault, share, zoe.now, zoe.random).made
        assert (manifest.recipient, sent(zoe, share)) == (card.fingerprint, [["une"], ["deux"]])
        first, _second = still_given(zoe.vault, share)
        assert take_back(zoe.vault, first, "", zoe.now, zoe.random).recipient == card.fingerprint
    assert lea.vault.inbox.all() == []


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["add", "hidden", "unhide", "update", "take back", "status"]), max_size=12))
def test_nothing_twice_and_nothing_lost(tmp_path_factory: pytest.TempPathFactory, steps: list[str]) -> None:
    with zoe_and_lea(tmp_path_factory.mktemp("two")) as (zoe, _lea):
        share, hidden, seen = standing(zoe), list[str](), set[str]()
        for number, step in enumerate([*steps, "update"]):
            zoe.later()
            share = zoe.vault.standing_shares.find(share.id)
            if step in ("add", "hidden"):
                document = own_paper(zoe, f"papier {number}")
                if step == "hidden":
                    zoe.vault.access.hide(document.id)
                    hidden.append(document.id)
                else:
                    seen.add(document.title)
            elif step == "unhide" and hidden:
                document = zoe.vault.documents.find(hidden.pop())
                zoe.vault.access.unhide(document.id)
                seen.add(document.title)
            elif step == "update":
                is_due = bool(due(zoe.vault, zoe.now))
                assert bool(update(zoe.vault, share, zoe.now, zoe.random).made) is is_due
            elif step == "take back" and still_given(zoe.vault, share):
                take_back(zoe.vault, still_given(zoe.vault, share)[0], "", zoe.now, zoe.random)
            elif step == "status":
                due(zoe.vault, zoe.now)
        titles = [title for bundle in sent(zoe, share) for title in bundle]
        assert sorted(titles) == sorted(seen)
