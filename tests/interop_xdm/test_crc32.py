"""CRC-32 of joined pieces, against zlib's own."""

import zlib

from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.interop.crc32 import combine


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_combined_is_that_of_the_whole(first: bytes, second: bytes) -> None:
    assert combine(zlib.crc32(first), zlib.crc32(second), len(second)) == zlib.crc32(first + second)


def test_a_large_second_piece() -> None:
    zeros = bytes(10_000_000)
    assert combine(zlib.crc32(b"a"), zlib.crc32(zeros), len(zeros)) == zlib.crc32(b"a" + zeros)
