"""What two-dimensional codes say: pure parsers from a code's text to candidates.

Every code becomes a candidate `code`, whatever it says. A medicine's box (GS1) also gives `cip13`, `lot` and `expiry`; the DataMatrix that
prints a person's national health identity (INS) gives `ins`, `patient` and `birth-date`. Nothing here checks a signature: anybody can
print a code, so these stay candidates.

Source: GS1 General Specifications §3 (application identifiers), §7.8 (element strings); ANS, INS - format datamatrix 2.2, §3 and §5;
ANTS, Spécifications techniques des codes à barres 2D-Doc (header).
"""

import calendar
import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from monespace_cli.record.document import Candidate
from monespace_cli.record.identity import is_valid_ins

_SURE: Final = 0.95
"""A code has its own error correction: what it says was read right, but who printed it is unknown."""

_SEPARATOR: Final = "\x1d"  # ends a field of variable length, in GS1 and INS

_2D_DOC: Final = re.compile(r"DC0[1-4][0-9A-Z]{4}")
_CIP13: Final = re.compile(r"0(?P<cip13>3400[0-9]{9})")  # a French medicine's GTIN: 0, 3400, CIP7 and two more digits

_GS1_FIELD: Final = re.compile(
    r"(00)(\d{18})|(0[12])(\d{14})|(1[1-35-7])(\d{6})|(20)(\d{2})"
    r"|(10|2[12]|30|37|24[0-3]|25[0-4]|71[0-7])([^\x1d]{1,30})",
    re.ASCII,
)
"""An application identifier that boxes carry, and its value: of fixed length, or up to a separator (GS1 General Specifications §3.2)."""

_INS_HEADER: Final = re.compile(r"IS01[0-9A-Z]{22}")
_INS_LENGTHS: Final = {"S1": 15, "S2": 20, "S3": 100, "S4": 100, "S5": 1, "S6": 10, "S7": 5}
"""The longest value of each field; one that is shorter ends with a separator or the text. Names may have 100 characters."""

_INS_OID: Final = re.compile(r"1\.2\.250\.1\.213\.1\.4\.(?:8|9|10|11)")


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """A two-dimensional code as it was read."""

    format: str
    """`QRCode`, `DataMatrix`."""
    text: str
    is_gs1: bool = False
    """Whether the code says of itself that it follows GS1 (FNC1 in first position)."""


def candidates_of(codes: Iterable[PrintedCode], page: int) -> tuple[Candidate, ...]:
    """Return what codes on a page say, each as `code` (format, space, text) and by the fields that could be understood."""
    return tuple(candidate for code in codes for candidate in _candidates(code, page))


def gs1_fields(text: str) -> dict[str, str]:
    """Return GS1 element strings by their application identifier; empty if the text is not such strings from start to end."""
    fields: dict[str, str] = {}
    rest = text.removeprefix(_SEPARATOR)
    while rest:
        found = _GS1_FIELD.match(rest)
        if not found:
            return {}
        fields.setdefault(*filter(None, found.groups()))
        rest = rest[found.end() :].removeprefix(_SEPARATOR)
    return fields


def ins_fields(text: str) -> dict[str, str]:
    """Return the fields `S1` to `S7` of an INS DataMatrix; empty if it is none."""
    header = _INS_HEADER.match(text)
    fields: dict[str, str] = {}
    rest = text[header.end() :] if header else ""
    while rest:
        key = rest[:2]
        if key not in _INS_LENGTHS:
            return {}
        value = rest[2:].split(_SEPARATOR, 1)[0][: _INS_LENGTHS[key]]
        fields.setdefault(key, value.strip())
        rest = rest[2 + len(value) :].removeprefix(_SEPARATOR)
    return fields


def expiry(digits: str) -> datetime.date | None:
    """Return the day of a GS1 date `YYMMDD` of this century; day 00 is the month's last. None if there is no such day."""
    year, month, day = 2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:])
    try:
        return datetime.date(year, month, day or calendar.monthrange(year, month)[1])
    except ValueError:  # calendar's own error for a month that is none is a ValueError, too
        return None


def _candidates(code: PrintedCode, page: int) -> Iterator[Candidate]:
    label = "2D-Doc" if code.format == "DataMatrix" and _2D_DOC.match(code.text) else code.format
    yield Candidate("code", f"{label} {_visible(code.text)}", _SURE, page)
    found = {**(_of_box(gs1_fields(code.text)) if code.is_gs1 else {}), **_of_person(ins_fields(code.text))}
    for name, value in found.items():
        yield Candidate(name, _visible(value), _SURE, page)


def _of_box(fields: dict[str, str]) -> dict[str, str]:
    medicine = _CIP13.fullmatch(fields.get("01", ""))
    if not medicine or not _is_gtin(fields["01"]):
        return {}
    day = expiry(fields["17"]) if "17" in fields else None
    known = {"cip13": medicine["cip13"], "lot": fields.get("10"), "expiry": day.isoformat() if day else None}
    return {name: value for name, value in known.items() if value}


def _of_person(fields: dict[str, str]) -> dict[str, str]:
    matricule, oid = fields.get("S1", ""), fields.get("S2", "")
    if not _INS_OID.fullmatch(oid) or not is_valid_ins(matricule):
        return {}
    day, month, year = (*fields.get("S6", "").split("-"), "", "", "")[:3]
    known = {
        "ins": matricule,
        "patient": f"{fields.get('S3', '')} {fields.get('S4', '')}".strip(),
        "birth-date": f"{year}-{month}-{day}" if re.fullmatch(r"\d{4}-\d\d-\d\d", f"{year}-{month}-{day}", re.ASCII) else "",
    }
    return {name: value for name, value in known.items() if value}


def _is_gtin(digits: str) -> bool:
    """Whether the last digit is the check digit of those before it: GS1 General Specifications §7.9.1."""
    weighted = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(digits[:-1]))
    return (weighted + int(digits[-1])) % 10 == 0


def _visible(text: str) -> str:
    """Return the text with control characters as their pictures (Unicode block Control Pictures) and other unprintable ones as �."""
    return "".join(chr(0x2400 + ord(c)) if ord(c) < 0x20 else c if c.isprintable() else "\ufffd" for c in text)
