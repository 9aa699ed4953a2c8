"""vault.json: the header with the key slots (docs/formats/vault-v1.md §3). Bytes to frozen data and back; it touches no file."""

import hashlib
import json
from base64 import b64decode, b64encode
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import rfc8785

from monespace_cli.crypto.keys import Argon2Params, argon2id, hkdf, mac, unwrap_key, wrap_key
from monespace_cli.errors import IntegrityError, NewerFormatError, WrongPassphraseError
from monespace_cli.i18n import _
from monespace_cli.ports import Random

FORMAT = "monespace-vault"
VERSION = 1
MAX_SIZE = 64 * 1024
MAX_SLOTS = 16

DATABASE_LABEL = "monespace/vault-v1/database"
HEADER_LABEL = "monespace/vault-v1/header"
SEALED_LABEL = "monespace/vault-v1/sealed"
KIT_LABEL = "monespace/vault-v1/recovery-kit"


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSPHRASE = "passphrase"
    RECOVERY_KIT = "recovery-kit"


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the master key."""

    id: str
    kind: SlotKind
    created: str
    key: bytes
    """Nonce and AES-256-GCM ciphertext of the master key."""
    argon2: Argon2Params | None = None
    """Cost of the derivation, for a passphrase; None for a recovery kit."""

    def kdf(self) -> dict[str, Any]:
        """Return the derivation's parameters as they stand in the header."""
        if self.argon2 is None:
            return {"name": "hkdf-sha256"}
        return {
            "name": "argon2id",
            "salt": b64encode(self.argon2.salt).decode(),
            "memory_kib": self.argon2.memory_kib,
            "iterations": self.argon2.iterations,
            "lanes": self.argon2.lanes,
        }


@dataclass(frozen=True, slots=True)
class Header:
    """Everything in vault.json but its MAC and checksum."""

    vault: str
    generation: int
    slots: tuple[Slot, ...]
    sealed_recipient: str

    def with_slot(self, slot: Slot) -> "Header":
        """Return the next generation, with one slot more."""
        return replace(self, generation=self.generation + 1, slots=(*self.slots, slot))


def passphrase_slot(vault: str, master: bytes, passphrase: str, params: Argon2Params, created: str, random: Random) -> Slot:
    """Return a slot that `passphrase` opens."""
    empty = Slot(random(4).hex(), SlotKind.PASSPHRASE, created, b"", params)
    return replace(empty, key=wrap_key(argon2id(passphrase, params), master, _context(vault, empty), random))


def kit_slot(vault: str, master: bytes, entropy: bytes, created: str, random: Random) -> Slot:
    """Return a slot that a recovery kit's 16 bytes open."""
    empty = Slot(random(4).hex(), SlotKind.RECOVERY_KIT, created, b"")
    return replace(empty, key=wrap_key(hkdf(entropy, KIT_LABEL), master, _context(vault, empty), random))


def unlock_with_passphrase(header: Header, passphrase: str) -> tuple[bytes, Slot]:
    """Return the master key and the slot that a passphrase opened.

    Raises:
        WrongPassphraseError: it opens none.
    """
    for slot in header.slots:
        if slot.argon2 is not None:
            try:
                return unwrap_key(argon2id(passphrase, slot.argon2), slot.key, _context(header.vault, slot)), slot
            except WrongPassphraseError:
                continue
    raise WrongPassphraseError(_("wrong passphrase"), hint=_("it is case sensitive; the 12 words of the recovery kit open the vault too"))


def unlock_with_kit(header: Header, entropy: bytes) -> tuple[bytes, Slot]:
    """Return the master key and the slot that a recovery kit opened.

    Raises:
        WrongPassphraseError: it opens none.
    """
    for slot in header.slots:
        if slot.kind is SlotKind.RECOVERY_KIT:
            try:
                return unwrap_key(hkdf(entropy, KIT_LABEL), slot.key, _context(header.vault, slot)), slot
            except WrongPassphraseError:
                continue
    raise WrongPassphraseError(_("this recovery kit is not of this vault"), hint=_("look whether the kit was printed for another vault or replaced"))


def header_bytes(header: Header, master: bytes) -> bytes:
    """Return vault.json's bytes, MAC and checksum included."""
    body = _body(header)
    body["mac"] = mac(hkdf(master, HEADER_LABEL), rfc8785.dumps(body))
    body["checksum"] = hashlib.sha256(rfc8785.dumps(body)).hexdigest()
    return rfc8785.dumps(body)


def parse_header(data: bytes) -> Header:
    """Return the header that vault.json's bytes say, once its checksum holds. The MAC needs the master key: :func:`verify_header`.

    Raises:
        IntegrityError: the bytes are not those that monespace wrote.
        NewerFormatError: a newer monespace wrote them.
    """
    try:
        body = json.loads(data) if len(data) <= MAX_SIZE else None
        if not isinstance(body, dict) or rfc8785.dumps(body) != data:
            raise _damaged()
        checksum = body.pop("checksum")
        if hashlib.sha256(rfc8785.dumps(body)).hexdigest() != checksum or body["format"] != FORMAT:
            raise _damaged()
        if body["version"] > VERSION:
            raise NewerFormatError(_("this vault was written by a newer monespace"), hint=_("upgrade monespace and try again"))
        return _header(body)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged() from error


def verify_header(data: bytes, master: bytes) -> None:
    """Check vault.json's MAC with the master key that one of its slots gave.

    Raises:
        IntegrityError: somebody without the key wrote the header.
    """
    body = json.loads(data)
    body.pop("checksum")
    claimed = str(body.pop("mac"))
    # Compared as bytes of the same known length; the MAC is not secret once the file is written.
    if mac(hkdf(master, HEADER_LABEL), rfc8785.dumps(body)) != claimed:
        raise IntegrityError(
            _("the vault's header was changed by somebody who does not hold its key"), hint=_("restore vault.json from a backup of this vault")
        )


def _body(header: Header) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "version": VERSION,
        "vault": header.vault,
        "generation": header.generation,
        "sealed_recipient": header.sealed_recipient,
        "slots": [
            {"id": s.id, "kind": str(s.kind), "created": s.created, "kdf": s.kdf(), "key": b64encode(s.key).decode()} for s in header.slots
        ],
    }


def _header(body: dict[str, Any]) -> Header:
    header = Header(
        vault=body["vault"],
        generation=body["generation"],
        slots=tuple(_slot(slot) for slot in body["slots"]),
        sealed_recipient=body["sealed_recipient"],
    )
    if _body(header) | {"mac": body["mac"]} != body or not 0 < len(header.slots) <= MAX_SLOTS or type(header.generation) is not int:
        raise _damaged()
    return header


def _slot(body: dict[str, Any]) -> Slot:
    kind = SlotKind(body["kind"])
    argon2 = None
    if kind is SlotKind.PASSPHRASE:
        kdf = body["kdf"]
        argon2 = Argon2Params(b64decode(kdf["salt"], validate=True), kdf["memory_kib"], kdf["iterations"], kdf["lanes"])
    return Slot(body["id"], kind, body["created"], b64decode(body["key"], validate=True), argon2)


def _context(vault: str, slot: Slot) -> bytes:
    """Return what a slot's AEAD binds, so that it cannot be moved to another vault, renamed or made cheaper."""
    return bytes(rfc8785.dumps({"vault": vault, "id": slot.id, "kind": str(slot.kind), "kdf": slot.kdf()}))


def _damaged() -> IntegrityError:
    return IntegrityError(_("the vault's header (vault.json) is damaged"), hint=_("restore vault.json from a backup of this vault"))
