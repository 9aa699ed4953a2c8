"""The medical profile: entries in free words, who says them, and the rules that they keep.

- An entry is never overwritten: each change is a new version (:class:`Version`), and undoing brings the former one back as a new version.
- "None known" is an entry too, one that says so as of a day; a section without any entry says nothing at all.
- A vaccination that a practitioner confirmed is locked: only a practitioner changes it.
- One trusted person, one blood group, one organ donation note stand at a time; a new advance directive replaces the former.

Source: Mon espace santé, profil médical; Code de la santé publique L1111-6 (trusted person), L1111-11 (advance directives: adults).
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from monespace_cli.errors import NotAllowedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.record.document import DocumentId
from monespace_cli.record.identity import is_adult
from monespace_cli.record.partial_date import PartialDate, exact
from monespace_cli.record.sections import Field, Section, choices
from monespace_cli.record.tables import table

EntryId = NewType("EntryId", str)
"""Ten characters of Crockford's base 32 in lower case, random, as a document's."""

TEXT_LENGTH = 200
COMMENT_LENGTH = 3000
LINKS = 100
"""Documents, entries or codes that one entry may refer to."""
CODE_LENGTH = 100


class Source(StrEnum):
    """How something came into the record."""

    DECLARED = "declared"
    CONFIRMED = "confirmed"
    """A practitioner says so."""
    EXTRACTED = "extracted"


@dataclass(frozen=True, slots=True)
class Origin:
    """Who says something, and by what it can be seen."""

    source: Source = Source.DECLARED
    document: DocumentId | None = None
    """What it was taken from."""
    signer: str | None = None
    """The fingerprint of the practitioner's key who confirmed it."""


@dataclass(frozen=True, slots=True)
class Code:
    """A code for what the words mean."""

    system: str
    """The nomenclature's URI, as in FHIR; an OID is `urn:oid:…`."""
    code: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a section says."""

    id: EntryId
    section: Section
    text: str = ""
    start: PartialDate | None = None
    """When it began or happened; of "none known", the day that it was said."""
    end: PartialDate | None = None
    comment: str = ""
    details: dict[str, str] = field(default_factory=dict)
    """The section's own fields, by their name."""
    documents: tuple[DocumentId, ...] = ()
    related: tuple[EntryId, ...] = ()
    codes: tuple[Code, ...] = ()
    origin: Origin = field(default_factory=Origin)
    space: int = 1
    is_none: bool = False
    """Whether it says that there is nothing known."""
    is_removed: bool = False

    @property
    def is_locked(self) -> bool:
        """Whether the holder may not change it."""
        return self.section is Section.VACCINATION and self.origin.source is Source.CONFIRMED

    def is_standing(self, today: date) -> bool:
        """Whether it holds on a day: not removed, and its end still to come unless it is a thing that happened."""
        is_over = self.end is not None and self.end.first <= today and not self.section.rules.is_past
        return not (self.is_removed or is_over)


class Change(StrEnum):
    """What made a version. Values are stored."""

    ADDED = "added"
    EDITED = "edited"
    ENDED = "ended"
    REMOVED = "removed"
    REPLACED = "replaced"
    """Another entry took its place."""
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class Version:
    """An entry as it was from a moment on."""

    number: int
    """Counted from 1."""
    entry: Entry
    change: Change
    at: datetime
    restores: int | None = None
    """Of an undone change: the version that it brought back."""

    @property
    def content_number(self) -> int:
        """The version that first said what this one says."""
        return self.restores or self.number


def none_known(entry: EntryId, section: Section, today: date, space: int = 1) -> Entry:
    """Return the entry that says that nothing of a section is known as of today.

    Raises:
        UsageError: that makes no sense of this section.
    """
    if not section.rules.can_be_none:
        raise UsageError(_("`none` cannot be said of this section"), hint=_("leave it empty"))
    return Entry(entry, section, start=exact(today), space=space, is_none=True)


def check_entry(entry: Entry) -> None:
    """See that an entry says what its section can say, within bounds.

    Raises:
        UsageError: it does not.
    """
    if entry.is_none:
        return
    if not entry.text or "\n" in entry.text:
        raise UsageError(_("the entry needs words, on one line"))
    _require_length(entry.text, TEXT_LENGTH)
    _require_length(entry.comment, COMMENT_LENGTH)
    _require_choice(entry.text, entry.section.rules.text_choices)
    if max(len(entry.documents), len(entry.related), len(entry.codes)) > LINKS:
        raise UsageError(_("an entry has at most {count} links").format(count=LINKS))
    if entry.start and entry.end and entry.start.first > entry.end.last:
        raise UsageError(_("the end is before the start"))
    _check_details(entry)


def require_changeable(entry: Entry, by: Origin) -> None:
    """See that whoever speaks may change an entry.

    Raises:
        NotAllowedError: a practitioner confirmed it, and it is not a practitioner who speaks.
    """
    if entry.is_locked and by.source is not Source.CONFIRMED:
        raise NotAllowedError(
            _("a practitioner confirmed this vaccination: it can no longer be changed"), hint=_("ask the practitioner to correct it")
        )


def require_adult(section: Section, birth_date: date, today: date) -> None:
    """See that nobody writes advance directives for a minor (CSP L1111-11).

    Raises:
        NotAllowedError: the holder is under 18.
    """
    if section is Section.DIRECTIVE and not is_adult(birth_date, today):
        raise NotAllowedError(_("only an adult can write advance directives"), hint=_("this is possible from the 18th birthday on"))


def displaced_by(new: Entry, others: Iterable[Entry], today: date) -> tuple[Entry, ...]:
    """Return the entries of the same section that a new one takes the place of.

    Args:
        new: as it would stand.
        others: the section's other entries, in any state.
        today: the day it would stand from.

    Raises:
        UsageError: it cannot stand beside one of them.
    """
    if not new.is_standing(today):
        return ()
    standing = [other for other in others if other.is_standing(today)]
    declared = tuple(other for other in standing if other.is_none)
    if new.is_none:
        if len(declared) < len(standing):
            raise UsageError(
                _("this section has entries: it cannot say that nothing is known"),
                hint=_("end or remove them first: `monespace profile end ENTRY`"),
            )
        return declared
    if new.section.rules.replaces:
        return tuple(standing)
    if any(_excludes(new, other) for other in standing):
        raise UsageError(_("there can be only one"), hint=_("edit, end or remove the one that is there"))
    return declared


def former(history: list[Version]) -> Version:
    """Return the version that undoing the last change brings back: what was said before what is said now.

    Args:
        history: every version, oldest first.

    Raises:
        UsageError: nothing was said before.
    """
    number = history[-1].content_number
    if number == 1:
        raise UsageError(_("there is nothing to undo: this is what was said first"), hint=_("`monespace profile remove` takes it away"))
    before = history[number - 2]
    return history[before.content_number - 1]


def parse_code(text: str) -> Code:
    """Read `SYSTEM=CODE`; the system is a word of `data/code_systems.csv` or an OID.

    Raises:
        UsageError: it is none.
    """
    word, _sign, code = text.partition("=")
    known = {row["word"]: row["url"] for row in table("code_systems")}
    is_oid = word.count(".") > 1 and word.replace(".", "").isdecimal() and word.isascii()
    system = known.get(word.lower(), f"urn:oid:{word}" if is_oid else "")
    if not system or not code.strip() or len(text) > CODE_LENGTH:
        raise UsageError(
            _("this is not a code"), hint=_("for example atc=J07BB02; systems: {words}, or an OID").format(words=", ".join(known))
        )
    return Code(system, code.strip())


def _excludes(new: Entry, other: Entry) -> bool:
    """Tell whether two entries cannot stand at the same time."""
    is_trusted = new.details.get("role") == other.details.get("role") == "trusted"
    return new.section.rules.is_single or is_trusted


def _check_details(entry: Entry) -> None:
    fields = {each.name: each for each in entry.section.rules.fields}
    for name, value in entry.details.items():
        if name not in fields:
            raise UsageError(
                _("an entry of the section {section} has no {field}").format(section=entry.section, field=name),
                hint=_("it has: {fields}").format(fields=", ".join(fields) or "-"),
            )
        _require_length(value, fields[name].length)
        _require_choice(value, fields[name].choices)
    missing = [name for name, each in fields.items() if each.is_required and name not in entry.details]
    if missing:
        raise UsageError(_("--{field} is needed").format(field=missing[0]), hint=_choices_hint(fields[missing[0]]))


def _choices_hint(wanted: Field) -> str:
    return _("one of: {values}").format(values=", ".join(choices(wanted.choices)))


def _require_length(text: str, count: int) -> None:
    if len(text) > count:
        raise UsageError(_("this is longer than {count} characters").format(count=count), hint=_("say less here, and more in a document"))


def _require_choice(value: str, name: str) -> None:
    if name and value not in choices(name):
        raise UsageError(_("this value is not in the list"), hint=_("one of: {values}").format(values=", ".join(choices(name))))
