"""`monespace import`: take papers in."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.importing import NOTHING_STATED, ImportedItem, Importer, ImportSummary, ItemStatus, Stated
from monespace_cli.actions.sealed import SEALED_BEFORE, SOURCE_KEPT, Disposal, LockedImport, take_in_sealed
from monespace_cli.adapters.ledger import Ledger
from monespace_cli.adapters.pin import require_pinned
from monespace_cli.adapters.state import VaultState
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.problems import Notice, unreadable
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.record.codes import Kind
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import KIND_LABELS, day
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.sealed import DAMAGED, Sealer
from monespace_cli.vault.vault import Vault

app = typer.Typer(add_completion=False)


@app.command("import")
def import_files(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(metavar="PATH...", help=_("Files and folders."))],
    kind: Annotated[Kind | None, typer.Option(help=_("What sort of papers they are, instead of what is read from them."))] = None,
    date: Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="YYYY-MM-DD", help=_("The date on them."))] = None,
    practitioner: Annotated[str | None, typer.Option(metavar="NAME", help=_("Who wrote them."))] = None,
    title: Annotated[str | None, typer.Option(help=_("Their title."))] = None,
    tag: Annotated[list[str] | None, typer.Option(metavar="WORD", help=_("A tag for each; repeat it for several."))] = None,
    sealed: Annotated[bool, typer.Option("--sealed", help=_("Put them into the locked vault, without its secret."))] = False,
    move: Annotated[Path | None, typer.Option(metavar="DIR", help=_("With --sealed: move each file there once it is sealed."))] = None,
    delete: Annotated[bool, typer.Option("--delete", help=_("With --sealed: delete each file once it is sealed."))] = False,
) -> None:
    """Take papers in: photos, scans, PDF and text files, and folders of them.

    Each is read, so that `monespace search` finds it by its words, and kept bit for bit, encrypted. A file that is known already
    changes nothing; one that cannot be read goes to the quarantine. The files themselves stay where they are.

    With --sealed they are encrypted to the vault as they are and wait in it, for a script that holds no passphrase; the next import
    without --sealed takes them in.
    """
    tools = services(context)
    stated = Stated(kind.type_code if kind else None, date.date() if date else None, practitioner, title, tuple(tag or ()))
    summary = ImportSummary()
    if sealed:
        _refuse_statements(stated)
        _seal(tools, paths, Disposal(delete, move), summary)
        raise typer.Exit(summary.exit_code)
    if move or delete:
        raise UsageError(_("--move and --delete go with --sealed"))
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        take_sealed(tools, vault, reader, summary)
        importer = Importer(vault, reader, IngestOptions(language_data=tools.settings.language_data), tools.clock, stated=stated)
        for item in importer.take_in(paths, tools.progress(_("Importing"))):
            summary.add(item)
            show_item(tools.output, item)
    show_summary(tools.output, summary)
    raise typer.Exit(summary.exit_code)


def _refuse_statements(stated: Stated) -> None:
    if stated != NOTHING_STATED:
        raise UsageError(
            _("what is sealed carries its name and time and nothing more"),
            hint=_("leave --kind, --date and the like away; `monespace document edit` puts them right later"),
        )


def _seal(tools: Services, paths: list[Path], disposal: Disposal, summary: ImportSummary) -> None:
    disposal.check(paths)
    header = read_header(tools.settings.vault)
    state = VaultState(tools.settings.state_directory, header.vault)
    require_pinned(state, header.sealed_recipient)
    sealer = Sealer(tools.settings.vault, header, tools.clock, tools.random)
    run = LockedImport(sealer, Ledger(state), disposal, tools.clock)
    for item in run.seal(paths, tools.progress(_("Sealing"))):
        summary.add(item)
        show_item(tools.output, item)
    show_summary(tools.output, summary)


def take_sealed(tools: Services, vault: Vault, reader: Reader, summary: ImportSummary) -> None:
    """Take in what waits in the vault since it was locked, and show what became of each."""
    importer = Importer(vault, reader, IngestOptions(language_data=tools.settings.language_data), tools.clock)
    for item in take_in_sealed(vault, importer, tools.progress(_("Taking in what was sealed"))):
        summary.add(item)
        show_item(tools.output, item)


def show_item(output: Output, item: ImportedItem) -> None:
    """Print what became of one file."""
    if output.is_json:
        output.object(
            {
                "type": "item",
                "path": item.path,
                "status": str(item.status),
                "document": item.document,
                "sha256": item.sha256,
                "pages": item.pages,
                "confidence": None if item.confidence is None else round(item.confidence, 3),
                "kind": item.kind and str(item.kind),
                "date": item.date,
                "code": item.code,
            }
        )
        return
    about = [KIND_LABELS[item.kind], day(item.date)] if item.status is ItemStatus.IMPORTED and item.kind else []
    if item.code:
        about.append(explain(item.code)[0])
    label, style = STATUS_LABELS[item.status]
    if output.is_terminal:
        output.styled(
            (f"{label:<14}", style),
            (f"{item.document or '':<12}", "cyan"),
            (item.path, ""),
            (f"  {' · '.join(filter(None, about))}", "dim"),
        )
    else:
        output.text("\t".join((label, item.document or "", item.path, *filter(None, about))))


NOTES = {
    SEALED_BEFORE: (_("it was sealed before"), _("`monespace sealed take` takes in what waits")),
    SOURCE_KEPT: (_("it is sealed, but could not be moved or deleted, or was changed meanwhile"), _("look at the file itself")),
    DAMAGED: (
        _("the sealed item was damaged, or not sealed for this vault"),
        _("import the paper again; then discard this with `monespace quarantine discard`"),
    ),
    "in-trash": (_("it is in the trash"), _("`monespace document restore` takes it out")),
    Notice.OCR_MISSING: (_("its pages could not be read: there is no OCR engine here"), _("install tesseract-ocr and tesseract-ocr-fra")),
    Notice.OCR_OFF: (_("its pages were not read"), _("reading was switched off")),
    Notice.PAGE_UNREADABLE: (_("a page could not be read"), _("look at it with `monespace document open`")),
    Notice.TEXT_CUT: (_("it has more text than is searched"), _("the original is complete")),
}


def explain(code: str) -> tuple[str, str]:
    """Return what a code of the import means and what to do next."""
    if code in NOTES:
        return NOTES[code]
    problem = unreadable(code)
    return problem.message, problem.hint or ""


STATUS_LABELS = {
    ItemStatus.IMPORTED: (_("imported"), "green"),
    ItemStatus.DUPLICATE: (_("already known"), "dim"),
    ItemStatus.QUARANTINED: (_("quarantined"), "yellow"),
    ItemStatus.FAILED: (_("failed"), "red"),
    ItemStatus.SEALED: (_("sealed"), "green"),
}
"""The word for a status, and its colour on a terminal."""


def show_summary(output: Output, summary: ImportSummary) -> None:
    """Print how many files of the run became what, and what to do about the rest."""
    counts = summary.counts
    if output.is_json:
        output.object(
            {
                "type": "summary",
                "imported": counts[ItemStatus.IMPORTED],
                "duplicates": counts[ItemStatus.DUPLICATE],
                "quarantined": counts[ItemStatus.QUARANTINED],
                "failed": counts[ItemStatus.FAILED],
                "sealed": counts[ItemStatus.SEALED],
            }
        )
        return
    said = [f"{count} {STATUS_LABELS[status][0]}" for status, count in counts.items() if count]
    output.say(", ".join(said) if said else _("There was nothing to import."))
    if summary.without_text:
        output.warn(_("pages were kept but not read: ") + explain(Notice.OCR_MISSING)[1])
    if counts[ItemStatus.QUARANTINED]:
        output.say(_("`monespace quarantine list` says why, and what to do next"))
