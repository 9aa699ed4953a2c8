import hashlib
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
import rfc8785

from monespace_cli.errors import BusyError, IntegrityError
from monespace_cli.record.journal import Event, JournalEntry
from monespace_cli.vault import connection, journal
from monespace_cli.vault.journal import GENESIS, chain
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World


def is_sound(vault: Vault) -> bool:
    """Follow the chain as docs/formats/vault-v1.md §6 says it, from the stored rows alone."""
    previous = bytes(32)
    rows = vault.database.all("SELECT sequence, at, actor, event, subject, details, hash FROM journal ORDER BY sequence")
    for number, (sequence, at, actor, event, subject, details, found) in enumerate(rows, start=1):
        line = {"sequence": sequence, "at": at, "actor": actor, "event": event, "subject": subject, "details": json.loads(details)}
        previous = hashlib.sha256(previous + rfc8785.dumps(line)).digest()
        if sequence != number or found != previous:
            return False
    return True


def test_a_vault_begins_with_its_creation(vault: Vault) -> None:
    assert vault.journal.entries() == [JournalEntry(1, NOW, "holder", Event.VAULT_CREATED, vault.header.vault)]
    assert is_sound(vault)


def test_lines_are_read_as_written_and_chained(vault: Vault, world: World) -> None:
    world.now = datetime(2026, 11, 23, 9, 30, 0, 123456, UTC)
    vault.journal.write(Event.DOCUMENT_READ, "abc", purpose='œil "\\\n\x1f\u2028\U0001f600', a="1")
    world.now = datetime(2026, 11, 23, tzinfo=timezone(timedelta(hours=2)))
    vault.journal.write(Event.CARD_EXPORTED)
    first, second = vault.journal.entries(2)
    assert first.details == {"purpose": 'œil "\\\n\x1f\u2028\U0001f600', "a": "1"}
    assert (first.sequence, first.at.microsecond, second.sequence, second.at) == (2, 123456, 3, world.now)
    assert is_sound(vault)
    assert [entry.sequence for entry in vault.journal.entries()] == [1, 2, 3]


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE journal SET event = 'document-exported' WHERE sequence = 2",
        "UPDATE journal SET at = '2020-01-01T00:00:00+00:00' WHERE sequence = 2",
        "UPDATE journal SET actor = 'somebody' WHERE sequence = 2",
        "UPDATE journal SET details = '{}' WHERE sequence = 3",
        "DELETE FROM journal WHERE sequence = 1",
        "DELETE FROM journal WHERE sequence = 2",
        "UPDATE journal SET hash = zeroblob(32) WHERE sequence = 4",
    ],
)
def test_a_line_changed_or_removed_breaks_the_chain(vault: Vault, tampering: str) -> None:
    for number in range(3):
        vault.journal.write(Event.DOCUMENT_READ, "abc", number=str(number))
    assert is_sound(vault)
    vault.journal.verify(None)
    vault.database.execute(tampering)
    assert not is_sound(vault)
    broken = tampering.rpartition("sequence = ")[2]
    with pytest.raises(IntegrityError, match=f"line {broken} "):
        vault.journal.verify(None)


@pytest.mark.parametrize(
    "nonsense",
    [
        "event = 'gone-shopping'",
        "at = 'yesterday'",
        "details = '[1]'",
        "details = '{\"a\": 1}'",
        "details = '{'",
        "subject = 'x' || char(0)",
    ],
)
def test_a_line_that_is_none_of_ours_is_named_and_not_shown(vault: Vault, nonsense: str) -> None:
    vault.journal.write(Event.SEARCHED, hits="1")
    vault.database.execute(f"UPDATE journal SET {nonsense} WHERE sequence = 2")
    with pytest.raises(IntegrityError, match="line 2 "):
        vault.journal.verify(None)
    if not nonsense.startswith("subject"):
        for read in (lambda: list(vault.journal.lines()), vault.journal.entries):
            with pytest.raises(IntegrityError, match="line 2 "):
                read()


def test_a_tail_cut_off_is_noticed_by_who_saw_it(vault: Vault) -> None:
    early = vault.journal.head()
    for _ in range(3):
        vault.journal.write(Event.SEARCHED)
    late = vault.journal.head()
    assert vault.journal.verify(early) == vault.journal.verify(late) == late
    assert (late.sequence, list(vault.journal.lines())[-1][1]) == (4, late.hash)
    vault.database.execute("DELETE FROM journal WHERE sequence >= 3")
    assert vault.journal.verify(None).sequence == 2, "nothing in what is left tells"
    with pytest.raises(IntegrityError, match="line 4"):
        vault.journal.verify(late)
    assert vault.journal.verify(early).sequence == 2
    vault.journal.write(Event.SEARCHED)
    vault.journal.write(Event.DOCUMENT_READ)
    with pytest.raises(IntegrityError, match="line 4"):
        vault.journal.verify(late)


def test_a_long_journal_is_followed_in_pieces(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "BATCH", 2)
    for _ in range(4):
        vault.journal.write(Event.SEARCHED)
    assert vault.journal.verify(None).sequence == 5
    assert [entry.sequence for entry, _hash in vault.journal.lines()] == [1, 2, 3, 4, 5]


def test_the_hash_covers_what_came_before() -> None:
    entry = JournalEntry(1, NOW, "holder", Event.SEARCHED)
    assert chain(GENESIS, entry) != chain(bytes([1]) + bytes(31), entry)


def test_a_line_goes_with_its_change_or_not_at_all(vault: Vault) -> None:
    with pytest.raises(KeyError), vault.database.transaction():
        vault.journal.write(Event.DOCUMENT_READ)
        raise KeyError
    assert len(vault.journal.entries()) == 1


def test_two_processes_keep_one_chain(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    with world.open() as other:
        for _ in range(3):
            vault.journal.write(Event.DOCUMENT_READ)
            other.journal.write(Event.DOCUMENT_READ)
        with vault.database.transaction():
            vault.journal.write(Event.DOCUMENT_READ)
            with pytest.raises(BusyError):
                other.journal.write(Event.DOCUMENT_READ)
    assert len(vault.journal.entries()) == 8
    assert is_sound(vault)
