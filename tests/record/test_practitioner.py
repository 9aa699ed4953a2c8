from dataclasses import replace
from datetime import UTC, datetime

import pytest

from monespace_cli.errors import UsageError
from monespace_cli.record.card import Card, Role
from monespace_cli.record.identity import Profession
from monespace_cli.record.practitioner import CareRole, Practitioner, edited, is_same_as_card

LUC = Practitioner("id", "DURAND", "Luc", Profession.PHYSICIAN)
CARD = Card("Durand", "LUC", Role.PRACTITIONER, bytes(32), (), datetime(2026, 1, 1, tzinfo=UTC), Profession.PHYSICIAN)
RPPS, OTHER_RPPS = "10000001916", "10005173140"


def test_numbers_are_kept_without_spaces_and_taken_away_by_an_empty_text() -> None:
    typed = edited(LUC, rpps="100 0000 1916", adeli="2a9300001", finess="750712184", specialty="cardiologue", phone=None)
    assert (typed.rpps, typed.adeli, typed.finess, typed.specialty) == (RPPS, "2A9300001", "750712184", "cardiologue")
    assert edited(typed, rpps="", specialty="") == replace(typed, rpps=None, specialty="")


@pytest.mark.parametrize(
    "said",
    [{"rpps": "123"}, {"rpps": "1000000191X"}, {"adeli": "12345678"}, {"finess": "C50712184"}, {"given_name": ""}, {"phone": "\n\u202e"}],
)
def test_what_cannot_be_is_refused(said: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        edited(LUC, **said)


def test_a_check_digit_that_does_not_fit_is_a_doubt() -> None:
    assert replace(LUC, rpps=RPPS, finess="750712184").doubts == ()
    assert replace(LUC, rpps="10000001917", finess="750712185").doubts == ("rpps", "finess")
    assert replace(LUC, finess="2A0000001").doubts == ()


@pytest.mark.parametrize(
    ("entry", "card", "same"),
    [
        (LUC, CARD, True),
        (LUC, replace(CARD, given_name="Luce"), False),
        (LUC, replace(CARD, profession=Profession.NURSE), False),
        (replace(LUC, rpps=RPPS), CARD, True),
        (replace(LUC, rpps=RPPS), replace(CARD, rpps=RPPS, family_name="DURAND-PETIT"), True),
        (replace(LUC, rpps=RPPS), replace(CARD, rpps=OTHER_RPPS), False),
        (replace(LUC, fingerprint="another"), CARD, False),
        (replace(LUC, fingerprint=CARD.fingerprint), CARD, True),
    ],
)
def test_a_card_is_somebody_in_the_directory(entry: Practitioner, card: Card, same: bool) -> None:
    assert is_same_as_card(entry, card) is same


def test_each_role_has_its_profession() -> None:
    assert [role.profession for role in CareRole] == [Profession.PHYSICIAN, Profession.MIDWIFE, Profession.PHARMACIST]
