"""From a secret to the master key (docs/formats/vault-v1.md §2, §3). The header that comes out was made by somebody who had the key."""

from dataclasses import dataclass, field, replace

from monespace_cli.crypto.keys import hkdf
from monespace_cli.errors import UsageError, WrongPassphraseError
from monespace_cli.vault.header import (
    Header,
    Slot,
    SlotKind,
    unlock_with_keyring,
    unlock_with_kit,
    unlock_with_passphrase,
    verify_header,
)


@dataclass(frozen=True, slots=True)
class Unlocked:
    """A header whose MAC holds, its master key, and the slot through which somebody came in."""

    header: Header
    slot: Slot
    master: bytes = field(repr=False)
    """32 bytes. Python cannot wipe them; nothing but a session ever keeps them."""

    def __post_init__(self) -> None:
        verify_header(self.header, self.master)

    def derive(self, label: str) -> bytes:
        """Return the 32-byte key for one use."""
        return hkdf(self.master, label)

    def under(self, header: Header) -> "Unlocked":
        """Return the same with another header of this vault.

        Raises:
            IntegrityError: somebody without the key wrote it.
        """
        return replace(self, header=header)


def unlock(header: Header, secret: str) -> Unlocked:
    """Unlock with a passphrase or the twelve words of a recovery kit.

    Raises:
        WrongPassphraseError: the secret opens no slot.
        IntegrityError: somebody without the key wrote the header.
    """
    return _unlocked(header, _open(header, secret))


def unlock_slot_with_keyring(header: Header, slot: Slot, secret: bytes) -> Unlocked:
    """Unlock with the 32 bytes that an OS keyring keeps for a slot.

    Raises:
        WrongPassphraseError: they do not open it.
        IntegrityError: somebody without the key wrote the header.
    """
    return _unlocked(header, unlock_with_keyring(header, slot, secret))


def require_opens(header: Header, slot: Slot, secret: str) -> None:
    """See that a passphrase, or the words of a recovery kit, opens exactly this slot.

    Raises:
        WrongPassphraseError, UsageError: it does not, or is no kit.
    """
    from monespace_cli.crypto.words import kit_entropy

    alone = replace(header, slots=(slot,))
    if slot.kind is SlotKind.RECOVERY_KIT:
        unlock_with_kit(alone, kit_entropy(secret))
    else:
        unlock_with_passphrase(alone, secret)


def _unlocked(header: Header, opened: tuple[bytes, Slot]) -> Unlocked:
    master, slot = opened
    return Unlocked(header, slot, master)


def _open(header: Header, secret: str) -> tuple[bytes, Slot]:
    if not any(slot.kind is SlotKind.RECOVERY_KIT for slot in header.slots):
        return unlock_with_passphrase(header, secret)
    from monespace_cli.crypto.words import kit_entropy, looks_like_kit

    if not looks_like_kit(secret):
        return unlock_with_passphrase(header, secret)
    try:
        return unlock_with_kit(header, kit_entropy(secret))
    except (UsageError, WrongPassphraseError) as problem:
        try:  # a passphrase may be made of words of the list
            return unlock_with_passphrase(header, secret)
        except WrongPassphraseError:
            raise WrongPassphraseError(problem.message, hint=problem.hint) from None
