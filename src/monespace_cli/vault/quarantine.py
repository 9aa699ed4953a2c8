"""What could not be taken in, kept encrypted with a reason until a person decides."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, BinaryIO

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.document import Provenance
from monespace_cli.record.journal import Event
from monespace_cli.record.text import well_formed
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.provenance import parse_provenance, provenance_text
from monespace_cli.vault.sight import Sight

COLUMNS = (
    "quarantine.id, quarantine.provenance, quarantine.code, quarantine.attempts, quarantine.at, blob.size, blob.sha256, quarantine.space, "
    "blob.id, quarantine.stated"
)


@dataclass(frozen=True, slots=True)
class QuarantinedItem:
    """One input that monespace could not make a document of."""

    id: str
    provenance: Provenance
    code: str
    """Why, as a stable word: `unsupported-type`, `damaged-file` …"""
    attempts: int
    at: datetime
    size: int
    """Bytes."""
    sha256: str
    space: int
    blob: str
    stated: str = "{}"
    """What was said of it when it was imported, as JSON."""

    @property
    def name(self) -> str:
        """The file's name; never used as a path."""
        return self.provenance.source_name


class Quarantine:
    """The quarantine of one vault."""

    def __init__(self, database: Database, blobs: Blobs, journal: Journal, sight: Sight, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._blobs = blobs
        self._journal = journal
        self._sight = sight
        self._clock = clock
        self._random = random

    def add(self, blob: Blob, space: int, provenance: Provenance, code: str, stated: str = "{}") -> str:
        """Keep an input whose blob is already on the disk; return its id."""
        item = self._random(5).hex()
        with self._database.transaction():
            self._blobs.register(blob)
            self._database.execute(
                "INSERT INTO quarantine (id, blob, space, provenance, code, attempts, at, stated) VALUES (?, ?, ?, ?, ?, 1, ?, ?)",
                (item, blob.id, space, provenance_text(provenance), code, self._clock().isoformat(), stated),
            )
            self._journal.write(Event.ITEM_QUARANTINED, item, code=code)
        return item

    def all(self) -> list[QuarantinedItem]:
        """Return every item, oldest first."""
        return self._sight.here(self._items("TRUE", ()))

    def find(self, prefix: str) -> QuarantinedItem:
        """Return the item that an id, or the beginning of one, names.

        Raises:
            NotFoundError: none, or more than one.
        """
        wanted = well_formed(prefix).lower().strip()
        found = self._items("quarantine.id >= ? AND quarantine.id < ?", (wanted, wanted + "~")) if wanted else []
        found = self._sight.here(found)
        if len(found) != 1:
            raise NotFoundError(_("no single item in quarantine has this id"), hint=_("`monespace quarantine list` shows the ids"))
        return found[0]

    def by_hash(self, space: int, sha256: str) -> QuarantinedItem | None:
        """Return the item of a space with these bytes, or None."""
        found = self._items("quarantine.space = ? AND blob.sha256 = ?", (space, sha256))
        return found[0] if found else None

    def original(self, item: QuarantinedItem) -> BinaryIO:
        """Return the item's bytes as a readable file."""
        return self._blobs.open(item.blob)

    def tried_again(self, item: QuarantinedItem, code: str) -> None:
        """Note that another attempt failed, and why."""
        self._database.execute("UPDATE quarantine SET attempts = attempts + 1, code = ? WHERE id = ?", (code, item.id))

    def remove(self, item: QuarantinedItem, event: Event, **details: str) -> None:
        """Forget an item and destroy its bytes: it was released as a document, which `details` name, or discarded."""
        with self._database.transaction():
            self._database.execute("DELETE FROM quarantine WHERE id = ?", (item.id,))
            self._blobs.delete(item.blob)
            self._journal.write(event, item.id, **details)
        self._blobs.remove_file(item.blob)

    def _items(self, where: str, parameters: tuple[Any, ...]) -> "list[QuarantinedItem]":
        rows = self._database.all(
            f"SELECT {COLUMNS} FROM quarantine JOIN blob ON blob.id = quarantine.blob WHERE {where} ORDER BY quarantine.at",  # noqa: S608
            parameters,
        )
        return [
            QuarantinedItem(
                item, parse_provenance(provenance), code, attempts, datetime.fromisoformat(at), size, sha256, space, blob, stated
            )
            for item, provenance, code, attempts, at, size, sha256, space, blob, stated in rows
        ]
