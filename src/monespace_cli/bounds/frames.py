"""The frames that parent and child exchange: a JSON header and raw bytes, both with their length in front.

JSON and never pickle: what comes back from a child that decoded a hostile file is outside data, too.
"""

import json
import struct
from collections.abc import Mapping
from typing import Any, Final

_LENGTHS: Final = struct.Struct(">IQ")

PREFIX_BYTES: Final = _LENGTHS.size
"""Bytes in front of each frame: the header's length (4) and the payload's (8), big-endian."""


def encode_head(header: Mapping[str, object], payload_size: int) -> bytes:
    """Return what goes before a payload of `payload_size` bytes: the two lengths and the header as JSON."""
    text = json.dumps(header).encode("ascii")
    return _LENGTHS.pack(len(text), payload_size) + text


def decode_lengths(prefix: bytes, *, max_header: int, max_payload: int) -> tuple[int, int]:
    """Return the lengths in bytes of a header and a payload from :data:`PREFIX_BYTES` bytes.

    Raises:
        ValueError: one of them is over its bound.
    """
    header, payload = _LENGTHS.unpack(prefix)
    if header > max_header or payload > max_payload:
        raise ValueError("the frame is over its bound")
    return header, payload


def decode_header(text: bytes) -> dict[str, Any]:
    """Return a frame's header.

    Raises:
        ValueError: it is not a JSON object.
    """
    try:
        header = json.loads(text)
    except RecursionError:
        raise ValueError("the header is nested too deeply") from None
    if not isinstance(header, dict):
        raise ValueError("the header is not an object")  # noqa: TRY004 - one kind of error for whatever is wrong with a frame
    return header
