"""Which persons contacts are: a card carries names alone, and whoever deposits must know exactly for whom."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monespace_cli.ports import Clock
from monespace_cli.record.identity import Identity
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.spaces import owner_text, parse_owner


class TraitSource(StrEnum):
    """Who says which person a contact is. Stored: added to, never renamed."""

    TYPED = "typed"
    """A person here, from an identity document."""
    SHARED = "shared"
    """The contact, in a signed bundle about themselves."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A contact, and which person that is."""

    fingerprint: str
    identity: Identity
    source: TraitSource
    at: datetime


class Patients:
    """The persons whom the contacts of one vault are."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._clock = clock

    def put(self, fingerprint: str, identity: Identity, source: TraitSource) -> None:
        """Keep which person a contact is. What a person typed is not changed by what a contact says of themselves."""
        with self._database.transaction():
            known = self.get(fingerprint)
            if known and (known.identity == identity or (known.source is TraitSource.TYPED and source is TraitSource.SHARED)):
                return
            self._database.execute(
                "INSERT INTO patient (fingerprint, identity, birth_date, ins, source, at) VALUES (?, ?, ?, ?, ?, ?) "
                "ON CONFLICT (fingerprint) DO UPDATE SET identity = excluded.identity, birth_date = excluded.birth_date, "
                "ins = excluded.ins, source = excluded.source, at = excluded.at",
                (fingerprint, owner_text(identity), identity.birth_date.isoformat(), identity.ins, source, self._clock().isoformat()),
            )
            self._journal.write(Event.CONTACT_IDENTIFIED, fingerprint, source=str(source))

    def get(self, fingerprint: str) -> Patient | None:
        """Return which person a contact is, where that is known."""
        return next(iter(self._found("fingerprint = ?", fingerprint)), None)

    def born(self, day: date) -> list[Patient]:
        """Return the contacts who are known to be born on a day: birth dates differ least often between two writings of one person."""
        return self._found("birth_date = ?", day.isoformat())

    def _found(self, where: str, value: str) -> list[Patient]:
        rows = self._database.all(
            f"SELECT fingerprint, identity, source, at FROM patient WHERE {where} ORDER BY fingerprint",  # noqa: S608
            (value,),
        )
        found = []
        for fingerprint, text, source, at in rows:
            identity = parse_owner(text)
            assert isinstance(identity, Identity), "only persons with traits are put in"
            found.append(Patient(fingerprint, identity, TraitSource(source), datetime.fromisoformat(at)))
        return found
