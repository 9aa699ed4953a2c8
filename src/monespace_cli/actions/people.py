"""One's own identity, and the people one exchanges with."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import TypeVar

from monespace_cli.actions.directory import contact_of, find_person, index_cards, join_card
from monespace_cli.crypto.words import same_words
from monespace_cli.errors import NotFoundError, UnverifiedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.card import Card, Check, Contact, Stop
from monespace_cli.record.text import fold
from monespace_cli.sync.card import card_text, kept_card, read_card
from monespace_cli.sync.keys import DecryptionKey, OwnKeys
from monespace_cli.sync.revocation import read_prepared_revocation
from monespace_cli.vault.contacts import KeyChange
from monespace_cli.vault.vault import Vault

Bundle = TypeVar("Bundle")
"""One that was sent or received."""


def own_keys(vault: Vault) -> OwnKeys:
    """Return the vault's own secret keys."""
    decryption = tuple(DecryptionKey(key.type, key.seed, key.created_at) for key in vault.keys.decryption_keys())
    return OwnKeys(vault.keys.signing_seed, decryption, vault.keys.earlier)


def own_card(vault: Vault, now: datetime) -> tuple[Card, bytes]:
    """Return the public identity of the vault's owner, and its signed file."""
    keys = own_keys(vault)
    card = keys.card(vault.owner, now)
    return card, card_text(card, keys.signing)


def names_of(vault: Vault, fingerprints: Iterable[str]) -> dict[str, str]:
    """Return each contact's name, or the first digits of the fingerprint where there is no such contact any more; a card is read once."""
    cards = {fingerprint: vault.contacts.get(fingerprint) for fingerprint in set(fingerprints)}
    return {name: contact_of(stored).card.display_name if stored else name[:10] for name, stored in cards.items()}


def find_contact(vault: Vault, name: str) -> Contact:
    """Return the contact that a name, a part of one, or the beginning of a fingerprint means.

    Raises:
        NotFoundError: nobody, more than one, or somebody without a card.
    """
    known = find_person(vault, name)
    if known.contact is None:
        raise NotFoundError(
            _("there is no card of this practitioner"),
            hint=_("ask them for it; `monespace contact add FILE` joins it to what you know"),
        )
    return known.contact


def with_contact(vault: Vault, name: str, exchanged: Sequence[Bundle], peer: Callable[[Bundle], str]) -> list[Bundle]:
    """Return what was exchanged with a contact, by an earlier key of theirs, too; everything where no name is given.

    Raises:
        NotFoundError: nobody, more than one, or somebody without a card.
    """
    if not name:
        return list(exchanged)
    wanted = find_contact(vault, name).card.fingerprint
    theirs = {each for each in set(map(peer, exchanged)) if vault.contacts.current(each) == wanted}
    return [each for each in exchanged if peer(each) in theirs]


def spaces_of(vault: Vault, name: str) -> tuple[int, ...] | None:
    """Return the spaces about people of a name (all its words in theirs), or None where no name is given.

    Raises:
        NotFoundError: nobody has it.
    """
    if not name:
        return None
    wanted = set(fold(name).split())
    found = tuple(number for number, owner in vault.spaces.all().items() if wanted <= set(fold(owner.display_name).split()))
    if not found:
        raise NotFoundError(_("nobody here has this name"), hint=_("`monespace status` says whose papers there are"))
    return found


def add_contact(vault: Vault, data: bytes, replaces: Contact | None = None) -> Contact:
    """Take a card in; one that is known already is brought up to date and stays as trusted as it was.

    Raises:
        UnreadableInputError, BundleError: it is no card, or not signed by its own key.
        UsageError: it is one's own.
        UnverifiedError: a contact with the same RPPS number, or the one whom this card is said to replace, has another key; it is kept as a
            question, and nothing is exchanged with them until it is decided.
    """
    card = read_card(data)
    if card.fingerprint == own_keys(vault).fingerprint:
        raise UsageError(_("this is your own card"), hint=_("hand it to the people you exchange with"))
    index_cards(vault)
    others = [other.fingerprint for other in vault.contacts.with_rpps(card.rpps or "")] + ([replaces.card.fingerprint] if replaces else [])
    for other in others:
        if other != card.fingerprint:
            vault.contacts.question(KeyChange(other, data, card.fingerprint))
            raise changed_key(other)
    known = vault.contacts.get(card.fingerprint)
    if known and card.issued < kept_card(known.card).issued:
        raise UsageError(_("you have a newer card of this contact"), hint=_("ask them which one they use now"))
    with vault.database.transaction():
        vault.contacts.put(card.fingerprint, data)
        vault.contacts.index(card.fingerprint, card.display_name, card.rpps)
        join_card(vault, card)
    return find_contact(vault, card.fingerprint)


def take_prepared_revocation(vault: Vault, data: bytes) -> str:
    """Let a key count no more whose owner prepared this file; return its fingerprint. Whether it is a contact's does not matter.

    Raises:
        UnreadableInputError, BundleError: it is no prepared revocation, or not signed by the key that it names.
        UsageError: it is of one's own key.
    """
    revoked = read_prepared_revocation(data)
    if revoked == own_keys(vault).fingerprint:
        raise UsageError(_("this would revoke your own key"), hint=_("`monespace identity revoke` does that, and begins anew"))
    if not vault.contacts.is_revoked(revoked):
        with vault.database.transaction():
            vault.contacts.revoke(revoked, "")
    return revoked


def changed_key(fingerprint: str) -> UnverifiedError:
    """Return the error that somebody's key changed and nobody decided yet which is theirs; `fingerprint` is of the one that is known."""
    return UnverifiedError(
        _("another key came for this person than the one you know: nothing is exchanged with them until you have asked"),
        hint=_("ask them, face to face or by phone, for their words, then `monespace contact resolve {digits}`").format(
            digits=fingerprint[:8]
        ),
    )


def require_going_on(contact: Contact) -> None:
    """See that nothing stops exchanging with a contact, whatever anybody accepts.

    Raises:
        UnverifiedError: their key changed, or they revoked it.
    """
    if contact.stop is Stop.KEY_CHANGED:
        raise changed_key(contact.card.fingerprint)
    if contact.stop is Stop.REVOKED:
        raise UnverifiedError(
            _("{name} has revoked this key: nothing is exchanged with it any more").format(name=contact.card.display_name),
            hint=_("ask them for their new card, and take it in with `monespace contact add`"),
        )


def verify_by_words(vault: Vault, contact: Contact, words: str) -> None:
    """Record that the words of a contact's fingerprint were compared, if they are the same.

    Raises:
        UnverifiedError: they are not.
    """
    if not same_words(words, contact.card.fingerprint):
        raise UnverifiedError(
            _("these are not the words of this contact's key"),
            hint=_("do not share with this contact before you know why: the card may not be theirs"),
        )
    vault.contacts.verify(contact.card.fingerprint, Check.WORDS)


def verify_by_code(vault: Vault, contact: Contact, fingerprint: str) -> None:
    """Record that the QR code on their screen was compared, if it carries this contact's fingerprint.

    Raises:
        UnverifiedError: it carries another one.
    """
    if fingerprint != contact.card.fingerprint:
        raise UnverifiedError(
            _("this is not the code of this contact's key"),
            hint=_("do not share with this contact before you know why: the card may not be theirs"),
        )
    vault.contacts.verify(contact.card.fingerprint, Check.QR)
