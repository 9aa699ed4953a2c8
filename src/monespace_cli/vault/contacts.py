"""The cards of other people, and how far each is trusted. Cards are kept as the signed bytes they came in; `sync` reads them."""

from dataclasses import dataclass
from datetime import datetime

from monespace_cli.ports import Clock
from monespace_cli.record.card import Check, Stop
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.person_names import index_name

_STOP = (
    "CASE WHEN EXISTS (SELECT 1 FROM revoked_identity AS r WHERE r.fingerprint = contact.fingerprint) THEN 'revoked' "
    "WHEN EXISTS (SELECT 1 FROM key_change AS k WHERE k.fingerprint = contact.fingerprint) THEN 'key-changed' END"
)

_KNOWN_BY_KEY = (
    ("patient", "fingerprint"),
    ("care_role", "person"),
    ("practitioner", "fingerprint"),
    ("space", "signer"),
    ("standing_share", "contact"),
)
"""Where a person is named by their key, and not what they signed or were sent. `access` renames its own."""


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
    stop: Stop | None = None
    """Why nothing is exchanged with them now."""


@dataclass(frozen=True, slots=True)
class KeyChange:
    """Another key that came under a contact's name, while nobody decided."""

    fingerprint: str
    """Of the key that is known."""
    card: bytes
    """The signed card file with the other key."""
    later: str
    """That key's fingerprint."""


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
        """Return the contact who has this fingerprint, or had it before their key was renewed; or None."""
        return next(iter(self._stored("WHERE fingerprint = ?", self.current(fingerprint))), None)

    def current(self, fingerprint: str) -> str:
        """Return the fingerprint of the key that took a key's place, or the same where none did."""
        row = self._database.one(
            "WITH RECURSIVE chain (name, length) AS (SELECT ?, 0 UNION ALL "
            "SELECT later, length + 1 FROM succession JOIN chain ON earlier = name WHERE length < 1000) "
            "SELECT name FROM chain ORDER BY length DESC LIMIT 1",
            (fingerprint,),
        )
        assert row is not None, "the chain begins with what was asked for"
        return str(row[0])

    def changed_since(self, moment: datetime) -> bool:
        """Tell whether somebody was added or verified since: what was refused before may be accepted now."""
        row = self._database.one(
            "SELECT 1 FROM contact WHERE added_at > ? OR verified_at > ? LIMIT 1", (moment.isoformat(), moment.isoformat())
        )
        return row is not None

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

    def renew_card(self, fingerprint: str, card: bytes) -> None:
        """Replace a contact's card by a newer one of the same key, in the caller's transaction."""
        self._database.execute("UPDATE contact SET card = ? WHERE fingerprint = ?", (card, fingerprint))
        self._journal.write(Event.CONTACT_RENEWED, fingerprint)

    def question(self, change: KeyChange) -> None:
        """Keep another key that came under a contact's name, until a person decides."""
        with self._database.transaction():
            self._database.execute(
                "INSERT OR REPLACE INTO key_change (fingerprint, card, later, at) VALUES (?, ?, ?, ?)",
                (change.fingerprint, change.card, change.later, self._clock().isoformat()),
            )
            self._journal.write(Event.CONTACT_KEY_QUESTIONED, change.fingerprint, later=change.later)

    def questioned(self, fingerprint: str) -> KeyChange | None:
        """Return the other key that came for a contact, or that came with this fingerprint itself; or None."""
        row = self._database.one("SELECT fingerprint, card, later FROM key_change WHERE fingerprint = ? OR later = ?", (fingerprint,) * 2)
        return KeyChange(row[0], bytes(row[1]), row[2]) if row else None

    def reject(self, change: KeyChange) -> None:
        """Forget another key: it is not the contact's."""
        with self._database.transaction():
            self._database.execute("DELETE FROM key_change WHERE fingerprint = ?", (change.fingerprint,))
            self._journal.write(Event.CONTACT_KEY_REJECTED, change.fingerprint, later=change.later)

    def succeed(self, earlier: str, later: str, card: bytes, check: Check) -> None:
        """Let another key take the place of a contact's, in the caller's transaction; what was decided about them holds for it.

        What a bundle or the journal says of the earlier key stays as it was; :meth:`current` leads from it to the later.
        """
        now = self._clock().isoformat()
        verified = None if check is Check.NONE else now
        self._database.execute(
            "INSERT OR REPLACE INTO contact (fingerprint, card, added_at, checked_by, verified_at, auto_accept) "
            "SELECT ?, ?, added_at, ?, ?, auto_accept FROM contact WHERE fingerprint = ?",
            (later, card, str(check), verified, earlier),
        )
        for table, column in _KNOWN_BY_KEY:
            self._database.execute(f"UPDATE OR REPLACE {table} SET {column} = ? WHERE {column} = ?", (later, earlier))  # noqa: S608
        self._database.execute("DELETE FROM contact WHERE fingerprint = ?", (earlier,))
        index_name(self._database, earlier, "")
        self._database.execute("DELETE FROM succession WHERE earlier = ?", (later,))  # back to a key they had before: no circle
        self._database.execute("INSERT OR REPLACE INTO succession (earlier, later, at) VALUES (?, ?, ?)", (earlier, later, now))
        self._journal.write(Event.CONTACT_KEY_ACCEPTED, later, earlier=earlier, check=str(check))

    def revoke(self, fingerprint: str, reason: str) -> None:
        """Note that the owner of a key said that it counts no more, in the caller's transaction; also of one who is no contact."""
        self._database.execute(
            "INSERT OR IGNORE INTO revoked_identity (fingerprint, reason, at) VALUES (?, ?, ?)",
            (fingerprint, reason, self._clock().isoformat()),
        )
        self._journal.write(Event.CONTACT_REVOKED, fingerprint)

    def is_revoked(self, fingerprint: str) -> bool:
        """Tell whether the owner of a key said that it counts no more."""
        return self._database.one("SELECT 1 FROM revoked_identity WHERE fingerprint = ?", (fingerprint,)) is not None

    def stop_of(self, fingerprint: str) -> Stop | None:
        """Return why nothing is exchanged with the owner of a key, or None."""
        if self.is_revoked(fingerprint):
            return Stop.REVOKED
        return Stop.KEY_CHANGED if self.questioned(fingerprint) else None

    def remove(self, fingerprint: str) -> None:
        """Forget a contact."""
        with self._database.transaction():
            self._database.execute("DELETE FROM contact WHERE fingerprint = ?", (fingerprint,))
            index_name(self._database, fingerprint, "")
            self._journal.write(Event.CONTACT_REMOVED, fingerprint)

    def _stored(self, which: str, *parameters: str) -> "list[StoredContact]":
        rows = self._database.all(
            f"SELECT fingerprint, card, added_at, checked_by, verified_at, auto_accept, {_STOP} FROM contact {which}",  # noqa: S608
            parameters,
        )
        return [
            StoredContact(
                name,
                card,
                datetime.fromisoformat(added),
                Check(check),
                datetime.fromisoformat(at) if at else None,
                bool(auto),
                Stop(stop) if stop else None,
            )
            for name, card, added, check, at, auto, stop in rows
        ]
