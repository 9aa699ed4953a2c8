from datetime import timedelta

from monespace_cli.record.journal import Event
from monespace_cli.vault.exchanges import Stream
from monespace_cli.vault.vault import Vault
from tests.vault.world import World


def test_a_stream_counts_on(vault: Vault) -> None:
    assert vault.exchanges.next_in_stream("luc", "s1") == Stream("s1", 1)
    vault.exchanges.record_sent("b1", "share", "luc", Stream("s1", 1))
    assert vault.exchanges.next_in_stream("luc", "s2") == Stream("s1", 2)
    assert vault.exchanges.next_in_stream("ana", "s3") == Stream("s3", 1)


def test_a_stream_counts_on_though_the_clock_was_set_back(vault: Vault, world: World) -> None:
    vault.exchanges.record_sent("b1", "share", "luc", Stream("s1", 1))
    world.now -= timedelta(days=1)
    vault.exchanges.record_sent("b2", "share", "luc", Stream("s1", 2))
    assert vault.exchanges.next_in_stream("luc", "s9") == Stream("s1", 3)


def test_the_latest_stream_counts(vault: Vault, world: World) -> None:
    vault.exchanges.record_sent("b1", "share", "luc", Stream("s1", 7))
    world.now += timedelta(days=1)
    vault.exchanges.record_sent("b2", "share", "luc", Stream("s2", 1))
    assert vault.exchanges.next_in_stream("luc", "s9") == Stream("s2", 2)


def test_received_bundles_do_not_move_the_own_stream(vault: Vault) -> None:
    vault.exchanges.record_received("b1", "share", "luc", Stream("theirs", 5), imported=True)
    assert vault.exchanges.next_in_stream("luc", "s1") == Stream("s1", 1)


def test_a_bundle_is_taken_in_once(vault: Vault) -> None:
    assert not vault.exchanges.was_imported("b1")
    vault.exchanges.record_received("b1", "share", "luc", Stream("s", 1), imported=False)
    assert not vault.exchanges.was_imported("b1")
    vault.exchanges.record_received("b1", "share", "luc", Stream("s", 1), imported=True)
    vault.exchanges.record_received("b1", "share", "luc", Stream("s", 1), imported=False)
    assert vault.exchanges.was_imported("b1")
    assert [entry.event for entry in vault.journal.entries(3)] == [Event.BUNDLE_OPENED, Event.BUNDLE_IMPORTED, Event.BUNDLE_OPENED]


def test_a_bundle_to_oneself_is_both_sent_and_received(vault: Vault) -> None:
    vault.exchanges.record_sent("b1", "share", "me", Stream("s", 1))
    assert not vault.exchanges.was_imported("b1")
    vault.exchanges.record_received("b1", "share", "me", Stream("s", 1), imported=True)
    assert vault.exchanges.was_imported("b1")
