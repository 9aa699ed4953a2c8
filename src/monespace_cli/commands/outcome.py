"""How the outcome of an import looks: one line, or one object, for each file, and a summary."""

from typing import Any

from monespace_cli.actions.disposal import SOURCE_KEPT
from monespace_cli.actions.imported import IN_TRASH, SEALED_BEFORE, ImportedItem, ImportSummary, ItemStatus
from monespace_cli.i18n import _, ngettext
from monespace_cli.ingest.problems import Notice, unreadable
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import KIND_LABELS, day, other_patient_words, same_paper_words
from monespace_cli.vault.sealed import DAMAGED

ABOUT_COLUMN = 26
"""Where the path begins on a terminal, behind the status and the document's id."""


def show_item(output: Output, item: ImportedItem) -> None:
    """Print what became of one file."""
    with output.unwatched():
        if output.is_json:
            output.object(_item_json(item))
        elif output.is_terminal:
            _show_line(output, item)
        else:
            output.text("\t".join((STATUS_LABELS[item.status][0], item.document or "", item.path, *_about(item))))


def _show_line(output: Output, item: ImportedItem) -> None:
    """Print what became of one file on a terminal: on a line where it fits, else what is to be said of it on lines of their own."""
    label, style = STATUS_LABELS[item.status]
    line = [(f"{label:<14}", style), (f"{item.document or '':<12}", "cyan"), (item.path, "")]
    about = " · ".join(_about(item))
    if ABOUT_COLUMN + len(item.path) + 2 + len(about) <= output.width:
        output.styled(*line, (f"  {about}", "dim"))
    else:
        output.styled(*line)
        output.styled((about, "dim"), indent=ABOUT_COLUMN)


def _about(item: ImportedItem) -> list[str]:
    about = [KIND_LABELS[item.kind], day(item.date)] if item.status is ItemStatus.IMPORTED and item.kind else []
    if item.code:
        reason, next_step = explain(item.code)
        about += [reason, next_step] if item.status is ItemStatus.FAILED else [reason]  # `quarantine list` says more of the others
    if item.near_duplicate_of:
        about.append(same_paper_words(item.near_duplicate_of))
    return list(filter(None, about))


def _item_json(item: ImportedItem) -> dict[str, Any]:
    return {
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
        "near_duplicate_of": item.near_duplicate_of,
    }


NOTES = {
    SEALED_BEFORE: (_("it was sealed before"), _("`monespace sealed take` takes in what waits")),
    SOURCE_KEPT: (
        _("it is in the vault, but the file could not be moved or deleted, or was changed meanwhile"),
        _("see to the file and its folder; `monespace import retry --code source-kept` tries again"),
    ),
    DAMAGED: (
        _("the sealed item was damaged, or not sealed for this vault"),
        _("import the paper again; then discard this with `monespace quarantine discard`"),
    ),
    IN_TRASH: (_("it is in the trash"), _("`monespace document restore` takes it out")),
    Notice.OCR_MISSING: (_("its pages could not be read: there is no OCR engine here"), _("install tesseract-ocr and tesseract-ocr-fra")),
    Notice.OCR_OFF: (_("its pages were not read"), _("reading was switched off")),
    Notice.PAGE_UNREADABLE: (_("a page could not be read"), _("look at it with `monespace document open`")),
    Notice.NEEDS_PASSWORD: (
        _("the original opens with its own password alone"),
        _("keep that password: it is not in the vault; the text is"),
    ),
    Notice.NOT_SHOWN: (
        _("its picture is coded in a way that cannot be shown here; what the file says of it was read"),
        _("`monespace document open` gives the original to a program that may know it"),
    ),
    Notice.NEAR_PATIENT: (_("its patient is called a little otherwise than the person here"), _("see whether it is the same person")),
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
    ItemStatus.WOULD_IMPORT: (_("would import"), "green"),
    ItemStatus.SEALED: (_("sealed"), "green"),
}
"""The word for a status, and its colour on a terminal."""


def show_summary(output: Output, summary: ImportSummary) -> None:
    """Print how many files of the run became what, and what to do about the rest."""
    counts = summary.counts
    if output.is_json:
        with output.unwatched():
            output.object(_summary_json(summary))
        return
    said = [f"{count} {STATUS_LABELS[status][0]}" for status, count in counts.items() if count]
    output.say(", ".join(said) if said else _("There was nothing to import."))
    if summary.without_text:
        output.warn(_("pages were kept but not read: ") + explain(Notice.OCR_MISSING)[1])
    if summary.marked:
        output.warn(other_patient_words(summary.marked))
    if summary.near_duplicates:
        output.say(
            ngettext(
                "{count} seems to be a paper that was there already: look at both, and keep the better one",
                "{count} seem to be papers that were there already: look at both, and keep the better one",
                summary.near_duplicates,
            ).format(count=summary.near_duplicates)
        )
    if summary.encrypted:
        output.say(_("A PDF is protected by a password: `monespace quarantine retry` asks for it, or takes it by --pdf-password-file"))
    if counts[ItemStatus.QUARANTINED]:
        output.say(_("`monespace quarantine list` says why, and what to do next"))


def _summary_json(summary: ImportSummary) -> dict[str, Any]:
    counts = summary.counts
    return {
        "type": "summary",
        "imported": counts[ItemStatus.IMPORTED],
        "duplicates": counts[ItemStatus.DUPLICATE],
        "quarantined": counts[ItemStatus.QUARANTINED],
        "failed": counts[ItemStatus.FAILED],
        "sealed": counts[ItemStatus.SEALED],
        "would_import": counts[ItemStatus.WOULD_IMPORT],
        "near_duplicates": summary.near_duplicates,
    }
