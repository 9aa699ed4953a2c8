"""Documents that seem to be the same paper as one that was there before: scanned again, or photographed and scanned.

They are only pointed out. How likeness is judged is `record.likeness`'s; here is which papers are compared at all.
"""

from collections import Counter
from typing import Final

from monespace_cli.record.document import Document, DocumentId, Page
from monespace_cli.record.likeness import SAME_PAPER, bands, content_words, resemblance
from monespace_cli.vault.connection import Database

_LAST_OF_A_BAND: Final = 50
"""Documents, the newest, that are looked at in each band: forms that differ in a few words may fill one."""

_COMPARED: Final = 5
"""Documents, those with the most bands in common, that are compared word by word."""


class Likenesses:
    """Which documents of a vault look alike, by their row numbers."""

    def __init__(self, database: Database) -> None:
        """Work on the vault's open database."""
        self._database = database

    def add(self, document: int, pages: list[Page]) -> None:
        """Note what a document's pages are recognised by."""
        rows = [(band, document) for band in _bands(pages)]
        self._database.insert_many("INSERT OR IGNORE INTO likeness (band, document) VALUES (?, ?)", rows)

    def remove(self, document: int, pages: list[Page]) -> None:
        """Forget what was noted of a document with these pages."""
        self._database.insert_many("DELETE FROM likeness WHERE band = ? AND document = ?", [(band, document) for band in _bands(pages)])

    def find_twin(self, number: int, document: Document, pages: list[Page]) -> None:
        """Look for a document that a new one is the same paper as, and note which."""
        words = content_words(page.text for page in pages)
        shared = Counter(other for band in bands(words) for other in self._latest(band) if other != number)
        alike = [other for other, _count in shared.most_common() if self._may_be(other, document)]
        found = [(resemblance(words, self._words(other)), other) for other in alike[:_COMPARED]]
        likeness, twin = max(found, default=(0.0, 0))
        if likeness >= SAME_PAPER:
            self._database.execute("INSERT INTO near_duplicate (document, twin) VALUES (?, ?)", (number, twin))

    def twin_of(self, document: DocumentId) -> DocumentId | None:
        """Return the earlier document that one seems to be the same paper as, while that is there and not in the trash."""
        row = self._database.one(
            "SELECT twin.id FROM near_duplicate JOIN document ON document.number = near_duplicate.document "
            "JOIN document AS twin ON twin.number = near_duplicate.twin WHERE document.id = ? AND twin.deleted_at IS NULL",
            (document,),
        )
        return DocumentId(row[0]) if row else None

    def _latest(self, band: int) -> list[int]:
        rows = self._database.all("SELECT document FROM likeness WHERE band = ? ORDER BY document DESC LIMIT ?", (band, _LAST_OF_A_BAND))
        return [number for (number,) in rows]

    def _may_be(self, number: int, document: Document) -> bool:
        """Tell whether a document is of the same space, not in the trash, and bears no other date: a renewed prescription is no rescan."""
        day = document.date.isoformat() if document.date else None
        found = self._database.one(
            "SELECT 1 FROM document WHERE number = ? AND space = ? AND deleted_at IS NULL AND coalesce(date = ?, 1)",
            (number, document.space, day),
        )
        return found is not None

    def _words(self, number: int) -> frozenset[str]:
        return content_words(text for (text,) in self._database.all("SELECT text FROM page WHERE document = ?", (number,)))


def _bands(pages: list[Page]) -> tuple[int, ...]:
    return bands(content_words(page.text for page in pages))
