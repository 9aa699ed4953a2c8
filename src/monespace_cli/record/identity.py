"""Who a space is about and who acts: identity traits, INS and RPPS.

Source: ANS, référentiel INS (matricule = 13 characters + 2-digit key); FR Core FRCorePatientINS; RPPS check digit (Luhn).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.text import fold
from monespace_cli.record.typed import GIVEN_NAMES, NAME_LENGTH, line_of_text

INS_NIR_OID = "1.2.250.1.213.1.4.8"
INS_OIDS = (INS_NIR_OID, "1.2.250.1.213.1.4.9", "1.2.250.1.213.1.4.10", "1.2.250.1.213.1.4.11")
"""Who gave the number: NIR, NIA, and the NIR of test and of demonstration (FR Core, FRCorePatientINS)."""
ADULT_YEARS = 18
_BIRTH_PLACE = re.compile(r"\d[0-9AB]\d{3}")
RPPS_OID = "1.2.250.1.71.4.2.1"


class Sex(StrEnum):
    """FHIR AdministrativeGender."""

    FEMALE = "female"
    MALE = "male"
    OTHER = "other"
    UNKNOWN = "unknown"


class Profession(StrEnum):
    """What a practitioner is; codes of TRE_G15-ProfessionSante."""

    PHYSICIAN = "physician"
    PHARMACIST = "pharmacist"
    DENTIST = "dentist"
    MIDWIFE = "midwife"
    NURSE = "nurse"
    PHYSIOTHERAPIST = "physiotherapist"
    PODIATRIST = "podiatrist"
    SPEECH_THERAPIST = "speech-therapist"
    ORTHOPTIST = "orthoptist"
    INSURER = "insurer"
    """Who acts for a health insurer: no profession of care, and so without a code."""

    @property
    def code(self) -> str | None:
        """The profession's code in TRE_G15, or None."""
        return _PROFESSION_CODES.get(self)


_PROFESSION_CODES = {
    Profession.PHYSICIAN: "10",
    Profession.PHARMACIST: "21",
    Profession.DENTIST: "40",
    Profession.MIDWIFE: "50",
    Profession.NURSE: "60",
    Profession.PHYSIOTHERAPIST: "70",
    Profession.PODIATRIST: "80",
    Profession.SPEECH_THERAPIST: "91",
    Profession.ORTHOPTIST: "92",
}


@dataclass(frozen=True, slots=True)
class Identity:
    """The identity traits of a person: birth name, given names, birth date, sex, and the INS where it is known."""

    family_name: str
    given_names: tuple[str, ...]
    birth_date: date
    sex: Sex
    ins: str | None = None
    """INS matricule: 15 characters, key included."""
    ins_oid: str = INS_NIR_OID
    """Which number that is, one of :data:`INS_OIDS`; says nothing where there is none."""
    used_family_name: str = ""
    """The name the person goes by where it is not the birth name (RNIV, nom utilisé)."""
    used_given_name: str = ""
    birth_place: str = ""
    """Five characters of the Code officiel géographique (INSEE), or 99 and the country's three."""

    @property
    def display_name(self) -> str:
        """Given name and family name that the person goes by, as people read it: `Zoé MARTIN`."""
        return f"{self.used_given_name or self.given_names[0]} {self.used_family_name or self.family_name}"

    @property
    def traits(self) -> "Identity":
        """The identity without what people only go by: what cards and bundles carry, and what tells one person from another."""
        return replace(self, used_family_name="", used_given_name="", birth_place="")

    @property
    def mssante_address(self) -> str | None:
        """The address at which practitioners write to the person, built from the INS (Référentiel socle MSSanté #2, ECO.2.2.6)."""
        return f"{self.ins}@patient.mssante.fr" if self.ins else None


@dataclass(frozen=True, slots=True)
class Institution:
    """Where a practitioner works."""

    name: str
    facility: str
    """What sort it is: a code of JDV_J02 (healthcareFacilityTypeCode)."""
    finess: str | None = None
    """Its number of nine characters."""


@dataclass(frozen=True, slots=True)
class PractitionerIdentity:
    """Who a practitioner is; the RPPS is what they typed and was not looked up anywhere."""

    family_name: str
    given_names: tuple[str, ...]
    profession: Profession
    rpps: str | None = None
    institution: Institution | None = None
    """Where they work, for the metadata of what they deposit."""
    specialty: str = ""
    """What they are qualified in: the part of a code of TRE_A02 that follows the profession, such as SM04; may be empty."""

    @property
    def display_name(self) -> str:
        """First given name and family name: `Luc DURAND`."""
        return f"{self.given_names[0]} {self.family_name}"


Owner = Identity | PractitionerIdentity
"""Whom a vault belongs to: a holder, or a practitioner who receives and deposits."""


def ins_key(number: str) -> str:
    """Return the two-digit key of a 13-character NIR: 97 − (N mod 97), with the department 2A read as 19 and 2B as 18 (Corsica).

    Raises:
        UsageError: not 13 digits, but for the department.
    """
    department = number[5:7].upper()
    digits = number[:5] + {"2A": "19", "2B": "18"}.get(department, department) + number[7:]
    if len(digits) != 13 or not _is_digits(digits):
        raise UsageError(_("an INS has 13 characters and a key of two digits"))
    return f"{97 - int(digits) % 97:02}"


def is_valid_ins(matricule: str) -> bool:
    """Tell whether a 15-character INS matricule has the right key."""
    try:
        return matricule[13:] == ins_key(matricule[:13])
    except UsageError:
        return False


def is_valid_rpps(number: str) -> bool:
    """Tell whether an RPPS number has 11 digits and a Luhn check digit; many fictitious ones fail, so callers only warn."""
    return len(number) == 11 and has_luhn_digit(number)


def has_luhn_digit(number: str) -> bool:
    """Tell whether a number is all digits and its last one is Luhn's check digit (ISO/IEC 7812-1, annex B)."""
    if not _is_digits(number):
        return False
    doubled = (int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(number)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def new_identity(family_name: str, given_names: Iterable[str], birth_date: date, sex: Sex, ins: str | None, today: date) -> Identity:
    """Return the identity that somebody typed.

    Raises:
        UsageError: a name that no card could carry, too many of them, a birth date to come, or an INS whose key is wrong.
    """
    if birth_date > today:
        raise UsageError(_("the birth date is still to come"))
    if ins is not None and not is_valid_ins(ins):
        raise UsageError(_("the INS number's key is wrong"), hint=_("look at the 15 digits again: the last two are the key"))
    return Identity(line_of_text(family_name, NAME_LENGTH), _given(given_names), birth_date, sex, ins)


def new_practitioner(family_name: str, given_names: Iterable[str], profession: Profession, rpps: str | None) -> PractitionerIdentity:
    """Return the practitioner's identity that somebody typed. The RPPS number's check digit is not looked at: :func:`is_valid_rpps`.

    Raises:
        UsageError: a name that no card could carry, too many of them, or an RPPS number that is not of 11 digits.
    """
    if rpps is not None and (len(rpps) != 11 or not _is_digits(rpps)):
        raise UsageError(_("an RPPS number has 11 digits"))
    return PractitionerIdentity(line_of_text(family_name, NAME_LENGTH), _given(given_names), profession, rpps)


def with_usage(identity: Identity, family_name: str | None, given_name: str | None, birth_place: str | None) -> Identity:
    """Return an identity with the names the person goes by and where they were born; None leaves one as it is, an empty text takes it back.

    Raises:
        UsageError: a name that could not be shown, or a place that is no code of five characters.
    """
    if birth_place and not _BIRTH_PLACE.fullmatch(birth_place.upper()):
        raise UsageError(
            _("a birth place is a code of five characters"), hint=_("the INSEE code of the commune, such as 63220, or 99 and the country's")
        )
    if family_name is not None:
        identity = replace(identity, used_family_name=line_of_text(family_name, NAME_LENGTH, shortest=0))
    if given_name is not None:
        identity = replace(identity, used_given_name=line_of_text(given_name, NAME_LENGTH, shortest=0))
    return identity if birth_place is None else replace(identity, birth_place=birth_place.upper())


def is_adult(birth_date: date, on: date) -> bool:
    """Tell whether somebody has come of age (Code civil, 414): who was born on a 29th of February, on the 1st of March of other years."""
    return (on.year - ADULT_YEARS, on.month, on.day) >= (birth_date.year, birth_date.month, birth_date.day)


def is_represented(birth_date: date, since: date, on: date) -> bool:
    """Tell whether somebody who was represented from a day on still is: a child until they come of age; who was an adult then stays so."""
    return is_adult(birth_date, since) or not is_adult(birth_date, on)


def _given(names: Iterable[str]) -> tuple[str, ...]:
    given = tuple(line_of_text(name, NAME_LENGTH) for name in names)
    if not 1 <= len(given) <= GIVEN_NAMES:
        raise UsageError(_("give one to {count} given names").format(count=GIVEN_NAMES))
    return given


def is_same_name(left: str, right: str) -> bool:
    """Tell whether two names are the same but for case, accents, hyphens and apostrophes."""

    def letters(name: str) -> str:
        return "".join(c for c in fold(name) if c.isalpha())

    return letters(left) == letters(right)


class Match(StrEnum):
    """How what a bundle says of a person fits a person who is known here."""

    SAME = "same"
    """The INS, who gave it, and the four traits are equal: an identity that a machine may act on."""
    WITHOUT_INS = "without-ins"
    """The four traits are equal, and one side has no INS: a person confirms."""
    DIFFERENT = "different"
    """Something differs or is empty: a person decides."""


def differing_traits(claimed: Identity, known: Identity) -> tuple[str, ...]:
    """Return which of birth name, first given name, birth date and sex, and the INS with its OID, are not the same (RNIV, traits stricts).

    Names are compared without case, accents, hyphens and apostrophes, as the INS service gives them. An unknown sex is no trait, and an
    identifier or name that is there and empty is no identifier or name.
    """

    def is_name(left: str, right: str) -> bool:
        return all(any(c.isalpha() for c in name) for name in (left, right)) and is_same_name(left, right)

    same = {
        "family_name": is_name(claimed.family_name, known.family_name),
        "given_name": is_name(claimed.given_names[0], known.given_names[0]),
        "birth_date": claimed.birth_date == known.birth_date,
        "sex": claimed.sex is known.sex and claimed.sex is not Sex.UNKNOWN,
        "ins": bool(claimed.ins) and (claimed.ins, claimed.ins_oid) == (known.ins, known.ins_oid),
    }
    return tuple(trait for trait, is_same in same.items() if not is_same)


def match_identity(claimed: Identity, known: Identity) -> Match:
    """Return how two identities fit, by the traits that differ."""
    differing = differing_traits(claimed, known)
    if differing == ("ins",) and None in (claimed.ins, known.ins) and "" not in (claimed.ins, known.ins):
        return Match.WITHOUT_INS
    return Match.DIFFERENT if differing else Match.SAME


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()
