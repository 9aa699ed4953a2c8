"""The vault's own identity: what others compare of it, the keys that they encrypt to, and how both change."""

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monespace_cli.actions.depositing import require_depositor
from monespace_cli.actions.directory import contact_of
from monespace_cli.actions.outgoing import Outgoing, to_contact
from monespace_cli.actions.people import own_keys
from monespace_cli.crypto import age
from monespace_cli.errors import BundleError, UsageError
from monespace_cli.i18n import _
from monespace_cli.interop.professions import SPECIALTIES, specialties_called
from monespace_cli.ports import Random
from monespace_cli.record.card import Contact, Stop
from monespace_cli.record.identity import Institution, PractitionerIdentity, Profession
from monespace_cli.record.journal import Event
from monespace_cli.record.key_life import KeyLife, lives
from monespace_cli.record.own_identity import OwnIdentity
from monespace_cli.sync.body import Body, IdentityRevocation, Renewal
from monespace_cli.sync.card import card_text
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.revocation import prepared_revocation
from monespace_cli.sync.sealing import Contents
from monespace_cli.vault.in_use import OWNER_SPACE
from monespace_cli.vault.vault import Vault

SEED_SIZE = 32


@dataclass(frozen=True, slots=True)
class Changed:
    """What became of one's own keys."""

    identity: OwnIdentity
    told: int = 0
    """How many contacts a bundle in the outbox tells of it."""


def own_identity(vault: Vault) -> OwnIdentity:
    """Return who this vault is to others."""
    owner = vault.owner
    identity = OwnIdentity(owner.display_name, own_keys(vault).fingerprint, vault.keys.signing_since, lives(vault.keys.decryption_since()))
    if not isinstance(owner, PractitionerIdentity):
        return identity
    specialty = f"{owner.specialty} {SPECIALTIES.get(owner.specialty, '')}".strip()
    return replace(identity, institution=owner.institution, specialty=specialty)


def keep_practice(vault: Vault, institution: Institution | None, specialty: str | None) -> None:
    """Keep where the vault's owner, a practitioner, works, and what they are qualified in: "" is nothing, None leaves it as it is.

    Raises:
        NotAllowedError: the vault is a holder's.
        UsageError: no single specialty is called so, or they are no physician.
    """
    owner = require_depositor(vault)
    code = owner.specialty if specialty is None else _specialty(owner, specialty)
    with vault.database.transaction():
        vault.spaces.edit(OWNER_SPACE, replace(owner, institution=institution, specialty=code))
        vault.journal.write(Event.IDENTITY_EDITED, own_keys(vault).fingerprint)


def _specialty(owner: PractitionerIdentity, words: str) -> str:
    if not words:
        return ""
    if owner.profession is not Profession.PHYSICIAN:
        raise UsageError(_("only a physician has a specialty beside the profession"))
    found = specialties_called(words)
    if len(found) != 1:
        names = ", ".join(f"{code} {SPECIALTIES[code]}" for code in found)
        raise UsageError(
            _("no single specialty is called this"), hint=names or _("its name in French as in the official list, such as “Cardiologie”")
        )
    return found[0]


def keep_keys(vault: Vault, now: datetime) -> bool:
    """Do what is due: make new decryption keys where those on the card are a year old, erase old ones; tell whether there are new ones."""
    *old, current = lives(vault.keys.decryption_since())
    if current.is_over(now):
        rotate_decryption(vault)
    for life in old:
        if life.is_over(now):
            _erase(vault, life)
    return current.is_over(now)


def rotate_decryption(vault: Vault) -> None:
    """Make new decryption keys. The fingerprint stays, and contacts have the new card with the next bundle to them."""
    with vault.database.transaction():
        vault.keys.renew()
        vault.journal.write(Event.IDENTITY_KEYS_CHANGED, own_keys(vault).fingerprint)


def renew_identity(vault: Vault, now: datetime, random: Random) -> Changed:
    """Sign with a new key, and have the old one vouch for it in a bundle to each contact; the old one is erased.

    Contacts who take the bundle in stay as verified as they are; everybody else compares the new words.
    """
    keys = own_keys(vault)
    new = OwnKeys(random(SEED_SIZE), keys.decryption)
    card = card_text(new.card(vault.owner, now), new.signing)
    with vault.database.transaction():
        told = _tell_contacts(vault, Kind.RENEWAL, Renewal(card), now, random)
        _sign_with(vault, keys, new, Event.IDENTITY_RENEWED)
    return Changed(own_identity(vault), told)


def revoke_identity(vault: Vault, reason: str, now: datetime, random: Random) -> Changed:
    """Say to every contact that the signing key counts no more, and begin anew: everybody compares the new words.

    New decryption keys are made as well. The old ones still open what was sent before, for as long as ever.
    """
    keys = own_keys(vault)
    with vault.database.transaction():
        told = _tell_contacts(vault, Kind.IDENTITY_REVOCATION, IdentityRevocation(reason), now, random)
        _sign_with(vault, keys, OwnKeys(random(SEED_SIZE), keys.decryption), Event.IDENTITY_REVOKED)
        vault.keys.renew()
    return Changed(own_identity(vault), told)


def prepare_revocation(vault: Vault, now: datetime) -> bytes:
    """Return the file that ends the signing key whenever a contact takes it in: for the day this vault is lost."""
    keys = own_keys(vault)
    vault.journal.write(Event.IDENTITY_REVOCATION_PREPARED, keys.fingerprint)
    return prepared_revocation(keys.signing, now)


def _sign_with(vault: Vault, old: OwnKeys, new: OwnKeys, event: Event) -> None:
    vault.keys.replace_signing(old.fingerprint, new.signing_seed)
    vault.exchanges.end_streams()  # a receiver counts the bundles of each key
    vault.journal.write(event, new.fingerprint, earlier=old.fingerprint)


def _tell_contacts(vault: Vault, kind: Kind, body: Body, now: datetime, random: Random) -> int:
    """Seal what the old key has to say into the outbox, once for each contact."""
    outgoing = Outgoing(vault, now, random)
    contacts = list(_exchanging(vault))
    for contact in contacts:
        outgoing.to_outbox(Contents(kind, body=body), to_contact(contact.card))
    return len(contacts)


def _exchanging(vault: Vault) -> Iterator[Contact]:
    return (contact for contact in map(contact_of, vault.contacts.all()) if contact.stop is not Stop.REVOKED)


def _erase(vault: Vault, life: KeyLife) -> None:
    """Erase old keys, unless a bundle that waits for a decision opens with them alone: what came in time is not lost."""
    remaining = [key.identity for key in own_keys(vault).decryption if key.created != life.created]
    for waiting in vault.inbox.waiting():
        with vault.inbox.open_copy(waiting) as source, contextlib.suppress(BundleError):
            age.decrypt(source, remaining)
            continue
        return
    with vault.database.transaction():
        vault.keys.erase(life.created)
        vault.journal.write(Event.IDENTITY_KEYS_ERASED, created=life.created.date().isoformat())
