"""How the medical profile looks: as JSON for scripts (fields are added, never renamed), as words for people."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from monespace_cli.i18n import _
from monespace_cli.record.profile import Change, Entry, Origin, Source, Version
from monespace_cli.record.sections import Section
from monespace_cli.ui.views import moment

SECTION_LABELS = {
    Section.ILLNESS: _("illnesses"),
    Section.TREATMENT: _("treatments"),
    Section.HOSPITALISATION: _("hospitalisations and operations"),
    Section.ALLERGY: _("allergies"),
    Section.FAMILY_HISTORY: _("family history"),
    Section.VACCINATION: _("vaccinations"),
    Section.HABIT: _("habits"),
    Section.DISABILITY: _("disabilities"),
    Section.DEVICE: _("implants and devices"),
    Section.BLOOD_GROUP: _("blood group"),
    Section.PAPER: _("administrative papers"),
    Section.DIRECTIVE: _("advance directives"),
    Section.PERSON: _("persons"),
    Section.ORGAN_DONATION: _("organ donation"),
}
CHANGE_LABELS = {
    Change.ADDED: _("added"),
    Change.EDITED: _("edited"),
    Change.ENDED: _("ended"),
    Change.REMOVED: _("removed"),
    Change.REPLACED: _("replaced by another entry"),
    Change.UNDONE: _("undone"),
}
PROFILE_COLUMNS = (_("Section"), _("Id"), _("What"), _("When"), _("More"))
HISTORY_COLUMNS = (_("Version"), _("When"), _("Change"), _("What"), _("Dates"), _("More"))


def entry_json(entry: Entry) -> dict[str, Any]:
    """Return an entry as JSON-ready data."""
    return {
        "id": entry.id,
        "section": str(entry.section),
        "text": entry.text,
        "start": str(entry.start) if entry.start else None,
        "end": str(entry.end) if entry.end else None,
        "comment": entry.comment,
        "details": entry.details,
        "documents": list(entry.documents),
        "related": list(entry.related),
        "codes": [{"system": code.system, "code": code.code} for code in entry.codes],
        "origin": origin_json(entry.origin),
        "none_known": entry.is_none,
        "locked": entry.is_locked,
        "removed": entry.is_removed,
        "space": entry.space,
    }


def origin_json(origin: Origin) -> dict[str, Any]:
    """Return who says something as JSON-ready data."""
    return {"source": str(origin.source), "document": origin.document, "signer": origin.signer}


def section_json(section: Section, entries: Sequence[Entry], today: date) -> dict[str, Any]:
    """Return a section: its entries, and whether it is `empty`, says `none` known, or has `entries`."""
    none = next((entry for entry in entries if entry.is_none), None)
    said = [entry for entry in entries if not entry.is_none]
    return {
        "section": str(section),
        "label": section.rules.label,
        "status": "none" if none else "entries" if said else "empty",
        "none_as_of": str(none.start) if none else None,
        "entries": [{**entry_json(entry), "current": entry.is_standing(today)} for entry in said],
    }


def version_json(version: Version) -> dict[str, Any]:
    """Return a version of an entry as JSON-ready data."""
    return {
        "version": version.number,
        "at": version.at.isoformat(),
        "change": str(version.change),
        "restores": version.restores,
        "entry": entry_json(version.entry),
    }


def section_rows(section: Section, entries: Sequence[Entry]) -> Iterable[tuple[str, ...]]:
    """Return a section as rows of PROFILE_COLUMNS: at least one, since nothing said is shown too."""
    if not entries:
        return [(SECTION_LABELS[section], "", _("(nothing said)"), "", "")]
    return [(SECTION_LABELS[section], entry.id, words(entry), "" if entry.is_none else period(entry), _more(entry)) for entry in entries]


def entry_fields(entry: Entry) -> list[tuple[str, str]]:
    """Return an entry as labelled values for a person."""
    return [
        (_("Section"), SECTION_LABELS[entry.section]),
        (_("What"), words(entry)),
        (_("When"), "" if entry.is_none else period(entry)),
        *entry.details.items(),
        (_("Comment"), entry.comment),
        (_("Documents"), " ".join(entry.documents)),
        (_("Related"), " ".join(entry.related)),
        (_("Codes"), " ".join(f"{code.system}={code.code}" for code in entry.codes)),
        (_("From"), origin(entry.origin)),
        (_("State"), _state(entry)),
        (_("Id"), entry.id),
    ]


def version_row(version: Version) -> tuple[str, ...]:
    """Return a version as the cells of HISTORY_COLUMNS."""
    change = CHANGE_LABELS[version.change]
    if version.restores:
        change = _("undone: as in version {number}").format(number=version.restores)
    entry = version.entry
    dates = "" if entry.is_none else period(entry)
    return (str(version.number), moment(version.at), change, words(entry), dates, "; ".join(filter(None, (_more(entry), entry.comment))))


def words(entry: Entry) -> str:
    """Return what an entry says in a line."""
    return _("none known, as of {day}").format(day=entry.start) if entry.is_none else entry.text


def period(entry: Entry) -> str:
    """Return when: `2019-05`, `2019 to 2021`, `until 2021`, or nothing."""
    if entry.end is None:
        return str(entry.start or "")
    if entry.start is None:
        return _("until {end}").format(end=entry.end)
    return str(entry.start) if entry.start == entry.end else _("{start} to {end}").format(start=entry.start, end=entry.end)


def origin(value: Origin) -> str:
    """Return who says something."""
    if value.source is Source.CONFIRMED:
        return _("confirmed by a practitioner, key {key}").format(key=(value.signer or "")[:16])
    if value.source is Source.EXTRACTED:
        return _("taken from document {id}").format(id=value.document)
    return _("said by the holder")


def _more(entry: Entry) -> str:
    return ", ".join(f"{name} {value}" for name, value in entry.details.items())


def _state(entry: Entry) -> str:
    if entry.is_removed:
        return _("removed; `monespace profile undo` brings it back")
    return _("locked: a practitioner confirmed it") if entry.is_locked else ""
