"""The medical profile in the database: every version of every entry, none ever overwritten."""

import json
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any

from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.document import DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.record.partial_date import PartialDate, exact, parse_partial_date
from monespace_cli.record.profile import (
    Change,
    Code,
    Entry,
    EntryId,
    Origin,
    Source,
    Version,
    check_entry,
    displaced_by,
    former,
    none_known,
    require_changeable,
)
from monespace_cli.record.sections import Section
from monespace_cli.record.text import well_formed
from monespace_cli.vault.connection import Database
from monespace_cli.vault.ids import AFTER, as_typed, random_id
from monespace_cli.vault.in_use import SpaceInUse
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.sight import Sight

COLUMNS = "entry, space, section, version, content, change, restores, at"
HOLDER = Origin()
"""The holder speaks."""

_EVENTS = {
    Change.ADDED: Event.ENTRY_ADDED,
    Change.EDITED: Event.ENTRY_EDITED,
    Change.ENDED: Event.ENTRY_EDITED,
    Change.REMOVED: Event.ENTRY_REMOVED,
    Change.REPLACED: Event.ENTRY_REMOVED,
    Change.UNDONE: Event.ENTRY_UNDONE,
}


class Profile:
    """The medical profiles of one vault's spaces."""

    def __init__(self, database: Database, journal: Journal, sight: Sight, in_use: SpaceInUse, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._sight = sight
        self._journal = journal
        self._in_use = in_use
        self._clock = clock
        self._random = random

    @property
    def today(self) -> date:
        """The day it is where the person is."""
        return self._clock().astimezone().date()

    def new_id(self) -> EntryId:
        """Return a random id that no entry has."""
        while True:
            found = random_id(self._random)
            if not self._rows("entry = ?", found):
                return EntryId(found)

    def entries(self, space: int | None = None, section: Section | None = None, *, removed: bool = False) -> list[Entry]:
        """Return a space's entries as they are now, by their last change; or those that were removed or replaced."""
        space = self._in_use.or_this(space)
        return self._sight.entries(self._all(space, section, removed=removed))

    def _all(self, space: int, section: Section | None, *, removed: bool = False) -> list[Entry]:
        where, parameters = ("AND section = ?", (str(section),)) if section else ("", ())
        rows = self._database.all(
            f"SELECT {COLUMNS} FROM entry WHERE is_current AND space = ? {where} ORDER BY number",  # noqa: S608
            (space, *parameters),
        )
        return [entry for row in rows if (entry := version_of(row).entry).is_removed is removed]

    def find(self, prefix: str) -> Entry:
        """Return the entry that an id, or the beginning of one, names; removed or not.

        Raises:
            NotFoundError: none, or more than one.
        """
        wanted = as_typed(prefix)
        rows = self._rows("is_current AND entry >= ? AND entry < ?", wanted, wanted + AFTER) if wanted else []
        found = self._sight.here(self._sight.entries([version_of(row).entry for row in rows]))
        if not found:
            raise NotFoundError(_("no entry has this id"), hint=_("`monespace profile show` shows the ids"))
        if len(found) > 1:
            raise NotFoundError(_("more than one entry has an id that begins so"), hint=_("type more of it"))
        return found[0]

    def history(self, entry: EntryId) -> list[Version]:
        """Return every version of an entry, oldest first."""
        return self._sight.versions(self._history(entry))

    def versions(self, space: int | None = None) -> list[Version]:
        """Return every version of every entry of a space, in the order they were made."""
        space = self._in_use.or_this(space)
        rows = self._database.all(f"SELECT {COLUMNS} FROM entry WHERE space = ? ORDER BY number", (space,))  # noqa: S608
        return self._sight.versions([version_of(row) for row in rows])

    def _history(self, entry: EntryId) -> list[Version]:
        return [version_of(row) for row in self._rows("entry = ?", entry)]

    def add(self, entry: Entry) -> Entry:
        """Keep a new entry; what it takes the place of (a former directive, a "none known") stays in the history.

        Raises:
            UsageError: it says what its section cannot say, or cannot stand beside another one.
        """
        with self._database.transaction():
            return self._write(entry, 1, Change.ADDED)

    def declare_none(self, section: Section, space: int | None = None) -> Entry:
        """Keep that nothing of a section is known as of today.

        Raises:
            UsageError: the section has entries, or it makes no sense of this section.
        """
        space = self._in_use.or_this(space)
        return self.add(none_known(self.new_id(), section, self.today, space))

    def edit(self, entry: EntryId, by: Origin = HOLDER, **changes: Any) -> Entry:
        """Write a new version of an entry with other fields, or return it as it is where nothing differs.

        Raises:
            NotAllowedError: it is locked.
            UsageError: it was removed, says "none known", or what it would say is not allowed.
        """
        return self._change(entry, by, Change.EDITED, changes)

    def end(self, entry: EntryId, on: PartialDate | None = None, by: Origin = HOLDER) -> Entry:
        """Write that an entry is over, today where no date is given. Raises as :meth:`edit`."""
        return self._change(entry, by, Change.ENDED, {"end": on or exact(self.today)})

    def remove(self, entry: EntryId, by: Origin = HOLDER) -> Entry:
        """Take an entry out of the profile; its history stays.

        Raises:
            NotAllowedError: it is locked.
        """
        with self._database.transaction():
            current = self._current(entry)
            require_changeable(current.entry, by)
            if current.entry.is_removed:
                return current.entry
            return self._write(replace(current.entry, is_removed=True), current.number + 1, Change.REMOVED)

    def undo(self, entry: EntryId, by: Origin = HOLDER) -> Entry:
        """Bring back what an entry said before its last change, as a new version.

        Raises:
            NotAllowedError: it is locked.
            UsageError: nothing was said before, or it can no longer stand beside another entry.
        """
        with self._database.transaction():
            history = self._history(entry)
            require_changeable(history[-1].entry, by)
            before = former(history)
            return self._write(before.entry, len(history) + 1, Change.UNDONE, before.number)

    def _change(self, entry: EntryId, by: Origin, change: Change, changes: dict[str, Any]) -> Entry:
        with self._database.transaction():
            current = self._current(entry)
            require_changeable(current.entry, by)
            if current.entry.is_removed or current.entry.is_none:
                raise UsageError(_("there is nothing in this entry to change"), hint=_("see `monespace profile history ENTRY`"))
            if "documents" in changes:  # whoever changes the links that they see leaves the others where they are
                changes["documents"] = (*self._sight.hidden_of(current.entry.documents), *changes["documents"])
            changed = replace(current.entry, **changes)
            return changed if changed == current.entry else self._write(changed, current.number + 1, change)

    def _write(self, entry: Entry, number: int, change: Change, restores: int | None = None) -> Entry:
        """Write a version, and take out what it takes the place of."""
        check_entry(entry)
        others = [other for other in self._all(entry.space, entry.section) if other.id != entry.id]
        for displaced in displaced_by(entry, others, self.today):
            self._insert(replace(displaced, is_removed=True), self._current(displaced.id).number + 1, Change.REPLACED)
        self._insert(entry, number, change, restores)
        return entry

    def _insert(self, entry: Entry, number: int, change: Change, restores: int | None = None) -> None:
        self._database.execute("UPDATE entry SET is_current = 0 WHERE entry = ? AND is_current", (entry.id,))
        self._database.execute(
            f"INSERT INTO entry ({COLUMNS}, is_current) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1)",  # noqa: S608
            (entry.id, entry.space, str(entry.section), number, content_text(entry), str(change), restores, self._clock().isoformat()),
        )
        self._journal.write(_EVENTS[change], entry.id)

    def _current(self, entry: EntryId) -> Version:
        rows = self._rows("entry = ? AND is_current", entry)
        assert rows, "entries are never deleted"
        return version_of(rows[0])

    def _rows(self, where: str, *parameters: str) -> list[tuple[Any, ...]]:
        return self._database.all(f"SELECT {COLUMNS} FROM entry WHERE {where} ORDER BY number", parameters)  # noqa: S608


def origin_text(origin: Origin) -> str:
    """Return who says something as the JSON that the database keeps."""
    return json.dumps(asdict(origin))


def parse_origin(text: str) -> Origin:
    """Return the origin that :func:`origin_text` wrote."""
    return _origin_of(json.loads(text))


def _origin_of(traits: dict[str, Any]) -> Origin:
    return Origin(**{**traits, "source": Source(traits["source"])})


def content_text(entry: Entry) -> str:
    """Return what an entry says as JSON: every field but those that have a column, dates as FHIR writes them."""
    traits = {name: value for name, value in asdict(entry).items() if name not in ("id", "section", "space")}
    dates = {"start": entry.start and str(entry.start), "end": entry.end and str(entry.end)}
    return well_formed(json.dumps({**traits, **dates}, ensure_ascii=False))


def version_of(row: tuple[Any, ...]) -> Version:
    """Return the version whose COLUMNS a row has."""
    entry, space, section, number, content, change, restores, at = row
    traits: dict[str, Any] = json.loads(content)
    traits |= {
        "start": parse_partial_date(traits["start"]) if traits["start"] else None,
        "end": parse_partial_date(traits["end"]) if traits["end"] else None,
        "documents": tuple(DocumentId(each) for each in traits["documents"]),
        "related": tuple(EntryId(each) for each in traits["related"]),
        "codes": tuple(Code(**each) for each in traits["codes"]),
        "origin": _origin_of(traits["origin"]),
    }
    said = Entry(EntryId(entry), Section(section), space=space, **traits)
    return Version(number, said, Change(change), datetime.fromisoformat(at), restores)
