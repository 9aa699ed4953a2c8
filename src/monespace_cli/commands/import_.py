"""`monespace import`: take papers in."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from monespace_cli.actions.importing import ImportedItem, Importer, ImportSummary, ItemStatus, Stated
from monespace_cli.commands.services import services
from monespace_cli.i18n import _
from monespace_cli.ingest.problems import Notice, unreadable
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.record.codes import Kind
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import KIND_LABELS, day

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
) -> None:
    """Take papers in: photos, scans, PDF and text files, and folders of them.

    Each is read, so that `monespace search` finds it by its words, and kept bit for bit, encrypted. A file that is known already
    changes nothing; one that cannot be read goes to the quarantine. The files themselves stay where they are.
    """
    tools = services(context)
    stated = Stated(kind.type_code if kind else None, date.date() if date else None, practitioner, title, tuple(tag or ()))
    summary = ImportSummary()
    with tools.open_vault() as vault, Reader(tools.clock) as reader:
        importer = Importer(vault, reader, IngestOptions(language_data=tools.settings.language_data), tools.clock, stated=stated)
        for item in importer.take_in(paths, tools.progress(_("Importing"))):
            summary.add(item)
            show_item(tools.output, item)
    show_summary(tools.output, summary)
    raise typer.Exit(summary.exit_code)


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
            }
        )
        return
    said = [f"{count} {STATUS_LABELS[status][0]}" for status, count in counts.items() if count]
    output.say(", ".join(said) if said else _("There was nothing to import."))
    if summary.without_text:
        output.warn(_("pages were kept but not read: ") + explain(Notice.OCR_MISSING)[1])
    if counts[ItemStatus.QUARANTINED]:
        output.say(_("`monespace quarantine list` says why, and what to do next"))
