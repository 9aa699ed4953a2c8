"""An age v1 codec (https://c2sp.org/age, https://age-encryption.org/v1), binary files only; `docs/formats/age-profile.md` draws its limits.

:func:`encrypt` returns a writer and :func:`decrypt` a seekable reader, both with constant memory, so that a zip archive can be written into
the one and read from the other. The header's MAC is checked before any of the payload, and the end of the payload before its beginning.
"""

import hashlib
import io
import os
from collections.abc import Sequence
from typing import BinaryIO

from cryptography.hazmat.primitives.constant_time import bytes_eq

from monespace_cli.crypto.age.header import MAX_HEADER_SIZE, Header, Stanza, damaged_header, parse, serialise_stanzas
from monespace_cli.crypto.age.recipients import (
    FILE_KEY_SIZE,
    HybridIdentity,
    HybridRecipient,
    Identity,
    Recipient,
    ScryptIdentity,
    ScryptRecipient,
    X25519Identity,
    X25519Recipient,
)
from monespace_cli.crypto.age.stream import CHUNK_SIZE, NONCE_SIZE, StreamReader, StreamWriter
from monespace_cli.crypto.keys import hkdf, mac
from monespace_cli.errors import BundleError, NotForYouError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Random

__all__ = [
    "HybridIdentity",
    "HybridRecipient",
    "Identity",
    "Recipient",
    "ScryptIdentity",
    "ScryptRecipient",
    "StreamWriter",
    "X25519Identity",
    "X25519Recipient",
    "decrypt",
    "encrypt",
    "header_digest",
    "recipient_types",
    "require_recipient",
]


def encrypt(sink: BinaryIO, recipients: Sequence[Recipient], *, random: Random = os.urandom) -> StreamWriter:
    """Write the header of a new age file to `sink` and return a writer for its content, to be closed when all is written.

    Use it in a `with` block: an exception inside leaves the file without its end, so that it opens nowhere. The sink stays open.

    Raises:
        UsageError: nobody to encrypt to, a passphrase beside another recipient, or a post-quantum recipient beside one that is not.
        BundleError: a recipient's public key is unusable.
    """
    _check_mix(recipients)
    file_key = random(FILE_KEY_SIZE)
    stanzas = tuple(recipient.wrap(file_key, random) for recipient in recipients)
    header = Header(stanzas, _header_mac(file_key, stanzas))
    nonce = random(NONCE_SIZE)
    head = header.serialise() + nonce
    sink.write(head)
    return StreamWriter(sink, _payload_key(file_key, nonce), header_digest=hashlib.sha256(head).hexdigest())


def decrypt(source: BinaryIO, identities: Sequence[Identity]) -> io.BufferedReader:
    """Open the age file that begins at the position of `source` and fills the rest of it; return a seekable reader of its content.

    `source` must be seekable and stay open. Every chunk is authenticated before any of it is handed out.

    Raises:
        BundleError: not an age v1 file, or damaged; reading raises it too, at a damaged chunk.
        NotForYouError: not encrypted to any of the identities.
    """
    start = source.tell()
    file_key, size = _open_header(source, identities)
    source.seek(start + size)
    reader = StreamReader(source, _payload_key(file_key, source.read(NONCE_SIZE)), start + size + NONCE_SIZE)
    return io.BufferedReader(reader, CHUNK_SIZE)


def require_recipient(source: BinaryIO, identities: Sequence[Identity]) -> None:
    """See that the age file at the position of `source` is encrypted to one of the identities, by its header alone; the position moves.

    Raises:
        BundleError: not an age v1 file, or a damaged header.
        NotForYouError: not encrypted to any of the identities.
    """
    _open_header(source, identities)


def header_digest(source: BinaryIO) -> str:
    """Return SHA-256, in hex, of the header and nonce of the age file at the position of `source`; the position moves.

    No two files have the same one, so that who made a file knows it again, although only its recipient can open it.

    Raises:
        BundleError: not an age v1 file, or a damaged header.
    """
    start = source.tell()
    _header, size = parse(source.read(MAX_HEADER_SIZE))
    source.seek(start)
    return hashlib.sha256(source.read(size + NONCE_SIZE)).hexdigest()


def recipient_types(source: BinaryIO) -> tuple[str, ...]:
    """Return the types of the stanzas of the age file at the position of `source`, without a key and so without proof; the position moves.

    Raises:
        BundleError: not an age v1 file, or a damaged header.
    """
    header, _size = parse(source.read(MAX_HEADER_SIZE))
    return tuple(stanza.type for stanza in header.stanzas)


def _check_mix(recipients: Sequence[Recipient]) -> None:
    types = {recipient.type for recipient in recipients}
    if not types:
        raise UsageError(_("there is nobody to encrypt to"))
    if ScryptRecipient.type in types and len(recipients) > 1:
        raise UsageError(_("a passphrase cannot be combined with another recipient"))
    if HybridRecipient.type in types and len(types) > 1:
        raise UsageError(_("a post-quantum recipient cannot be combined with one that is not"))


def _open_header(source: BinaryIO, identities: Sequence[Identity]) -> tuple[bytes, int]:
    """Return the file key, and the size of the header that holds it."""
    header, size = parse(source.read(MAX_HEADER_SIZE))
    file_key = _file_key(header, identities)
    if not bytes_eq(_header_mac(file_key, header.stanzas), header.mac):
        raise damaged_header()
    return file_key, size


def _file_key(header: Header, identities: Sequence[Identity]) -> bytes:
    """Return the file key from the first stanza that an identity opens."""
    is_passphrase = any(stanza.type == ScryptRecipient.type for stanza in header.stanzas)
    if is_passphrase and len(header.stanzas) > 1:
        # Whoever knows the passphrase is taken for its sender; a second recipient would break that (age.md, "scrypt").
        raise damaged_header()
    for identity in identities:
        for stanza in header.stanzas:
            if file_key := identity.unwrap(stanza):
                return file_key
    if is_passphrase and any(isinstance(identity, ScryptIdentity) for identity in identities):
        raise BundleError(_("the passphrase does not open this file"))
    if is_passphrase:
        raise NotForYouError(_("this file opens with a passphrase"), hint=_("`monespace bundle show`, `open` and `import` ask for it"))
    raise NotForYouError(_("this file is not encrypted to you"), hint=_("ask the sender to encrypt it to your current card"))


def _header_mac(file_key: bytes, stanzas: tuple[Stanza, ...]) -> bytes:
    return bytes.fromhex(mac(hkdf(file_key, "header"), serialise_stanzas(stanzas)))


def _payload_key(file_key: bytes, nonce: bytes) -> bytes:
    return hkdf(file_key, "payload", salt=nonce)
