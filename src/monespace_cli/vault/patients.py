"""Which persons the cards of contacts stand for: a card carries names alone, and whoever deposits must know exactly for whom."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from monespace_cli.ports import Clock
from monespace_cli.record.identity import Identity, is_represented
from monespace_cli.record.journal import Event
from monespace_cli.record.text import fold
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.spaces import owner_text, parse_owner


class TraitSource(StrEnum):
    """Who says which person a card stands for. Stored: added to, never renamed."""

    TYPED = "typed"
    """A person here, from an identity document."""
    SHARED = "shared"
    """The contact, in a signed bundle about themselves."""


@dataclass(frozen=True, slots=True)
class Patient:
    """A person, and whose card stands for them."""

    number: int
    fingerprint: str
    identity: Identity
    source: TraitSource
    at: datetime
    is_represented: bool = False
    """Whether the card is that of somebody who represents them: a parent, a guardian."""

    def stands(self, on: date) -> bool:
        """Tell whether the card stands for them on a day: a parent's does until the child comes of age."""
        return not self.is_represented or is_represented(self.identity.birth_date, self.at.astimezone().date(), on)


class Patients:
    """The persons for whom the cards of one vault's contacts stand."""

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
            self._keep(fingerprint, identity, source, known)

    def put_represented(self, fingerprint: str, identity: Identity) -> None:
        """Keep that a contact's card stands for another person too, as a person typed it."""
        with self._database.transaction():
            others = (each for each in self.of(fingerprint) if each.is_represented)
            known = next((each for each in others if _is_same(each.identity, identity)), None)
            self._keep(fingerprint, identity, TraitSource.TYPED, known, is_represented=True)

    def end(self, patient: Patient) -> None:
        """Forget that a card stands for somebody."""
        with self._database.transaction():
            self._database.execute("DELETE FROM patient WHERE number = ?", (patient.number,))
            self._journal.write(Event.CONTACT_IDENTIFIED, patient.fingerprint, ended="yes")

    def get(self, fingerprint: str) -> Patient | None:
        """Return which person a contact is, where that is known."""
        return next((each for each in self.of(fingerprint) if not each.is_represented), None)

    def of(self, fingerprint: str) -> list[Patient]:
        """Return every person for whom a contact's card stands, its owner first."""
        return self._found("fingerprint = ?", fingerprint)

    def born(self, day: date) -> list[Patient]:
        """Return the persons who are known to be born on a day: birth dates differ least often between two writings of one person."""
        return self._found("birth_date = ?", day.isoformat())

    def _keep(
        self, fingerprint: str, identity: Identity, source: TraitSource, known: Patient | None, *, is_represented: bool = False
    ) -> None:
        self._database.execute(
            "INSERT OR REPLACE INTO patient (number, fingerprint, is_represented, identity, birth_date, source, at) "
            "VALUES (?, ?, ?, ?, ?, ?, ?)",
            (
                known.number if known else None,
                fingerprint,
                is_represented,
                owner_text(identity),
                identity.birth_date.isoformat(),
                source,
                self._clock().isoformat(),
            ),
        )
        represented = {"represented": "yes"} if is_represented else {}
        self._journal.write(Event.CONTACT_IDENTIFIED, fingerprint, source=str(source), **represented)

    def _found(self, where: str, value: str) -> list[Patient]:
        columns = "number, fingerprint, identity, source, at, is_represented"
        query = f"SELECT {columns} FROM patient WHERE {where} ORDER BY is_represented, fingerprint, number"  # noqa: S608
        rows = self._database.all(query, (value,))
        found = []
        for number, fingerprint, text, source, at, represented in rows:
            identity = parse_owner(text)
            assert isinstance(identity, Identity), "only persons with traits are put in"
            found.append(Patient(number, fingerprint, identity, TraitSource(source), datetime.fromisoformat(at), bool(represented)))
        return found


def _is_same(left: Identity, right: Identity) -> bool:
    """Tell whether two identities are one person's, of whom an INS may have been unknown or mistyped."""
    return (fold(left.display_name), left.birth_date) == (fold(right.display_name), right.birth_date)
