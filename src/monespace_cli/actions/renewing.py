"""How the key of a contact changes: vouched for by the key before, or by a person who compared the new words. Decisions go along."""

from dataclasses import replace

from monespace_cli.actions.directory import contact_of, join_card
from monespace_cli.crypto.words import same_words
from monespace_cli.errors import NotFoundError, UnverifiedError
from monespace_cli.i18n import _
from monespace_cli.record.card import Card, Check, Contact
from monespace_cli.sync.body import Renewal
from monespace_cli.sync.card import kept_card
from monespace_cli.sync.manifest import Manifest
from monespace_cli.vault.contacts import KeyChange
from monespace_cli.vault.vault import Vault


def take_newer_card(vault: Vault, manifest: Manifest) -> None:
    """Keep the card that came with a bundle where it says something new of a contact, in the caller's transaction.

    So their new decryption keys become known with whatever they send. The key is the same: how far it is trusted stays.
    """
    stored = vault.contacts.get(manifest.sender)
    if stored is None or stored.fingerprint != manifest.sender or stored.card.decode() == manifest.sender_card:
        return
    known, new = kept_card(stored.card), kept_card(manifest.sender_card.encode())  # its bundle was checked
    if new.issued > known.issued and replace(new, issued=known.issued) != known:
        vault.contacts.renew_card(manifest.sender, manifest.sender_card.encode())
        vault.contacts.index(manifest.sender, new.display_name, new.rpps)


def take_renewal(vault: Vault, sender: str, renewal: Renewal) -> Card:
    """Let the card in a checked renewal take the place of its signer's, in the caller's transaction; return it.

    A contact whose words were compared stays verified: the key that was compared says which is the next.
    """
    new = renewal.new_card
    stored = vault.contacts.get(sender)
    if stored is None or stored.fingerprint != sender:
        return new  # it came after a later one
    if new.fingerprint == sender:
        vault.contacts.renew_card(sender, renewal.card)
        vault.contacts.index(sender, new.display_name, new.rpps)
    else:
        _succeed(vault, sender, renewal.card, Check.NONE if stored.check is Check.NONE else Check.RENEWAL)
    return new


def question_of(vault: Vault, contact: Contact) -> tuple[KeyChange, Card]:
    """Return the other key that came for a contact, and its card.

    Raises:
        NotFoundError: none did, or it was decided.
    """
    change = vault.contacts.questioned(contact.card.fingerprint)
    if change is None:
        raise NotFoundError(
            _("there is nothing to decide about this contact's key"), hint=_("`monespace contact list` shows who it is about")
        )
    return change, kept_card(change.card)


def accept_key(vault: Vault, change: KeyChange, words: str) -> Contact:
    """Let the other key be the contact's from now on, if these are its words.

    Raises:
        UnverifiedError: they are not.
    """
    if not same_words(words, change.later):
        raise UnverifiedError(
            _("these are not the words of the new key"),
            hint=_("the new card may not be theirs: `monespace contact resolve --reject` keeps the key that you know"),
        )
    with vault.database.transaction():
        _succeed(vault, change.fingerprint, change.card, Check.WORDS)
    stored = vault.contacts.get(change.later)
    assert stored is not None, "it was just put in"
    return contact_of(stored)


def _succeed(vault: Vault, earlier: str, data: bytes, check: Check) -> None:
    new = kept_card(data)
    vault.contacts.succeed(earlier, new.fingerprint, data, check)
    vault.access.rename(earlier, new.fingerprint)
    vault.contacts.index(new.fingerprint, new.display_name, new.rpps)
    join_card(vault, new)
