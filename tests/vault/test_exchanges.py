from datetime import timedelta

from monespace_cli.record.document import DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.vault.exchanges import MANY, SeenBundle, Stream
from monespace_cli.vault.vault import Vault
from tests.vault.world import World


def reserve(vault: Vault, bundle: str, peer: str = "luc", new_stream: str = "s9") -> Stream:
    return vault.exchanges.reserve(bundle, "share", peer, new_stream)


def test_a_stream_counts_on(vault: Vault) -> None:
    assert reserve(vault, "b1", new_stream="s1") == Stream("s1", 1)
    assert reserve(vault, "b2") == Stream("s1", 2)
    assert reserve(vault, "b3", peer="ana", new_stream="s3") == Stream("s3", 1)


def test_a_place_is_taken_before_the_bundle_is_made(vault: Vault) -> None:
    """So that two who seal at the same moment get two places."""
    first, second = reserve(vault, "b1"), reserve(vault, "b2")
    vault.exchanges.record_sent("b2", "m2")
    vault.exchanges.record_sent("b1", "m1", [DocumentId("d1")])
    assert (first.counter, second.counter) == (1, 2)
    assert vault.journal.entries(1)[0].details == {"peer": "luc", "kind": "share", "documents": "d1"}


def test_a_place_that_was_not_used_is_given_back(vault: Vault) -> None:
    reserve(vault, "b1")
    vault.exchanges.release("b1")
    assert reserve(vault, "b2") == Stream("s9", 1)
    reserve(vault, "b3")
    vault.exchanges.release("b2")
    assert reserve(vault, "b4").counter == 3, "one after it is taken: its recipient is shown a gap"
    vault.exchanges.record_sent("b4", "m4")
    vault.exchanges.release("b4")
    assert reserve(vault, "b5").counter == 4, "what was made keeps its place"


def test_a_place_is_given_back_whatever_other_streams_hold(vault: Vault) -> None:
    reserve(vault, "b1", new_stream="s1")
    for bundle in ("a1", "a2"):
        reserve(vault, bundle, peer="ana", new_stream="s2")
    vault.exchanges.record_received("theirs", "share", "luc", Stream("s1", 5), imported=True)
    vault.exchanges.release("b1")
    assert reserve(vault, "b2", new_stream="s3") == Stream("s3", 1)


def test_what_came_is_never_given_back(vault: Vault) -> None:
    reserve(vault, "b0", new_stream="s1")
    vault.exchanges.record_received("b1", "share", "luc", Stream("s1", 1), imported=True)
    vault.exchanges.release("b1")
    assert vault.exchanges.was_imported("b1")


def test_a_stream_counts_on_though_the_clock_was_set_back(vault: Vault, world: World) -> None:
    reserve(vault, "b1")
    world.now -= timedelta(days=1)
    reserve(vault, "b2")
    assert reserve(vault, "b3").counter == 3


def test_a_stream_that_was_ended_is_not_gone_on_with(vault: Vault) -> None:
    reserve(vault, "b1", new_stream="s1")
    vault.exchanges.end_streams()
    assert reserve(vault, "b2", new_stream="s2") == Stream("s2", 1)
    assert reserve(vault, "b3") == Stream("s2", 2)


def test_missing_counters_are_named(vault: Vault) -> None:
    assert vault.exchanges.gaps("luc", "s") == ()
    for counter in (5, 2, 4):
        vault.exchanges.record_received(f"b{counter}", "share", "luc", Stream("s", counter), imported=True)
    vault.exchanges.record_received("other", "share", "ana", Stream("s", 3), imported=True)
    assert vault.exchanges.gaps("luc", "s") == (1, 3)
    vault.exchanges.record_received("far", "share", "luc", Stream("s", 2**53 - 1), imported=True)
    assert len(vault.exchanges.gaps("luc", "s")) == MANY


def test_what_came_before_is_known_by_sender_and_manifest(vault: Vault) -> None:
    assert vault.exchanges.seen("b1") is None
    vault.exchanges.record_received("b1", "share", "luc", Stream("s", 1), imported=False, manifest="m1")
    assert vault.exchanges.seen("b1") == SeenBundle("luc", "m1", imported=False)


def test_received_bundles_do_not_move_the_own_stream(vault: Vault) -> None:
    vault.exchanges.record_received("b1", "share", "luc", Stream("theirs", 5), imported=True)
    assert reserve(vault, "b2") == Stream("s9", 1)


def test_a_bundle_is_taken_in_once(vault: Vault) -> None:
    assert not vault.exchanges.was_imported("b1")
    vault.exchanges.record_received("b1", "share", "luc", Stream("s", 1), imported=False)
    assert not vault.exchanges.was_imported("b1")
    vault.exchanges.record_received("b1", "share", "luc", Stream("s", 1), imported=True)
    vault.exchanges.record_received("b1", "share", "luc", Stream("s", 1), imported=False)
    assert vault.exchanges.was_imported("b1")
    assert [entry.event for entry in vault.journal.entries(3)] == [Event.BUNDLE_OPENED, Event.BUNDLE_IMPORTED, Event.BUNDLE_OPENED]


def test_a_bundle_to_oneself_is_both_sent_and_received(vault: Vault) -> None:
    reserve(vault, "b1", "me")
    assert not vault.exchanges.was_imported("b1")
    vault.exchanges.record_received("b1", "share", "me", Stream("s", 1), imported=True)
    assert vault.exchanges.was_imported("b1")
