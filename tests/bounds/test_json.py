"""JSON from outside is looked at without being built: one object, whose brackets pair, and that nests no deeper than health formats do."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.bounds.json import UnfitJsonError, check_json
from monespace_cli.bounds.limits import MAX_JSON_DEPTH

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def nested(depth: int) -> bytes:
    return b'{"a":' + b"[" * (depth - 1) + b"]" * (depth - 1) + b"}"


@given(st.dictionaries(st.text(), VALUES), st.booleans(), st.integers(1, 5))
def test_every_object_passes_in_any_pieces(value: dict[str, object], ascii_only: bool, size: int) -> None:
    data = json.dumps(value, ensure_ascii=ascii_only).encode(errors="surrogatepass")
    check_json(data[at : at + size] for at in range(0, len(data), size))


def test_it_may_nest_as_deep_as_health_formats_do_and_no_deeper() -> None:
    check_json([nested(MAX_JSON_DEPTH)])
    with pytest.raises(UnfitJsonError, match="deep"):
        check_json([nested(MAX_JSON_DEPTH + 1)])


def test_brackets_in_strings_are_text() -> None:
    check_json([b'{"a": "[[[ }}} \\\\", "b": "\\"]"}'])


@pytest.mark.parametrize("data", [b"", b"text", b"[]", b'"{}"', b"{", b"}", b"{]", b"{[}]", b"{}{}", b'{"a', b'{"a": "\\"}'])
@pytest.mark.parametrize("size", [1, 100])
def test_anything_but_one_whole_object_is_refused(data: bytes, size: int) -> None:
    with pytest.raises(UnfitJsonError):
        check_json(data[at : at + size] for at in range(0, len(data), size))
