"""The backups that a vault knows of, so that it can say where a document still is after it was deleted here for good."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock
from monespace_cli.record.document import DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal


@dataclass(frozen=True, slots=True)
class KnownBackup:
    """One snapshot of this vault, somewhere."""

    id: str
    """8 hexadecimal digits."""
    place: str
    """Id of the folder of backups that it is in: 32 hexadecimal digits."""
    path: Path
    """Where that folder was when the snapshot was made."""
    created_at: datetime


class KnownBackups:
    """The backups that one vault knows of."""

    def __init__(self, database: Database, journal: Journal, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._clock = clock

    def add(self, backup: str, place: str, path: Path) -> KnownBackup:
        """Note that a snapshot is about to be made: better one known that never was, than one that nobody knows of."""
        known = KnownBackup(backup, place, path, self._clock())
        with self._database.transaction():
            self._journal.write(Event.BACKUP_CREATED, backup, place=place)
            self._database.execute(
                "INSERT INTO backup (id, place, path, created_at, sequence) SELECT ?, ?, ?, ?, max(sequence) FROM journal",
                (backup, place, str(path), known.created_at.isoformat()),
            )
        return known

    def all(self) -> "list[KnownBackup]":
        """Return every backup, oldest first."""
        return self._known("TRUE", ())

    def find(self, path: Path, prefix: str) -> KnownBackup:
        """Return the backup in a folder whose id begins so.

        Raises:
            NotFoundError: none, or more than one.
        """
        found = [known for known in self.all() if known.path == path and prefix and known.id.startswith(prefix.lower())]
        if len(found) != 1:
            raise NotFoundError(_("the vault knows no single backup with this id there"), hint=_("`monespace backup list` shows them"))
        return found[0]

    def holding(self, document: DocumentId) -> "list[KnownBackup]":
        """Return the backups that hold a document: those made after the journal's line on its import, wherever the clock stood.

        A document that was in the quarantine before was there already, from that line on.
        """
        released = "SELECT subject FROM journal WHERE event = ? AND details ->> 'document' = ?"
        came = f"SELECT min(sequence) FROM journal WHERE event = ? AND subject = ? OR event = ? AND subject IN ({released})"  # noqa: S608
        imported, quarantined, left = str(Event.DOCUMENT_IMPORTED), str(Event.ITEM_QUARANTINED), str(Event.ITEM_RELEASED)
        return self._known(f"sequence > ({came})", (imported, document, quarantined, left, document))

    def forget(self, backup: str) -> None:
        """Strike a backup off the list: it is gone."""
        with self._database.transaction():
            if self._database.execute("DELETE FROM backup WHERE id = ?", (backup,)).rowcount:
                self._journal.write(Event.BACKUP_FORGOTTEN, backup)

    def _known(self, where: str, parameters: tuple[str, ...]) -> "list[KnownBackup]":
        rows = self._database.all(
            f"SELECT id, place, path, created_at FROM backup WHERE {where} ORDER BY sequence",  # noqa: S608
            parameters,
        )
        return [KnownBackup(backup, place, Path(path), datetime.fromisoformat(at)) for backup, place, path, at in rows]
