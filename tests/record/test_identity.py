from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import UsageError
from monespace_cli.record.identity import (
    INS_NIR_OID,
    Identity,
    Match,
    PractitionerIdentity,
    Profession,
    Sex,
    has_luhn_digit,
    ins_key,
    is_same_name,
    is_valid_ins,
    is_valid_rpps,
    match_identity,
    new_identity,
    new_practitioner,
    with_usage,
)


@pytest.mark.parametrize(
    ("number", "key"),
    [("2550814168025", "38"), ("180012A004003", "66"), ("180012b004003", "93")],  # the first is the usual published example
)
def test_ins_key(number: str, key: str) -> None:
    assert ins_key(number) == key
    assert is_valid_ins(number + key)


@given(st.integers(10**12, 10**13 - 1), st.integers(0, 12), st.integers(1, 9))
def test_one_wrong_digit_of_an_ins_is_noticed(number: int, position: int, more: int) -> None:
    matricule = f"{number}{ins_key(str(number))}"
    digit = str((int(matricule[position]) + more) % 10)
    assert is_valid_ins(matricule)
    assert not is_valid_ins(matricule[:position] + digit + matricule[position + 1 :])


@given(st.text(max_size=16) | st.text("0123456789²٣AB", min_size=13, max_size=15))
def test_any_text_is_an_ins_or_not(text: str) -> None:
    assert is_valid_ins(text) in (True, False)
    assert is_valid_rpps(text[:11]) in (True, False)


@pytest.mark.parametrize("number", ["2A00575123456", "12A0575123456", "280052C123456", "28005751234567", "²800575123456", "٢800575123456"])
def test_what_is_no_ins(number: str) -> None:
    with pytest.raises(UsageError):
        ins_key(number)
    assert not is_valid_ins(number + "00")


def test_rpps() -> None:
    assert is_valid_rpps("10001234567") is False
    assert is_valid_rpps("79927398713")  # the well-known example of Luhn's formula
    assert not is_valid_rpps("79927398714")
    assert not is_valid_rpps("7992739871")
    assert not is_valid_rpps("7992739871²")
    assert not is_valid_rpps("079927398713")
    assert has_luhn_digit("59"), "a doubled 5 counts 1"


def test_names() -> None:
    assert is_same_name("Hélène d’Œuvre-Noël", "HELENE D'OEUVRE NOEL")
    assert not is_same_name("Martin", "Marin")


def test_people_are_shown_by_their_first_given_name() -> None:
    assert Identity("MARTIN", ("Zoé", "Anne"), date(1980, 5, 17), Sex.FEMALE).display_name == "Zoé MARTIN"
    assert PractitionerIdentity("DURAND", ("Luc",), Profession.PHYSICIAN).display_name == "Luc DURAND"


def test_a_person_is_shown_by_the_names_they_go_by_and_told_apart_without_them() -> None:
    known = with_usage(ZOE, "PETIT", "Zou", "2a004")
    assert (known.display_name, known.birth_place) == ("Zou PETIT", "2A004")
    assert known.traits == ZOE
    assert with_usage(known, None, None, None) == known
    assert with_usage(known, "", "", "") == ZOE


def test_a_birth_place_is_a_code() -> None:
    with pytest.raises(UsageError, match="five characters"):
        with_usage(ZOE, None, None, "Paris")


def test_the_address_is_made_from_the_ins() -> None:
    assert ZOE.mssante_address == "280057511122220@patient.mssante.fr"
    assert replace(ZOE, ins=None).mssante_address is None


def test_what_somebody_types_of_a_person_is_looked_at() -> None:
    today, ins = ZOE.birth_date, "255081416802538"
    assert new_identity("MARTIN", ["Zoé"], today, Sex.FEMALE, ins, today).ins == ins
    assert new_identity("MARTIN", ["Zoé"] * 10, today, Sex.FEMALE, None, today).ins is None
    tomorrow = today + timedelta(days=1)
    for names, born, number in [
        (["Zoé"], tomorrow, ins),
        (["Zoé"], today, "255081416802539"),
        ([], today, ins),
        (["Zoé"] * 11, today, ins),
    ]:
        with pytest.raises(UsageError):
            new_identity("MARTIN", names, born, Sex.FEMALE, number, today)


def test_what_somebody_types_of_a_practitioner_is_looked_at() -> None:
    assert new_practitioner("DURAND", ["Luc"], Profession.PHYSICIAN, "10001234567").rpps == "10001234567"
    assert new_practitioner("DURAND", ["Luc"], Profession.PHYSICIAN, None).rpps is None
    for rpps in ("1000123456", "100012345678", "1000123456²"):
        with pytest.raises(UsageError, match="11 digits"):
            new_practitioner("DURAND", ["Luc"], Profession.PHYSICIAN, rpps)


def test_every_profession_has_a_code_of_its_own() -> None:
    assert len({profession.code for profession in Profession}) == len(Profession)


ZOE = Identity("D'ŒUVRE-NOËL", ("Zoé", "Anne"), date(1980, 5, 17), Sex.FEMALE, "280057511122220")


@pytest.mark.parametrize(
    ("claimed", "known", "match"),
    [
        # The INS and its OID, birth name, first given name, birth date and sex are all equal: a machine may act on it.
        ({}, {}, Match.SAME),
        ({"family_name": "d’oeuvre noel", "given_names": ("ZOE",)}, {}, Match.SAME),
        # The INS is missing on a side, and the four traits are equal: a person confirms.
        ({"ins": None}, {}, Match.WITHOUT_INS),
        ({}, {"ins": None}, Match.WITHOUT_INS),
        ({"ins": None}, {"ins": None}, Match.WITHOUT_INS),
        # Any difference: a person decides.
        ({"family_name": "DOEUVRE"}, {}, Match.DIFFERENT),
        ({"given_names": ("Anne", "Zoé")}, {}, Match.DIFFERENT),
        ({"birth_date": date(1980, 5, 18)}, {}, Match.DIFFERENT),
        ({"sex": Sex.MALE}, {}, Match.DIFFERENT),
        ({"ins": "280057511122319"}, {}, Match.DIFFERENT),
        ({"ins_oid": "1.2.250.1.213.1.4.10"}, {}, Match.DIFFERENT),
        ({"ins": None, "birth_date": date(1980, 5, 18)}, {}, Match.DIFFERENT),
        ({"ins": None, "sex": Sex.MALE}, {}, Match.DIFFERENT),
        # So does an identifier or a trait that is there and says nothing, be it on both sides.
        ({"ins": ""}, {}, Match.DIFFERENT),
        ({"ins": ""}, {"ins": ""}, Match.DIFFERENT),
        ({"ins": ""}, {"ins": None}, Match.DIFFERENT),
        ({"family_name": ""}, {"family_name": ""}, Match.DIFFERENT),
        ({"given_names": ("-",)}, {"given_names": ("'",)}, Match.DIFFERENT),
        ({"sex": Sex.UNKNOWN}, {"sex": Sex.UNKNOWN}, Match.DIFFERENT),
        # An OID means nothing where there is no number.
        ({"ins": None, "ins_oid": "1.2.250.1.213.1.4.10"}, {"ins_oid": INS_NIR_OID}, Match.WITHOUT_INS),
    ],
)
def test_how_two_identities_fit(claimed: dict[str, Any], known: dict[str, Any], match: Match) -> None:
    assert match_identity(replace(ZOE, **claimed), replace(ZOE, **known)) is match
    assert match_identity(replace(ZOE, **known), replace(ZOE, **claimed)) is match
