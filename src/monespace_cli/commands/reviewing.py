"""`monespace document review`: go over what a machine read of papers, one key a field."""

from typing import Annotated, Any

import typer

from monespace_cli.actions.reviewing import Doubt, Finding, correct, doubts, findings, keep, reject, turn_down, waiting
from monespace_cli.actions.whose import others_named
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import LockedError, UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Document
from monespace_cli.record.journal import Event
from monespace_cli.ui.views import FIELD_LABELS, candidate_json, document_json, person_words
from monespace_cli.vault.vault import Vault

KEYS = {"y": _("right"), "e": _("edit"), "s": _("later"), "n": _("next paper"), "q": _("stop")}


class Stop(Exception):  # noqa: N818 - a person's wish, not an error
    """The person has had enough for now."""


class NextPaper(Exception):  # noqa: N818 - same
    """The person wants to see another paper."""


def review(
    context: typer.Context,
    documents: Annotated[
        list[str] | None, typer.Argument(metavar="[ID...]", help=_("Ids, or their beginnings; without one, all that wait."))
    ] = None,
    list_only: Annotated[bool, typer.Option("--list", help=_("Show what waits, and ask nothing."))] = False,
    accept: Annotated[bool, typer.Option("--accept", help=_("Confirm kind, date, practitioner and title as they were read."))] = False,
) -> None:
    """Go over what was read of papers, and confirm it or put it right: one key for each field.

    Medicines of a prescription can go into your treatments, some results among your measurements; nothing does by itself.
    Scripts say what papers are when they import them, or with `monespace document edit`.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        found = waiting(vault, documents or [])
        if accept:
            _accept(tools, vault, found)
        elif list_only or tools.output.is_json:
            _list(tools, vault, found)
        else:
            _ask_all(tools, vault, found)


def _accept(tools: Services, vault: Vault, found: list[Document]) -> None:
    confirmed = [vault.documents.confirm(document, document.proposed) for document in found]
    if tools.output.is_json:
        tools.output.object({"type": "reviewed", "documents": [document_json(document) for document in confirmed]})
    tools.output.say(ngettext("{count} paper confirmed", "{count} papers confirmed", len(found)).format(count=len(found)))


def _list(tools: Services, vault: Vault, found: list[Document]) -> None:
    vault.journal.write(Event.DOCUMENTS_LISTED, documents=str(len(found)))
    if tools.output.is_json:
        papers = [_paper_json(vault, document) for document in found]
        tools.output.object({"type": "review", "documents": papers, "total": len(found)})
        return
    rows = [
        (document.id, FIELD_LABELS[doubt.field], doubt.value, _sureness(doubt), doubt.line)
        for document in found
        for doubt in doubts(vault, document)
    ]
    tools.output.table((_("Id"), _("Field"), _("Read as"), _("Sure"), _("Line")), rows)
    tools.output.say(ngettext("{count} paper waits", "{count} papers wait", len(found)).format(count=len(found)))


def _paper_json(vault: Vault, document: Document) -> dict[str, Any]:
    stored = vault.documents.candidates.of(document.id)
    return {**document_json(document), "candidates": [candidate_json(each) for each in stored]}


def _ask_all(tools: Services, vault: Vault, found: list[Document]) -> None:
    if not tools.terminal.is_present:
        raise LockedError(
            _("there is no terminal to ask on"),
            hint=_("--list shows what waits, --accept confirms it, `monespace document edit` puts it right"),
        )
    done = 0
    try:
        for number, document in enumerate(found, 1):
            tools.output.heading(
                _("Paper {number} of {count}: {title} ({id})").format(number=number, count=len(found), title=document.title, id=document.id)
            )
            for name in others_named(vault, document):
                tools.output.warn(person_words(document.id, name))
            vault.journal.write(Event.DOCUMENT_READ, document.id, what="review")
            try:
                _ask_fields(tools, vault, document)
                _ask_findings(tools, vault, document)
            except NextPaper:
                continue
            done += 1
    except Stop:
        pass
    tools.output.say(ngettext("{count} paper gone through", "{count} papers gone through", done).format(count=done))


def _ask_fields(tools: Services, vault: Vault, document: Document) -> None:
    for field in document.proposed:
        while doubt := next((each for each in doubts(vault, document) if each.field == field), None):
            _show(tools, doubt)
            match _key(tools, "yexsnq", x=_("wrong")):
                case "y":
                    document = vault.documents.confirm(document, [field])
                case "e":
                    document = _corrected(tools, vault, document, doubt)
                case "x":
                    document = turn_down(vault, document, doubt)
                case _:
                    break


def _show(tools: Services, doubt: Doubt) -> None:
    tools.output.say(f"  {FIELD_LABELS[doubt.field]}: {doubt.value or _('nothing')}  {_sureness(doubt)}")
    if doubt.line:
        tools.output.say(_("    page {page}: {line}").format(page=doubt.page, line=doubt.line))


def _corrected(tools: Services, vault: Vault, document: Document, doubt: Doubt) -> Document:
    """Ask for a value until it is one."""
    choices = f" ({', '.join(Kind)})" if doubt.field == "kind" else ""
    while True:
        typed = tools.terminal.ask(f"    {FIELD_LABELS[doubt.field]}{choices}:")
        try:
            return correct(vault, document, doubt.field, typed)
        except UsageError as problem:
            tools.output.warn(f"{problem.message}: {problem.hint}" if problem.hint else problem.message)


def _ask_findings(tools: Services, vault: Vault, document: Document) -> None:
    for finding in findings(vault, document):
        tools.output.say(_question(finding))
        if finding.line:
            tools.output.say(_("    page {page}: {line}").format(page=finding.stored.candidate.page, line=finding.line))
        match _key(tools, "yxsnq", x=_("no"), y=_("yes")):
            case "y":
                keep(vault, document, finding)
            case "x":
                reject(vault, document, finding)


def _question(finding: Finding) -> str:
    if finding.measure:
        return _("  Keep as a measurement: {text}?").format(text=finding.text)
    return _("  Add to your profile ({section}): {text}?").format(section=finding.section, text=finding.text)


def _key(tools: Services, keys: str, **labels: str) -> str:
    """Return the key that was pressed.

    Raises:
        NextPaper, Stop: what the person wants instead.
    """
    names = {**KEYS, **labels}
    key = tools.terminal.key("    " + "  ".join(f"[{each}] {names[each]}" for each in keys), keys)
    if key == "n":
        raise NextPaper
    if key == "q":
        raise Stop
    return key


def _sureness(doubt: Doubt) -> str:
    return "" if doubt.confidence is None else _("{percent} %").format(percent=round(doubt.confidence * 100))
