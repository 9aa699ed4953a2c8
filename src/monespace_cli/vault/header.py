"""vault.json: the header with the key slots (docs/formats/vault-v1.md §3). Bytes to frozen data and back; it touches no file.

What is read may come from anybody who can write to the directory: every member is checked for its type and bounds before it is used, costs
before they are paid. The checksum tells accidents before a secret is asked for, the MAC tells forgeries once one has given the master key.
"""

import hashlib
import json
import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import rfc8785

from monespace_cli.crypto.keys import KEY_SIZE, NONCE_SIZE, TAG_SIZE, Argon2Params, argon2id, check_mac, hkdf, mac, unwrap_key, wrap_key
from monespace_cli.errors import IntegrityError, NewerFormatError, WrongPassphraseError
from monespace_cli.i18n import _
from monespace_cli.ports import Random

FORMAT = "monespace-vault"
VERSION = 1
MAX_SIZE = 64 * 1024
MAX_SLOTS = 16
SLOT_KEY_SIZE = NONCE_SIZE + KEY_SIZE + TAG_SIZE

DATABASE_LABEL = "monespace/vault-v1/database"
HEADER_LABEL = "monespace/vault-v1/header"
SEALED_LABEL = "monespace/vault-v1/sealed"
JOURNAL_HEAD_LABEL = "monespace/vault-v1/journal-head"
RETIRED_LABELS = (SEALED_LABEL, JOURNAL_HEAD_LABEL)
"""The uses whose keys are kept in the database when the master key is renewed: what was made with them may still arrive."""


class SlotKind(StrEnum):
    """What opens a slot."""

    PASSPHRASE = "passphrase"
    RECOVERY_KIT = "recovery-kit"
    KEYRING = "keyring"


RANDOM_SECRETS = {SlotKind.RECOVERY_KIT: "monespace/vault-v1/recovery-kit", SlotKind.KEYRING: "monespace/vault-v1/keyring"}
"""The kinds whose secret is random bytes, so that a fast derivation will do, and the label of each."""


@dataclass(frozen=True, slots=True)
class SlotSecret:
    """What a slot is made for: a passphrase and its cost, or the random bytes of a recovery kit or an OS keyring."""

    kind: SlotKind
    passphrase: str = field(default="", repr=False)
    argon2: Argon2Params | None = None
    random: bytes = field(default=b"", repr=False)

    @classmethod
    def of_passphrase(cls, passphrase: str, argon2: Argon2Params) -> "SlotSecret":
        """Return a passphrase, with what each guess shall cost."""
        return cls(SlotKind.PASSPHRASE, passphrase, argon2)

    @classmethod
    def of_kit(cls, entropy: bytes) -> "SlotSecret":
        """Return the 16 bytes of a recovery kit."""
        return cls(SlotKind.RECOVERY_KIT, random=entropy)

    @classmethod
    def of_keyring(cls, secret: bytes) -> "SlotSecret":
        """Return the 32 bytes that an OS keyring keeps."""
        return cls(SlotKind.KEYRING, random=secret)

    def key(self) -> bytes:
        """Return the key-encryption key; for a passphrase this is the slow part."""
        if self.argon2 is not None:
            return argon2id(self.passphrase, self.argon2)
        return hkdf(self.random, RANDOM_SECRETS[self.kind])


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to the master key."""

    id: str
    kind: SlotKind
    created: str
    key: bytes
    """Nonce and AES-256-GCM ciphertext of the master key."""
    argon2: Argon2Params | None = None
    """Cost of the derivation, for a passphrase; None where the secret is random bytes."""

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
    """Everything in vault.json but its checksum."""

    vault: str
    generation: int
    slots: tuple[Slot, ...]
    sealed_recipient: str
    mac: str = ""
    """As it was read, for :func:`verify_header`; :func:`header_bytes` makes it anew."""

    def with_slots(self, slots: tuple[Slot, ...]) -> "Header":
        """Return the next generation, with these slots."""
        return replace(self, generation=self.generation + 1, slots=slots)


def new_slot(vault: str, master: bytes, secret: SlotSecret, created: str, random: Random, slot_id: str = "") -> Slot:
    """Return a slot of a vault that a secret opens. With the id of another one it takes its place."""
    empty = Slot(slot_id or random(4).hex(), secret.kind, created, b"", secret.argon2)
    return replace(empty, key=wrap_key(secret.key(), master, _context(vault, empty), random))


def unlock_with_passphrase(header: Header, passphrase: str) -> tuple[bytes, Slot]:
    """Return the master key and the slot that a passphrase opened.

    Raises:
        WrongPassphraseError: it opens none.
    """
    slots = [slot for slot in header.slots if slot.argon2 is not None]
    has_kit = any(slot.kind is SlotKind.RECOVERY_KIT for slot in header.slots)
    hint = _("it is case sensitive; the 12 words of the recovery kit open the vault too") if has_kit else _("it is case sensitive")
    wrong = WrongPassphraseError(_("wrong passphrase"), hint=hint)
    return _first_open(header, slots, lambda slot: SlotSecret(slot.kind, passphrase, slot.argon2), wrong)


def unlock_with_kit(header: Header, entropy: bytes) -> tuple[bytes, Slot]:
    """Return the master key and the slot that a recovery kit opened.

    Raises:
        WrongPassphraseError: it opens none.
    """
    slots = [slot for slot in header.slots if slot.kind is SlotKind.RECOVERY_KIT]
    wrong = WrongPassphraseError(
        _("this recovery kit is not of this vault"), hint=_("look whether the kit was printed for another vault or replaced")
    )
    return _first_open(header, slots, lambda _slot: SlotSecret.of_kit(entropy), wrong)


def unlock_with_keyring(header: Header, slot: Slot, secret: bytes) -> tuple[bytes, Slot]:
    """Return the master key that what an OS keyring keeps for a slot opened, and the slot.

    Raises:
        WrongPassphraseError: it does not open it.
    """
    wrong = WrongPassphraseError(
        _("what this system's keyring keeps does not open the vault"),
        hint=_("with your passphrase, `monespace key remove` this slot and add it again"),
    )
    return _first_open(header, [slot], lambda _slot: SlotSecret.of_keyring(secret), wrong)


def _first_open(header: Header, slots: list[Slot], secret: Callable[[Slot], SlotSecret], wrong: WrongPassphraseError) -> tuple[bytes, Slot]:
    for slot in slots:
        try:
            return unwrap_key(secret(slot).key(), slot.key, _context(header.vault, slot)), slot
        except WrongPassphraseError:
            continue
    raise wrong


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
        if _whole(body["version"]) > VERSION:
            raise _newer()
        return _header(body)
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _damaged() from None


def verify_header(header: Header, master: bytes) -> None:
    """Check a header's MAC with the master key that one of its slots gave.

    Raises:
        IntegrityError: somebody without the key wrote the header.
    """
    check_mac(hkdf(master, HEADER_LABEL), rfc8785.dumps(_body(header)), header.mac)


def _body(header: Header) -> dict[str, Any]:
    """Return what the MAC covers."""
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
    slots = body["slots"]
    if not isinstance(slots, list) or not 0 < len(slots) <= MAX_SLOTS:
        raise _damaged()
    header = Header(
        vault=_hex(body["vault"], 32),
        generation=_whole(body["generation"]),
        slots=tuple(_slot(slot) for slot in slots),
        sealed_recipient=_text(body["sealed_recipient"]),
        mac=_hex(body["mac"], 64),
    )
    # What is written again must be what was read: nothing unknown is in it, and nothing was read leniently.
    if _body(header) | {"mac": header.mac} != body or len({slot.id for slot in header.slots}) != len(slots):
        raise _damaged()
    return header


def _slot(body: dict[str, Any]) -> Slot:
    if body["kind"] not in tuple(SlotKind):
        raise _newer()
    kind, argon2 = SlotKind(body["kind"]), None
    if kind is SlotKind.PASSPHRASE:
        kdf = body["kdf"]
        argon2 = Argon2Params(_bytes(kdf["salt"]), _whole(kdf["memory_kib"]), _whole(kdf["iterations"]), _whole(kdf["lanes"]))
    key = _bytes(body["key"])
    if len(key) != SLOT_KEY_SIZE:
        raise _damaged()
    datetime.fromisoformat(body["created"])
    return Slot(_hex(body["id"], 8), kind, body["created"], key, argon2)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _damaged()
    return value


def _hex(value: object, length: int) -> str:
    text = _text(value)
    if not re.fullmatch(f"[0-9a-f]{{{length}}}", text):
        raise _damaged()
    return text


def _whole(value: object) -> int:
    """Return a positive integer; Python would take `true` for 1."""
    if type(value) is not int or value < 1:
        raise _damaged()
    return value


def _bytes(value: object) -> bytes:
    return b64decode(_text(value), validate=True)


def _context(vault: str, slot: Slot) -> bytes:
    """Return what a slot's AEAD binds, so that it cannot be moved to another vault, renamed or made cheaper."""
    return bytes(rfc8785.dumps({"vault": vault, "id": slot.id, "kind": str(slot.kind), "kdf": slot.kdf()}))


def _damaged() -> IntegrityError:
    return IntegrityError(_("the vault's header (vault.json) is damaged"), hint=_("restore vault.json from a backup of this vault"))


def _newer() -> NewerFormatError:
    return NewerFormatError(_("this vault was written by a newer monespace"), hint=_("upgrade monespace and try again"))
