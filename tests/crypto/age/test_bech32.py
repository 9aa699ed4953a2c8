"""Bech32: BIP173's own examples, and no second way to write a key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto.age import bech32
from monespace_cli.errors import BundleError

# The examples of BIP173 whose data is a whole number of bytes.
VALID = ["A12UEL5L", "a12uel5l", "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw"]
INVALID = {
    "a character outside ASCII": "\x801eym55h",
    "no separator": "pzry9x0s0muk",
    "an empty prefix": "1pzry9x0s0muk",
    "a foreign character": "x1b4n0q5v",
    "a checksum that is too short": "li1dgmt3",
    "a checksum of the upper case": "A1G7SGD8",
    "mixed case": "A12uEL5L",
    "a wrong checksum": "a12uel5q",
    "nothing": "",
    "a space": "a12uel5l ",
    "a Turkish capital": "age1\u0130",
}


@pytest.mark.parametrize("text", VALID)
def test_a_valid_text_is_written_the_same_again(text: str) -> None:
    prefix, data = bech32.decode(text)
    assert bech32.encode(prefix.lower(), data) == text.lower()


@pytest.mark.parametrize("text", INVALID.values(), ids=INVALID.keys())
def test_an_invalid_text_is_refused(text: str) -> None:
    with pytest.raises(BundleError):
        bech32.decode(text)


@given(st.sampled_from(["age", "age1pq", "age-secret-key-"]), st.binary(max_size=100))
def test_what_is_encoded_is_decoded(prefix: str, data: bytes) -> None:
    text = bech32.encode(prefix, data)
    assert bech32.decode(text) == (prefix, data)
    assert bech32.decode(text.upper()) == (prefix.upper(), data)


@given(st.binary(min_size=32, max_size=32), st.data())
def test_a_mistyped_character_is_noticed(data: bytes, choose: st.DataObject) -> None:
    text = bech32.encode("age", data)
    position = choose.draw(st.integers(4, len(text) - 1))
    other = choose.draw(st.sampled_from([c for c in "qpzry9x8gf2tvdw0s3jn54khce6mua7l" if c != text[position]]))
    with pytest.raises(BundleError):
        bech32.decode(text[:position] + other + text[position + 1 :])


def checksummed(values: list[int]) -> str:
    """A text with a right checksum over any five-bit values."""
    alphabet = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
    checksum = bech32._polymod([*bech32._expand("age"), *values, *[0] * 6]) ^ 1
    return "age1" + "".join(alphabet[v] for v in [*values, *(checksum >> 5 * (5 - i) & 31 for i in range(6))])


def test_padding_must_be_zero_and_short() -> None:
    assert bech32.decode(checksummed([31, 28])) == ("age", b"\xff")
    for values in ([31, 29], [31, 28, 0], [0]):
        with pytest.raises(BundleError):
            bech32.decode(checksummed(values))


def test_a_text_over_the_limit_is_refused_unread() -> None:
    size = (bech32.MAX_LENGTH - len("age1") - bech32.CHECKSUM_LENGTH) * 5 // 8
    assert bech32.decode(bech32.encode("age", bytes(size))) == ("age", bytes(size))
    with pytest.raises(BundleError):
        bech32.decode(bech32.encode("age", bytes(size + 2)))
