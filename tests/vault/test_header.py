import hashlib
import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.errors import IntegrityError, MonespaceError, NewerFormatError, WrongPassphraseError
from monespace_cli.vault.header import (
    MAX_SIZE,
    MAX_SLOTS,
    Header,
    SlotSecret,
    header_bytes,
    new_slot,
    parse_header,
    unlock_with_kit,
    unlock_with_passphrase,
    verify_header,
)
from tests.vault.world import KIT, NOW, PASSPHRASE, Repeatable

RANDOM = Repeatable(b"header")
MASTER = RANDOM(32)
VAULT = RANDOM(16).hex()
PARAMS = Argon2Params(RANDOM(16), memory_kib=32, iterations=1, lanes=1)
SLOTS = (
    new_slot(VAULT, MASTER, SlotSecret.of_passphrase(PASSPHRASE, PARAMS), NOW.isoformat(), RANDOM),
    new_slot(VAULT, MASTER, SlotSecret.of_kit(KIT), NOW.isoformat(), RANDOM),
)
HEADER = Header(VAULT, 1, SLOTS, "age1pq1example")
BYTES = header_bytes(HEADER, MASTER)


def with_checksum(body: dict[str, Any]) -> bytes:
    """Return a header's canonical bytes with the checksum that fits them."""
    rest = {name: value for name, value in body.items() if name != "checksum"}
    return rfc8785.dumps(rest | {"checksum": hashlib.sha256(rfc8785.dumps(rest)).hexdigest()})


def forged(change: Callable[[dict[str, Any]], object]) -> bytes:
    """Return the header as somebody without the key would change it: canonical, with a checksum that holds."""
    body = json.loads(BYTES)
    change(body)
    return with_checksum(body)


def test_what_is_written_is_read() -> None:
    header = parse_header(BYTES)
    assert replace(header, mac="") == HEADER
    verify_header(header, MASTER)
    assert header_bytes(header, MASTER) == BYTES


def test_the_passphrase_and_the_kit_give_the_master_key() -> None:
    assert unlock_with_passphrase(HEADER, PASSPHRASE) == (MASTER, SLOTS[0])
    assert unlock_with_kit(HEADER, KIT) == (MASTER, SLOTS[1])


def test_a_passphrase_is_the_same_in_either_unicode_form() -> None:
    slot = new_slot(VAULT, MASTER, SlotSecret.of_passphrase("cl\u00e9", PARAMS), NOW.isoformat(), RANDOM)
    assert unlock_with_passphrase(replace(HEADER, slots=(slot,)), "cle\u0301")[0] == MASTER


@pytest.mark.parametrize("secret", ["", "Une phrase de passe", "une phrase de passe "])
def test_another_passphrase_opens_nothing(secret: str) -> None:
    with pytest.raises(WrongPassphraseError):
        unlock_with_passphrase(HEADER, secret)


def test_another_kit_opens_nothing() -> None:
    with pytest.raises(WrongPassphraseError):
        unlock_with_kit(HEADER, bytes(16))


@pytest.mark.parametrize(
    "changed",
    [
        replace(HEADER, vault="0" * 32),
        replace(HEADER, slots=(replace(SLOTS[0], id="00000000"),)),
        replace(HEADER, slots=(replace(SLOTS[0], argon2=replace(PARAMS, iterations=2)),)),
        replace(HEADER, slots=(replace(SLOTS[0], argon2=replace(PARAMS, salt=bytes(16))),)),
    ],
    ids=["another vault", "another slot", "another cost", "another salt"],
)
def test_a_slot_opens_only_where_it_was_made(changed: Header) -> None:
    with pytest.raises(WrongPassphraseError):
        unlock_with_passphrase(changed, PASSPHRASE)


def test_each_flipped_bit_of_each_byte_is_noticed() -> None:
    for position in range(len(BYTES)):
        for bit in range(8):
            damaged = bytearray(BYTES)
            damaged[position] ^= 1 << bit
            with pytest.raises(IntegrityError):
                parse_header(bytes(damaged))


def test_each_cut_is_noticed() -> None:
    for length in range(len(BYTES)):
        with pytest.raises(IntegrityError):
            parse_header(BYTES[:length])


@given(st.binary(max_size=200) | st.text().map(str.encode))
def test_any_bytes_are_refused_without_a_traceback(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        parse_header(data)


@pytest.mark.parametrize(
    "data",
    [
        b" " + BYTES,
        BYTES + b"\n",
        BYTES.decode().encode("utf-16"),
        b"[" * 100_000,
        b'{"a":NaN}',
        b'{"a":1e999}',
        b'{"a":' + b"9" * 5000 + b"}",
        b'{"\\ud800":1}',
        BYTES[:-1] + b" " * MAX_SIZE + b"}",
    ],
    ids=["space before", "newline after", "utf-16", "deep", "nan", "infinity", "long number", "surrogate", "large"],
)
def test_another_form_of_json_is_refused(data: bytes) -> None:
    with pytest.raises(IntegrityError):
        parse_header(data)


SALT = b64encode(bytes(16)).decode()
COSTS: list[tuple[str, Any]] = [
    ("memory_kib", 1_048_577),
    ("memory_kib", 7),
    ("memory_kib", True),
    ("iterations", 11),
    ("iterations", 0),
    ("iterations", True),
]
COSTS += [("lanes", 17), ("lanes", 0), ("lanes", True), ("salt", b64encode(bytes(15)).decode()), ("salt", SALT + "\n"), ("salt", 7)]


@pytest.mark.parametrize(("name", "value"), COSTS)
def test_costs_are_bounded_before_they_are_paid(name: str, value: object) -> None:
    with pytest.raises(IntegrityError):
        parse_header(forged(lambda body: body["slots"][0]["kdf"].update({name: value})))


MEMBERS: list[tuple[str, Any]] = [
    ("format", "another-vault"),
    ("version", 0),
    ("version", True),
    ("version", "1"),
    ("version", None),
    ("vault", 7),
    ("vault", "0" * 31),
    ("vault", "G" * 32),
    ("vault", "é" * 32),
    ("generation", 0),
    ("generation", -1),
    ("generation", True),
    ("generation", "1"),
    ("slots", []),
    ("slots", {}),
    ("slots", None),
    ("slots", [7]),
    ("sealed_recipient", None),
    ("mac", 7),
    ("mac", "0" * 63),
    ("unknown", 1),
]


@pytest.mark.parametrize(("name", "value"), MEMBERS)
def test_members_are_checked_though_the_checksum_holds(name: str, value: object) -> None:
    with pytest.raises(IntegrityError):
        parse_header(forged(lambda body: body.update({name: value})))


@pytest.mark.parametrize("name", ["format", "version", "vault", "generation", "slots", "sealed_recipient", "mac"])
def test_a_missing_member_is_noticed(name: str) -> None:
    with pytest.raises(IntegrityError):
        parse_header(forged(lambda body: body.pop(name)))


SLOT_MEMBERS: list[tuple[str, Any]] = [
    ("id", "0" * 7),
    ("id", 7),
    ("created", "yesterday"),
    ("created", 7),
    ("key", ""),
    ("key", b64encode(bytes(59)).decode()),
    ("key", "*"),
    ("key", 7),
    ("kdf", {}),
    ("kdf", {"name": "hkdf-sha256"}),
    ("kdf", {"name": "argon2d", "salt": SALT, "memory_kib": 32, "iterations": 1, "lanes": 1}),
    ("kdf", 7),
    ("unknown", 1),
]


@pytest.mark.parametrize(("name", "value"), SLOT_MEMBERS)
def test_slots_are_checked_though_the_checksum_holds(name: str, value: object) -> None:
    with pytest.raises(IntegrityError):
        parse_header(forged(lambda body: body["slots"][0].update({name: value})))


def test_two_slots_of_one_id_are_refused() -> None:
    with pytest.raises(IntegrityError):
        parse_header(forged(lambda body: body["slots"].append(body["slots"][0])))


def test_the_number_of_slots_is_bounded() -> None:
    def slots(count: int) -> list[dict[str, Any]]:
        return [json.loads(BYTES)["slots"][1] | {"id": f"{number:08}"} for number in range(count)]

    assert len(parse_header(forged(lambda body: body.update(slots=slots(MAX_SLOTS)))).slots) == MAX_SLOTS
    with pytest.raises(IntegrityError):
        parse_header(forged(lambda body: body.update(slots=slots(MAX_SLOTS + 1))))


@pytest.mark.parametrize("change", [{"version": 2}, {"version": 2, "unknown": 1}, {"slots": [{"kind": "hardware-token"}]}])
def test_what_a_newer_release_wrote_is_told_from_damage(change: dict[str, Any]) -> None:
    with pytest.raises(NewerFormatError):
        parse_header(forged(lambda body: body.update(change)))


FORGERIES: list[Callable[[dict[str, Any]], object]] = [
    lambda body: body.update(generation=2),
    lambda body: body.update(sealed_recipient="age1pq1another"),
    lambda body: body["slots"].pop(),
    lambda body: body["slots"].reverse(),
    lambda body: body["slots"][1].update(created="2026-11-24T09:30:00+00:00"),
    lambda body: body.update(mac="0" * 64),
    lambda body: body.update(mac=body["mac"].upper().lower()[::-1]),
]


@pytest.mark.parametrize("change", FORGERIES)
def test_a_header_made_without_the_key_fails_by_its_mac(change: Callable[[dict[str, Any]], object]) -> None:
    header = parse_header(forged(change))
    with pytest.raises(IntegrityError):
        verify_header(header, MASTER)


def test_the_mac_is_that_of_this_master_key() -> None:
    with pytest.raises(IntegrityError):
        verify_header(parse_header(BYTES), bytes(32))


def test_a_slot_added_is_the_next_generation() -> None:
    slot = new_slot(VAULT, MASTER, SlotSecret.of_kit(bytes(16)), NOW.isoformat(), RANDOM)
    header = HEADER.with_slots((*SLOTS, slot))
    assert (header.generation, header.slots[-1]) == (2, slot)
    verify_header(parse_header(header_bytes(header, MASTER)), MASTER)


def test_nothing_but_errors_of_ours_for_a_header_changed_at_random() -> None:
    values: list[Any] = [None, True, 0, -1, 2**53 - 1, "", "x", [], {}, [[]], {"name": "argon2id"}]
    for value in values:
        for name in json.loads(BYTES):
            if name != "checksum":
                with pytest.raises(MonespaceError):
                    verify_header(parse_header(forged(lambda body, name=name, value=value: body.update({name: value}))), MASTER)  # type: ignore[misc]
