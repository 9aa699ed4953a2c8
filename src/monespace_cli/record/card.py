"""Public identities: the card a person hands out, and the contact that somebody else keeps of it.

A card's fingerprint names its signing key and nothing else, so that decryption keys can rotate while the fingerprint's words stay.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monespace_cli.record.identity import Profession

FINGERPRINT_LABEL = b"monespace.card-fingerprint.v1\x00"


class Role(StrEnum):
    """What the owner of a card is to the record."""

    HOLDER = "holder"
    PRACTITIONER = "practitioner"


class RecipientType(StrEnum):
    """The age recipient types a card can carry (C2SP age.md, native recipient types)."""

    HYBRID = "mlkem768x25519"
    X25519 = "x25519"


@dataclass(frozen=True, slots=True)
class Recipient:
    """A public key that bundles to this person are encrypted to, in age's text form, with the day it was made."""

    type: RecipientType
    public: str
    """`age1pq1…` or `age1…`."""
    created: datetime


@dataclass(frozen=True, slots=True)
class Card:
    """A public identity: name, role, identifiers, the signing key, and the keys to encrypt to."""

    family_name: str
    given_name: str
    role: Role
    signing_key: bytes
    """Ed25519 public key, 32 bytes."""
    recipients: tuple[Recipient, ...]
    issued: datetime
    profession: Profession | None = None
    rpps: str | None = None

    @property
    def display_name(self) -> str:
        """Given name and family name: `Luc DURAND`."""
        return f"{self.given_name} {self.family_name}"

    @property
    def fingerprint(self) -> str:
        """Labelled SHA-256 of the signing key, lower-case hex, 64 characters."""
        return fingerprint(self.signing_key)

    @property
    def keys_since(self) -> datetime:
        """When the newest key to encrypt to was made."""
        return max(r.created for r in self.recipients)

    def recipient(self, wanted: RecipientType) -> Recipient | None:
        """Return the newest key of a type, or None."""
        found = [r for r in self.recipients if r.type is wanted]
        return max(found, key=lambda r: r.created, default=None)


def fingerprint(signing_key: bytes) -> str:
    """Return the fingerprint of an Ed25519 public key: SHA-256 over a label and the 32 bytes, lower-case hex."""
    return hashlib.sha256(FINGERPRINT_LABEL + signing_key).hexdigest()


class Check(StrEnum):
    """By what check a contact's fingerprint was compared."""

    NONE = "none"
    WORDS = "words"
    QR = "qr"
    RENEWAL = "renewal"
    """The key before it was compared, and signed that this one takes its place."""


class Stop(StrEnum):
    """Why nothing is exchanged with a contact, whatever anybody accepts."""

    KEY_CHANGED = "key-changed"
    """Another key came under their name; a person decides which is theirs."""
    REVOKED = "revoked"
    """They said that their key counts no more."""


@dataclass(frozen=True, slots=True)
class Contact:
    """A card that this vault knows, and how far it is trusted."""

    card: Card
    added_at: datetime
    check: Check = Check.NONE
    verified_at: datetime | None = None
    auto_accept: bool = False
    """Whether what they deposit for exactly the person of a space is taken in without asking."""
    stop: Stop | None = None

    @property
    def is_verified(self) -> bool:
        """Whether a person compared the fingerprint, and nothing came up since."""
        return self.check is not Check.NONE and self.stop is None
