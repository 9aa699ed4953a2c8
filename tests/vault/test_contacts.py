from datetime import timedelta

from monespace_cli.record.card import Check
from monespace_cli.record.journal import Event
from monespace_cli.vault.contacts import KeyChange
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


def test_the_journal_says_all_that_is_decided_of_a_contact(vault: Vault) -> None:
    known, later = "ab" * 32, "cd" * 32
    change = KeyChange(known, b"other card", later)
    contacts = vault.contacts
    contacts.put(known, b"card")
    contacts.verify(known, Check.WORDS)
    contacts.trust(known, auto_accept=True)
    contacts.trust(known, auto_accept=False)
    contacts.question(change)
    contacts.reject(change)
    with vault.database.transaction():
        contacts.renew_card(known, b"newer card")
        contacts.succeed(known, later, b"other card", Check.NONE)
        contacts.revoke(later, "volée")
    contacts.remove(later)
    said = [(entry.event, entry.subject, entry.details) for entry in vault.journal.entries() if entry.event.value.startswith("contact-")]
    assert said == [
        (Event.CONTACT_ADDED, known, {}),
        (Event.CONTACT_VERIFIED, known, {"check": "words"}),
        (Event.CONTACT_TRUSTED, known, {"auto_accept": "yes"}),
        (Event.CONTACT_TRUSTED, known, {"auto_accept": "no"}),
        (Event.CONTACT_KEY_QUESTIONED, known, {"later": later}),
        (Event.CONTACT_KEY_REJECTED, known, {"later": later}),
        (Event.CONTACT_RENEWED, known, {}),
        (Event.CONTACT_KEY_ACCEPTED, later, {"earlier": known, "check": "none"}),
        (Event.CONTACT_REVOKED, later, {}),
        (Event.CONTACT_REMOVED, later, {}),
    ]


def test_a_key_that_took_anothers_place_is_verified_only_if_it_was_compared(vault: Vault) -> None:
    vault.contacts.put("ab" * 32, b"card")
    vault.contacts.verify("ab" * 32, Check.WORDS)
    for earlier, later, check, verified in [("ab", "cd", Check.NONE, None), ("cd", "ef", Check.WORDS, NOW)]:
        with vault.database.transaction():
            vault.contacts.succeed(earlier * 32, later * 32, b"card", check)
        contact = vault.contacts.get("ab" * 32)
        assert contact is not None
        assert (contact.check, contact.verified_at) == (check, verified)
