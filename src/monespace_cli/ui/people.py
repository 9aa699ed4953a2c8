"""How the people one knows look: their card where there is one, and what the directory and the holder say of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from monespace_cli.i18n import _
from monespace_cli.record.access import Standing
from monespace_cli.record.actor import Actor
from monespace_cli.record.card import Contact
from monespace_cli.record.key_life import may_be_gone
from monespace_cli.record.practitioner import CareRole, Practitioner
from monespace_cli.ui.access import standing_json, standing_words
from monespace_cli.ui.cards import card_fields, contact_json, trust
from monespace_cli.ui.views import moment

ROLES = {
    CareRole.ATTENDING: _("attending physician"),
    CareRole.MIDWIFE: _("midwife"),
    CareRole.PHARMACIST: _("pharmacist"),
}
NO_ENTRY: dict[str, Any] = dict.fromkeys(("specialty", "phone", "address"), "") | dict.fromkeys(("rpps", "adeli", "finess"))
PEOPLE_COLUMNS = (_("Name"), _("Profession"), _("Role"), _("Card"), _("May see"), _("Id"))


@dataclass(frozen=True, slots=True)
class Person:
    """All that is shown of somebody."""

    actor: Actor
    contact: Contact | None
    entry: Practitioner | None
    roles: tuple[CareRole, ...]
    standing: Standing


def person_json(person: Person) -> dict[str, Any]:
    """Return somebody as JSON-ready data: the fields of a card are null or empty where there is none."""
    actor, contact, entry = person.actor, person.contact, person.entry
    without_card: dict[str, Any] = {"name": actor.name, "role": "practitioner", "fingerprint": None, "words": [], "recipients": []}
    without_card |= {"verified": False, "check": "none", "verified_at": None, "added_at": None, "may": [], "stopped": None}
    said = {name: getattr(entry, name) for name in NO_ENTRY} if entry else NO_ENTRY
    return {
        "id": actor.id,
        **(contact_json(contact) if contact else without_card),
        "profession": str(actor.profession) if actor.profession else None,
        **said,
        "rpps": contact.card.rpps if contact and contact.card.rpps else said["rpps"],
        "doubtful": list(entry.doubts) if entry else [],
        "care_roles": [str(role) for role in person.roles],
        "access": standing_json(person.standing),
    }


def person_row(person: Person, at: datetime) -> tuple[str, ...]:
    """Return somebody as a row of PEOPLE_COLUMNS."""
    actor, contact, entry = person.actor, person.contact, person.entry
    profession = " · ".join(filter(None, (str(actor.profession or ""), entry.specialty if entry else "")))
    card = trust(contact) if contact else _("no card")
    return actor.name, profession, _roles(person.roles), card, standing_words(person.standing, at), actor.id[:10]


def person_fields(person: Person, at: datetime) -> list[tuple[str, str]]:
    """Return somebody as labelled values for a person."""
    actor, contact, entry = person.actor, person.contact, person.entry
    fields = card_fields(contact.card) if contact else [(_("Name"), actor.name), (_("Profession"), str(actor.profession or ""))]
    fields += [(_("Trust"), trust(contact) if contact else _("no card: nothing can be sent to them yet"))]
    if contact and may_be_gone(contact.card.keys_since, at):
        fields += [
            (
                _("Their keys"),
                _("of {when}, and perhaps erased by now: ask them for a newer card").format(when=moment(contact.card.keys_since)),
            )
        ]
    if entry:
        fields += [
            (_("Specialty"), entry.specialty),
            (_("RPPS"), "" if contact and contact.card.rpps else entry.rpps or ""),
            (_("ADELI"), entry.adeli or ""),
            (_("FINESS"), entry.finess or ""),
            (_("Phone"), entry.phone),
            (_("Address"), entry.address),
        ]
    return [
        *fields,
        (_("Role"), _roles(person.roles)),
        (_("May see"), standing_words(person.standing, at)),
        (_("Id"), "" if contact else actor.id),
    ]


def _roles(roles: Sequence[CareRole]) -> str:
    return ", ".join(ROLES[role] for role in roles)
