"""Detached signatures that `ssh-keygen -Y verify` checks: SSHSIG (PROTOCOL.sshsig of OpenSSH), Ed25519 and SHA-512 only.

A signature is bound to a namespace, so that one made for a share is no receipt. Whose key may sign what is not decided here.
"""

import hashlib
import struct
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass
from typing import Self

from monespace_cli.crypto import signing
from monespace_cli.crypto.signing import SigningKey
from monespace_cli.errors import BundleError
from monespace_cli.i18n import _

MAX_ARMORED_SIZE = 4096
"""Bytes of the longest signature read; an Ed25519 one has about 300."""

BEGIN = b"-----BEGIN SSH SIGNATURE-----"
END = b"-----END SSH SIGNATURE-----"
MAGIC = b"SSHSIG"
VERSION = 1
KEY_TYPE = b"ssh-ed25519"
HASH = b"sha512"
LINE_LENGTH = 70
"""Columns of base64, as ssh-keygen wraps it."""


def sign(key: SigningKey, message: bytes, namespace: str) -> bytes:
    """Return the armored signature of a message for one purpose, byte for byte what `ssh-keygen -Y sign` writes.

    Raises:
        ValueError: the namespace is empty.
    """
    if not namespace:
        raise ValueError("a signature needs a namespace")
    signature = key.sign(_signed_data(namespace.encode(), message))
    return _armor(_Signature(key.public, namespace.encode(), signature).serialise())


def verify(armored: bytes, message: bytes, namespace: str, public: bytes) -> None:
    """Check that `armored` is the signature of this message, for this purpose, by this 32-byte key.

    Raises:
        BundleError: it is another key's, another namespace's or another message's signature, or no signature that is accepted here.
    """
    signature = _parse(armored)
    if signature.public != public:
        raise BundleError(_("the signature is by another key than expected"))
    if signature.namespace != namespace.encode():
        raise BundleError(_("the signature was made for another purpose"))
    signing.verify(public, signature.signature, _signed_data(signature.namespace, message))


def signer(armored: bytes) -> bytes:
    """Return the 32-byte public key that a signature names; nothing is proved by it.

    Raises:
        BundleError: not a signature that is accepted here.
    """
    return _parse(armored).public


@dataclass(frozen=True, slots=True)
class _Signature:
    """The blob between the armor lines."""

    public: bytes
    namespace: bytes
    signature: bytes

    def serialise(self) -> bytes:
        key, signature = _strings(KEY_TYPE, self.public), _strings(KEY_TYPE, self.signature)
        return MAGIC + struct.pack(">I", VERSION) + _strings(key, self.namespace, b"", HASH, signature)

    @classmethod
    def parse(cls, blob: bytes) -> Self:
        """Read a blob; what parses, serialises to the same bytes."""
        prefix = MAGIC + struct.pack(">I", VERSION)
        key, namespace, _reserved, _hash, signature = _split(blob.removeprefix(prefix), 5)
        parsed = cls(_split(key, 2)[1], namespace, _split(signature, 2)[1])
        # Comparing covers magic, version, key type, hash algorithm and the empty reserved field in one go.
        if parsed.serialise() != blob or not namespace:
            raise _not_a_signature()
        return parsed


def _not_a_signature() -> BundleError:
    return BundleError(
        _("this is not a signature monespace can check"), hint=_("it must be an SSH signature by an Ed25519 key, with SHA-512")
    )


def _signed_data(namespace: bytes, message: bytes) -> bytes:
    """Return what the key signs (PROTOCOL.sshsig section 3)."""
    return MAGIC + _strings(namespace, b"", HASH, hashlib.sha512(message).digest())


def _strings(*values: bytes) -> bytes:
    """Return values as SSH strings: a 32-bit length before each (RFC 4251 section 5)."""
    return b"".join(struct.pack(">I", len(value)) + value for value in values)


def _split(data: bytes, count: int) -> list[bytes]:
    """Read the first `count` SSH strings; that they fill `data` is seen when they are written again."""
    values: list[bytes] = []
    for _index in range(count):
        size = int.from_bytes(data[:4], "big")
        if len(data) < 4 + size:
            raise _not_a_signature()
        values.append(data[4 : 4 + size])
        data = data[4 + size :]
    return values


def _armor(blob: bytes) -> bytes:
    text = b2a_base64(blob, newline=False)
    lines = [text[i : i + LINE_LENGTH] for i in range(0, len(text), LINE_LENGTH)]
    return b"\n".join([BEGIN, *lines, END, b""])


def _parse(armored: bytes) -> _Signature:
    """Read an armored signature, whose base64 may be wrapped at any column but must be canonical."""
    trimmed = armored.removesuffix(b"\n")
    if len(armored) > MAX_ARMORED_SIZE or not trimmed.startswith(BEGIN + b"\n") or not trimmed.endswith(b"\n" + END):
        raise _not_a_signature()
    text = trimmed[len(BEGIN) : -len(END)].replace(b"\n", b"")
    try:
        blob = a2b_base64(text)
    except Base64Error:
        raise _not_a_signature() from None
    if b2a_base64(blob, newline=False) != text:
        raise _not_a_signature()
    return _Signature.parse(blob)
