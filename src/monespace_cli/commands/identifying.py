"""`monespace contact identify`: for exactly which persons a patient's card stands."""

from datetime import datetime
from typing import Annotated, Any

import typer

from monespace_cli.actions.people import find_contact
from monespace_cli.actions.recipients import person_called
from monespace_cli.commands.options import day_typed
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.card import Contact, Role
from monespace_cli.record.identity import Sex, new_identity
from monespace_cli.ui.views import day
from monespace_cli.vault.patients import Patient, TraitSource
from monespace_cli.vault.vault import Vault

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("A name, or the first digits of a fingerprint."))]


def identify(
    context: typer.Context,
    name: NameArgument,
    birth_date: Annotated[datetime | None, typer.Option(parser=day_typed, metavar="YYYY-MM-DD", help=_("The day they were born."))] = None,
    sex: Annotated[Sex | None, typer.Option(help=_("As on their papers."))] = None,
    ins: Annotated[str | None, typer.Option(help=_("Their INS number: 15 characters, key included."))] = None,
    given_name: Annotated[str, typer.Option(help=_("Of somebody else whom the card stands for too: their first given name."))] = "",
    family_name: Annotated[str, typer.Option(help=_("The birth name of that person, where it is not the contact's."))] = "",
    end: Annotated[bool, typer.Option("--end", help=_("The card stands for that person no longer."))] = False,
) -> None:
    """Say exactly which person a patient's card belongs to, from an identity document: whoever deposits must know that.

    With --given-name, say that a parent's or guardian's card stands for another person too: `deposit send --about` is then for them.
    A parent's card stands for a child until the child comes of age.
    """
    tools = services(context)
    if family_name and not given_name:
        raise UsageError(_("--family-name is of somebody else whom the card stands for"), hint=_("say --given-name as well"))
    with tools.open_vault() as vault:
        contact = find_contact(vault, name)
        if contact.card.role is not Role.HOLDER:
            raise UsageError(_("this contact is a practitioner"), hint=_("traits are those of patients"))
        fingerprint = contact.card.fingerprint
        if end:
            person = _end(vault, contact, given_name, family_name)
        else:
            if birth_date is None or sex is None:
                raise UsageError(_("--birth-date and --sex are needed"))
            names = (family_name or contact.card.family_name, [given_name or contact.card.given_name])
            identity = new_identity(*names, birth_date.date(), sex, ins, tools.clock().astimezone().date())
            person = identity.display_name
            if given_name:
                vault.patients_known.put_represented(fingerprint, identity)
            else:
                vault.patients_known.put(fingerprint, identity, TraitSource.TYPED)
    if tools.output.is_json:
        tools.output.object({"type": "identified", "fingerprint": fingerprint})
    elif end:
        tools.output.say(_("The card of {name} stands for {person} no longer").format(name=contact.card.display_name, person=person))
    elif given_name:
        tools.output.say(
            _("Kept: the card of {name} stands for {person} too; `deposit send --for {digits} --about '{given}'`").format(
                name=contact.card.display_name, person=person, digits=fingerprint[:8], given=given_name
            )
        )
    else:
        tools.output.say(_("Kept: whoever deposits for {name} deposits for exactly this person").format(name=person))


def patient_json(patient: Patient) -> dict[str, Any]:
    """Return a person for whom a card stands as JSON-ready data."""
    identity = patient.identity
    return {
        "name": identity.display_name,
        "birth_date": identity.birth_date.isoformat(),
        "sex": str(identity.sex),
        "ins": identity.ins,
        "represented": patient.is_represented,
        "source": str(patient.source),
    }


def patient_words(patient: Patient, at: datetime) -> str:
    """Return a person for whom a card stands in a few words."""
    identity = patient.identity
    words = _("{name}, {birth_date}, {sex}").format(name=identity.display_name, birth_date=day(identity.birth_date), sex=identity.sex)
    if not patient.is_represented:
        return _("{person}: themselves").format(person=words)
    return words if patient.stands(at.astimezone().date()) else _("{person}: came of age, no longer").format(person=words)


def _end(vault: Vault, contact: Contact, given_name: str, family_name: str) -> str:
    """Let a card stand for somebody no longer, and return their name."""
    if not given_name:
        raise UsageError(_("--end needs the --given-name of the person whom the card stands for no longer"))
    patient = person_called(vault, contact, f"{given_name} {family_name}")
    vault.patients_known.end(patient)
    return patient.identity.display_name
