"""What codes say, by pure parsers: boxes, identities, everything else as it is."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.ingest.payloads import PrintedCode, candidates_of, expiry, gs1_fields, ins_fields
from tests.ingest.samples import CIP13, INS, PERSON

BOX = f"010{CIP13}1728020010AB12\x1d21S0001"


def fields(text: str, *, is_gs1: bool = False) -> dict[str, str]:
    return {found.field: found.value for found in candidates_of([PrintedCode("DataMatrix", text, is_gs1)], 3)}


def test_a_box_gives_its_number_lot_and_expiry() -> None:
    assert fields(BOX, is_gs1=True) == {
        "code": f"DataMatrix 010{CIP13}1728020010AB12␝21S0001",
        "cip13": CIP13,
        "lot": "AB12",
        "expiry": "2028-02-29",
    }


def test_candidates_know_their_page_and_are_not_final() -> None:
    assert all(found.page == 3 and 0.9 < found.confidence < 1.0 for found in candidates_of([PrintedCode("QRCode", "x")], 3))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"010{CIP13}", {"cip13": CIP13}),
        (f"10AB12\x1d010{CIP13}17271131", {"cip13": CIP13, "lot": "AB12"}),
        (f"\x1d010{CIP13}711SOMETHING\x1d10L", {"cip13": CIP13, "lot": "L"}),
        ("01034009300001211728020010AB12", {}),
        ("01040417800001221728020010AB12", {}),
        (f"010{CIP13}1728", {}),
        (f"010{CIP13}99internal", {}),
        ("", {}),
    ],
    ids=[
        "alone",
        "any order, no such day",
        "other fields",
        "wrong check digit",
        "no medicine of France",
        "cut off",
        "unknown field",
        "empty",
    ],
)
def test_boxes(text: str, found: dict[str, str]) -> None:
    assert {name: value for name, value in fields(text, is_gs1=True).items() if name != "code"} == found


def test_what_does_not_say_that_it_is_gs1_is_none() -> None:
    assert fields(BOX).keys() == {"code"}


@pytest.mark.parametrize(
    ("digits", "day"),
    [
        ("280200", datetime.date(2028, 2, 29)),
        ("261231", datetime.date(2026, 12, 31)),
        ("261300", None),
        ("260000", None),
        ("260231", None),
    ],
)
def test_expiry(digits: str, day: datetime.date | None) -> None:
    assert expiry(digits) == day


def test_an_ins_code_gives_number_name_and_birth_date() -> None:
    assert {name: value for name, value in fields(PERSON).items() if name != "code"} == {
        "ins": INS,
        "patient": "ANNE MARIE CHEVALIER",
        "birth-date": "1955-06-08",
    }


@pytest.mark.parametrize(
    "text",
    [
        PERSON.replace("4.8\x1d", "4.9\x1d").replace("S7", "S9"),
        PERSON.replace(INS, INS[:-1] + "9"),
        PERSON.replace("213.1.4.8", "213.1.5.8"),
        PERSON.replace("IS01", "IS02"),
        "IS01",
    ],
    ids=["unknown field", "wrong key", "other number", "other version", "cut off"],
)
def test_what_is_no_ins_code_stays_a_code(text: str) -> None:
    assert fields(text).keys() == {"code"}


def test_fields_of_full_length_need_no_separator_and_may_come_in_any_order() -> None:
    text = f"IS01{'0' * 22}S6??-06-1955S4CHEVALIER\x1dS21.2.250.1.213.1.4.10\x1dS1{INS}"
    assert ins_fields(text) == {"S6": "??-06-1955", "S4": "CHEVALIER", "S2": "1.2.250.1.213.1.4.10", "S1": INS}
    assert fields(text).keys() == {"code", "ins", "patient"}
    assert ins_fields(f"IS01{'0' * 22}S2{'9' * 20}S5F") == {"S2": "9" * 20, "S5": "F"}


def test_a_2d_doc_is_called_by_its_name() -> None:
    assert fields("DC04FR0000011E3B1E3BB201FRF0GU")["code"] == "2D-Doc DC04FR0000011E3B1E3BB201FRF0GU"
    assert fields("DCIM")["code"] == "DataMatrix DCIM"


@given(st.text(), st.booleans())
def test_any_text_is_one_printable_line(text: str, is_gs1: bool) -> None:
    assert all(value.isprintable() for value in fields(text, is_gs1=is_gs1).values())


@given(st.text(alphabet="0123456789\x1dSIA-", max_size=60))
def test_near_misses_raise_nothing(text: str) -> None:
    gs1_fields(text)
    ins_fields(f"IS01{'0' * 22}" + text)
    fields(f"010{CIP13}" + text, is_gs1=True)
