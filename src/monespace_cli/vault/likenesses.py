"""Documents that seem to be the same paper as one that was there before: scanned again, or photographed and scanned.

They are only pointed out. How likeness is judged is `record.likeness`'s; here is which papers are compared at all.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
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

    def add(self, document: int, marks: Iterable[int]) -> None:
        """Note the marks that a document is recognised by."""
        self._database.insert_many("INSERT OR IGNORE INTO likeness (band, document) VALUES (?, ?)", [(mark, document) for mark in marks])

    def remove(self, document: int, pages: list[Page]) -> None:
        """Forget what was noted of a document with these pages."""
        rows = [(mark, document) for mark in marks_of(pages)]
        self._database.insert_many("DELETE FROM likeness WHERE band = ? AND document = ?", rows)

    def find_twin(self, number: int, document: Document, pages: list[Page], marks: Sequence[int]) -> None:
        """Look for a document that a new one with these pages and marks is the same paper as, and note which."""
        shared = Counter(other for mark in marks for other in self._candidates(mark, document) if other != number)
        alike = [other for other, _count in shared.most_common(_COMPARED)] + self._reordered(number, document, pages, marks)
        words = _words_of(pages) if alike else frozenset()
        likeness, twin = max(((resemblance(words, self._words(other)), other) for other in alike), default=(0.0, 0))
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

    def _candidates(self, mark: int, document: Document) -> list[int]:
        """Return documents with a mark, of the same space, not in the trash, without another date: a renewed prescription is no rescan."""
        day = document.date.isoformat() if document.date else None
        rows = self._database.all(
            "SELECT number FROM (SELECT document AS number FROM likeness WHERE band = ? ORDER BY document DESC LIMIT ?) "
            "JOIN document USING (number) WHERE space = ? AND deleted_at IS NULL AND coalesce(date = ?, 1)",
            (mark, _LAST_OF_A_BAND, document.space, day),
        )
        return [number for (number,) in rows]

    def _reordered(self, number: int, document: Document, pages: list[Page], marks: Sequence[int]) -> list[int]:
        """Return documents of the very same pages in another order, which then had their date of another one."""
        if len(pages) < 2:
            return []
        read = sorted(page.text for page in pages)
        others = {other for mark in marks[:1] for other in self._candidates(mark, replace(document, date=None)) if other != number}
        return [other for other in others if sorted(self._texts(other)) == read]

    def _texts(self, number: int) -> list[str]:
        return [text for (text,) in self._database.all("SELECT text FROM page WHERE document = ?", (number,))]

    def _words(self, number: int) -> frozenset[str]:
        return content_words(self._texts(number))


def marks_of(pages: list[Page]) -> tuple[int, ...]:
    """Return the marks that pages are recognised by: of 63 bits, and dear to make."""
    return bands(_words_of(pages))


def _words_of(pages: list[Page]) -> frozenset[str]:
    return content_words(page.text for page in pages)
