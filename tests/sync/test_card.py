"""Cards: read back as written, checked by ssh-keygen, and refused when anything about them is wrong."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto import age, sshsig
from monespace_cli.errors import BundleError, MonespaceError, NewerFormatError, UnreadableInputError
from monespace_cli.record.card import Card
from monespace_cli.sync.canonical import to_canonical
from monespace_cli.sync.card import card_text, export_age, export_allowed_signers, kept_card, read_card
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.kinds import CARD_NAMESPACE
from tests.crypto.conftest import Program
from tests.sync.people import EVE_KEYS, LUC_CARD, LUC_KEYS, ZOE, ZOE_CARD, ZOE_KEYS

ZOE_TEXT = card_text(ZOE_CARD, ZOE_KEYS.signing)
LUC_TEXT = card_text(LUC_CARD, LUC_KEYS.signing)


def changed(change: Callable[[dict[str, Any]], None], text: bytes = ZOE_TEXT, keys: OwnKeys = ZOE_KEYS) -> bytes:
    """A card with another content, signed again by `keys`."""
    value = json.loads(text.partition(b"\n")[0])
    change(value)
    message = to_canonical(value) + b"\n"
    return message + sshsig.sign(keys.signing, message, CARD_NAMESPACE)


@pytest.mark.parametrize(("text", "card"), [(ZOE_TEXT, ZOE_CARD), (LUC_TEXT, LUC_CARD)])
def test_what_goes_in_comes_out(text: bytes, card: Card) -> None:
    assert read_card(text) == card


def test_a_holders_card_says_neither_ins_nor_birth_date() -> None:
    assert ZOE.ins
    assert ZOE.ins.encode() not in ZOE_TEXT
    assert b"1980" not in ZOE_TEXT


def test_ssh_keygen_verifies_a_card(ssh_keygen: Program, tmp_path: Path) -> None:
    message, line_end, signature = ZOE_TEXT.partition(b"\n")
    (tmp_path / "signers").write_text(export_allowed_signers(ZOE_CARD))
    (tmp_path / "sig").write_bytes(signature)
    arguments = ["-Y", "verify", "-f", tmp_path / "signers", "-I", ZOE_CARD.fingerprint, "-n", CARD_NAMESPACE, "-s", tmp_path / "sig"]
    assert b"Good" in ssh_keygen(*arguments, stdin=message + line_end)


@given(st.integers(0, len(ZOE_TEXT) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_noticed(position: int, bit: int) -> None:
    data = bytearray(ZOE_TEXT)
    data[position] ^= 1 << bit
    with pytest.raises(MonespaceError):
        read_card(bytes(data))


@given(st.integers(0, len(ZOE_TEXT) - 2))
def test_a_card_cut_short_is_refused(size: int) -> None:
    with pytest.raises((UnreadableInputError, BundleError)):
        read_card(ZOE_TEXT[:size])


def test_other_encryption_keys_under_a_known_fingerprint_are_refused() -> None:
    def swap(value: dict[str, Any]) -> None:
        value["recipients"][0]["public"] = EVE_KEYS.decryption[0].recipient.public

    with pytest.raises(BundleError):
        read_card(changed(swap, keys=EVE_KEYS))


def test_a_bundles_signature_is_no_cards() -> None:
    message = ZOE_TEXT.partition(b"\n")[0] + b"\n"
    with pytest.raises(BundleError, match="purpose"):
        read_card(message + sshsig.sign(ZOE_KEYS.signing, message, "monespace-share-v1"))


HOSTILE: list[Callable[[dict[str, Any]], Any]] = [
    lambda v: v.update(format="other"),
    lambda v: v.update(version=0),
    lambda v: v.update(extra=1),
    lambda v: v.pop("rpps"),
    lambda v: v.update(family_name=""),
    lambda v: v.update(family_name="M\u202eNITRAM"),
    lambda v: v.update(given_name="a" * 101),
    lambda v: v.update(role="admin"),
    lambda v: v.update(role="practitioner"),
    lambda v: v.update(profession="physician"),
    lambda v: v.update(rpps="10001234567"),
    lambda v: v.update(signing_key="ssh-rsa AAAA"),
    lambda v: v.update(signing_key="ssh-ed25519 " + "A" * 68),
    lambda v: v.update(recipients=[]),
    lambda v: v.update(recipients=v["recipients"] * 2),
    lambda v: v.update(recipients=v["recipients"][:1] * 9),
    lambda v: v["recipients"][0].update(type="x25519"),
    lambda v: v["recipients"][0].update(type="scrypt"),
    lambda v: v["recipients"][1].update(public="age1qqqq"),
    lambda v: v["recipients"][1].update(public=v["recipients"][1]["public"].upper()),
    lambda v: v["recipients"][1].update(extra=None),
    lambda v: v.update(issued="2026-11-23"),
]


@pytest.mark.parametrize("change", HOSTILE)
def test_a_signed_card_out_of_bounds_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    with pytest.raises(UnreadableInputError):
        read_card(changed(change))


def test_a_practitioner_without_profession_is_refused() -> None:
    with pytest.raises(UnreadableInputError):
        read_card(changed(lambda v: v.update(profession=None), LUC_TEXT, LUC_KEYS))


def test_a_newer_card_says_so() -> None:
    with pytest.raises(NewerFormatError):
        read_card(changed(lambda v: v.update(version=2)))


@pytest.mark.parametrize(
    "data", [b"", b"\n", b"hello", ZOE_TEXT.replace(b"\n", b"\r\n"), ZOE_TEXT + b"\n", ZOE_TEXT + ZOE_TEXT, b" " * 40_000, b"\xff\n"]
)
def test_what_is_no_card_is_refused(data: bytes) -> None:
    with pytest.raises((UnreadableInputError, BundleError)):
        read_card(data)


def test_a_card_too_large_is_refused_unread() -> None:
    huge = changed(lambda v: v.update(family_name="a" * 40_000))
    with pytest.raises(UnreadableInputError):
        read_card(huge)


def test_a_card_is_signed_with_its_own_key_only() -> None:
    with pytest.raises(ValueError, match="own key"):
        card_text(ZOE_CARD, EVE_KEYS.signing)


def test_no_card_leaves_that_nobody_would_read() -> None:
    with pytest.raises(UnreadableInputError):
        card_text(replace(ZOE_CARD, family_name="a\nb"), ZOE_KEYS.signing)


def test_the_age_file_names_one_recipient_that_age_can_use() -> None:
    used = [line for line in export_age(ZOE_CARD).splitlines() if not line.startswith("#")]
    assert used == [age.HybridIdentity(b"Z" * 32).recipient.text]
    assert f"# {age.X25519Identity(b'z' * 32).recipient.text}" in export_age(ZOE_CARD).splitlines()


def test_a_kept_card_is_the_card_that_was_read() -> None:
    data = card_text(LUC_CARD, LUC_KEYS.signing)
    assert kept_card(data) == read_card(data)
