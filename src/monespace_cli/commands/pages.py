"""`monespace document pages|reread|type`: how each page was read, reading it again, and typing what could not be read."""

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from monespace_cli.actions.rereading import no_page, reread, type_page
from monespace_cli.bounds.limits import MAX_TEXT_PER_PAGE
from monespace_cli.commands.options import DocumentArgument, ForceOption, OutputOption
from monespace_cli.commands.page_readers import PageReaders, reads_pages
from monespace_cli.commands.pdf_password import PasswordDescriptorOption, PasswordFileOption, with_password
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import LockedError, MissingDependencyError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.document import Document, Page
from monespace_cli.record.journal import Event
from monespace_cli.ui.views import PAGE_COLUMNS, page_json, page_row

if TYPE_CHECKING:
    from monespace_cli.ingest.reader import IngestOptions

MOST_LANGUAGES = 4


class Engine(StrEnum):
    """What reads pictures."""

    LIBRARY = "tesserocr"
    PROGRAM = "tesseract"


def pages(context: typer.Context, document: DocumentArgument) -> None:
    """List a document's pages: how each was read, how surely, and what was done to its picture before."""
    tools = services(context)
    with tools.open_vault() as vault:
        found = vault.documents.find(document)
        read = vault.documents.pages(found)
        vault.journal.write(Event.DOCUMENT_READ, found.id, what="metadata")
    _show(tools, found, read)


def preview(
    context: typer.Context,
    document: DocumentArgument,
    output: OutputOption,
    page: Annotated[int, typer.Option("--page", min=1, help=_("Which page."))] = 1,
    pdf_password_file: PasswordFileOption = None,
    pdf_password_fd: PasswordDescriptorOption = None,
    force: ForceOption = False,
) -> None:
    """Write a picture of a page, as PNG and not encrypted: a scan, a PDF page, the image of a DICOM file."""
    from monespace_cli.actions.exporting import written_out
    from monespace_cli.ingest.reader import Reader

    tools = services(context)
    options = with_password(tools.ingest_options, pdf_password_file, pdf_password_fd)
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        found = vault.documents.find(document)
        if page > found.page_count:
            raise no_page()
        with vault.documents.original(found) as source:
            picture = reader.preview(source.read(), page, options)
        with written_out(output, tools.output.raw, force=force) as sink:
            sink.write(picture)
            vault.journal.write(Event.DOCUMENT_EXPORTED, found.id, what="preview", page=str(page))  # before the file has its name
    if str(output) != "-":
        if tools.output.is_json:
            tools.output.object({"type": "preview", "document": found.id, "page": page, "path": str(output), "size": len(picture)})
        tools.output.say(_("Wrote {path}; it is not encrypted").format(path=output))


@reads_pages
def read_again(
    context: typer.Context,
    document: DocumentArgument,
    page: Annotated[int | None, typer.Option("--page", min=1, help=_("Only this page."))] = None,
    lang: Annotated[
        str, typer.Option(metavar="LANGUAGES", help=_("The paper's languages by tesseract's names, such as eng or fra+eng."))
    ] = "fra",
    engine: Annotated[
        Engine | None, typer.Option("--engine", help=_("Tesseract as a library or as a program; the best without it."))
    ] = None,
    typed_too: Annotated[bool, typer.Option("--typed-too", help=_("Pages that you typed as well."))] = False,
    *,
    pages: PageReaders,
) -> None:
    """Read a document again from its original, for example in another language or after an upgrade."""
    from monespace_cli.ingest.reader import Reading

    tools = services(context)
    languages = tuple(lang.split("+"))
    if len(languages) > MOST_LANGUAGES or not all(word.isidentifier() for word in languages):
        raise UsageError(_("these are no languages"), hint=_("for example fra, eng or fra+eng"))
    with pages.reading(tools, languages=languages, engine=engine or "") as (vault, executor, options):
        if pages.cluster is None:  # its workers were asked
            _require_engine(tools, options)
        today = tools.clock().date()
        found = reread(
            vault, lambda data: Reading(executor, data, options).document(today), vault.documents.find(document), page, typed_too=typed_too
        )
        read = vault.documents.pages(found)
    _show(tools, found, read)


def _require_engine(tools: Services, options: "IngestOptions") -> None:
    """See that what is asked for is here, before the text that there is goes.

    Raises:
        MissingDependencyError: there is no such engine, or not all of the languages.
    """
    from monespace_cli.ingest.reader import Reader

    with Reader(tools.clock) as reader:
        is_here = reader.can_read(options)
    if not is_here:
        raise MissingDependencyError(
            _("this engine, or one of these languages, is not on this machine"),
            hint=_("`monespace doctor` says what is; tesseract-ocr-* are packages"),
        )


def type_text(
    context: typer.Context,
    document: DocumentArgument,
    page: Annotated[int, typer.Argument(metavar="PAGE", min=1, help=_("The page's number."))],
) -> None:
    """Put what you type, on standard input, in the place of a page's text, so that it can be found. End it with Ctrl-D."""
    tools = services(context)
    if sys.stdin.isatty() and not tools.terminal.is_present:
        raise LockedError(_("there is no terminal to ask on"), hint=_("give the page's text on standard input"))
    text = sys.stdin.read(MAX_TEXT_PER_PAGE + 1)
    if len(text) > MAX_TEXT_PER_PAGE:
        raise UsageError(_("this is more than a page"))
    with tools.open_vault() as vault:
        found = type_page(vault, vault.documents.find(document), page, text)
        read = vault.documents.pages(found)
    _show(tools, found, read)


def _show(tools: Services, document: Document, read: list[Page]) -> None:
    if tools.output.is_json:
        tools.output.object({"type": "pages", "document": document.id, "pages": [page_json(page) for page in read]})
        return
    tools.output.table(PAGE_COLUMNS, (page_row(page) for page in read))
