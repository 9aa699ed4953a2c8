"""The stores that bundles travel through, and what is known of each object in them (docs/formats/store-v1.md)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal


class Part(StrEnum):
    """What an object is to this vault. Stored: added to, never renamed."""

    PUT = "put"
    """A bundle of ours that we put there."""
    ANSWER = "answer"
    """A receipt of ours that we put there, for a bundle that came from there: it stays as long as that bundle does."""
    OWN = "own"
    """A bundle of ours that somebody copied there."""
    TAKEN = "taken"
    """A bundle for us, taken in or waiting."""
    FOREIGN = "foreign"
    """Nothing that we can open."""
    REFUSED = "refused"
    """It is for us and fails a check, or is cut short; it may still be being copied."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A store under the name that its user gave it."""

    name: str
    location: str
    store: str
    """What the store calls itself."""
    added_at: datetime
    contacts: tuple[str, ...] = ()
    """Fingerprints of those who are reached by it; without any it is for all whom no other remote names."""


@dataclass(frozen=True, slots=True)
class StoreObject:
    """What is known of an object; it may be gone."""

    name: str
    stamp: str
    """The store's, when the object was put or looked at; empty while it is being put."""
    part: Part
    bundle: str | None
    at: datetime
    """When these bytes were first seen, or put."""


class Remotes:
    """The stores of one vault."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._clock = clock

    def add(self, name: str, location: str, store: str, contacts: Iterable[str] = ()) -> Remote:
        """Know a store under a name, and who is reached by it.

        Raises:
            UsageError: the name, or the store, is known already.
        """
        with self._database.transaction():
            if any(remote.name == name or remote.store == store for remote in self.all()):
                raise UsageError(_("this name or this place is known already"), hint=_("`monespace remote list` shows them"))
            self._database.execute(
                "INSERT INTO remote (name, location, store, added_at) VALUES (?, ?, ?, ?)",
                (name, location, store, self._clock().isoformat()),
            )
            self._put_contacts(store, contacts)
            self._journal.write(Event.REMOTE_ADDED, store)
        return self.find(name)

    def edit(self, remote: Remote, location: str, contacts: Iterable[str]) -> Remote:
        """Change where a store is found, and who is reached by it."""
        with self._database.transaction():
            self._database.execute("UPDATE remote SET location = ? WHERE store = ?", (location, remote.store))
            self._database.execute("DELETE FROM remote_contact WHERE store = ?", (remote.store,))
            self._put_contacts(remote.store, contacts)
            self._journal.write(Event.REMOTE_EDITED, remote.store)
        return self.find(remote.name)

    def _put_contacts(self, store: str, contacts: Iterable[str]) -> None:
        self._database.insert_many(
            "INSERT OR IGNORE INTO remote_contact (store, contact) VALUES (?, ?)", [(store, contact) for contact in contacts]
        )

    def all(self) -> list[Remote]:
        """Return every store, by name."""
        contacts: dict[str, tuple[str, ...]] = {}
        for store, contact in self._database.all("SELECT store, contact FROM remote_contact ORDER BY contact"):
            contacts[store] = (*contacts.get(store, ()), contact)
        rows = self._database.all("SELECT name, location, store, added_at FROM remote ORDER BY name")
        return [Remote(row[0], row[1], row[2], datetime.fromisoformat(row[3]), contacts.get(row[2], ())) for row in rows]

    def find(self, name: str) -> Remote:
        """Return the store of a name.

        Raises:
            NotFoundError: there is none.
        """
        found = next((remote for remote in self.all() if remote.name == name), None)
        if found is None:
            raise NotFoundError(_("there is no remote of this name"), hint=_("`monespace remote list` shows them"))
        return found

    def remove(self, remote: Remote) -> None:
        """Forget a store and all that is known of what is in it."""
        with self._database.transaction():
            self._database.execute("DELETE FROM store_object WHERE store = ?", (remote.store,))
            self._database.execute("DELETE FROM remote_contact WHERE store = ?", (remote.store,))
            self._database.execute("DELETE FROM remote WHERE name = ?", (remote.name,))
            self._journal.write(Event.REMOTE_REMOVED, remote.store)

    def objects(self, store: str) -> dict[str, StoreObject]:
        """Return what is known of a store's objects, by name."""
        rows = self._database.all("SELECT name, stamp, part, bundle, at FROM store_object WHERE store = ?", (store,))
        return {row[0]: StoreObject(row[0], row[1], Part(row[2]), row[3], datetime.fromisoformat(row[4])) for row in rows}

    def note(self, store: str, objects: Iterable[StoreObject]) -> None:
        """Keep what is known of objects, in one transaction."""
        rows = [(store, each.name, each.stamp, each.part, each.bundle, each.at.isoformat()) for each in objects]
        with self._database.transaction():
            self._database.insert_many(
                "INSERT OR REPLACE INTO store_object (store, name, stamp, part, bundle, at) VALUES (?, ?, ?, ?, ?, ?)", rows
            )

    def forget(self, store: str, names: Iterable[str]) -> None:
        """Forget objects, in one transaction."""
        with self._database.transaction():
            self._database.insert_many("DELETE FROM store_object WHERE store = ? AND name = ?", [(store, name) for name in names])

    def holding(self, bundle: str) -> set[str]:
        """Return the stores that a bundle of ours was put into, and is known to be in."""
        rows = self._database.all(
            "SELECT store FROM store_object WHERE bundle = ? AND part IN (?, ?) AND stamp <> ''", (bundle, Part.PUT, Part.ANSWER)
        )
        return {row[0] for row in rows}

    def brought(self, bundle: str) -> set[str]:
        """Return the stores that a bundle came from."""
        rows = self._database.all("SELECT store FROM store_object WHERE bundle = ? AND part = ?", (bundle, Part.TAKEN))
        return {row[0] for row in rows}
