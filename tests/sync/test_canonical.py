"""Canonical JSON: one byte string for a value, and nothing else is read."""

import json

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.sync.canonical import FormatError, Json, from_canonical, to_canonical

TEXT = st.text(st.characters(exclude_categories=["Cs"]))
LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | TEXT
VALUES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4), max_leaves=12)


@given(st.dictionaries(TEXT, st.lists(LEAVES)))
def test_what_goes_in_comes_out(value: dict[str, Json]) -> None:
    assert from_canonical(to_canonical(value), max_size=1 << 20) == value


@given(VALUES)
def test_what_is_read_is_canonical(value: Json) -> None:
    data = json.dumps({"a": value}).encode()
    try:
        read = from_canonical(data, max_size=1 << 20)
    except FormatError:
        return
    assert to_canonical(read) == data


@given(st.dictionaries(TEXT, VALUES, max_size=4))
def test_it_is_what_another_program_writes(value: dict[str, Json]) -> None:
    assert to_canonical(value) == rfc8785.dumps(value)


@pytest.mark.parametrize(
    "data",
    [
        b'{"a":1,"a":1}',
        b'{"a":{"b":1,"b":2}}',
        b'{"b":1,"a":1}',
        b'{"a": 1}',
        b'{"a":1}\n',
        b'\xef\xbb\xbf{"a":1}',
        b'{"a":1.5}',
        b'{"a":1.0}',
        b'{"a":1e2}',
        b'{"a":-0}',
        b'{"a":NaN}',
        b'{"a":Infinity}',
        b'{"a":9007199254740992}',
        b'{"a":' + b"9" * 10_000 + b"}",
        b'{"a":"\\u0041"}',
        b'{"a":"\\ud800"}',
        b'{"a":"\xff"}',
        b'{"a":[[[[[[[[1]]]]]]]]}',
        b'{"a":' + b"[" * 200_000 + b"]" * 200_000 + b"}",
        b'{"a":' * 200_000,
        b"[]",
        b"1",
        b"",
        b'{"a":1',
    ],
)
def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(FormatError):
        from_canonical(data, max_size=1 << 20)


def test_as_deep_as_allowed_is_read() -> None:
    assert from_canonical(b'{"a":[[[[[[[1]]]]]]]}', max_size=100)


def test_too_large_is_refused_unread() -> None:
    with pytest.raises(FormatError, match="too large"):
        from_canonical(b'{"a":1}', max_size=6)


@pytest.mark.parametrize("value", ["\ud800", 2**53])
def test_what_json_cannot_hold_is_not_written(value: str | int) -> None:
    with pytest.raises(FormatError):
        to_canonical({"a": value})
