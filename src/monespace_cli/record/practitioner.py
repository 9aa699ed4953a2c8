"""Practitioners as a person keeps them in their address book, with a card or without one.

Numbers are as somebody typed them and were looked up nowhere: a wrong form is an error, a check digit that does not fit a doubt to be told.

Source: ANS, PS_IdNat and Struct_IdNat: RPPS of 11 digits, ADELI of 9 characters, FINESS of 9; Luhn's check digit in RPPS and FINESS.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.card import Card
from monespace_cli.record.identity import Profession, has_luhn_digit, is_same_name, is_valid_rpps
from monespace_cli.record.typed import NAME_LENGTH, TITLE_LENGTH, line_of_text

_NINE = re.compile(r"\d[\dAB]\d{7}", re.ASCII)
"""A department (2A and 2B for Corsica), then seven digits."""
_FORMS = {"rpps": re.compile(r"\d{11}", re.ASCII), "adeli": _NINE, "finess": _NINE}


class CareRole(StrEnum):
    """What a practitioner is to the person. Values are stored: they are added to, never renamed."""

    ATTENDING = "attending"
    """The attending physician ("médecin traitant"), of whom there is one; who that is, is `access`'s to say, as it opens the record."""
    MIDWIFE = "midwife"
    """The midwife of reference (CSS L162-8-2)."""
    PHARMACIST = "pharmacist"
    """The pharmacist ("pharmacien correspondant", CSP L5125-1-1 A)."""

    @property
    def profession(self) -> Profession:
        """Who alone can be one."""
        return Profession.PHYSICIAN if self is CareRole.ATTENDING else Profession(self.value)


@dataclass(frozen=True, slots=True)
class Practitioner:
    """Somebody in the directory."""

    id: str
    family_name: str
    given_name: str
    profession: Profession
    specialty: str = ""
    """In free words: `cardiologue`."""
    rpps: str | None = None
    adeli: str | None = None
    finess: str | None = None
    """Of where they practise."""
    phone: str = ""
    address: str = ""
    fingerprint: str | None = None
    """Of their card, where it is known."""

    @property
    def display_name(self) -> str:
        """Given name and family name: `Luc DURAND`."""
        return f"{self.given_name} {self.family_name}"

    @property
    def actor_id(self) -> str:
        """What decisions about them are kept under: the card's fingerprint, or their id while they have none."""
        return self.fingerprint or self.id

    @property
    def doubts(self) -> tuple[str, ...]:
        """The numbers whose check digit does not fit; many in real use do not, so they are told and not refused."""
        is_doubtful = {
            "rpps": self.rpps is not None and not is_valid_rpps(self.rpps),
            "finess": self.finess is not None and self.finess.isdigit() and not has_luhn_digit(self.finess),
        }
        return tuple(name for name, doubtful in is_doubtful.items() if doubtful)


def edited(practitioner: Practitioner, **said: Any) -> Practitioner:
    """Return a practitioner with what somebody typed; an empty text takes something away, None leaves it as it is.

    Raises:
        UsageError: a name that nobody could have, or a number that has not its form.
    """
    changes = {name: _checked(name, value) for name, value in said.items() if value is not None}
    return replace(practitioner, **changes)


def _checked(name: str, value: Any) -> Any:
    if name in _FORMS:
        number = value.replace(" ", "").upper()
        if number and not _FORMS[name].fullmatch(number):
            raise UsageError(
                _("this is no {kind} number").format(kind=name.upper()), hint=_("RPPS has 11 digits, ADELI and FINESS have 9 characters")
            )
        return number or None
    if name in ("family_name", "given_name"):
        return line_of_text(value, NAME_LENGTH)
    return line_of_text(value, TITLE_LENGTH, shortest=0) if isinstance(value, str) and not isinstance(value, Profession) else value


def is_same_as_card(practitioner: Practitioner, card: Card) -> bool:
    """Tell whether a card is that of a practitioner in the directory who has none yet.

    Their RPPS numbers say so; where one side has no number, the same name and profession do.
    """
    if practitioner.fingerprint is not None:
        return practitioner.fingerprint == card.fingerprint
    if practitioner.rpps and card.rpps:
        return practitioner.rpps == card.rpps
    names = ((practitioner.family_name, card.family_name), (practitioner.given_name, card.given_name))
    return practitioner.profession is card.profession and all(is_same_name(left, right) for left, right in names)
