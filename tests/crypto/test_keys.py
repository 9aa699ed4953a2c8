"""Keys: the standards' values, the bounds on what a header may ask, and nothing opening with anything but its own key."""

import hashlib
import hmac
import os
import subprocess
import sys
import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto.keys import MAX_MEMORY_KIB, Argon2Params, argon2id, check_mac, hkdf, mac, passphrase_bytes, unwrap_key, wrap_key
from monespace_cli.errors import IntegrityError, UsageError, WrongPassphraseError

SALT = bytes(range(16))
CHEAP = Argon2Params(SALT, memory_kib=64, iterations=1, lanes=2)
KEK = b"k" * 32


def test_hkdf_gives_the_value_of_rfc_5869() -> None:
    """Appendix A.3: SHA-256 with neither salt nor info."""
    expected = "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8"
    assert hkdf(b"\x0b" * 22, "", 42).hex() == expected


def test_hkdf_separates_labels_and_salts() -> None:
    keys = {hkdf(b"m" * 32, "a"), hkdf(b"m" * 32, "b"), hkdf(b"m" * 32, "a", salt=b"s"), hkdf(b"n" * 32, "a")}
    assert len(keys) == 4
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (CHEAP, "e179e5c13c890fe3c46f9a5a5b4ec9f54b04c6ecab6f89061646ec489f22c040"),
        (Argon2Params(SALT), "0cfc35cf46e7670646f9edab1b0454a8636414239446ebd76ff83d65057c9476"),
    ],
)
def test_argon2id_gives_the_value_of_argon2_cffi(params: Argon2Params, expected: str) -> None:
    """The values were made with argon2-cffi 25.1.0, which wraps the reference implementation of RFC 9106."""
    assert argon2id("Été à Noël", params).hex() == expected


def test_a_passphrase_is_the_same_from_every_keyboard() -> None:
    composed = unicodedata.normalize("NFC", "Été à Noël")
    decomposed = unicodedata.normalize("NFD", composed)
    assert composed != decomposed
    assert argon2id(composed, CHEAP) == argon2id(decomposed, CHEAP)
    assert passphrase_bytes(decomposed) == composed.encode()


def test_a_passphrase_that_is_no_text_is_refused() -> None:
    with pytest.raises(UsageError, match="not valid text"):
        argon2id("caf\udce9", CHEAP)


def test_the_default_cost_is_rfc_9106s_second_option() -> None:
    params = Argon2Params.default(os.urandom)
    assert (params.memory_kib, params.iterations, params.lanes, len(params.salt)) == (65_536, 3, 4, 16)
    assert params.salt != Argon2Params.default(os.urandom).salt


@pytest.mark.parametrize(
    "cost",
    [
        {"salt": SALT[:15]},
        {"salt": SALT + b"\0"},
        {"memory_kib": 1_048_577},
        {"memory_kib": 31},
        {"iterations": 11},
        {"iterations": 0},
        {"lanes": 17},
        {"lanes": 0},
        {"lanes": -1},
    ],
)
def test_a_header_cannot_ask_for_just_any_cost(cost: dict[str, int]) -> None:
    with pytest.raises(IntegrityError):
        Argon2Params(**({"salt": SALT} | cost))  # type: ignore[arg-type]


def test_the_largest_and_smallest_costs_are_accepted() -> None:
    assert Argon2Params(SALT, 1_048_576, 10, 16).lanes == 16
    assert Argon2Params(SALT, 8, 1, 1).lanes == 1


@given(st.binary(min_size=1, max_size=64), st.binary(max_size=64))
def test_a_wrapped_key_comes_back(key: bytes, context: bytes) -> None:
    wrapped = wrap_key(KEK, key, context, os.urandom)
    assert len(wrapped) == 12 + len(key) + 16
    assert unwrap_key(KEK, wrapped, context) == key


def test_wrapping_uses_the_randomness_it_is_given() -> None:
    assert wrap_key(KEK, b"key", b"", lambda size: b"\x07" * size).startswith(b"\x07" * 12)


@given(st.integers(0, 59), st.integers(0, 7))
def test_a_wrapped_key_with_a_flipped_bit_does_not_open(position: int, bit: int) -> None:
    wrapped = bytearray(wrap_key(KEK, b"m" * 32, b"slot 1", os.urandom))
    wrapped[position] ^= 1 << bit
    with pytest.raises(WrongPassphraseError):
        unwrap_key(KEK, bytes(wrapped), b"slot 1")


def test_a_wrapped_key_is_bound_to_its_kek_and_context() -> None:
    wrapped = wrap_key(KEK, b"m" * 32, b"slot 1", os.urandom)
    with pytest.raises(WrongPassphraseError):
        unwrap_key(b"x" * 32, wrapped, b"slot 1")
    with pytest.raises(WrongPassphraseError):
        unwrap_key(KEK, wrapped, b"slot 2")


@pytest.mark.parametrize("size", [0, 7, 12, 27])
def test_a_wrapped_key_that_is_too_short_is_damage(size: int) -> None:
    with pytest.raises(IntegrityError):
        unwrap_key(KEK, bytes(size), b"")


@given(st.binary(max_size=100), st.binary(max_size=300))
def test_the_mac_is_that_of_the_standard_library(key: bytes, data: bytes) -> None:
    assert mac(key, data) == hmac.new(key, data, hashlib.sha256).hexdigest()
    check_mac(key, data, mac(key, data))


@pytest.mark.parametrize("change", [lambda m: m[:-2], lambda m: "00" + m[2:], lambda m: "", lambda m: "é" * 64, lambda m: m + "00"])
def test_another_mac_is_refused(change: object) -> None:
    assert callable(change)
    good = mac(b"key", b"some data")
    assert not good.startswith("00")
    with pytest.raises(IntegrityError):
        check_mac(b"key", b"some data", change(good))


def test_a_mac_is_of_its_data() -> None:
    with pytest.raises(IntegrityError):
        check_mac(b"key", b"other data", mac(b"key", b"some data"))


def test_unlocking_loads_nothing_it_does_not_need() -> None:
    code = "import sys, monespace_cli.crypto.keys; print(*sys.modules)"
    loaded = set(subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True).stdout.split())
    assert "cryptography.hazmat.primitives.kdf.argon2" in loaded
    unwanted = {
        "cryptography.cobblestone",
        "cryptography.hazmat.primitives.hpke",
        "cryptography.hazmat.primitives.asymmetric.mlkem",
        "cryptography.hazmat.primitives.serialization",
        "cryptography.x509",
        "mnemonic",
        "monespace_cli.crypto.age",
    }
    assert loaded & unwanted == set()


def test_the_paranoid_cost_is_the_highest_that_a_header_may_ask() -> None:
    cost = Argon2Params.paranoid(bytes)
    assert (cost.memory_kib, cost.iterations, cost.lanes) == (MAX_MEMORY_KIB, 3, 4)
    with pytest.raises(IntegrityError):
        replace(cost, memory_kib=cost.memory_kib + 1)
