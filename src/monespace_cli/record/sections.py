"""The sections of the medical profile and what an entry of each may say.

Source: Mon espace santé, profil médical; HL7 IPS 2.0 (the idea that "none known" is said, and is not the same as an empty section).
"""

from dataclasses import dataclass
from enum import StrEnum

from monespace_cli.record.tables import table


class Section(StrEnum):
    """A section of the medical profile. Values are stored: they are added to, never renamed."""

    ILLNESS = "illness"
    TREATMENT = "treatment"
    HOSPITALISATION = "hospitalisation"
    ALLERGY = "allergy"
    FAMILY_HISTORY = "family-history"
    VACCINATION = "vaccination"
    HABIT = "habit"
    DISABILITY = "disability"
    DEVICE = "device"
    BLOOD_GROUP = "blood-group"
    PAPER = "paper"
    DIRECTIVE = "directive"
    PERSON = "person"
    ORGAN_DONATION = "organ-donation"

    @property
    def rules(self) -> "SectionRules":
        """What an entry of this section may say."""
        return _RULES[self]


@dataclass(frozen=True, slots=True)
class Field:
    """Something that an entry of a section can say besides its text and dates: free words, or one of a list."""

    name: str
    length: int = 200
    """Characters at most, in free words."""
    choices: str = ""
    """The list of `data/profile_values.csv` that the value is of; empty for free words."""
    is_required: bool = False


@dataclass(frozen=True, slots=True)
class SectionRules:
    """What makes a section different from the others."""

    label: str
    """Its French name, as in Mon espace santé."""
    fields: tuple[Field, ...] = ()
    can_be_none: bool = True
    """Whether "none known" can be said of it."""
    is_past: bool = False
    """Whether its entries are things that happened: they stand for good, also after their end."""
    is_single: bool = False
    """Whether it holds one standing entry at most."""
    replaces: bool = False
    """Whether a new entry takes the place of the former."""
    text_choices: str = ""
    """The list that the text itself must be of; empty for free words."""


_RELATION = Field("relation", choices="relation")

_RULES = {
    Section.ILLNESS: SectionRules("Maladies et sujets de santé"),
    Section.TREATMENT: SectionRules("Traitements", (Field("dosage", 1000),)),
    Section.HOSPITALISATION: SectionRules("Hospitalisations et actes chirurgicaux", is_past=True),
    Section.ALLERGY: SectionRules("Allergies"),
    Section.FAMILY_HISTORY: SectionRules("Antécédents familiaux", (Field("relation", choices="relation", is_required=True),), is_past=True),
    Section.VACCINATION: SectionRules(
        "Vaccinations", (Field("lot", 100), Field("performer"), Field("act", choices="act"), Field("diseases")), is_past=True
    ),
    Section.HABIT: SectionRules("Habitudes de vie", (Field("kind", choices="habit", is_required=True),), can_be_none=False),
    Section.DISABILITY: SectionRules(
        "Handicaps",
        (Field("kind", choices="disability", is_required=True), Field("rate", choices="rate"), Field("assistance"), Field("aid", 50)),
    ),
    Section.DEVICE: SectionRules("Implants et dispositifs médicaux", (Field("lot", 100),)),
    Section.BLOOD_GROUP: SectionRules("Groupe sanguin", can_be_none=False, is_single=True, text_choices="blood-group"),
    Section.PAPER: SectionRules("Pièces administratives", can_be_none=False),
    Section.DIRECTIVE: SectionRules("Directives anticipées", is_single=True, replaces=True),
    Section.PERSON: SectionRules("Entourage", (Field("role", choices="role", is_required=True), Field("phone", 50), _RELATION)),
    Section.ORGAN_DONATION: SectionRules("Don d'organes", can_be_none=False, is_single=True),
}

FIELD_NAMES = tuple(dict.fromkeys(field.name for rules in _RULES.values() for field in rules.fields))
"""Every field that some section has, once."""


def choices(name: str) -> dict[str, str]:
    """Return the French labels of a list of `data/profile_values.csv`, by their value."""
    return {row["value"]: row["label"] for row in table("profile_values") if row["list"] == name}


def as_choice(name: str, typed: str) -> str:
    """Return the value of a list that somebody typed in other capitals or with spaces, as `ab +` for `AB+`; anything else as it is."""
    wanted = "".join(typed.split()).casefold()
    return next((value for value in choices(name) if value.casefold() == wanted), typed)
