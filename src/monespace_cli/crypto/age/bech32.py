"""Bech32 (BIP173) without its length limit, the text form of age keys (C2SP age.md, conventions)."""

from base64 import b32decode, b32encode
from collections.abc import Iterable
from functools import reduce
from operator import xor

from monespace_cli.errors import BundleError
from monespace_cli.i18n import _

MAX_LENGTH = 4096
"""Characters of the longest text read here; a hybrid recipient has 1959."""

CHECKSUM_LENGTH = 6
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_FROM_BASE32, _TO_BASE32 = str.maketrans(_BASE32, _ALPHABET), str.maketrans(_ALPHABET, _BASE32)
"""RFC 4648's Base32 groups bits in the same way, and comes with Python, in C."""
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_FOLDED = tuple(reduce(xor, (generator for bit, generator in enumerate(_GENERATOR) if top >> bit & 1), 0) for top in range(32))
"""What each value of the checksum's five upper bits adds to it."""


def encode(prefix: str, data: bytes) -> str:
    """Return `data` as Bech32 in lower case under a human-readable prefix, itself in lower case."""
    tail = _tail(data)
    checksum = _polymod([*_expand(prefix), *map(_VALUES.__getitem__, tail), *[0] * CHECKSUM_LENGTH]) ^ 1
    return f"{prefix}1{tail}{''.join(_ALPHABET[checksum >> 5 * place & 31] for place in reversed(range(CHECKSUM_LENGTH)))}"


def decode(text: str) -> tuple[str, bytes]:
    """Return the human-readable prefix as it is written, and the data.

    Raises:
        BundleError: too long, mixed case, a foreign character, a wrong checksum, or padding that is not canonical.
    """
    lowered = text.lower()
    prefix, separator, tail = lowered.rpartition("1")
    is_clean = len(text) <= MAX_LENGTH and text.isascii() and text in (lowered, text.upper()) and bool(prefix and separator)
    if not is_clean or not all(c in _VALUES for c in tail) or len(tail) < CHECKSUM_LENGTH:
        raise _not_a_key()
    if _polymod([*_expand(prefix), *map(_VALUES.__getitem__, tail)]) != 1:
        raise _not_a_key()
    return text[: len(prefix)], _to_bytes(tail[:-CHECKSUM_LENGTH])


def _not_a_key() -> BundleError:
    return BundleError(_("this is not an age key"), hint=_("copy it again, whole and on one line"))


def _tail(data: bytes) -> str:
    return b32encode(data).decode("ascii").rstrip("=").translate(_FROM_BASE32)


def _to_bytes(tail: str) -> bytes:
    """Join five-bit values; what is left over must be fewer than five bits, all zero (BIP173)."""
    try:
        data = b32decode(tail.translate(_TO_BASE32) + "=" * (-len(tail) % 8))
    except ValueError:
        raise _not_a_key() from None
    if _tail(data) != tail:
        raise _not_a_key()
    return data


def _expand(prefix: str) -> list[int]:
    return [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]


def _polymod(values: Iterable[int]) -> int:
    """Return the BCH checksum of BIP173."""
    checksum = 1
    for value in values:
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value ^ _FOLDED[checksum >> 25]
    return checksum
