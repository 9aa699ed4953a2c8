"""The outer zip: its sizes tell little."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.interop.stored_zip import Part, archive_chunks, archive_size
from monespace_cli.sync.layout import padding, padme
from tests.sync.people import decrypted, document, sealed, share


# The first from the PURBs paper's example (§4); the others by its algorithm 1 with pencil and paper.
@pytest.mark.parametrize(
    ("size", "padded"), [(0, 0), (1, 1), (2, 2), (9, 10), (15, 16), (1000, 1024), (1024, 1024), (1025, 1088), (65_537, 67_584)]
)
def test_known_sizes(size: int, padded: int) -> None:
    assert padme(size) == padded


@given(st.integers(2, 2**32))
def test_padding_is_small_and_stable(size: int) -> None:
    padded = padme(size)
    assert size <= padded <= size * 1.12 + 1
    assert padme(padded) == padded
    exponent = math.floor(math.log2(padded))
    assert padded % 2 ** (exponent - exponent.bit_length()) == 0


@given(st.integers(0, 3000))
def test_the_padded_zip_has_a_padme_size(size: int) -> None:
    parts = [Part.of("a", bytes(size))]
    parts.append(padding(parts))
    archive = b"".join(archive_chunks(parts))
    assert len(archive) == archive_size(parts) == padme(len(archive))


def test_two_bundles_of_nearly_the_same_size_look_the_same() -> None:
    sizes = {len(sealed(share(document(b"%PDF-" + bytes(size))))) for size in range(5000, 5100, 10)}
    assert len(sizes) == 1
    assert padme(len(decrypted(sealed()))) == len(decrypted(sealed()))
