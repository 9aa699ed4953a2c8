"""Canonical JSON (RFC 8785) in and out: one byte string for a value, so that a signature covers the meaning and not only the bytes.

The reader is strict because what it reads is signed by strangers: it accepts nothing that writing would not give back byte for byte.
"""

import json
from typing import NoReturn

import rfc8785

from monespace_cli.sync.limits import LIMITS

Json = dict[str, "Json"] | list["Json"] | str | int | bool | None


class FormatError(ValueError):
    """Received data does not have the form that its format document asks for. Callers turn it into an error that people see."""


def to_canonical(value: Json) -> bytes:
    """Return the canonical JSON of a value, UTF-8 without a line end.

    Raises:
        FormatError: a string is not Unicode (a lone surrogate), or an integer is beyond ±(2^53 - 1).
    """
    try:
        return _plain_json(value) if _is_plain(value) else rfc8785.dumps(value)
    except (rfc8785.CanonicalizationError, UnicodeEncodeError) as error:
        raise FormatError("not representable in canonical JSON") from error


def from_canonical(data: bytes, *, max_size: int) -> dict[str, Json]:
    """Return the object that `data` holds.

    Args:
        data: the whole JSON text.
        max_size: bytes to accept.

    Raises:
        FormatError: too large, nested too deep, not JSON, not an object, a duplicate member, a fraction, or not the canonical form.
    """
    if len(data) > max_size:
        raise FormatError("too large")
    try:
        value = json.loads(data.decode("utf-8"), parse_float=_refuse, parse_constant=_refuse)
    except FormatError:
        raise
    except RecursionError as error:
        raise FormatError("nested too deep") from error
    except UnicodeDecodeError as error:
        raise FormatError("not Unicode") from error
    except ValueError as error:  # JSONDecodeError, and the integers of too many digits
        raise FormatError("not strict JSON") from error
    if not isinstance(value, dict):
        raise FormatError("not an object")
    _check_depth(value, LIMITS.nesting)
    if to_canonical(value) != data:  # which a member that occurs twice is not either
        raise FormatError("not canonical")
    return value


def _plain_json(value: Json) -> bytes:
    """Write what :func:`_is_plain` accepts as RFC 8785 does, in C: with the same escapes; ASCII names sort alike in every encoding."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _is_plain(value: Json) -> bool:
    """Tell whether Python's own JSON is canonical for a value: names in ASCII, and no number that RFC 8785 writes otherwise or refuses."""
    if isinstance(value, dict):
        return all(map(str.isascii, value)) and all(map(_is_plain, value.values()))
    if isinstance(value, list):
        return all(map(_is_plain, value))
    return not isinstance(value, int) or abs(value) < 1 << 53


def _refuse(_text: str) -> NoReturn:
    raise FormatError("a number that is not an integer")


def _check_depth(value: Json, levels: int) -> None:
    if levels < 0:
        raise FormatError("nested too deep")
    if isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            _check_depth(item, levels - 1)
