"""The medical summary: what of a record goes on one page for a practitioner, and in which order.

What is urgent comes first. A section of which "none known" was said is not one of which nothing was said: each is told as what it is.

Source: the order and the idea of required sections: HL7 IPS 2.0 (Composition-uv-ips), EN 17269; the sections: `record.sections`.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from enum import StrEnum

from monespace_cli.record.document import DocumentId
from monespace_cli.record.identity import Identity
from monespace_cli.record.measures import Measure, measure_kinds, with_body_mass_indexes
from monespace_cli.record.practitioner import CareRole
from monespace_cli.record.profile import Entry, EntryId
from monespace_cli.record.sections import Section

MEASURES, PRACTITIONERS = "measures", "practitioners"
"""The words for the last measurements and for who looks after the person, beside the sections' own."""

ORDER = (
    Section.ALLERGY,
    Section.TREATMENT,
    Section.ILLNESS,
    Section.DEVICE,
    Section.BLOOD_GROUP,
    Section.HOSPITALISATION,
    Section.VACCINATION,
    Section.FAMILY_HISTORY,
    Section.DISABILITY,
    Section.HABIT,
    Section.DIRECTIVE,
    Section.ORGAN_DONATION,
    Section.PERSON,
)
"""The sections of a summary, the most urgent first. Administrative papers are none of a practitioner's business."""

REQUIRED = frozenset({Section.ALLERGY, Section.TREATMENT, Section.ILLNESS})
"""What is told even where nothing was said of it (IPS: sectionAllergies, sectionMedications, sectionProblems)."""

URGENT = frozenset({*REQUIRED, Section.DEVICE, Section.BLOOD_GROUP})
"""What stands above the measurements."""

PARTS = (*ORDER, MEASURES, PRACTITIONERS)
"""What a person can choose from."""


class Status(StrEnum):
    """What a section says."""

    EMPTY = "empty"
    """Nothing: neither that there is something, nor that there is nothing."""
    NONE = "none"
    """That nothing is known."""
    ENTRIES = "entries"


@dataclass(frozen=True, slots=True)
class SummarySection:
    """A section as the summary tells it."""

    section: Section
    current: tuple[Entry, ...] = ()
    """What stands today; of things that happened, all of them, newest first."""
    past: tuple[Entry, ...] = ()
    """What is over."""
    none: Entry | None = None
    """The declaration that nothing is known."""

    @property
    def status(self) -> Status:
        """What the section says."""
        if self.none:
            return Status.NONE
        return Status.ENTRIES if self.current or self.past else Status.EMPTY


@dataclass(frozen=True, slots=True)
class Caregiver:
    """A practitioner who looks after the person."""

    role: CareRole
    id: str
    family_name: str
    given_name: str
    specialty: str = ""
    phone: str = ""
    rpps: str | None = None

    @property
    def name(self) -> str:
        """Given name and family name."""
        return f"{self.given_name} {self.family_name}"


@dataclass(frozen=True, slots=True)
class Summary:
    """What one page tells of a person."""

    subject: Identity
    made: datetime
    """When, in the person's own time zone."""
    sections: tuple[SummarySection, ...]
    measures: tuple[Measure, ...] | None = None
    """The last of each kind, in the order of the kinds; None where they were not asked for."""
    titles: Mapping[EntryId, str] = field(default_factory=dict)
    """What the entries that are told are called, for those that refer to them."""
    documents: Mapping[DocumentId, str] = field(default_factory=dict)
    """The titles of the documents that are told."""
    caregivers: tuple[Caregiver, ...] = ()
    recipient: str = ""
    """Whom it was made for, where it tells what this person may see."""

    @property
    def told(self) -> tuple[SummarySection, ...]:
        """The sections that are told one by one: those that say something, and those that are told in any case."""
        return tuple(each for each in self.sections if each.status is not Status.EMPTY or each.section in REQUIRED)

    @property
    def silent(self) -> tuple[str, ...]:
        """The French names of the other sections, which are named together: nothing was said of them."""
        return tuple(each.section.rules.label for each in self.sections if each not in self.told)

    def section(self, wanted: Section) -> SummarySection | None:
        """Return what is told of a section, or None where it was left out."""
        return next((each for each in self.sections if each.section is wanted), None)


@dataclass(frozen=True, slots=True)
class Record:
    """All that a summary is made from: one space's profile, measurements and document titles, as far as the reader may see them."""

    subject: Identity
    entries: tuple[Entry, ...]
    measures: tuple[Measure, ...] = ()
    documents: Mapping[DocumentId, str] = field(default_factory=dict)
    caregivers: tuple[Caregiver, ...] = ()


def seen_through(record: Record, allows: Callable[[Entry | Measure], bool]) -> Record:
    """Return what of a record somebody may see; an entry that they may not see is as if it were not there, "none known" included."""
    return replace(
        record,
        entries=tuple(entry for entry in record.entries if allows(entry)),
        measures=tuple(measure for measure in record.measures if allows(measure)),
    )


def summary_of(record: Record, made: datetime, parts: Collection[str] = PARTS, recipient: str = "") -> Summary:
    """Return the summary of a record.

    Args:
        record: what may be told.
        made: now, aware, in the person's own time zone.
        parts: the sections that were chosen, :data:`MEASURES` and :data:`PRACTITIONERS`.
        recipient: whom it is made for, where that is one person.
    """
    today = made.date()
    told = [entry for entry in record.entries if not entry.is_removed]
    chosen = [section for section in ORDER if section in parts]
    measures = last_of_each_kind(record.measures, record.subject.birth_date) if MEASURES in parts else None
    return Summary(
        record.subject,
        made,
        tuple(_section(section, [entry for entry in told if entry.section is section], today) for section in chosen),
        measures,
        {entry.id: entry.text for entry in told if entry.section in chosen and not entry.is_none},
        record.documents,
        record.caregivers if PRACTITIONERS in parts else (),
        recipient,
    )


def last_of_each_kind(measures: Iterable[Measure], birth_date: date) -> tuple[Measure, ...]:
    """Return the newest measurement of each kind, the body mass index that follows included, by the order of the kinds."""
    newest = {measure.kind.name: measure for measure in with_body_mass_indexes(measures, birth_date)}
    return tuple(newest[name] for name in measure_kinds() if name in newest)


def _section(section: Section, entries: list[Entry], today: date) -> SummarySection:
    said = sorted((entry for entry in entries if not entry.is_none), key=_newest_first)
    return SummarySection(
        section,
        tuple(entry for entry in said if entry.is_standing(today)),
        tuple(entry for entry in said if not entry.is_standing(today)),
        next((entry for entry in entries if entry.is_none), None),
    )


def _newest_first(entry: Entry) -> tuple[int, str, str]:
    """Return a key that puts the newest first, what has no date last, and equals by their words."""
    when = entry.start or entry.end
    return (-when.last.toordinal() if when else 0, entry.text, entry.id)
