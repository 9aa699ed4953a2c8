"""Keys from keys and keys from passphrases: HKDF, Argon2id, key wrapping, and the MAC over a vault's header.

This is the start-up path of every command that opens a vault, so it imports nothing but what unlocking needs.
"""

import unicodedata
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes, hmac
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from monespace_cli.errors import IntegrityError, UsageError, WrongPassphraseError
from monespace_cli.i18n import _
from monespace_cli.ports import Random

KEY_SIZE = 32
"""Bytes of every symmetric key: AES-256, HMAC-SHA256."""
SALT_SIZE = 16
NONCE_SIZE = 12
TAG_SIZE = 16

MAX_MEMORY_KIB = 1_048_576
MAX_ITERATIONS = 10
MAX_LANES = 16


@dataclass(frozen=True, slots=True)
class Argon2Params:
    """The cost of turning a passphrase into a key (RFC 9106). The defaults are its second recommended option: 64 MiB, 3 passes, 4 lanes.

    Whoever hands over a vault chooses these numbers, so building one that asks too much raises: 1 GiB, 10 passes and 16 lanes at most.

    Raises:
        IntegrityError: a number or the salt's length is out of bounds.
    """

    salt: bytes
    """16 random bytes."""
    memory_kib: int = 65_536
    iterations: int = 3
    lanes: int = 4

    def __post_init__(self) -> None:
        in_bounds = (
            len(self.salt) == SALT_SIZE
            and 1 <= self.lanes <= MAX_LANES
            and 8 * self.lanes <= self.memory_kib <= MAX_MEMORY_KIB  # RFC 9106 section 3.1: at least 8 KiB a lane
            and 1 <= self.iterations <= MAX_ITERATIONS
        )
        if not in_bounds:
            raise IntegrityError(
                _("the key derivation asks for what no monespace writes"),
                hint=_("the header of the vault was changed; restore the vault from a backup"),
            )

    @classmethod
    def default(cls, random: Random) -> Self:
        """Return the cost for a new key slot, with a fresh salt."""
        return cls(salt=random(SALT_SIZE))

    @classmethod
    def paranoid(cls, random: Random) -> Self:
        """Return the highest cost that a header may ask, with a fresh salt: 1 GiB, which small machines do not have."""
        return cls(salt=random(SALT_SIZE), memory_kib=MAX_MEMORY_KIB)


def hkdf(master: bytes, label: str, length: int = KEY_SIZE, *, salt: bytes = b"") -> bytes:
    """Derive `length` bytes for one use of a master key: HKDF-SHA256 with the label as info (RFC 5869).

    The salt is empty, except where a format says what it is.
    """
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=label.encode()).derive(master)


def passphrase_bytes(passphrase: str) -> bytes:
    """Return a passphrase as UTF-8 in Unicode form NFC: the same bytes from every keyboard.

    Raises:
        UsageError: the passphrase holds something that is no text (it was read from bytes that are not UTF-8).
    """
    try:
        return unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        raise UsageError(_("the passphrase is not valid text"), hint=_("save it as UTF-8")) from None


def argon2id(passphrase: str, params: Argon2Params) -> bytes:
    """Return the 32-byte key of a passphrase: Argon2id version 1.3 (RFC 9106) over its UTF-8 bytes in form NFC.

    Raises:
        UsageError: the passphrase is not valid text.
    """
    function = Argon2id(salt=params.salt, length=KEY_SIZE, iterations=params.iterations, lanes=params.lanes, memory_cost=params.memory_kib)
    return function.derive(passphrase_bytes(passphrase))


def wrap_key(kek: bytes, key: bytes, context: bytes, random: Random) -> bytes:
    """Encrypt a key under a 32-byte key-encryption key: a 12-byte random nonce, then AES-256-GCM with `context` as associated data.

    A KEK is used for a handful of keys at most, so that random nonces are far from their birthday bound (NIST SP 800-38D section 8.3).
    """
    nonce = random(NONCE_SIZE)
    return nonce + AESGCM(kek).encrypt(nonce, key, context)


def unwrap_key(kek: bytes, wrapped: bytes, context: bytes) -> bytes:
    """Return the key that :func:`wrap_key` encrypted.

    Raises:
        WrongPassphraseError: the KEK or the context is not the one it was wrapped with, or the bytes were changed; nobody can tell which.
        IntegrityError: too short to hold a nonce and a tag.
    """
    if len(wrapped) < NONCE_SIZE + TAG_SIZE:
        raise IntegrityError(_("a key slot is too short"), hint=_("restore the vault from a backup"))
    try:
        return AESGCM(kek).decrypt(wrapped[:NONCE_SIZE], wrapped[NONCE_SIZE:], context)
    except InvalidTag:
        raise WrongPassphraseError(_("wrong passphrase or recovery kit")) from None


def mac(key: bytes, data: bytes) -> str:
    """Return HMAC-SHA256 of `data` in lower-case hex, 64 characters (RFC 2104)."""
    return _hmac(key, data).finalize().hex()


def check_mac(key: bytes, data: bytes, expected: str) -> None:
    """Compare a MAC in hex with that of `data`, in constant time.

    Raises:
        IntegrityError: it is another one, or no hex at all.
    """
    try:
        _hmac(key, data).verify(bytes.fromhex(expected))
    except (ValueError, InvalidSignature):
        raise IntegrityError(
            _("the header of the vault was changed outside monespace"), hint=_("restore the vault from a backup")
        ) from None


def _hmac(key: bytes, data: bytes) -> hmac.HMAC:
    function = hmac.HMAC(key, hashes.SHA256())
    function.update(data)
    return function
