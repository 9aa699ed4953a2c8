"""`monespace contact`: the people one exchanges with, and how far each is trusted."""

from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.people import add_contact, all_contacts, find_contact, verify_by_words
from monespace_cli.commands.options import YesOption
from monespace_cli.commands.services import Services, services
from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.errors import UnverifiedError
from monespace_cli.i18n import _
from monespace_cli.record.card import Contact
from monespace_cli.sync.files import read_card_file
from monespace_cli.ui.cards import card_fields, contact_json, trust
from monespace_cli.ui.views import words_in_lines

app = typer.Typer(no_args_is_help=True, add_completion=False)

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help=_("A name, or the first digits of a fingerprint."))]


@app.command()
def add(
    context: typer.Context, card: Annotated[Path, typer.Argument(metavar="FILE", help=_("Their card, as `card export` writes it."))]
) -> None:
    """Take somebody's card in. Until its words are compared, the contact is not verified."""
    tools = services(context)
    data = read_card_file(card)
    with tools.open_vault() as vault:
        contact = add_contact(vault, data)
    if tools.output.is_json:
        tools.output.object({"type": "contact", **contact_json(contact)})
        return
    tools.output.fields([*card_fields(contact.card), (_("Trust"), trust(contact))])
    if not contact.is_verified:
        digits = contact.card.fingerprint[:8]
        tools.output.say(_("Next: compare the words with them, then `monespace contact verify {digits}`").format(digits=digits))


@app.command("list")
def list_contacts(context: typer.Context) -> None:
    """List the contacts."""
    tools = services(context)
    with tools.open_vault() as vault:
        contacts = all_contacts(vault)
    if tools.output.is_json:
        tools.output.object({"type": "contacts", "contacts": [contact_json(contact) for contact in contacts], "total": len(contacts)})
        return
    tools.output.table(
        (_("Name"), _("Profession"), _("Trust"), _("Fingerprint")),
        (
            (contact.card.display_name, str(contact.card.profession or ""), trust(contact), contact.card.fingerprint[:16])
            for contact in contacts
        ),
    )


@app.command()
def show(context: typer.Context, name: NameArgument) -> None:
    """Show a contact's card and how far it is trusted."""
    tools = services(context)
    with tools.open_vault() as vault:
        contact = find_contact(vault, name)
    if tools.output.is_json:
        tools.output.object({"type": "contact", **contact_json(contact)})
    else:
        tools.output.fields([*card_fields(contact.card), (_("Trust"), trust(contact))])


@app.command()
def verify(
    context: typer.Context,
    name: NameArgument,
    words: Annotated[str | None, typer.Option(help=_("The eight words, as their owner read them to you."))] = None,
) -> None:
    """Compare the eight words of a contact's key with what their owner reads from their own screen, face to face or by phone."""
    tools = services(context)
    with tools.open_vault() as vault:
        contact = find_contact(vault, name)
        if words is None:
            _compare(tools, contact)
            words = " ".join(fingerprint_words(contact.card.fingerprint))
        verify_by_words(vault, contact, words)
        contact = find_contact(vault, contact.card.fingerprint)
    if tools.output.is_json:
        tools.output.object({"type": "contact", **contact_json(contact)})
    tools.output.say(_("{name} is verified.").format(name=contact.card.display_name))


def _compare(tools: Services, contact: Contact) -> None:
    """Have a person compare the words on two screens. They are part of the question: nobody can agree without having seen them."""
    lines = "\n".join(f"    {line}" for line in words_in_lines(fingerprint_words(contact.card.fingerprint)))
    asked = _("Ask {name} to run `monespace card show`. Their screen must show these words:").format(name=contact.card.display_name)
    question = f"{asked}\n\n{lines}\n\n" + _("Are all eight words the same, in this order?")
    if not tools.terminal.confirm(question, otherwise=_("give the words that their owner read to you with --words")):
        raise UnverifiedError(_("the contact stays unverified"), hint=_("do not share with them before you know why the words differ"))


@app.command()
def remove(context: typer.Context, name: NameArgument, yes: YesOption = False) -> None:
    """Forget a contact."""
    tools = services(context)
    with tools.open_vault() as vault:
        contact = find_contact(vault, name)
        tools.terminal.require_yes(_("Forget {name}?").format(name=contact.card.display_name), yes=yes)
        vault.contacts.remove(contact.card.fingerprint)
    if tools.output.is_json:
        tools.output.object({"type": "removed", "fingerprint": contact.card.fingerprint})
