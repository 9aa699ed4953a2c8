"""The three native recipient types: who can open an age file (C2SP age.md, "Native recipient types").

Each wraps the 16-byte file key into a stanza, and each identity finds its own stanza again. A stanza of another type, or one that another
key must open, is passed over; one of the right type that breaks its format is refused, because only tampering or a bug writes those.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import ClassVar, Protocol, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, MLKEM768X25519PrivateKey, MLKEM768X25519PublicKey, Suite
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from monespace_cli.crypto.age import bech32
from monespace_cli.crypto.age.header import Stanza, damaged_header, from_base64, to_base64
from monespace_cli.crypto.keys import hkdf, passphrase_bytes
from monespace_cli.errors import BundleError
from monespace_cli.i18n import _
from monespace_cli.ports import Random

FILE_KEY_SIZE = 16
SEED_SIZE = 32
WRAPPED_SIZE = FILE_KEY_SIZE + 16
"""Bytes of a stanza's body: the file key and a tag. Checked before decrypting, against partitioning oracles."""
_ZERO_NONCE = bytes(12)
"""Each wrap key encrypts one file key and nothing else, so its nonce is fixed."""


class Recipient(Protocol):
    """Somebody a file is encrypted to."""

    type: ClassVar[str]

    def wrap(self, file_key: bytes, random: Random) -> Stanza:
        """Return the stanza from which the matching identity gets the file key back."""


class Identity(Protocol):
    """Somebody who opens files."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or None if this stanza is for somebody else.

        Raises:
            BundleError: the stanza is of this identity's type and breaks its format.
        """


@dataclass(frozen=True, slots=True)
class HybridRecipient:
    """A post-quantum public key, ML-KEM-768 with X25519 (X-Wing), used through HPKE (RFC 9180, draft-ietf-hpke-pq).

    Raises:
        BundleError: the bytes are no such key.
    """

    type: ClassVar[str] = "mlkem768x25519"
    PREFIX: ClassVar[str] = "age1pq"
    MLKEM_SIZE: ClassVar[int] = 1184
    ENCAPSULATED_SIZE: ClassVar[int] = 1120

    public: bytes
    """ML-KEM-768 encapsulation key, then X25519 public key: 1216 bytes."""

    def __post_init__(self) -> None:
        self._key()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `age1pq1…`.

        Raises:
            BundleError: it is no hybrid recipient.
        """
        return cls(_hybrid_key(text))

    @property
    def text(self) -> str:
        """The recipient as age writes it: `age1pq1…`, 1959 characters."""
        return bech32.encode(self.PREFIX, self.public)

    def wrap(self, file_key: bytes, random: Random) -> Stanza:
        """Return the stanza for this recipient: the encapsulated key (1120 bytes) and the sealed file key.

        `random` stays unused: HPKE in `cryptography` draws its own randomness.
        """
        sealed = _hpke().encrypt(file_key, self._key(), info=_HPKE_INFO)
        enc, body = sealed[: self.ENCAPSULATED_SIZE], sealed[self.ENCAPSULATED_SIZE :]
        return Stanza(self.type, (to_base64(enc).decode(),), body)

    def _key(self) -> MLKEM768X25519PublicKey:
        mlkem, x25519 = self.public[: self.MLKEM_SIZE], self.public[self.MLKEM_SIZE :]
        try:
            return MLKEM768X25519PublicKey(MLKEM768PublicKey.from_public_bytes(mlkem), X25519PublicKey.from_public_bytes(x25519))
        except ValueError:
            raise _not_a_key() from None


@dataclass(frozen=True, slots=True)
class HybridIdentity:
    """A post-quantum private key, from 32 random bytes (draft-connolly-cfrg-xwing-kem: expanded with SHAKE256)."""

    PREFIX: ClassVar[str] = "AGE-SECRET-KEY-PQ-"

    seed: bytes = field(repr=False)
    """32 bytes."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `AGE-SECRET-KEY-PQ-1…`.

        Raises:
            BundleError: it is no hybrid identity.
        """
        return cls(_decode_seed(text, cls.PREFIX))

    @property
    def text(self) -> str:
        """The secret key as age writes it: `AGE-SECRET-KEY-PQ-1…`. Never to be logged."""
        return _encode_seed(self.PREFIX, self.seed)

    @property
    def recipient(self) -> HybridRecipient:
        """The public key that goes with it."""
        mlkem, x25519 = self._keys()
        return HybridRecipient(mlkem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or None if the stanza is for somebody else.

        Raises:
            BundleError: a hybrid stanza whose argument or body is not of the format.
        """
        if stanza.type != HybridRecipient.type:
            return None
        enc = _arguments(stanza, 1)[0]
        if len(enc) != HybridRecipient.ENCAPSULATED_SIZE:
            raise damaged_header()
        try:
            return _hpke().decrypt(enc + stanza.body, MLKEM768X25519PrivateKey(*self._keys()), info=_HPKE_INFO)
        except InvalidTag:
            return None

    def _keys(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        function = hashes.Hash(hashes.SHAKE256(96))
        function.update(self.seed)
        expanded = function.finalize()
        return MLKEM768PrivateKey.from_seed_bytes(expanded[:64]), X25519PrivateKey.from_private_bytes(expanded[64:])


@dataclass(frozen=True, slots=True)
class X25519Recipient:
    """A classical public key, for readers whose age is older than 1.3.

    Raises:
        BundleError: the bytes are no such key.
    """

    type: ClassVar[str] = "X25519"
    PREFIX: ClassVar[str] = "age"
    INFO: ClassVar[str] = "age-encryption.org/v1/X25519"

    public: bytes
    """32 bytes."""

    def __post_init__(self) -> None:
        if len(self.public) != SEED_SIZE:
            raise _not_a_key()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `age1…`.

        Raises:
            BundleError: it is no X25519 recipient.
        """
        return cls(_decode(text, cls.PREFIX))

    @property
    def text(self) -> str:
        """The recipient as age writes it: `age1…`, 62 characters."""
        return bech32.encode(self.PREFIX, self.public)

    def wrap(self, file_key: bytes, random: Random) -> Stanza:
        """Return the stanza for this recipient: the ephemeral share and the wrapped file key.

        Raises:
            BundleError: the public key is of low order and would share a secret with everybody.
        """
        ephemeral = X25519PrivateKey.from_private_bytes(random(SEED_SIZE))
        share = ephemeral.public_key().public_bytes_raw()
        try:
            shared = ephemeral.exchange(X25519PublicKey.from_public_bytes(self.public))
        except ValueError:
            raise _not_a_key() from None
        wrap_key = hkdf(shared, self.INFO, salt=share + self.public)
        return Stanza(self.type, (to_base64(share).decode(),), _seal(wrap_key, file_key))


@dataclass(frozen=True, slots=True)
class X25519Identity:
    """A classical private key, 32 random bytes (RFC 7748)."""

    PREFIX: ClassVar[str] = "AGE-SECRET-KEY-"

    seed: bytes = field(repr=False)
    """32 bytes."""

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `AGE-SECRET-KEY-1…`.

        Raises:
            BundleError: it is no X25519 identity.
        """
        return cls(_decode_seed(text, cls.PREFIX))

    @property
    def text(self) -> str:
        """The secret key as age writes it: `AGE-SECRET-KEY-1…`. Never to be logged."""
        return _encode_seed(self.PREFIX, self.seed)

    @property
    def recipient(self) -> X25519Recipient:
        """The public key that goes with it."""
        return X25519Recipient(self._key().public_key().public_bytes_raw())

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or None if the stanza is for somebody else.

        Raises:
            BundleError: an X25519 stanza whose argument or body is not of the format, or whose share is of low order.
        """
        if stanza.type != X25519Recipient.type:
            return None
        share = _arguments(stanza, 1)[0]
        try:
            shared = self._key().exchange(X25519PublicKey.from_public_bytes(share))
        except ValueError:  # wrong length, or an all-zero shared secret
            raise damaged_header() from None
        return _open(hkdf(shared, X25519Recipient.INFO, salt=share + self.recipient.public), stanza)

    def _key(self) -> X25519PrivateKey:
        return X25519PrivateKey.from_private_bytes(self.seed)


@dataclass(frozen=True, slots=True)
class ScryptRecipient:
    """Anybody who knows a passphrase (RFC 7914, r = 8, p = 1)."""

    type: ClassVar[str] = "scrypt"
    LABEL: ClassVar[bytes] = b"age-encryption.org/v1/scrypt"
    SALT_SIZE: ClassVar[int] = 16

    passphrase: str = field(repr=False)
    work_factor: int = 18
    """Base-two logarithm of N; 18 takes 256 MiB and about a second."""

    def wrap(self, file_key: bytes, random: Random) -> Stanza:
        """Return the stanza for this passphrase: salt, work factor and the wrapped file key.

        Raises:
            UsageError: the passphrase is not valid text.
        """
        salt = random(self.SALT_SIZE)
        arguments = to_base64(salt).decode(), str(self.work_factor)
        return Stanza(self.type, arguments, _seal(_scrypt(self.passphrase, salt, self.work_factor), file_key))


@dataclass(frozen=True, slots=True)
class ScryptIdentity:
    """Somebody who knows a passphrase."""

    passphrase: str = field(repr=False)
    max_work_factor: int = 20
    """The most work a received file may ask for: 20 takes 1 GiB and some seconds."""

    def unwrap(self, stanza: Stanza) -> bytes | None:
        """Return the file key, or None if the stanza is for somebody else or the passphrase is another one.

        Raises:
            BundleError: a passphrase stanza that breaks its format, or asks for more work than is accepted.
            UsageError: the passphrase is not valid text.
        """
        if stanza.type != ScryptRecipient.type:
            return None
        if len(stanza.arguments) != 2 or len(stanza.body) != WRAPPED_SIZE:
            raise damaged_header()
        salt, work_factor = from_base64(stanza.arguments[0].encode()), stanza.arguments[1]
        if len(salt) != ScryptRecipient.SALT_SIZE or not re.fullmatch("[1-9][0-9]*", work_factor):
            raise damaged_header()
        # The text's length comes first: int() of a long one is work too.
        if len(work_factor) > 2 or int(work_factor) > self.max_work_factor:
            raise BundleError(
                _("the file asks for more work to check its passphrase than is accepted"),
                hint=_("ask the sender to encrypt it with an ordinary work factor"),
            )
        return _open(_scrypt(self.passphrase, salt, int(work_factor)), stanza)


_HPKE_INFO = b"age-encryption.org/mlkem768x25519"


def _hpke() -> Suite:
    return Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)


def _scrypt(passphrase: str, salt: bytes, work_factor: int) -> bytes:
    function = Scrypt(salt=ScryptRecipient.LABEL + salt, length=32, n=1 << work_factor, r=8, p=1)
    return function.derive(passphrase_bytes(passphrase))


def _seal(wrap_key: bytes, file_key: bytes) -> bytes:
    return ChaCha20Poly1305(wrap_key).encrypt(_ZERO_NONCE, file_key, None)


def _open(wrap_key: bytes, stanza: Stanza) -> bytes | None:
    try:
        return ChaCha20Poly1305(wrap_key).decrypt(_ZERO_NONCE, stanza.body, None)
    except InvalidTag:
        return None


def _arguments(stanza: Stanza, count: int) -> list[bytes]:
    """Decode a stanza's arguments, which must be `count`, and check that its body wraps one file key."""
    if len(stanza.arguments) != count or len(stanza.body) != WRAPPED_SIZE:
        raise damaged_header()
    return [from_base64(argument.encode()) for argument in stanza.arguments]


def _not_a_key() -> BundleError:
    return BundleError(_("this is not an age key"), hint=_("copy it again, whole and on one line"))


def _decode(text: str, prefix: str) -> bytes:
    found, data = bech32.decode(text)
    if found != prefix:
        raise _not_a_key()
    return data


@lru_cache(maxsize=256)
def _hybrid_key(text: str) -> bytes:
    """Return a public key; it stands in each bundle's card, and is a long text to check."""
    return _decode(text, HybridRecipient.PREFIX)


def _decode_seed(text: str, prefix: str) -> bytes:
    seed = _decode(text, prefix)
    if len(seed) != SEED_SIZE:
        raise _not_a_key()
    return seed


def _encode_seed(prefix: str, seed: bytes) -> str:
    return bech32.encode(prefix.lower(), seed).upper()
