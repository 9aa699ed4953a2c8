"""The cards of other people, and how far each is trusted. Cards are kept as the signed bytes they came in; `sync` reads them."""

from dataclasses import dataclass
from datetime import datetime

from monespace_cli.ports import Clock
from monespace_cli.record.card import Check
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.person_names import index_name


@dataclass(frozen=True, slots=True)
class StoredContact:
    """A card as it is kept."""

    fingerprint: str
    card: bytes
    """The signed card file."""
    added_at: datetime
    check: Check
    verified_at: datetime | None
    auto_accept: bool = False
    """Whether what this contact deposits is taken in without asking."""


class Contacts:
    """The contacts of one vault."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._clock = clock

    def all(self) -> "list[StoredContact]":
        """Return every contact, oldest first."""
        return self._stored("ORDER BY added_at, fingerprint")

    def get(self, fingerprint: str) -> StoredContact | None:
        """Return the contact with this fingerprint, or None."""
        return next(iter(self._stored("WHERE fingerprint = ?", fingerprint)), None)

    def with_rpps(self, rpps: str) -> "list[StoredContact]":
        """Return the contacts whose card has an RPPS number; those of :meth:`to_index` are not among them."""
        return self._stored("WHERE rpps = ? ORDER BY fingerprint", rpps)

    def to_index(self) -> "list[StoredContact]":
        """Return the contacts who cannot be found by name yet: an earlier release took their cards in."""
        return self._stored("WHERE NOT is_indexed")

    def index(self, fingerprint: str, name: str, rpps: str | None) -> None:
        """Let a contact be found by the name and number that their card says; `sync` reads cards, so the caller tells them."""
        with self._database.transaction():
            index_name(self._database, fingerprint, name)
            self._database.execute("UPDATE contact SET rpps = ?, is_indexed = 1 WHERE fingerprint = ?", (rpps, fingerprint))

    def put(self, fingerprint: str, card: bytes) -> None:
        """Add a card, or replace that of a known signing key; how far it is trusted stays."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO contact (fingerprint, card, added_at, checked_by) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (fingerprint) DO UPDATE SET card = excluded.card, is_indexed = 0",
                (fingerprint, card, self._clock().isoformat(), str(Check.NONE)),
            )
            self._journal.write(Event.CONTACT_ADDED, fingerprint)

    def verify(self, fingerprint: str, check: Check) -> None:
        """Record that a person compared the fingerprint."""
        with self._database.transaction():
            self._database.execute(
                "UPDATE contact SET checked_by = ?, verified_at = ? WHERE fingerprint = ?",
                (str(check), self._clock().isoformat(), fingerprint),
            )
            self._journal.write(Event.CONTACT_VERIFIED, fingerprint, check=str(check))

    def trust(self, fingerprint: str, *, auto_accept: bool) -> None:
        """Say whether what a contact deposits is taken in without asking."""
        with self._database.transaction():
            self._database.execute("UPDATE contact SET auto_accept = ? WHERE fingerprint = ?", (auto_accept, fingerprint))
            self._journal.write(Event.CONTACT_TRUSTED, fingerprint, auto_accept="yes" if auto_accept else "no")

    def remove(self, fingerprint: str) -> None:
        """Forget a contact."""
        with self._database.transaction():
            self._database.execute("DELETE FROM contact WHERE fingerprint = ?", (fingerprint,))
            index_name(self._database, fingerprint, "")
            self._journal.write(Event.CONTACT_REMOVED, fingerprint)

    def _stored(self, which: str, *parameters: str) -> "list[StoredContact]":
        rows = self._database.all(
            f"SELECT fingerprint, card, added_at, checked_by, verified_at, auto_accept FROM contact {which}",  # noqa: S608
            parameters,
        )
        return [
            StoredContact(name, card, datetime.fromisoformat(added), Check(check), datetime.fromisoformat(at) if at else None, bool(auto))
            for name, card, added, check, at, auto in rows
        ]
