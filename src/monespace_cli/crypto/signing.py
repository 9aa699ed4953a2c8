"""Ed25519 signing keys (RFC 8032) and the texts in which OpenSSH knows them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from monespace_cli.errors import BundleError, UsageError
from monespace_cli.i18n import _

SEED_SIZE = 32
PUBLIC_SIZE = 32
_NAME = re.compile(r"[A-Za-z0-9@._+-]{1,128}")
"""What OpenSSH takes for one plain principal or namespace: no pattern, list, quote or space."""


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A signing key, from 32 random bytes. The seed is all of it."""

    seed: bytes = field(repr=False)
    """32 bytes, secret."""
    public: bytes
    """32 bytes."""

    @classmethod
    def from_seed(cls, seed: bytes) -> Self:
        """Return the key of a 32-byte seed.

        Raises:
            ValueError: the seed has another length.
        """
        return cls(seed, Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw())

    def sign(self, data: bytes) -> bytes:
        """Return the 64-byte signature of `data`; always the same one (RFC 8032 section 5.1.6)."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(data)

    def openssh_private(self) -> str:
        """Return the key as an unencrypted OpenSSH private key file, for `ssh-keygen -Y sign -f`. Never to be logged."""
        key = Ed25519PrivateKey.from_private_bytes(self.seed)
        return key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()).decode("ascii")


def verify(public: bytes, signature: bytes, data: bytes) -> None:
    """Check an Ed25519 signature.

    Raises:
        BundleError: the signature is not of this key over these bytes, or one of them is no key or signature at all.
    """
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        raise BundleError(_("the signature does not match"), hint=_("ask the sender for the file again")) from None


def authorized_key(public: bytes) -> str:
    """Return a public key as OpenSSH writes it in `authorized_keys`: `ssh-ed25519 AAAA…`, without a comment.

    Raises:
        ValueError: not 32 bytes.
    """
    key = Ed25519PublicKey.from_public_bytes(public)
    return key.public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode("ascii")


def allowed_signers_line(principal: str, public: bytes, namespaces: Iterable[str]) -> str:
    """Return one line of an allowed-signers file (ssh-keygen(1), ALLOWED SIGNERS), with its line feed.

    Args:
        principal: the name to verify with, such as the fingerprint.
        public: 32-byte Ed25519 public key.
        namespaces: for what the key may sign.

    Raises:
        UsageError: a name is not 1 to 128 of the characters `A-Z a-z 0-9 @ . _ + -`, or there is no namespace.
    """
    names = tuple(namespaces)
    if not names or not all(_NAME.fullmatch(name) for name in (principal, *names)):
        raise UsageError(_("a name for an allowed signer may hold letters, digits and @ . _ + - only"))
    return f'{principal} namespaces="{",".join(names)}" {authorized_key(public)}\n'
