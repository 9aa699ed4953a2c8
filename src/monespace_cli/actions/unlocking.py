"""Ways into a vault that nobody has to type: a session, the keyring of this system."""

from monespace_cli.adapters.keyring import system_keyring
from monespace_cli.adapters.session import Sessions
from monespace_cli.errors import IntegrityError, LockedError, MissingDependencyError, WrongPassphraseError
from monespace_cli.ports import Random
from monespace_cli.vault.header import Header, Slot, SlotKind, SlotSecret
from monespace_cli.vault.unlock import Unlocked, unlock_slot_with_keyring
from monespace_cli.vault.vault import Vault

KEYRING_SECRET_SIZE = 32


def unlock_with_session(header: Header, sessions: Sessions) -> Unlocked | None:
    """Unlock with the session that runs; None where there is none for this header: it ended, or the keys were renewed since."""
    session = sessions.read()
    slot = next((slot for slot in header.slots if session and slot.id == session.slot), None)
    if session is None or slot is None:
        return None
    try:
        return Unlocked(header, slot, session.master)
    except IntegrityError:
        return None  # whether the keys were renewed or the header was forged: a passphrase will tell


def unlock_with_keyring(header: Header) -> Unlocked | None:
    """Unlock with what this system's keyring keeps for a slot; None where it keeps nothing that opens one, or does not answer.

    Raises:
        IntegrityError: somebody without the key wrote the header.
    """
    slots = [slot for slot in header.slots if slot.kind is SlotKind.KEYRING]
    if not slots:
        return None
    try:
        keyring = system_keyring()
        secrets = {slot: keyring.get(header.vault, slot.id) for slot in slots}
        return next((unlock_slot_with_keyring(header, slot, secret) for slot, secret in secrets.items() if secret), None)
    except (LockedError, MissingDependencyError, WrongPassphraseError):
        return None  # there is a passphrase, too


def add_keyring_slot(vault: Vault, label: str, random: Random) -> Slot:
    """Add a slot whose secret this system's keyring keeps.

    Raises:
        MissingDependencyError: there is no keyring that encrypts.
        LockedError: it does not answer.
    """
    slot_id, secret = keep_in_keyring(vault.header.vault, random)
    try:
        return vault.key_slots.add(secret, label, slot_id)
    except BaseException:
        system_keyring().remove(vault.header.vault, slot_id)
        raise


def remove_slot(vault: Vault, slot: Slot) -> None:
    """Take a slot away, and what this system's keyring keeps for it, where it does.

    Raises:
        UsageError: without it, nothing that a person knows or holds would open the vault.
    """
    vault.key_slots.remove(slot)
    if slot.kind is SlotKind.KEYRING:
        _forget(vault.header.vault, slot)


def keep_in_keyring(vault: str, random: Random) -> tuple[str, SlotSecret]:
    """Keep a new secret in this system's keyring, beside the present one; return the id of a slot for it, and the secret.

    Raises:
        MissingDependencyError, LockedError: there is no keyring that encrypts, or it does not answer.
    """
    slot_id, secret = random(4).hex(), random(KEYRING_SECRET_SIZE)
    system_keyring().put(vault, slot_id, secret)
    return slot_id, SlotSecret.of_keyring(secret)


def forget_keyring_slots(header: Header) -> None:
    """Remove what this system's keyring keeps for the slots of a header that is no longer valid."""
    for slot in header.slots:
        if slot.kind is SlotKind.KEYRING:
            _forget(header.vault, slot)


def _forget(vault: str, slot: Slot) -> None:
    try:
        system_keyring().remove(vault, slot.id)
    except (LockedError, MissingDependencyError):
        return  # on another machine, or logged out: what is kept there opens nothing any more
