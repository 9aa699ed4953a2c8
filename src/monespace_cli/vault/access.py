"""What each space's holder decided about who may see what, in the database. The rules are `record.access`'s."""

import json
from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from monespace_cli.ports import Clock
from monespace_cli.record.access import EmergencySwitches, Grant, Policy
from monespace_cli.record.identity import Profession
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.in_use import SpaceInUse
from monespace_cli.vault.journal import Journal


class Basis(StrEnum):
    """For whom a grant is. Stored: added to, never renamed."""

    ATTENDING = "attending"
    ALLOWED = "allowed"
    GENERAL = "general"


class Access:
    """The decisions of one vault's holders."""

    def __init__(self, database: Database, journal: Journal, in_use: SpaceInUse, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._in_use = in_use
        self._clock = clock

    def policy(self, space: int | None = None) -> Policy:
        """Return all that was decided for a space, expired grants included: the rule knows the time, and says why."""
        space = self._in_use.or_this(space)
        grants = self._grants(space)
        row = self._database.one("SELECT samu, others, masked FROM access_emergency WHERE space = ?", (space,))
        return Policy(
            space=space,
            is_active=self._is_active(space),
            attending=next((grant for basis, grant in grants if basis is Basis.ATTENDING), None),
            general=next((grant for basis, grant in grants if basis is Basis.GENERAL), None),
            grants=tuple(grant for basis, grant in grants if basis is Basis.ALLOWED),
            blocked=frozenset(name for (name,) in self._database.all("SELECT contact FROM access_block WHERE space = ?", (space,))),
            emergency=EmergencySwitches(*map(bool, row)) if row else EmergencySwitches(),
            masks=self._masks(space),
            habilitations={
                (profession, code): bool(may_read)
                for profession, code, may_read in self._database.all("SELECT profession, code, may_read FROM habilitation")
            },
        )

    def grant(self, basis: Basis, grant: Grant, space: int | None = None) -> None:
        """Keep a grant in place of the former one of the same person; there is one attending physician, and one general setting."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            if basis is Basis.ATTENDING:
                self._database.execute("DELETE FROM access_grant WHERE space = ? AND basis = ?", (space, basis))
            self._database.execute(
                "INSERT OR REPLACE INTO access_grant (space, basis, contact, start_at, end_at, sees_masked, since) "
                "VALUES (?, ?, ?, ?, ?, ?, ?)",
                (space, basis, grant.contact, _iso(grant.start), _iso(grant.end), grant.sees_masked, _iso(grant.since)),
            )
            self._journal.write(
                Event.ACCESS_GRANTED,
                grant.contact,
                basis=str(basis),
                masked="yes" if grant.sees_masked else "no",
                **{name: at.isoformat() for name, at in (("until", grant.end), ("since", grant.since)) if at},
            )

    def revoke(self, basis: Basis, contact: str = "", space: int | None = None) -> bool:
        """Take a grant back, of whomever it is where no contact is given; tell whether there was one."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            gone = self._database.all(
                "DELETE FROM access_grant WHERE space = ? AND basis = ? AND ? IN ('', contact) RETURNING contact", (space, basis, contact)
            )
            for (name,) in gone:
                self._journal.write(Event.ACCESS_REVOKED, name, basis=str(basis))
        return bool(gone)

    def block(self, contact: str, space: int | None = None) -> None:
        """Block somebody, whatever was granted to them; the grants stay, and mean nothing meanwhile."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            done = self._database.execute(
                "INSERT OR IGNORE INTO access_block (space, contact, at) VALUES (?, ?, ?)", (space, contact, self._clock().isoformat())
            )
            if done.rowcount:
                self._journal.write(Event.ACCESS_BLOCKED, contact)

    def unblock(self, contact: str, space: int | None = None) -> bool:
        """End a block; tell whether there was one."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            done = self._database.execute("DELETE FROM access_block WHERE space = ? AND contact = ?", (space, contact))
            if done.rowcount:
                self._journal.write(Event.ACCESS_UNBLOCKED, contact)
        return bool(done.rowcount)

    def switch_emergency(self, switches: EmergencySwitches, space: int | None = None) -> None:
        """Keep what an emergency opens."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO access_emergency (space, samu, others, masked) VALUES (?, ?, ?, ?)",
                (space, switches.samu, switches.others, switches.masked),
            )
            states = {"samu": switches.samu, "others": switches.others, "masked": switches.masked}
            self._journal.write(Event.EMERGENCY_SWITCHED, **{name: "on" if state else "off" for name, state in states.items()})

    def hide(self, item: str, named: Collection[str] = (), space: int | None = None) -> None:
        """Mask an item (its id) or a section (its name) from all but its author and those who are named."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO access_mask (space, item, named) VALUES (?, ?, ?)", (space, item, json.dumps(sorted(named)))
            )
            self._journal.write(Event.ITEM_HIDDEN, item, named=str(len(named)))

    def unhide(self, item: str, space: int | None = None) -> bool:
        """Take a mask away; tell whether there was one."""
        space = self._in_use.or_this(space)
        with self._database.transaction():
            done = self._database.execute("DELETE FROM access_mask WHERE space = ? AND item = ?", (space, item))
            if done.rowcount:
                self._journal.write(Event.ITEM_SHOWN, item)
        return bool(done.rowcount)

    def habilitate(self, profession: Profession, code: str, *, may_read: bool | None) -> None:
        """Depart from the data file: let a profession read a class or type of document or not; None goes back to the file."""
        with self._database.transaction():
            if may_read is None:
                self._database.execute("DELETE FROM habilitation WHERE profession = ? AND code = ?", (profession, code))
            else:
                self._database.execute(
                    "INSERT OR REPLACE INTO habilitation (profession, code, may_read) VALUES (?, ?, ?)", (profession, code, may_read)
                )
            said = "as-shipped" if may_read is None else "yes" if may_read else "no"
            self._journal.write(Event.HABILITATION_CHANGED, code, profession=str(profession), may_read=said)

    def rename(self, old: str, new: str) -> None:
        """Let what was decided about somebody hold under another id, in the caller's transaction."""
        self._database.execute("UPDATE OR REPLACE access_grant SET contact = ? WHERE contact = ?", (new, old))
        self._database.execute("UPDATE OR REPLACE access_block SET contact = ? WHERE contact = ?", (new, old))
        for space, item, named in self._database.all("SELECT space, item, named FROM access_mask"):
            names = set(json.loads(named))
            if old in names:
                text = json.dumps(sorted(names - {old} | {new}))
                self._database.execute("UPDATE access_mask SET named = ? WHERE space = ? AND item = ?", (text, space, item))

    def _is_active(self, space: int) -> bool:
        from monespace_cli.record.life import LifeState
        from monespace_cli.vault.spaces import Spaces

        return Spaces(self._database, self._clock).state(space) is LifeState.ACTIVE

    def _grants(self, space: int) -> list[tuple[Basis, Grant]]:
        rows = self._database.all(
            "SELECT basis, contact, start_at, end_at, sees_masked, since FROM access_grant WHERE space = ? ORDER BY basis, contact",
            (space,),
        )
        return [
            (Basis(basis), Grant(contact, _moment(start), _moment(end), bool(masked), _moment(since)))
            for basis, contact, start, end, masked, since in rows
        ]

    def _masks(self, space: int) -> dict[str, frozenset[str]]:
        rows = self._database.all("SELECT item, named FROM access_mask WHERE space = ?", (space,))
        return {item: frozenset(json.loads(named)) for item, named in rows}


def _iso(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
