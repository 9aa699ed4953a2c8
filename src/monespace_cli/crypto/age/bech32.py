"""Bech32 (BIP173) without its length limit, the text form of age keys (C2SP age.md, conventions)."""

from collections.abc import Iterable, Iterator

from monespace_cli.errors import BundleError
from monespace_cli.i18n import _

MAX_LENGTH = 4096
"""Characters of the longest text read here; a hybrid recipient has 1959."""

CHECKSUM_LENGTH = 6
_ALPHABET = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)


def encode(prefix: str, data: bytes) -> str:
    """Return `data` as Bech32 in lower case under a human-readable prefix, itself in lower case."""
    values = list(_regroup(data, 8, 5))
    checksum = _polymod([*_expand(prefix), *values, *[0] * CHECKSUM_LENGTH]) ^ 1
    values += [checksum >> 5 * (CHECKSUM_LENGTH - 1 - i) & 31 for i in range(CHECKSUM_LENGTH)]
    return f"{prefix}1{''.join(_ALPHABET[v] for v in values)}"


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
    values = [_VALUES[c] for c in tail]
    if _polymod([*_expand(prefix), *values]) != 1:
        raise _not_a_key()
    return text[: len(prefix)], _to_bytes(values[:-CHECKSUM_LENGTH])


def _not_a_key() -> BundleError:
    return BundleError(_("this is not an age key"), hint=_("copy it again, whole and on one line"))


def _to_bytes(values: list[int]) -> bytes:
    """Join five-bit values; what is left over must be fewer than five bits, all zero (BIP173)."""
    size, spare = divmod(5 * len(values), 8)
    if spare >= 5 or (values and values[-1] & ((1 << spare) - 1)):
        raise _not_a_key()
    return bytes(_regroup(values, 5, 8))[:size]


def _regroup(values: Iterable[int], width: int, new_width: int) -> Iterator[int]:
    """Yield the bits of `values`, `new_width` at a time, the last group padded with zeros."""
    pending = bits = 0
    for value in values:
        pending, bits = (pending << width) | value, bits + width
        while bits >= new_width:
            bits -= new_width
            yield pending >> bits
            pending &= (1 << bits) - 1
    if bits:
        yield pending << (new_width - bits)


def _expand(prefix: str) -> list[int]:
    return [*(ord(c) >> 5 for c in prefix), 0, *(ord(c) & 31 for c in prefix)]


def _polymod(values: Iterable[int]) -> int:
    """Return the BCH checksum of BIP173."""
    checksum = 1
    for value in values:
        top = checksum >> 25
        checksum = (checksum & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            if top >> bit & 1:
                checksum ^= generator
    return checksum
