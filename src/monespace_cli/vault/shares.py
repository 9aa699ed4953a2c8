"""Standing shares: what somebody gets again and again, of what is new, until the holder ends it."""

import hashlib
import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.codes import Kind
from monespace_cli.record.journal import Event
from monespace_cli.record.sharing import Wanted
from monespace_cli.vault.connection import Database
from monespace_cli.vault.ids import AFTER, as_typed, random_id
from monespace_cli.vault.journal import Journal

COLUMNS = "id, space, contact, wanted, purpose, until_at, mark, told, created_at, ended_at"


@dataclass(frozen=True, slots=True)
class StandingShare:
    """What a holder decided once, and hands over again whenever there is something new."""

    id: str
    space: int
    contact: str
    """Fingerprint of the recipient's card."""
    wanted: Wanted
    purpose: str
    until: datetime | None
    """From then on nothing more is sent, and what was sent does not open with monespace."""
    mark: str
    """How the record stood when it was last looked through (:meth:`StandingShares.mark_of`)."""
    told: str
    """SHA-256 of what was last told of the profile; empty where nothing was."""
    created_at: datetime
    ended_at: datetime | None

    def is_active(self, at: datetime) -> bool:
        """Tell whether something new would be sent."""
        return self.ended_at is None and (self.until is None or at < self.until)


class StandingShares:
    """The standing shares of one vault."""

    def __init__(self, database: Database, journal: Journal, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._clock = clock
        self._random = random

    def add(self, space: int, contact: str, wanted: Wanted, purpose: str, until: datetime | None) -> StandingShare:
        """Keep a new one."""
        made = StandingShare(random_id(self._random), space, contact, wanted, purpose, until, "", "", self._clock(), None)
        with self._database.transaction():
            self._database.execute(
                f"INSERT INTO standing_share ({COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, '', '', ?, NULL)",  # noqa: S608
                (made.id, space, contact, _text_of(wanted), purpose, until and until.isoformat(), made.created_at.isoformat()),
            )
            self._journal.write(Event.SHARE_STANDING, made.id, peer=contact)
        return made

    def all(self, space: int) -> list[StandingShare]:
        """Return every one of a space, oldest first, those that ended too."""
        return [each for each in self._found("TRUE") if each.space == space]

    def active(self, at: datetime, space: int) -> list[StandingShare]:
        """Return those of a space under which something new would be sent, oldest first."""
        return [each for each in self.all(space) if each.is_active(at)]

    def to_look_through(self, at: datetime, space: int) -> list[StandingShare]:
        """Return the active ones of a space in whose record something changed since it was last looked through."""
        return [each for each in self.active(at, space) if each.mark != self.mark_of(each.space)]

    def starting(self, prefix: str) -> list[StandingShare]:
        """Return those whose ids begin so."""
        typed = as_typed(prefix)
        return self._found("id >= ? AND id < ?", typed, typed + AFTER) if typed else []

    def find(self, prefix: str) -> StandingShare:
        """Return the one that an id, or the beginning of one, names.

        Raises:
            NotFoundError: none, or more than one.
        """
        found = self.starting(prefix)
        if len(found) != 1:
            raise NotFoundError(_("no single standing share has this id"), hint=_("`monespace share list` shows the ids"))
        return found[0]

    def looked_through(self, standing: StandingShare, mark: str, told: str) -> None:
        """Note how the record stood when it was looked through, and what was told of the profile by then."""
        self._database.execute("UPDATE standing_share SET mark = ?, told = ? WHERE id = ?", (mark, told, standing.id))

    def end(self, standing: StandingShare) -> None:
        """Send nothing more under it. A second time changes nothing."""
        with self._database.transaction():
            done = self._database.execute(
                "UPDATE standing_share SET ended_at = ? WHERE id = ? AND ended_at IS NULL", (self._clock().isoformat(), standing.id)
            )
            if done.rowcount:
                self._journal.write(Event.SHARE_STOPPED, standing.id, peer=standing.contact)

    def mark_of(self, space: int) -> str:
        """Return what changes whenever something was added to a space, or something was decided about who may see what of it.

        It is made of a few rows, so that a look at the vault's state costs nothing where nothing changed.
        """
        newest = [
            # `+space`: from the end of the table, not through an index of the whole space.
            self._database.one(f"SELECT number FROM {table} WHERE +space = ? ORDER BY number DESC LIMIT 1", (space,))  # noqa: S608
            for table in ("document", "entry", "measure")
        ]
        decided = [
            self._database.all(f"SELECT * FROM {table} WHERE space = ? ORDER BY 1, 2, 3", (space,))  # noqa: S608
            for table in ("access_grant", "access_block", "access_mask")
        ]
        habilitations = self._database.all("SELECT * FROM habilitation ORDER BY 1, 2")
        return hashlib.sha256(json.dumps([newest, decided, habilitations]).encode()).hexdigest()

    def _found(self, where: str, *parameters: str) -> list[StandingShare]:
        rows = self._database.all(
            f"SELECT {COLUMNS} FROM standing_share WHERE {where} ORDER BY created_at, id",  # noqa: S608
            parameters,
        )
        return [
            StandingShare(
                row[0],
                row[1],
                row[2],
                _wanted_of(row[3]),
                row[4],
                _moment(row[5]),
                row[6],
                row[7],
                datetime.fromisoformat(row[8]),
                _moment(row[9]),
            )
            for row in rows
        ]


def _text_of(wanted: Wanted) -> str:
    return json.dumps(asdict(wanted), ensure_ascii=False, default=str)


def _wanted_of(text: str) -> Wanted:
    said: dict[str, Any] = json.loads(text)
    return Wanted(
        tuple(said["documents"]),
        said["words"],
        Kind(said["kind"]) if said["kind"] else None,
        date.fromisoformat(said["since"]) if said["since"] else None,
        said["practitioner"],
        tuple(said["sections"]),
        said["everything"],
    )


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
