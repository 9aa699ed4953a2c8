"""Frames: what goes in comes out, and nothing over its bound is believed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.bounds import frames

HEADERS = st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.text()))


@given(HEADERS, st.integers(0, 2**40))
def test_what_goes_in_comes_out(header: dict[str, object], size: int) -> None:
    head = frames.encode_head(header, size)
    length, payload = frames.decode_lengths(head[: frames.PREFIX_BYTES], max_header=2**32, max_payload=2**40)
    assert payload == size
    assert len(head) == frames.PREFIX_BYTES + length
    assert frames.decode_header(head[frames.PREFIX_BYTES :]) == header


@pytest.mark.parametrize(("max_header", "max_payload"), [(1, 100), (100, 99)])
def test_a_length_over_its_bound_is_refused(max_header: int, max_payload: int) -> None:
    prefix = frames.encode_head({}, 100)[: frames.PREFIX_BYTES]
    with pytest.raises(ValueError, match="bound"):
        frames.decode_lengths(prefix, max_header=max_header, max_payload=max_payload)


@given(st.binary())
def test_any_bytes_are_a_header_or_a_value_error(text: bytes) -> None:
    try:
        header = frames.decode_header(text)
    except ValueError:
        return
    assert isinstance(header, dict)
