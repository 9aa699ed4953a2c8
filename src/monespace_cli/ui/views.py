"""How the record's objects look: as JSON for scripts (fields are added, never renamed), as words for people."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Protocol

from monespace_cli.i18n import _, ngettext
from monespace_cli.record.codes import Kind, type_codes
from monespace_cli.record.document import Author, Candidate, CandidateState, Document, Page, TextSource
from monespace_cli.record.journal import JournalEntry

Cells = tuple[str, ...]
NOBODY: Mapping[int, str] = {}

KIND_LABELS = {
    Kind.PRESCRIPTION: _("prescription"),
    Kind.BIOLOGY: _("biology results"),
    Kind.IMAGING: _("imaging report"),
    Kind.LETTER: _("letter or report"),
    Kind.CERTIFICATE: _("certificate"),
    Kind.VACCINATION: _("vaccination"),
    Kind.INVOICE: _("invoice"),
    Kind.OTHER: _("other"),
}

HIDDEN_FROM = {
    "MASQUE_PS": _("from practitioners, but its author and whom you named"),
    "INVISIBLE_REPRESENTANTS_LEGAUX": _("from legal representatives"),
}
"""XDS confidentialityCodes that hide something, in words."""


FIELD_LABELS = {"kind": _("Kind"), "date": _("Date"), "practitioner": _("Practitioner"), "title": _("Title")}
_LISTED = {
    "patient": _("Names"),
    "medicine": _("Medicines"),
    "analyte": _("Results"),
    "code": _("Codes"),
    "cip13": _("CIP13"),
    "lot": _("Lot"),
}
"""The candidates that people look for, besides the document's own fields."""

_DOUBTFUL = 0.5
"""Confidence below which what was read, and nobody confirmed, has a question mark."""


class Stored(Protocol):
    """A candidate as the vault keeps it."""

    @property
    def number(self) -> int:
        """Counted from 1 within the document."""

    @property
    def candidate(self) -> Candidate:
        """What was read."""

    @property
    def state(self) -> CandidateState:
        """What became of it."""


def document_json(document: Document, patients: Mapping[int, str] = NOBODY) -> dict[str, Any]:
    """Return a document as JSON-ready data, with the name of whom it is about where `patients` tells it by space."""
    return {
        "id": document.id,
        "title": document.title,
        "kind": str(document.kind),
        "type_code": document.type_code,
        "date": _iso(document.date),
        "practitioner": document.practitioner,
        "tags": list(document.tags),
        "space": document.space,
        "patient": patients.get(document.space),
        "media_type": document.media_type,
        "size": document.size,
        "sha256": document.sha256,
        "pages": document.page_count,
        "confidence": round(document.confidence, 3),
        "confidentiality": list(document.confidentiality),
        "provenance": {
            "author": str(document.provenance.author),
            "signer": document.provenance.signer,
            "bundle": document.provenance.bundle,
            "source_name": document.provenance.source_name,
            "source_path": document.provenance.source_path,
            "modified_at": _iso(document.provenance.modified_at),
            "sealed_at": _iso(document.provenance.sealed_at),
            "manifest": dict(document.provenance.manifest),
        },
        "imported_at": document.imported_at.isoformat(),
        "deleted_at": _iso(document.deleted_at),
        "proposed": list(document.proposed),
        "notices": list(document.notices),
    }


def candidate_json(stored: "Stored") -> dict[str, Any]:
    """Return what a machine understood as JSON-ready data."""
    candidate = stored.candidate
    return {
        "number": stored.number,
        "field": candidate.field,
        "value": candidate.value,
        "confidence": round(candidate.confidence, 3),
        "page": candidate.page,
        "line": candidate.line or None,
        "details": dict(candidate.details),
        "state": str(stored.state),
    }


def candidate_fields(stored: Iterable["Stored"]) -> list[tuple[str, str]]:
    """Return the medicines, results and codes that were read as labelled values for a person; what is thrown out is left out."""
    lines: dict[str, list[str]] = {}
    for each in stored:
        if each.candidate.field in _LISTED and each.state is not CandidateState.REJECTED:
            details = dict(each.candidate.details)
            is_doubtful = each.state is CandidateState.PROPOSED and each.candidate.confidence < _DOUBTFUL
            told = (each.candidate.value, details.get("strength"), details.get("value"), details.get("unit"), "(?)" if is_doubtful else "")
            lines.setdefault(each.candidate.field, []).append(" ".join(filter(None, told)))
    return [(_LISTED[field], ", ".join(dict.fromkeys(found))) for field, found in lines.items()]


PAGE_COLUMNS = (_("Page"), _("From"), _("Sure"), _("Letters"), _("Look at it"), _("Straightened"))

SOURCE_LABELS = {
    TextSource.TEXT_LAYER: _("the file's own text"),
    TextSource.OCR: _("the picture"),
    TextSource.PLAIN: _("the text itself"),
    TextSource.TYPED: _("typed by hand"),
    TextSource.NONE: _("nothing"),
}


def page_row(page: Page) -> Cells:
    """Return how a page was read as the cells of PAGE_COLUMNS."""
    sure = _("{percent} %").format(percent=round(page.confidence * 100))
    hard = _("hard to read") if page.is_hard_to_read else ""
    return (str(page.number), SOURCE_LABELS[page.source], sure, str(len(page.text)), hard, ", ".join(page.steps))


def page_json(page: Page) -> dict[str, Any]:
    """Return how a page was read as JSON-ready data, without its text."""
    return {
        "page": page.number,
        "source": str(page.source),
        "confidence": round(page.confidence, 3),
        "hard_to_read": page.is_hard_to_read,
        "steps": list(page.steps),
    }


WORD_COLUMNS = (_("Page"), _("Word"), _("Left"), _("Top"), _("Width"), _("Height"), _("Sure"))


def word_rows(page: Page) -> Iterator[Cells]:
    """Yield where the words of a page stand as the cells of WORD_COLUMNS, in pixels of the page's picture."""
    for word in page.words:
        yield (str(page.number), word.text, *map(str, (word.left, word.top, word.width, word.height, word.percent)))


def words_json(page: Page) -> dict[str, Any]:
    """Return where the words of a page stand as JSON-ready data: pixels of a picture of `width` and `height`, confidence 0 to 100."""
    words = [
        {
            "word": word.text,
            "left": word.left,
            "top": word.top,
            "width": word.width,
            "height": word.height,
            "confidence": word.percent,
        }
        for word in page.words
    ]
    return {"page": page.number, "width": page.size[0] or None, "height": page.size[1] or None, "words": words}


def document_fields(document: Document, patients: Mapping[int, str] = NOBODY) -> list[tuple[str, str]]:
    """Return a document as labelled values for a person."""
    type_code = type_codes().get(document.type_code)
    return [
        (_("Patient"), patients.get(document.space, "")),
        (_("Title"), _told(document, "title", document.title)),
        (_("Kind"), _told(document, "kind", KIND_LABELS[document.kind])),
        (_("Type"), f"{document.type_code} {type_code.label if type_code else ''}".strip()),
        (_("Date"), _told(document, "date", day(document.date))),
        (_("Practitioner"), _told(document, "practitioner", document.practitioner)),
        (_("Tags"), ", ".join(document.tags)),
        (_("Pages"), str(document.page_count)),
        (_("Read with"), _("{percent} % confidence").format(percent=round(document.confidence * 100))),
        (_("File"), f"{document.media_type}, {size(document.size)}"),
        (_("SHA-256"), document.sha256),
        (_("From"), _origin(document)),
        (_("Origin"), _sealed(document)),
        (_("Hidden"), ", ".join(words for code, words in HIDDEN_FROM.items() if code in document.confidentiality)),
        (_("Imported"), moment(document.imported_at)),
        (_("In the trash"), moment(document.deleted_at) if document.deleted_at else ""),
        (_("Id"), document.id),
    ]


def _told(document: Document, field: str, value: str) -> str:
    """Return a value, marked where a machine read it and nobody has confirmed it."""
    return _("{value}  (as read)").format(value=value) if value and field in document.proposed else value


def document_table(
    documents: Iterable[Document], patients: Mapping[int, str] = NOBODY
) -> tuple[tuple[str, ...], Iterator[tuple[str, ...]]]:
    """Return documents as a table's columns and rows; with a column of patients where there are several."""
    columns = (_("Id"), _("Date"), _("Kind"), _("Title"), _("Practitioner"), _("Pages"))
    rows = (
        (each.id, day(each.date), KIND_LABELS[each.kind], each.title, each.practitioner, str(each.page_count), patients.get(each.space, ""))
        for each in documents
    )
    return ((*columns, _("Patient")), rows) if patients else (columns, (row[:-1] for row in rows))


def journal_json(entry: JournalEntry) -> dict[str, Any]:
    """Return a journal line as JSON-ready data."""
    return {
        "sequence": entry.sequence,
        "at": entry.at.isoformat(),
        "actor": entry.actor,
        "event": str(entry.event),
        "subject": entry.subject,
        "details": entry.details,
    }


def day(value: date | None) -> str:
    """Return a day as people write it in a record: 2026-11-23, or nothing."""
    return value.isoformat() if value else ""


def moment(value: datetime) -> str:
    """Return a moment in local time, to the minute."""
    return value.astimezone().strftime("%Y-%m-%d %H:%M")


def duration(seconds: int) -> str:
    """Return a time to go, rounded up to the minute from one minute on: 45 s, 15 min, 1 h 30 min."""
    if seconds < 60:
        return f"{seconds} s"
    hours, minutes = divmod((seconds + 59) // 60, 60)
    return " ".join(text for number, text in ((hours, f"{hours} h"), (minutes, f"{minutes} min")) if number)


def size(count: int) -> str:
    """Return a number of bytes in a unit that fits: 12 kB, 3.4 MB."""
    if count < 1000:
        return f"{count} B"
    value, unit = count / 1000, "kB"
    for larger in ("MB", "GB"):
        if value >= 1000:
            value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"


def words_in_lines(words: tuple[str, ...], per_line: int = 4) -> list[str]:
    """Return numbered words in lines that two people can read to each other."""
    numbered = [f"{number:>2} {word:<10}" for number, word in enumerate(words, 1)]
    return ["  ".join(numbered[start : start + per_line]).rstrip() for start in range(0, len(words), per_line)]


def _origin(document: Document) -> str:
    provenance = document.provenance
    signed = _(", signed by {key}").format(key=provenance.signer[:16]) if provenance.signer else ""
    return f"{provenance.source_name or provenance.author}{signed}"


def _sealed(document: Document) -> str:
    """Return what was said of a file when it was put into the locked vault, and that nobody has checked it."""
    provenance = document.provenance
    if provenance.author is not Author.UNVERIFIED:
        return ""
    if provenance.sealed_at is None or provenance.modified_at is None:
        return _("unverified")
    return _("unverified: sealed {sealed} from {path}, last changed {modified}").format(
        sealed=moment(provenance.sealed_at), path=provenance.source_path, modified=moment(provenance.modified_at)
    )


def _iso(value: date | datetime | None) -> str | None:
    return value.isoformat() if value else None


def person_words(document: str, name: str) -> str:
    """Return the hint that a paper may be another person's of this vault."""
    return _("it may be {name}'s: `monespace document move {id} --to '{name}'` files it there").format(name=name, id=document)


def same_paper_words(document: str) -> str:
    """Return what to say of a document that looks like another scan of one that was there."""
    return _("it seems to be the same paper as {id}").format(id=document)


def other_patient_words(count: int) -> str:
    """Return what to say of papers that were taken in although they name another patient."""
    return ngettext(
        "{count} paper names another patient: see `monespace document list --other-patient`",
        "{count} papers name another patient: see `monespace document list --other-patient`",
        count,
    ).format(count=count)
