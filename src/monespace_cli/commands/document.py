"""`monespace document`: list, show, edit, export, delete and restore documents."""

import shutil
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Any

import typer

from monespace_cli.actions.erasing import Erased, erase
from monespace_cli.actions.people import spaces_of
from monespace_cli.actions.whose import others_named
from monespace_cli.commands import hiding
from monespace_cli.commands.history import history_fields, supersession_json
from monespace_cli.commands.options import (
    DocumentArgument,
    ForceOption,
    OutputOption,
    YesOption,
    all_spaces_option,
    day_typed,
    kind_option,
    patient_option,
    practitioner_option,
    since_option,
    until_option,
)
from monespace_cli.commands.outcome import explain
from monespace_cli.commands.pages import pages, preview, read_again, type_text
from monespace_cli.commands.reviewing import review
from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _, ngettext
from monespace_cli.ingest.problems import Code
from monespace_cli.record.codes import Kind, type_codes
from monespace_cli.record.document import Document, Page
from monespace_cli.record.journal import Event
from monespace_cli.record.typed import TITLE_LENGTH, line_of_text
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import (
    WORD_COLUMNS,
    candidate_fields,
    candidate_json,
    document_fields,
    document_json,
    document_table,
    moment,
    page_json,
    person_words,
    same_paper_words,
    word_rows,
    words_json,
)
from monespace_cli.vault.documents import Filter

app = typer.Typer(no_args_is_help=True, add_completion=False)


@app.command("list")
def list_documents(
    context: typer.Context,
    kind: Annotated[Kind | None, kind_option] = None,
    since: Annotated[datetime | None, since_option] = None,
    until: Annotated[datetime | None, until_option] = None,
    practitioner: Annotated[str, practitioner_option] = "",
    patient: Annotated[str, patient_option] = "",
    all_spaces: Annotated[bool, all_spaces_option] = False,
    trash: Annotated[bool, typer.Option("--trash", help=_("What is in the trash instead."))] = False,
    unconfirmed: Annotated[bool, typer.Option("--unconfirmed", help=_("Only those that wait for `document review`."))] = False,
    hard_to_read: Annotated[bool, typer.Option("--hard-to-read", help=_("Only those with a page that was hardly read, or not."))] = False,
    other_patient: Annotated[bool, typer.Option("--other-patient", help=_("Only those that name another patient."))] = False,
) -> None:
    """List documents, the newest first by their own date."""
    tools = services(context)
    wanted = Filter(
        kind,
        since.date() if since else None,
        until.date() if until else None,
        practitioner,
        in_trash=trash,
        unconfirmed=unconfirmed,
        hard_to_read=hard_to_read,
        notice=Code.OTHER_PATIENT if other_patient else "",
    )
    with tools.open_vault() as vault:
        if all_spaces:
            vault.sight.look_everywhere()
        patients = vault.patients
        wanted = replace(wanted, spaces=spaces_of(vault, patient))
        documents = vault.documents.all(wanted)
        vault.journal.write(Event.DOCUMENTS_LISTED, documents=str(len(documents)))
    if tools.output.is_json:
        tools.output.object(
            {"type": "documents", "documents": [document_json(document, patients) for document in documents], "total": len(documents)}
        )
        return
    tools.output.table(*document_table(documents, patients))
    tools.output.say(ngettext("{count} document", "{count} documents", len(documents)).format(count=len(documents)))


@app.command()
def show(context: typer.Context, document: DocumentArgument) -> None:
    """Show what is known of a document."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.documents.find(document)
        pages, patients = vault.documents.pages(found), vault.patients
        candidates = vault.documents.candidates.of(found.id)
        twin = vault.documents.near_duplicate_of(found)
        ended, earlier = vault.documents.history.supersession(found), vault.documents.history.earlier(found)
        others = others_named(vault, found)
        vault.journal.write(Event.DOCUMENT_READ, found.id, what="metadata")
    if tools.output.is_json:
        reading = [page_json(page) for page in pages]
        tools.output.object(
            {
                "type": "document",
                **document_json(found, patients),
                "reading": reading,
                "candidates": [candidate_json(each) for each in candidates],
                "superseded": supersession_json(ended) if ended else None,
                "earlier": [each.id for each in earlier],
                "may_be_of": others,
                "near_duplicate_of": twin,
            }
        )
        return
    tools.output.fields([*document_fields(found, patients), *candidate_fields(candidates), *history_fields(ended, earlier)])
    if twin:
        tools.output.warn(same_paper_words(twin))
    for notice in found.notices:
        tools.output.warn(_notice_words(found, notice))
    for name in others:
        tools.output.warn(person_words(found.id, name))
    for page in pages:
        if page.steps:
            tools.output.text(_("Page {number} was straightened: {steps}").format(number=page.number, steps=", ".join(page.steps)))
        if page.is_hard_to_read:
            tools.output.warn(
                _("page {number} is hard to read; look at it with `monespace document open {id}`").format(number=page.number, id=found.id)
            )


def _notice_words(document: Document, notice: str) -> str:
    """Return what a notice of a stored document means, and what to do about it."""
    if notice == Code.OTHER_PATIENT:
        text = _("It names another patient; `monespace document move {id} --to NAME` puts it into their space")
        return text.format(id=document.id)
    return ": ".join(filter(None, explain(notice)))


@app.command()
def text(
    context: typer.Context,
    document: DocumentArgument,
    page: Annotated[int | None, typer.Option("--page", min=1, help=_("Only this page."))] = None,
    boxes: Annotated[bool, typer.Option("--boxes", help=_("Each word, where on its page it stands, and how surely it was read."))] = False,
) -> None:
    """Print the text of a document, as it was read."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.documents.find(document)
        pages = [each for each in vault.documents.pages(found) if page in (None, each.number)]
        vault.journal.write(Event.DOCUMENT_READ, found.id, what="text")
    if not pages:
        raise UsageError(_("the document has no such page"))
    if boxes:
        _show_boxes(tools.output, found, pages)
        return
    if tools.output.is_json:
        texts = [{"page": each.number, "text": each.text, "confidence": round(each.confidence, 3)} for each in pages]
        tools.output.object({"type": "text", "document": found.id, "pages": texts})
        return
    tools.output.text(
        "\n\f\n".join(each.text for each in pages) if not tools.output.is_terminal else "\n\n".join(each.text for each in pages)
    )


def _show_boxes(output: Output, document: Document, pages: list[Page]) -> None:
    if output.is_json:
        output.object({"type": "words", "document": document.id, "pages": [words_json(page) for page in pages]})
        return
    output.table(WORD_COLUMNS, (row for page in pages for row in word_rows(page)))
    bare = [str(page.number) for page in pages if page.text.strip() and not page.words]
    if bare:
        output.say(
            _("Where the words stand is not known of page {pages}: text that has no places, or read before they were kept.").format(
                pages=", ".join(bare)
            )
        )


app.command()(pages)
app.command()(preview)
app.command("reread")(read_again)
app.command("type")(type_text)
app.command()(review)


@app.command()
def edit(
    context: typer.Context,
    document: DocumentArgument,
    title: Annotated[str | None, typer.Option(help=_("A new title."))] = None,
    kind: Annotated[Kind | None, typer.Option(help=_("What sort of paper it is."))] = None,
    type_code: Annotated[str | None, typer.Option(metavar="CODE", help=_("Its exact XDS typeCode, instead of --kind."))] = None,
    date: Annotated[datetime | None, typer.Option(parser=day_typed, metavar="YYYY-MM-DD", help=_("The date on the paper."))] = None,
    practitioner: Annotated[str | None, typer.Option(metavar="NAME", help=_("Who wrote it."))] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="WORD", help=_("Add a tag; repeat it for several."))] = None,
    untag: Annotated[list[str] | None, typer.Option(metavar="WORD", help=_("Take a tag away."))] = None,
) -> None:
    """Put right what is known of a document. The original stays as it is."""
    tools = services(context)
    if kind and type_code:
        raise UsageError(_("--kind and --type-code say the same thing: give one"))
    if type_code and type_code not in type_codes():
        raise UsageError(
            _("this typeCode is not in the nomenclature"), hint=_("for example 11502-2 or DOCPAT05; --kind chooses one for you")
        )
    changes: dict[str, Any] = {
        "title": None if title is None else line_of_text(title, TITLE_LENGTH),
        "type_code": kind.type_code if kind else type_code,
        "date": date.date() if date else None,
        "practitioner": None if practitioner is None else line_of_text(practitioner, TITLE_LENGTH, shortest=0),
    }
    changes = {name: value for name, value in changes.items() if value is not None}
    with tools.open_vault() as vault:
        found = vault.documents.find(document)
        if tag or untag:
            kept = [each for each in found.tags if each not in (untag or [])]
            changes["tags"] = tuple(dict.fromkeys([*kept, *(line_of_text(each, TITLE_LENGTH) for each in tag or [])]))
        if not changes:
            raise UsageError(_("there is nothing to change"), hint=_("see `monespace document edit --help`"))
        changed = vault.documents.edit(found, **changes)
    if tools.output.is_json:
        tools.output.object({"type": "document", **document_json(changed)})
    else:
        tools.output.fields(document_fields(changed))


@app.command()
def export(context: typer.Context, document: DocumentArgument, output: OutputOption, force: ForceOption = False) -> None:
    """Write the original out, bit for bit as it was imported, not encrypted."""
    from monespace_cli.actions.exporting import written_out

    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.documents.find(document)
        with vault.documents.original(found) as source, written_out(output, tools.output.raw, force=force) as sink:
            shutil.copyfileobj(source, sink)
            vault.journal.write(Event.DOCUMENT_EXPORTED, found.id)  # before the file has its name: nothing leaves without a line
    if str(output) != "-":
        if tools.output.is_json:
            tools.output.object({"type": "exported", "document": found.id, "path": str(output), "sha256": found.sha256, "size": found.size})
        tools.output.say(_("Wrote {path}; it is not encrypted").format(path=output))


@app.command("open")
def open_document(
    context: typer.Context,
    document: DocumentArgument,
    viewer: Annotated[
        str | None, typer.Option("--with", metavar="COMMAND", help=_("The program to show it with, which ends when it is closed."))
    ] = None,
) -> None:
    """Show a document with another program, from memory: nothing is written to the disk."""
    from monespace_cli.adapters.viewer import default_viewer, memory_directory, show, shown_files
    from monespace_cli.bounds.process import arguments_of

    tools = services(context)
    argv = default_viewer() if viewer is None else arguments_of(viewer)
    with tools.open_vault() as vault:
        found = vault.documents.find(document)
        folder = memory_directory(tools.settings.runtime_directory)
        if folder is None:
            tools.terminal.require_yes(
                _("This machine has no memory file system: the document would lie on the disk meanwhile. Go on?"), yes=False
            )
            folder = tools.settings.vault
        vault.journal.write(Event.DOCUMENT_READ, found.id, what="original")
        with vault.documents.original(found) as source, shown_files(source, found.media_type, folder) as paths:
            for path in paths:
                show(argv, path)
            if viewer is None:  # the desktop's opener returns at once
                tools.terminal.ask(_("Press Enter when you have finished reading"))


@app.command()
def delete(
    context: typer.Context,
    documents: Annotated[list[str], typer.Argument(metavar="ID...", help=_("Ids, or their beginnings."))],
    forever: Annotated[bool, typer.Option("--forever", help=_("Destroy them, in the trash or not: nobody can bring them back."))] = False,
    yes: YesOption = False,
) -> None:
    """Put documents in the trash; `restore` takes them out again. With --forever they are destroyed instead.

    What you shared or exported stays where it is, and so do backups: the command names those that it knows to hold a document still.
    """
    tools = services(context)
    with tools.open_vault() as vault:
        found = list({(each := vault.documents.find(wanted)).id: each for wanted in documents}.values())
        if forever:
            question = ngettext("Destroy {count} document for ever?", "Destroy {count} documents for ever?", len(found))
            tools.terminal.require_yes(question.format(count=len(found)), yes=yes)
            _show_erased(tools.output, found, erase(vault, found))
            return
        for each in found:
            vault.documents.trash(each)
    if tools.output.is_json:
        tools.output.object({"type": "deleted", "documents": [each.id for each in found]})
    tools.output.say(_("In the trash: {ids}; `monespace document restore` takes it out").format(ids=" ".join(each.id for each in found)))


def _show_erased(output: Output, documents: list[Document], erased: Erased) -> None:
    ids = [document.id for document in documents]
    if output.is_json:
        backups = [{"id": each.id, "path": str(each.path), "created_at": each.created_at.isoformat()} for each in erased.backups]
        output.object({"type": "erased", "documents": ids, "backups": backups, "complete": erased.is_complete})
    output.say(_("Destroyed: {ids}").format(ids=" ".join(ids)))
    if not erased.is_complete:
        output.warn(_("another monespace is reading the vault: the last of it goes when that has finished"))
    for each in erased.backups:
        output.warn(
            _("still in the backup of {when} in {path}: `monespace backup forget {path} {id}` removes it").format(
                id=each.id, when=moment(each.created_at), path=each.path
            )
        )


@app.command()
def restore(
    context: typer.Context, documents: Annotated[list[str], typer.Argument(metavar="ID...", help=_("Ids, or their beginnings."))]
) -> None:
    """Take documents out of the trash."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = [vault.documents.find(each) for each in documents]
        for each in found:
            vault.documents.restore(each)
    if tools.output.is_json:
        tools.output.object({"type": "restored", "documents": [each.id for each in found]})
    tools.output.say(_("Restored: {ids}").format(ids=" ".join(each.id for each in found)))


@app.command()
def move(
    context: typer.Context,
    documents: Annotated[list[str], typer.Argument(metavar="ID...", help=_("Ids, or their beginnings."))],
    to: Annotated[str, typer.Option("--to", metavar="NAME", help=_("The space they belong to, by a name or number."))],
) -> None:
    """Put papers right that were filed for the wrong person: they go from the space in use into another one."""
    from monespace_cli.actions.spaces import move_documents

    tools = services(context)
    with tools.open_vault() as vault:
        found = [vault.documents.find(each) for each in documents]
        target = vault.spaces.find(to)
        moved = move_documents(vault, found, target)
        name = vault.spaces.owner(target).display_name
    if tools.output.is_json:
        tools.output.object({"type": "moved", "documents": [each.id for each in moved], "space": target})
    tools.output.say(_("Now in the space of {name}: {ids}").format(name=name, ids=" ".join(each.id for each in moved)))


app.command("hide")(hiding.hide)
app.command("unhide")(hiding.unhide)
