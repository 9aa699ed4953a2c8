"""Measurements in the database: as they were measured; one that is wrong is removed, and can be restored."""

from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.journal import Event
from monespace_cli.record.measures import Measure, MeasureId, MeasureKind, measure_kinds
from monespace_cli.record.text import well_formed
from monespace_cli.vault.connection import Database
from monespace_cli.vault.ids import AFTER, as_typed, random_id
from monespace_cli.vault.in_use import SpaceInUse
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.profile import origin_text, parse_origin
from monespace_cli.vault.sight import Sight

COLUMNS = "id, space, kind, value, typed, day, time, comment, origin, removed_at"


class Measures:
    """The measurements of one vault's spaces."""

    def __init__(self, database: Database, journal: Journal, sight: Sight, in_use: SpaceInUse, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._sight = sight
        self._journal = journal
        self._in_use = in_use
        self._clock = clock
        self._random = random

    def new_id(self) -> MeasureId:
        """Return a random id that no measurement has."""
        while True:
            found = random_id(self._random)
            if self._database.one("SELECT 1 FROM measure WHERE id = ?", (found,)) is None:
                return MeasureId(found)

    def add(self, measure: Measure) -> None:
        """Keep a measurement."""
        with self._database.transaction():
            self._database.execute(
                f"INSERT INTO measure ({COLUMNS}, added_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608
                (*measure_row(measure), self._clock().isoformat()),
            )
            self._journal.write(Event.MEASURE_ADDED, measure.id)

    def all(self, space: int | None = None, kinds: "tuple[MeasureKind, ...]" = (), *, removed: bool = False) -> "list[Measure]":
        """Return a space's measurements (of some kinds only, where any are given), oldest first; or the removed ones."""
        space = self._in_use.or_this(space)
        which = f"AND kind IN ({', '.join('?' * len(kinds))})" if kinds else ""
        rows = self._database.all(
            f"SELECT {COLUMNS} FROM measure WHERE space = ? AND (removed_at IS NOT NULL) = ? {which} "  # noqa: S608
            "ORDER BY day, coalesce(time, ''), number",
            (space, removed, *(kind.name for kind in kinds)),
        )
        return self._sight.measures([measure_of(row) for row in rows])

    def find(self, prefix: str) -> Measure:
        """Return the measurement that an id, or the beginning of one, names; removed or not.

        Raises:
            NotFoundError: none, or more than one.
        """
        wanted = as_typed(prefix)
        query = f"SELECT {COLUMNS} FROM measure WHERE id >= ? AND id < ?"  # noqa: S608
        rows = self._database.all(query, (wanted, wanted + AFTER)) if wanted else []
        found = self._sight.here(self._sight.measures([measure_of(row) for row in rows]))
        if not found:
            raise NotFoundError(_("no measurement has this id"), hint=_("`monespace measure list` shows the ids"))
        if len(found) > 1:
            raise NotFoundError(_("more than one measurement has an id that begins so"), hint=_("type more of it"))
        return found[0]

    def remove(self, measure: Measure) -> Measure:
        """Take a measurement out; it can be restored."""
        return self._move(replace(measure, removed_at=self._clock()), Event.MEASURE_REMOVED)

    def restore(self, measure: Measure) -> Measure:
        """Put a measurement back."""
        return self._move(replace(measure, removed_at=None), Event.MEASURE_RESTORED)

    def _move(self, measure: Measure, event: Event) -> Measure:
        with self._database.transaction():
            moved = self._database.execute(
                "UPDATE measure SET removed_at = ? WHERE id = ? AND (removed_at IS NULL) <> ?",
                (_iso(measure.removed_at), measure.id, measure.removed_at is None),
            )
            if moved.rowcount:
                self._journal.write(event, measure.id)
        return measure


def measure_row(measure: Measure) -> tuple[Any, ...]:
    """Return a measurement as the values of COLUMNS."""
    return (
        measure.id,
        measure.space,
        measure.kind.name,
        "/".join(str(value) for value in measure.values),
        well_formed(measure.typed),
        measure.day.isoformat(),
        _iso(measure.time),
        well_formed(measure.comment),
        origin_text(measure.origin),
        _iso(measure.removed_at),
    )


def measure_of(row: tuple[Any, ...]) -> Measure:
    """Return the measurement whose COLUMNS a row has."""
    number, space, kind, value, typed, day, at, comment, origin, removed_at = row
    return Measure(
        id=MeasureId(number),
        kind=measure_kinds()[kind],
        values=tuple(Decimal(part) for part in value.split("/")),
        day=date.fromisoformat(day),
        time=time.fromisoformat(at) if at else None,
        typed=typed,
        comment=comment,
        origin=parse_origin(origin),
        space=space,
        removed_at=datetime.fromisoformat(removed_at) if removed_at else None,
    )


def _iso(value: time | datetime | None) -> str | None:
    return value.isoformat() if value else None
