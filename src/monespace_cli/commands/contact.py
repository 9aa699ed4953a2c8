"""`monespace contact`: the people one exchanges with and the practitioners one knows, and how far each is trusted."""

from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.codes import fingerprint_in
from monespace_cli.actions.directory import (
    Known,
    add_practitioner,
    contact_of,
    edit_practitioner,
    everybody,
    find_person,
    forget,
    known_as,
    set_role,
)
from monespace_cli.actions.people import add_contact, find_contact, take_prepared_revocation, verify_by_code, verify_by_words
from monespace_cli.actions.renewing import accept_key, question_of
from monespace_cli.actions.sharing import require_verified
from monespace_cli.commands.identifying import identify, patient_json, patient_words
from monespace_cli.commands.options import YesOption
from monespace_cli.commands.people_seen import people_seen
from monespace_cli.commands.services import Services, services
from monespace_cli.commands.standard_input import typed
from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.errors import UnverifiedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import Reader
from monespace_cli.record.card import Contact
from monespace_cli.record.identity import Profession
from monespace_cli.record.practitioner import CareRole
from monespace_cli.sync.files import read_card_file
from monespace_cli.ui.cards import contact_json
from monespace_cli.ui.people import PEOPLE_COLUMNS, person_fields, person_json, person_row
from monespace_cli.ui.views import words_in_lines
from monespace_cli.vault.vault import Vault

WORDS_LENGTH = 500
"""Characters of eight words, however they are spaced and numbered."""

app = typer.Typer(no_args_is_help=True, add_completion=False)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("A name, or the first digits of a fingerprint."))]
SpecialtyOption = Annotated[str | None, typer.Option(help=_("In your own words: cardiologue."))]
RppsOption = Annotated[str | None, typer.Option(help=_("Their RPPS number: 11 digits."))]
AdeliOption = Annotated[str | None, typer.Option(help=_("Their ADELI number: 9 characters."))]
FinessOption = Annotated[str | None, typer.Option(help=_("The FINESS number of where they practise."))]
PhoneOption = Annotated[str | None, typer.Option(help=_("Their telephone number."))]
AddressOption = Annotated[str | None, typer.Option(help=_("Where they practise."))]


@app.command()
def add(
    context: typer.Context,
    card: Annotated[
        Path | None, typer.Argument(metavar="[FILE]", help=_("Their card, as `card export` writes it; none for an entry without one."))
    ] = None,
    family_name: Annotated[str | None, typer.Option(help=_("Without a card: the family name of a practitioner."))] = None,
    given_name: Annotated[str | None, typer.Option(help=_("Without a card: the given name."))] = None,
    profession: Annotated[Profession | None, typer.Option(help=_("Without a card: what they are."))] = None,
    specialty: SpecialtyOption = None,
    rpps: RppsOption = None,
    adeli: AdeliOption = None,
    finess: FinessOption = None,
    phone: PhoneOption = None,
    address: AddressOption = None,
    replaces: Annotated[
        str | None, typer.Option(metavar="NAME", help=_("It is said to be the new card of this contact; `contact resolve` decides."))
    ] = None,
) -> None:
    """Take somebody in: by their card, or a practitioner without one into the directory.

    Until a card's words are compared, the contact is not verified. A card of a practitioner who is in the directory joins that entry.
    """
    tools = services(context)
    said = {"specialty": specialty, "rpps": rpps, "adeli": adeli, "finess": finess, "phone": phone, "address": address}
    if (card is None) is not bool(family_name or given_name or profession):
        raise UsageError(_("give a card, or --family-name, --given-name and --profession"))
    data = read_card_file(card) if card else None
    with tools.open_vault() as vault:
        if data is not None:
            earlier = find_contact(vault, replaces) if replaces else None
            known = find_person(vault, add_contact(vault, data, earlier).card.fingerprint)
            if any(said.values()):
                known = edit_practitioner(vault, known, **said)
        elif family_name and given_name and profession:
            known = add_practitioner(vault, family_name, given_name, profession, **said)
        else:
            raise UsageError(_("a practitioner without a card needs --family-name, --given-name and --profession"))
        _show(tools, vault, known)
    if known.contact and not known.contact.is_verified:
        digits = known.contact.card.fingerprint[:8]
        tools.output.say(_("Next: compare the words with them, then `monespace contact verify {digits}`").format(digits=digits))


@app.command()
def edit(
    context: typer.Context,
    name: NameArgument,
    specialty: SpecialtyOption = None,
    rpps: RppsOption = None,
    adeli: AdeliOption = None,
    finess: FinessOption = None,
    phone: PhoneOption = None,
    address: AddressOption = None,
) -> None:
    """Change what the directory says of a practitioner; an empty text takes something away. What their card says is theirs."""
    tools = services(context)
    said = {"specialty": specialty, "rpps": rpps, "adeli": adeli, "finess": finess, "phone": phone, "address": address}
    if all(value is None for value in said.values()):
        raise UsageError(_("there is nothing to change"), hint=_("see `monespace contact edit --help`"))
    with tools.open_vault() as vault:
        _show(tools, vault, edit_practitioner(vault, find_person(vault, name), **said))


@app.command()
def role(
    context: typer.Context,
    name: NameArgument,
    role: Annotated[CareRole, typer.Argument(metavar="ROLE", help=_("attending, midwife or pharmacist."))],
    end: Annotated[bool, typer.Option("--end", help=_("They are no longer."))] = False,
) -> None:
    """Say that somebody is your attending physician, midwife or pharmacist. The attending physician may then see your record."""
    tools = services(context)
    with tools.open_vault() as vault:
        known = find_person(vault, name)
        set_role(vault, known, role, on=not end)
        _show(tools, vault, known_as(vault, known.id))


@app.command("list")
def list_contacts(context: typer.Context) -> None:
    """List the people you know: what they are to you, how far their card is trusted, and what they may see."""
    tools = services(context)
    with tools.open_vault() as vault:
        at = tools.clock()
        people = people_seen(vault, everybody(vault), at)
    if tools.output.is_json:
        tools.output.object({"type": "contacts", "contacts": [person_json(person) for person in people], "total": len(people)})
        return
    tools.output.table(PEOPLE_COLUMNS, (person_row(person, at) for person in people))


@app.command()
def show(context: typer.Context, name: NameArgument) -> None:
    """Show all that is known of somebody, how far they are trusted, and what they may see."""
    tools = services(context)
    with tools.open_vault() as vault:
        _show(tools, vault, find_person(vault, name))


def _show(tools: Services, vault: Vault, known: Known) -> None:
    at = tools.clock()
    (person,) = people_seen(vault, [known], at)
    stands_for = vault.patients_known.of(known.contact.card.fingerprint) if known.contact else []
    if tools.output.is_json:
        tools.output.object({"type": "contact", **person_json(person), "stands_for": [patient_json(each) for each in stands_for]})
    else:
        tools.output.fields([*person_fields(person, at), *((_("Stands for"), patient_words(each, at)) for each in stands_for)])
    for number in person.entry.doubts if person.entry else ():
        tools.output.warn(_("the check digit of the {number} number does not fit: look at it again").format(number=number.upper()))


@app.command()
def verify(
    context: typer.Context,
    name: NameArgument,
    words: Annotated[
        str | None, typer.Option(help=_("The eight words, as their owner read them to you; - reads them from standard input."))
    ] = None,
    code: Annotated[Path | None, typer.Option("--qr", metavar="IMAGE", help=_("A photo of the QR code on their screen or paper."))] = None,
) -> None:
    """Compare a contact's key with what its owner sees on their own screen: its eight words, face to face or by phone, or its QR code.

    They run `monespace identity show`, and read their words to you.
    """
    tools = services(context)
    if words is not None and code:
        raise UsageError(_("give --words or --qr, not both"))
    said = None if words is None else typed(words, WORDS_LENGTH)
    with tools.open_vault() as vault:
        contact = find_contact(vault, name)
        if code:
            with Reader(tools.clock) as reader:
                verify_by_code(vault, contact, fingerprint_in(code, reader))
        else:
            if said is None:
                _compare(tools, contact)
                said = " ".join(fingerprint_words(contact.card.fingerprint))
            verify_by_words(vault, contact, said)
        contact = find_contact(vault, contact.card.fingerprint)
    if tools.output.is_json:
        tools.output.object({"type": "contact", **contact_json(contact)})
    tools.output.say(_("{name} is verified.").format(name=contact.card.display_name))


def _compare(tools: Services, contact: Contact) -> None:
    """Have a person compare the words on two screens. They are part of the question: nobody can agree without having seen them."""
    lines = "\n".join(f"    {line}" for line in words_in_lines(fingerprint_words(contact.card.fingerprint)))
    asked = _("Ask {name} to run `monespace identity show`. Their screen must show these words:").format(name=contact.card.display_name)
    question = f"{asked}\n\n{lines}\n\n" + _("Are all eight words the same, in this order?")
    if not tools.terminal.confirm(question, otherwise=_("give the words that their owner read to you with --words")):
        raise UnverifiedError(_("the contact stays unverified"), hint=_("do not share with them before you know why the words differ"))


@app.command()
def resolve(
    context: typer.Context,
    name: NameArgument,
    accept: Annotated[bool, typer.Option("--accept/--reject", help=_("Whether the new key is theirs."))] = True,
    words: Annotated[
        str | None, typer.Option(help=_("The eight words, as their owner read them to you; - reads them from standard input."))
    ] = None,
) -> None:
    """Decide about another key that came for a contact, when you have compared its words with them, face to face or by phone.

    Until then nothing is sent to them or taken in from them. The new key, if you accept it, stands where the old one stood.
    """
    tools = services(context)
    said = None if words is None else typed(words, WORDS_LENGTH)
    with tools.open_vault() as vault:
        contact = find_contact(vault, name)
        change, card = question_of(vault, contact)
        if accept:
            if said is None:
                _compare(tools, Contact(card, contact.added_at))
            contact = accept_key(vault, change, said or " ".join(fingerprint_words(change.later)))
        else:
            vault.contacts.reject(change)
            contact = find_contact(vault, change.fingerprint)
    if tools.output.is_json:
        tools.output.object({"type": "contact", **contact_json(contact)})
    outcome = _("{name} has the new key, and is verified.") if accept else _("The key of {name} stays the one that you know.")
    tools.output.say(outcome.format(name=contact.card.display_name))


@app.command()
def revoke(context: typer.Context, file: Annotated[Path, typer.Argument(metavar="FILE", help=_("What they prepared."))]) -> None:
    """Take in the revocation that somebody prepared for the day their vault is lost: nothing that the key signs counts any more.

    Nothing goes to it either. It cannot be undone; their new card is taken in with `contact add --replaces`, and its words compared.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        fingerprint = take_prepared_revocation(vault, read_card_file(file))
        stored = vault.contacts.get(fingerprint)
        name = contact_of(stored).card.display_name if stored else fingerprint[:8]
    if tools.output.is_json:
        tools.output.object({"type": "revoked", "fingerprint": fingerprint, "name": name if stored else None})
    tools.output.say(_("{name} has revoked their key: nothing that it signs is taken in any more").format(name=name))


app.command()(identify)


@app.command()
def trust(
    context: typer.Context,
    name: NameArgument,
    automatic: Annotated[bool, typer.Option("--automatic/--ask", help=_("Whether what they deposit goes in without asking."))] = True,
) -> None:
    """Let the deposits of a verified contact go into your record by themselves, or be asked about again."""
    tools = services(context)
    with tools.open_vault() as vault:
        contact = find_contact(vault, name)
        if automatic:
            require_verified(contact, accepted=False)
        vault.contacts.trust(contact.card.fingerprint, auto_accept=automatic)
    if tools.output.is_json:
        tools.output.object({"type": "trusted", "fingerprint": contact.card.fingerprint, "automatic": automatic})


@app.command()
def remove(context: typer.Context, name: NameArgument, yes: YesOption = False) -> None:
    """Forget somebody, and every grant of theirs. A block stays, should they come back."""
    tools = services(context)
    with tools.open_vault() as vault:
        known = find_person(vault, name)
        tools.terminal.require_yes(_("Forget {name}?").format(name=known.name), yes=yes)
        forget(vault, known)
    if tools.output.is_json:
        tools.output.object({"type": "removed", "id": known.id, "fingerprint": known.contact.card.fingerprint if known.contact else None})
