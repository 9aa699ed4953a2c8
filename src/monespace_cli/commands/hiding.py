"""`document hide`, `profile hide` and their opposites: the same words for whatever is hidden."""

from typing import Annotated

import typer

from monespace_cli.actions.access import Found, find_item, hide_document, unhide_document, unhide_item
from monespace_cli.actions.directory import find_person
from monespace_cli.commands.options import DocumentArgument
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.ui.output import Output
from monespace_cli.vault.vault import Vault

ExceptOption = Annotated[list[str] | None, typer.Option("--except", metavar="NAME", help=_("A contact who still sees it; repeatable."))]
ParentsOption = Annotated[
    bool, typer.Option("--from-parents", help=_("From the legal representatives of a minor, instead of from practitioners."))
]
ItemArgument = Annotated[
    str,
    typer.Argument(metavar="SECTION-OR-ENTRY", help=_("A section (measure: all measurements), or the id of an entry or measurement.")),
]


def hide(context: typer.Context, document: DocumentArgument, keep: ExceptOption = None, from_parents: ParentsOption = False) -> None:
    """Hide a document from everybody but you and its author. In an emergency it stays hidden unless `access emergency --hidden` says so."""
    tools = services(context)
    if keep and from_parents:
        raise UsageError(_("--except names practitioners, and --from-parents is about others"))
    with tools.open_vault() as vault:
        found = vault.documents.find(document)
        people = [find_person(vault, name) for name in keep or ()]
        hidden = hide_document(vault, found, people, from_representatives=from_parents)
    _told(tools.output, hidden.id, "document", [known.id for known in people], hidden=True)


def unhide(context: typer.Context, document: DocumentArgument, from_parents: ParentsOption = False) -> None:
    """Show a document again to everybody with access."""
    tools = services(context)
    with tools.open_vault() as vault:
        shown = unhide_document(vault, vault.documents.find(document), from_representatives=from_parents)
    _told(tools.output, shown.id, "document", [], hidden=False)


def hide_item(context: typer.Context, item: ItemArgument, keep: ExceptOption = None) -> None:
    """Hide an entry, or a whole section, from everybody but you and its author."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = _no_document(vault, item)
        people = [find_person(vault, name) for name in keep or ()]
        vault.access.hide(found.name, [known.id for known in people], found.item.space)
    _told(tools.output, found.name, found.kind, [known.id for known in people], hidden=True)


def unhide_entry(context: typer.Context, item: ItemArgument) -> None:
    """Show an entry, or a whole section, again to everybody with access."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = _no_document(vault, item)
        unhide_item(vault, found)
    _told(tools.output, found.name, found.kind, [], hidden=False)


def _no_document(vault: Vault, item: str) -> Found:
    """Return what is to be hidden; documents carry their mask with them, so they have their own command."""
    found = find_item(vault, item)
    if found.kind == "document":
        raise UsageError(_("this is a document"), hint=_("use `monespace document hide` and `document unhide`"))
    return found


def _told(output: Output, name: str, kind: str, shown_to: list[str], *, hidden: bool) -> None:
    if output.is_json:
        output.object({"type": "hidden" if hidden else "unhidden", "item": name, "kind": kind, "shown_to": shown_to})
    text = _("Hidden: {name}; `monespace access who-sees {name}` says from whom") if hidden else _("Shown again: {name}")
    output.say(text.format(name=name))
