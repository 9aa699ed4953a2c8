from datetime import timedelta

from monespace_cli.record.card import Check
from monespace_cli.record.journal import Event
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World


def test_a_card_is_kept_as_it_came(vault: Vault) -> None:
    vault.contacts.put("ab" * 32, b"signed card")
    contact = vault.contacts.get("ab" * 32)
    assert contact is not None
    assert (contact.card, contact.added_at, contact.check, contact.verified_at) == (b"signed card", NOW, Check.NONE, None)
    assert vault.contacts.get("cd" * 32) is None


def test_a_new_card_of_the_same_key_keeps_its_trust(vault: Vault, world: World) -> None:
    vault.contacts.put("ab" * 32, b"old")
    world.now += timedelta(days=1)
    vault.contacts.verify("ab" * 32, Check.WORDS)
    vault.contacts.put("ab" * 32, b"new")
    (contact,) = vault.contacts.all()
    assert (contact.card, contact.added_at, contact.check, contact.verified_at) == (b"new", NOW, Check.WORDS, world.now)


def test_a_removed_contact_comes_back_unverified(vault: Vault) -> None:
    vault.contacts.put("ab" * 32, b"card")
    vault.contacts.verify("ab" * 32, Check.QR)
    vault.contacts.remove("ab" * 32)
    assert vault.contacts.all() == []
    vault.contacts.put("ab" * 32, b"card")
    assert vault.contacts.all()[0].check is Check.NONE


def test_oldest_first(vault: Vault, world: World) -> None:
    vault.contacts.put("cd" * 32, b"one")
    world.now += timedelta(seconds=1)
    vault.contacts.put("ab" * 32, b"two")
    assert [contact.card for contact in vault.contacts.all()] == [b"one", b"two"]


def test_the_journal_follows(vault: Vault) -> None:
    vault.contacts.put("ab" * 32, b"card")
    vault.contacts.verify("ab" * 32, Check.WORDS)
    vault.contacts.remove("ab" * 32)
    lines = [(entry.event, entry.subject, entry.details) for entry in vault.journal.entries(3)]
    assert lines == [
        (Event.CONTACT_ADDED, "ab" * 32, {}),
        (Event.CONTACT_VERIFIED, "ab" * 32, {"check": "words"}),
        (Event.CONTACT_REMOVED, "ab" * 32, {}),
    ]
