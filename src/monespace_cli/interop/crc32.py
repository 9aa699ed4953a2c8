"""CRC-32 of joined pieces from the CRC-32 of each, so that an archive inside an archive is read once and not twice.

Source: zlib's `crc32_combine` (crc32.c, `multmodp` and `x2nmodp`): polynomials modulo the CRC polynomial, bits reflected.
"""

from functools import lru_cache

_POLYNOMIAL = 0xEDB88320
_ONE = 1 << 31


def combine(first: int, second: int, second_size: int) -> int:
    """Return the CRC-32 of A + B from that of A, that of B, and the size of B in bytes."""
    return _multiply(_power_of_x(8 * second_size), first) ^ second


def _multiply(a: int, b: int) -> int:
    product = 0
    while a:
        if a & _ONE:
            product ^= b
        a = (a << 1) & 0xFFFFFFFF
        b = (b >> 1) ^ _POLYNOMIAL if b & 1 else b >> 1
    return product


def _power_of_x(exponent: int) -> int:
    power = _ONE
    for bit, square in enumerate(_squares(exponent.bit_length())):
        if exponent >> bit & 1:
            power = _multiply(power, square)
    return power


@lru_cache(maxsize=64)
def _squares(count: int) -> tuple[int, ...]:
    """Return x to the first `count` powers of two."""
    found = [_ONE >> 1]
    while len(found) < count:
        found.append(_multiply(found[-1], found[-1]))
    return tuple(found)
