"""What a person does with their medical profile and measurements: what they typed becomes entries, links included."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.identity import Identity
from monespace_cli.record.measures import BMI, HEIGHT, WEIGHT, Measure, MeasureKind, measure_kinds, with_body_mass_indexes
from monespace_cli.record.partial_date import PartialDate, parse_partial_date
from monespace_cli.record.profile import COMMENT_LENGTH, TEXT_LENGTH, Entry, Origin, Source, parse_code, require_adult
from monespace_cli.record.sections import Section, as_choice
from monespace_cli.record.text import well_formed
from monespace_cli.record.typed import line_of_text
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Said:
    """What a person typed about an entry: None or nothing where they said nothing, an empty text to take something back."""

    text: str | None = None
    start: str | None = None
    end: str | None = None
    comment: str | None = None
    details: Mapping[str, str] = field(default_factory=dict)
    documents: Sequence[str] = ()
    related: Sequence[str] = ()
    codes: Sequence[str] = ()
    unlinked: Sequence[str] = ()
    """The beginnings of ids of documents and entries, and codes, that it no longer refers to."""
    source: str | None = None
    """The document that it was taken from."""


def add_entry(vault: Vault, section: Section, said: Said) -> Entry:
    """Keep a new entry.

    Raises:
        NotAllowedError: advance directives of a minor.
        NotFoundError: a link leads nowhere.
        UsageError: it says what its section cannot say, or cannot stand beside another one.
    """
    birth_date = birth_date_of(vault)
    if birth_date:
        require_adult(section, birth_date, vault.profile.today)
    entry = Entry(vault.profile.new_id(), section, space=vault.space)
    return vault.profile.add(replace(entry, **_changes(vault, entry, said)))


def edit_entry(vault: Vault, entry: Entry, said: Said) -> Entry:
    """Change an entry; what it said before stays in its history.

    Raises:
        NotAllowedError: it is locked.
        NotFoundError: a link leads nowhere.
        UsageError: nothing was said, or what its section cannot say.
    """
    changes = _changes(vault, entry, said)
    if not changes:
        raise UsageError(_("there is nothing to change"), hint=_("see `monespace profile edit --help`"))
    return vault.profile.edit(entry.id, **changes)


def origin_of(vault: Vault, document: str | None) -> Origin:
    """Return who says something: the holder, or a document that the holder took it from.

    Raises:
        NotFoundError: there is no such document.
    """
    return Origin(Source.EXTRACTED, vault.documents.find(document).id) if document else Origin()


def measures_of(vault: Vault, kind: MeasureKind | None) -> list[Measure]:
    """Return the person's measurements of a kind, or all of them, oldest first, with the body mass index that follows from them."""
    if kind and kind.name != BMI:
        return vault.measures.all(kinds=(kind,))
    kinds = (measure_kinds()[WEIGHT], measure_kinds()[HEIGHT]) if kind else ()
    measures = with_body_mass_indexes(vault.measures.all(kinds=kinds), birth_date_of(vault))
    return [measure for measure in measures if kind in (None, measure.kind)]


def birth_date_of(vault: Vault) -> date | None:
    """Return when the person of the space in use was born; None for a practitioner's own."""
    subject = vault.subject
    return subject.birth_date if isinstance(subject, Identity) else None


def _changes(vault: Vault, entry: Entry, said: Said) -> dict[str, Any]:
    """Return the fields that differ from those of an entry, checked links included."""
    rules = entry.section.rules
    lists = {each.name: each.choices for each in rules.fields}
    typed = {name: as_choice(lists.get(name, ""), line_of_text(value, COMMENT_LENGTH, shortest=0)) for name, value in said.details.items()}
    wanted = {
        "text": entry.text if said.text is None else as_choice(rules.text_choices, line_of_text(said.text, TEXT_LENGTH)),
        "start": _date(said.start, entry.start),
        "end": _date(said.end, entry.end),
        "comment": entry.comment if said.comment is None else well_formed(said.comment.strip()),
        "details": {name: value for name, value in {**entry.details, **typed}.items() if value},
        "documents": _linked(entry.documents, [vault.documents.find(each).id for each in said.documents], said.unlinked),
        "related": _linked(entry.related, [vault.profile.find(each).id for each in said.related], said.unlinked),
        "codes": tuple(code for code in dict.fromkeys([*entry.codes, *map(parse_code, said.codes)]) if code.code not in said.unlinked),
        "origin": origin_of(vault, said.source) if said.source else entry.origin,
    }
    return {name: value for name, value in wanted.items() if value != getattr(entry, name)}


def _date(typed: str | None, before: PartialDate | None) -> PartialDate | None:
    if typed is None:
        return before
    return parse_partial_date(typed) if typed else None


def _linked(before: Sequence[str], more: Sequence[str], unlinked: Sequence[str]) -> tuple[str, ...]:
    return tuple(each for each in dict.fromkeys([*before, *more]) if not any(word and each.startswith(word) for word in unlinked))
