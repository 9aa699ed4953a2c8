"""Going over what a machine read of papers: a person confirms it or puts it right; results and medicines can go into the record."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Candidate, CandidateState, Document, Page
from monespace_cli.record.measures import Measure, MeasureKind, kind_of_analyte, parse_values
from monespace_cli.record.partial_date import exact
from monespace_cli.record.profile import Entry, Origin, Source
from monespace_cli.record.sections import Section
from monespace_cli.record.typed import TITLE_LENGTH, line_of_text
from monespace_cli.vault.candidates import StoredCandidate
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault

USABLE = {Kind.PRESCRIPTION: Section.TREATMENT, Kind.VACCINATION: Section.VACCINATION}
"""Where the medicines of a kind of paper belong in the profile; those of other papers are only mentioned there, but for a box's own."""

_VACCINE = "vaccin"
"""What the list of medicines calls a vaccine's substance."""

_OF_BOX = ("cip13", "lot", "expiry")


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
    box: dict[str, str] = field(default_factory=dict)
    """What the code of the medicine's box says: `cip13`, `lot`, `expiry`."""

    @property
    def text(self) -> str:
        """What would be kept: `DOLIPRANE 500 mg`, `Glycémie 0,95 g/L`, `CIP 3400930000007` where a box's code alone was read."""
        candidate = self.stored.candidate
        if candidate.field == "cip13":
            return f"CIP {candidate.value}"
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
    for name in document.proposed:
        seen = next((each.candidate for each in stored if (each.candidate.field, each.candidate.value) == (name, values[name])), None)
        place = lines.get((seen.page, seen.line), "") if seen else ""
        found.append(Doubt(name, values[name], seen.confidence if seen else None, seen.page if seen else 0, place))
    return found


def findings(vault: Vault, document: Document) -> list[Finding]:
    """Return the medicines and results of a document that could go into the record and that nobody has settled."""
    lines = _lines(vault.documents.pages(document))
    stored = vault.documents.candidates.of(document.id)
    box = _box(stored)
    has_medicine = any(each.candidate.field == "medicine" for each in stored)
    found = []
    for each in stored:
        candidate = each.candidate
        line = lines.get((candidate.page, candidate.line), "")
        if each.state is not CandidateState.PROPOSED:
            continue
        if candidate.field == "medicine" and (section := _section(document.kind, candidate, box)):
            found.append(Finding(each, section=section, line=line, box=box))
        if candidate.field == "cip13" and box and not has_medicine:
            found.append(Finding(each, section=Section.TREATMENT, box=box))
        kind = kind_of_analyte(candidate.value) if candidate.field == "analyte" else None
        values = _values(kind, dict(candidate.details)) if kind else ()
        if kind and values:
            found.append(Finding(each, measure=kind, values=values, line=line))
    return found


def correct(vault: Vault, document: Document, field: str, typed: str) -> Document:
    """Put a field right as a person typed it, which confirms it; nothing typed empties it. Return the document as it is now.

    Raises:
        UsageError: it is no value of that field.
    """
    return vault.documents.edit(document, **_change(field, typed.strip()))


def turn_down(vault: Vault, document: Document, doubt: Doubt) -> Document:
    """Record that a field was read wrong. The next best reading is proposed in its place; without one it is empty, and settled.

    A kind becomes `other`, a title the file's name. Return the document as it is now.
    """
    stored = [each for each in vault.documents.candidates.of(document.id) if each.candidate.field == doubt.field]
    with vault.database.transaction():
        for each in stored:
            if each.candidate.value == doubt.value:
                vault.documents.settle(document, each.number, CandidateState.REJECTED)
        left = [each.candidate for each in stored if each.state is not CandidateState.REJECTED and each.candidate.value != doubt.value]
        following = max(left, key=lambda candidate: candidate.confidence, default=None)
        if following:
            return vault.documents.edit(document, **_change(doubt.field, following.value), proposed=document.proposed)
        unknown = {"kind": str(Kind.OTHER), "title": Path(document.provenance.source_name).stem or document.title}
        return vault.documents.edit(document, **_change(doubt.field, unknown.get(doubt.field, "")))


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
        return vault.profile.add(_entry(vault, document, finding, origin))


def _entry(vault: Vault, document: Document, finding: Finding, origin: Origin) -> Entry:
    """Return the entry of a medicine: a vaccination with its own day and lot, a box's with what its code says."""
    section = finding.section or Section.TREATMENT
    said = {**finding.box, **dict(finding.stored.candidate.details)}
    day = date.fromisoformat(said["date"]) if said.get("date") else document.date
    is_vaccination = section is Section.VACCINATION
    return Entry(
        vault.profile.new_id(),
        section,
        finding.text,
        start=exact(day) if day else None,
        comment="" if is_vaccination else ", ".join(f"{name} {finding.box[name]}" for name in _OF_BOX if name in finding.box),
        details={"lot": said["lot"]} if is_vaccination and said.get("lot") else {},
        documents=(document.id,),
        origin=origin,
        space=document.space,
    )


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


def _box(stored: Sequence[StoredCandidate]) -> dict[str, str]:
    """Return what the code of a medicine's box on a document says; nothing where there is none, or several."""
    said = {name: {each.candidate.value for each in stored if each.candidate.field == name} for name in _OF_BOX}
    return {name: values.pop() for name, values in said.items() if len(values) == 1} if len(said["cip13"]) == 1 else {}


def _section(kind: Kind, medicine: Candidate, box: dict[str, str]) -> Section | None:
    """Return where a medicine belongs in the profile; None where a paper only mentions it."""
    if kind in USABLE:
        return USABLE[kind]
    is_vaccine = dict(medicine.details).get("substance") == _VACCINE
    return (Section.VACCINATION if is_vaccine else Section.TREATMENT) if box else None


def _values(kind: MeasureKind, details: dict[str, str]) -> tuple[Decimal, ...]:
    """Return a printed result in the measure's unit; nothing where it is not a value of it."""
    try:
        return parse_values(kind, f"{details.get('value', '')} {details.get('unit', '')}".strip()) if details.get("unit") else ()
    except UsageError:
        return ()


def _lines(pages: Sequence[Page]) -> dict[tuple[int, int], str]:
    """Return the lines of a document by page and number."""
    return {(page.number, number): line.strip() for page in pages for number, line in enumerate(page.text.splitlines(), 1)}
