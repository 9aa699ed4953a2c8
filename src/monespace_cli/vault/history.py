"""Documents that do not stand any more: a later one took their place, or their author took them back."""

from dataclasses import dataclass
from datetime import datetime

from monespace_cli.ports import Clock
from monespace_cli.record.document import Document, DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import Database
from monespace_cli.vault.document_rows import COLUMNS, document_of
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.sight import Sight

_LONGEST = 1_000
"""Steps back in a document's history that are followed: a sender can go on for ever, or in a circle."""


@dataclass(frozen=True, slots=True)
class Supersession:
    """That a document does not stand any more."""

    successor: DocumentId | None
    """What took its place; None where its author took it back, or where the later one was erased."""
    by: str
    """The bundle that said so."""
    at: datetime


class History:
    """What took the place of what, among the documents of a vault."""

    def __init__(self, database: Database, journal: Journal, sight: Sight, clock: Clock) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._journal = journal
        self._sight = sight
        self._clock = clock

    def supersede(self, document: DocumentId, successor: DocumentId | None, by: str) -> None:
        """Put a document into the history of `successor`, or of nothing where its author took it back; `by` is the bundle that says so.

        A second time changes nothing.
        """
        with self._database.transaction():
            done = self._database.execute(
                "INSERT INTO superseded (document, successor, by, at) SELECT number, (SELECT number FROM document WHERE id = ?), ?, ? "
                "FROM document WHERE id = ? ON CONFLICT DO UPDATE SET successor = excluded.successor, by = excluded.by, at = excluded.at "
                "WHERE successor IS NOT excluded.successor OR by <> excluded.by",
                (successor, by, self._clock().isoformat(), document),
            )
            if done.rowcount:
                self._journal.write(Event.DOCUMENT_SUPERSEDED, document, by=by, **({"successor": successor} if successor else {}))

    def reinstate(self, document: DocumentId) -> None:
        """Let a document stand that was history: the same bytes came again. One that stands stays as it is."""
        with self._database.transaction():
            done = self._database.execute("DELETE FROM superseded WHERE document = (SELECT number FROM document WHERE id = ?)", (document,))
            if done.rowcount:
                self._journal.write(Event.DOCUMENT_REINSTATED, document)

    def supersession(self, document: Document) -> Supersession | None:
        """Return what took a document's place, or None where it stands."""
        row = self._database.one(
            "SELECT (SELECT id FROM document WHERE number = superseded.successor), by, superseded.at FROM superseded "
            "JOIN document ON document.number = superseded.document WHERE document.id = ?",
            (document.id,),
        )
        return Supersession(DocumentId(row[0]) if row[0] else None, row[1], datetime.fromisoformat(row[2])) if row else None

    def earlier(self, document: Document) -> list[Document]:
        """Return the documents that this one took the place of, step by step, latest first."""
        columns = ", ".join(f"document.{column}" for column in COLUMNS.split(", "))
        rows = self._database.all(
            "WITH RECURSIVE history (number, step) AS (SELECT number, 0 FROM document WHERE id = ? UNION "  # noqa: S608
            "SELECT superseded.document, step + 1 FROM superseded JOIN history ON superseded.successor = history.number "
            f"WHERE step < {_LONGEST}) "
            f"SELECT {columns} FROM history JOIN document USING (number) WHERE step > 0 ORDER BY step",
            (document.id,),
        )
        return list(self._sight.documents([document_of(row) for row in rows]))
