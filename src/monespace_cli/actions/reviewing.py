"""Going over what a machine read of papers: a person confirms it or puts it right; results and medicines can go into the record."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import CandidateState, Document, Page
from monespace_cli.record.measures import Measure, MeasureKind, kind_of_analyte, parse_values
from monespace_cli.record.partial_date import exact
from monespace_cli.record.profile import Entry, Origin, Source
from monespace_cli.record.sections import Section
from monespace_cli.record.typed import TITLE_LENGTH, line_of_text
from monespace_cli.vault.candidates import StoredCandidate
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault

USABLE = {Kind.PRESCRIPTION: Section.TREATMENT, Kind.VACCINATION: Section.VACCINATION}
"""Where the medicines of a kind of paper belong in the profile; those of other papers are only mentioned there."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """A field of a document that a machine read: its value as it stands in the record, and where on the paper that was seen."""

    field: str
    """One of `record.document.PROPOSABLE`."""
    value: str
    confidence: float | None
    """0 to 1; None where nothing was seen that says so."""
    page: int = 0
    line: str = ""
    """The line of the paper that it was read from; empty where that is not known."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A medicine or result on a paper that could go into the record."""

    stored: StoredCandidate
    section: Section | None = None
    """Of the profile, for a medicine."""
    measure: MeasureKind | None = None
    values: tuple[Decimal, ...] = ()
    """In the measure's unit."""
    line: str = ""

    @property
    def text(self) -> str:
        """What would be kept: `DOLIPRANE 500 mg`, `Glycémie 0,95 g/L`."""
        candidate = self.stored.candidate
        details = dict(candidate.details)
        return " ".join(filter(None, (candidate.value, details.get("strength"), details.get("value"), details.get("unit"))))


def waiting(vault: Vault, ids: Sequence[str] = ()) -> list[Document]:
    """Return the documents that wait for a person, the oldest first; or those of the ids given, whether they wait or not.

    Raises:
        NotFoundError: an id means no document.
    """
    if ids:
        return [vault.documents.find(each) for each in ids]
    return sorted(vault.documents.all(Filter(unconfirmed=True)), key=lambda document: document.imported_at)


def doubts(vault: Vault, document: Document) -> list[Doubt]:
    """Return what was read of a document's own fields and nobody has confirmed, in the order in which people look at it."""
    lines = _lines(vault.documents.pages(document))
    stored = vault.documents.candidates.of(document.id)
    values = {
        "kind": str(document.kind),
        "date": document.date.isoformat() if document.date else "",
        "practitioner": document.practitioner,
        "title": document.title,
    }
    found = []
    for field in document.proposed:
        seen = next((each.candidate for each in stored if each.candidate.field == field and each.candidate.value == values[field]), None)
        place = lines.get((seen.page, seen.line), "") if seen else ""
        found.append(Doubt(field, values[field], seen.confidence if seen else None, seen.page if seen else 0, place))
    return found


def findings(vault: Vault, document: Document) -> list[Finding]:
    """Return the medicines and results of a document that could go into the record and that nobody has settled."""
    lines = _lines(vault.documents.pages(document))
    found = []
    for stored in vault.documents.candidates.of(document.id):
        candidate = stored.candidate
        line = lines.get((candidate.page, candidate.line), "")
        if stored.state is not CandidateState.PROPOSED:
            continue
        if candidate.field == "medicine" and document.kind in USABLE:
            found.append(Finding(stored, section=USABLE[document.kind], line=line))
        kind = kind_of_analyte(candidate.value) if candidate.field == "analyte" else None
        values = _values(kind, dict(candidate.details)) if kind else ()
        if kind and values:
            found.append(Finding(stored, measure=kind, values=values, line=line))
    return found


def correct(vault: Vault, document: Document, field: str, typed: str) -> Document:
    """Put a field right as a person typed it, which confirms it; nothing typed empties it. Return the document as it is now.

    Raises:
        UsageError: it is no value of that field.
    """
    return vault.documents.edit(document, **_change(field, typed.strip()))


def keep(vault: Vault, document: Document, finding: Finding) -> Entry | Measure:
    """Put a finding into the profile or among the measurements, as taken from the document."""
    origin = Origin(Source.EXTRACTED, document.id)
    with vault.database.transaction():
        vault.documents.settle(document, finding.stored.number, CandidateState.CONFIRMED)
        if finding.measure:
            day = document.date or document.imported_at.date()
            measure = Measure(
                vault.measures.new_id(), finding.measure, finding.values, day, typed=finding.text, origin=origin, space=document.space
            )
            vault.measures.add(measure)
            return measure
        entry = Entry(vault.profile.new_id(), finding.section or Section.TREATMENT, finding.text, space=document.space)
        start = exact(document.date) if document.date else None
        return vault.profile.add(replace(entry, start=start, documents=(document.id,), origin=origin))


def reject(vault: Vault, document: Document, finding: Finding) -> None:
    """Record that a finding is of no use."""
    vault.documents.settle(document, finding.stored.number, CandidateState.REJECTED)


def _change(field: str, typed: str) -> dict[str, object]:
    if field == "kind":
        if typed not in set(Kind):
            raise UsageError(_("this is not a kind of document"), hint=_("one of: {kinds}").format(kinds=", ".join(Kind)))
        return {"type_code": Kind(typed).type_code}
    if field == "date":
        try:
            return {"date": date.fromisoformat(typed) if typed else None}
        except ValueError:
            raise UsageError(_("this is not a day"), hint=_("write it as 2024-03-12")) from None
    return {field: line_of_text(typed, TITLE_LENGTH, shortest=0 if field == "practitioner" else 1)}


def _values(kind: MeasureKind, details: dict[str, str]) -> tuple[Decimal, ...]:
    """Return a printed result in the measure's unit; nothing where it is not a value of it."""
    try:
        return parse_values(kind, f"{details.get('value', '')} {details.get('unit', '')}".strip()) if details.get("unit") else ()
    except UsageError:
        return ()


def _lines(pages: Sequence[Page]) -> dict[tuple[int, int], str]:
    """Return the lines of a document by page and number."""
    return {(page.number, number): line.strip() for page in pages for number, line in enumerate(page.text.splitlines(), 1)}
