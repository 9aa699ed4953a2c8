"""`monespace share`: hand documents to a practitioner as a signed, encrypted bundle."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.exporting import require_free_names
from monespace_cli.actions.people import find_contact
from monespace_cli.actions.sharing import Selection, require_verified, select, share
from monespace_cli.commands.options import YesOption
from monespace_cli.commands.services import Services, services
from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.errors import DeclinedError, UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.card import RecipientType
from monespace_cli.record.typed import PURPOSE_LENGTH, line_of_text, require_strong
from monespace_cli.sync.manifest import Manifest
from monespace_cli.ui.cards import trust
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import day, document_json, document_table

app = typer.Typer(add_completion=False)

GENERATED_BYTES = 11
"""88 bits: eight words of a list of 2048. scrypt makes each guess slow on top."""


@app.command("share")
def share_documents(
    context: typer.Context,
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help=_("The bundle, for example for-durand.age."))],
    document: Annotated[list[str], typer.Option(metavar="ID", help=_("A document to hand over; repeat it for several."))],
    to: Annotated[str | None, typer.Option(metavar="NAME", help=_("The contact who will be able to open it, and nobody else."))] = None,
    passphrase: Annotated[
        bool,
        typer.Option("--passphrase", help=_("Instead of a contact: whoever knows a passphrase, typed or made up for you, can open it.")),
    ] = False,
    bundle_passphrase_fd: Annotated[
        int | None, typer.Option(metavar="N", help=_("Read the bundle's passphrase from this file descriptor."))
    ] = None,
    purpose: Annotated[str, typer.Option(metavar="TEXT", help=_("What it is for; the recipient sees it."))] = "",
    expires: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=_("The last day that it opens with monespace."))
    ] = None,
    compat: Annotated[
        bool, typer.Option("--compat", help=_("For a recipient who has age before 1.3: without protection from quantum computers."))
    ] = False,
    accept_unverified: Annotated[
        bool, typer.Option("--accept-unverified", help=_("Share although nobody compared the contact's words."))
    ] = False,
    yes: YesOption = False,
) -> None:
    """Hand documents to a practitioner as a signed, encrypted bundle.

    What will be revealed is shown first. The file can travel by any way: only its recipient opens it, and any change to it is noticed.
    """
    tools = services(context)
    if (to is None) is not (passphrase or bundle_passphrase_fd is not None):
        raise UsageError(_("give either --to NAME or --passphrase"))
    require_free_names((output,), force=False)
    with tools.open_vault() as vault:
        contact = find_contact(vault, to) if to else None
        end = expires.replace(hour=23, minute=59, second=59).astimezone() if expires else None
        selection = select(vault, document, contact, line_of_text(purpose, PURPOSE_LENGTH, shortest=0), end, tools.clock())
        if contact:
            require_verified(contact, accepted=accept_unverified)
        _show_preview(tools.output, selection)
        if not yes and tools.terminal.is_present and not tools.terminal.confirm(_("Hand these over?")):
            raise DeclinedError(_("nothing was handed over"))
        secret, was_made_up = (None, False) if contact else _bundle_passphrase(tools, bundle_passphrase_fd)
        manifest = share(
            vault,
            selection,
            output,
            passphrase=secret,
            recipient_type=RecipientType.X25519 if compat else RecipientType.HYBRID,
            now=tools.clock(),
            random=tools.random,
        )
    _show_result(tools.output, manifest, selection, output, secret if was_made_up else None)


def _bundle_passphrase(tools: Services, descriptor: int | None) -> tuple[str, bool]:
    """Return the bundle's passphrase, and whether it was made up here and must be shown."""
    if descriptor is not None:
        from monespace_cli.adapters.secrets import secret_from_descriptor

        return require_strong(secret_from_descriptor(descriptor)), False
    if tools.terminal.is_present and not tools.terminal.confirm(_("Make a passphrase up?"), default=True):
        return require_strong(tools.terminal.passphrase(_("Passphrase of the bundle"), confirm=True)), False
    return "-".join(fingerprint_words(tools.random(GENERATED_BYTES).hex())), True


def _show_preview(output: Output, selection: Selection) -> None:
    """Show what will be revealed. On stdout: titles are data, and stderr often ends in a log."""
    if output.is_json:
        return
    contact = selection.contact
    recipient = f"{contact.card.display_name}, {trust(contact)}" if contact else _("whoever knows the passphrase")
    revealed = _("the documents below, for good; your name, birth date and sex")
    until = day(selection.expires.astimezone().date()) if selection.expires else ""
    output.fields([(_("To"), recipient), (_("They get"), revealed), (_("Purpose"), selection.purpose), (_("Until"), until)])
    output.text("")
    output.table(*document_table(selection.documents))
    output.text("")


def _show_result(output: Output, manifest: Manifest, selection: Selection, path: Path, secret: str | None) -> None:
    if output.is_json:
        output.object(
            {
                "type": "share",
                "bundle": manifest.bundle,
                "path": str(path),
                "recipient": manifest.recipient,
                "expires": manifest.expires.isoformat() if manifest.expires else None,
                "documents": [document_json(document) for document in selection.documents],
                "passphrase": secret,
            }
        )
        return
    count = len(selection.documents)
    output.say(
        ngettext("Wrote {path} with {count} document.", "Wrote {path} with {count} documents.", count).format(path=path, count=count)
    )
    if secret:
        output.say(_("Its passphrase, to be told on another way than the file:"))
        output.text(secret)
