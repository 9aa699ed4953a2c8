"""The pages of documents: their text, and where each word of it stands.

Boxes are kept as columns of whole numbers, compressed: 5.5 bytes a word, 0.8 kB for a page of the sample papers. The words themselves stand
in the page's text already.
"""

import json
import zlib
from collections.abc import Iterable
from itertools import accumulate, pairwise
from typing import Any

from monespace_cli.record.document import Page, TextSource, Word
from monespace_cli.record.text import well_formed
from monespace_cli.vault.connection import Database


class Pages:
    """The pages of one vault's documents, by the documents' row numbers."""

    def __init__(self, database: Database) -> None:
        """Work on the vault's open database."""
        self._database = database

    def add(self, document: int, pages: Iterable[Page]) -> None:
        """Store pages, with the places of their words where these are known."""
        stored = list(pages)
        self._database.insert_many(
            "INSERT INTO page (document, number, text, confidence, source, hard_to_read, steps) VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    document,
                    page.number,
                    well_formed(page.text),
                    page.confidence,
                    str(page.source),
                    page.is_hard_to_read,
                    " ".join(page.steps),
                )
                for page in stored
            ],
        )
        self._database.insert_many(
            "INSERT INTO word_box (document, page, boxes) VALUES (?, ?, ?)",
            [(document, page.number, packed(page)) for page in stored if page.words],
        )

    def of(self, document: int) -> list[Page]:
        """Return a document's pages in order, as text alone."""
        rows = self._database.all(
            "SELECT number, text, confidence, source, steps FROM page WHERE document = ? ORDER BY number", (document,)
        )
        return [_page(row) for row in rows]

    def with_words(self, document: int) -> list[Page]:
        """Return a document's pages in order, with the places of their words."""
        rows = self._database.all(
            "SELECT number, text, confidence, source, steps, boxes FROM page "
            "LEFT JOIN word_box ON word_box.document = page.document AND word_box.page = page.number "
            "WHERE page.document = ? ORDER BY number",
            (document,),
        )
        return [_page(row, *unpacked(row[1], row[-1])) if row[-1] else _page(row) for row in rows]

    def remove(self, document: int) -> None:
        """Take away a document's pages; the places of their words go with them."""
        self._database.execute("DELETE FROM page WHERE document = ?", (document,))


def packed(page: Page) -> bytes:
    """Return where a page's words stand: zlib of a JSON array of the picture's size, then columns (docs/formats/vault-v1.md §4.3)."""
    left, top, width, height, sure = zip(
        *((word.left, word.top, word.width, word.height, word.percent) for word in page.words), strict=True
    )
    columns = [page.size, _steps(left), _steps(top), width, height, sure]
    return zlib.compress(json.dumps(columns, separators=(",", ":")).encode(), level=9)


def unpacked(text: str, boxes: bytes) -> tuple[tuple[Word, ...], tuple[int, int]]:
    """Return the words of a page's text with their places, and the size of the picture that these are in."""
    size, left, top, *columns = json.loads(zlib.decompress(boxes))
    width, height, sure = columns
    placed = zip(text.split(), accumulate(left), accumulate(top), width, height, sure, strict=False)
    return tuple(Word(word, x, y, wide, high, percent / 100) for word, x, y, wide, high, percent in placed), tuple(size)


def _steps(column: tuple[int, ...]) -> list[int]:
    """Return each number as its distance from the one before: most words stand on the line of the last one."""
    return [after - before for before, after in pairwise((0, *column))]


def _page(row: tuple[Any, ...], words: tuple[Word, ...] = (), size: tuple[int, int] = (0, 0)) -> Page:
    number, text, confidence, source, steps = row[:5]
    return Page(number, text, confidence, TextSource(source), tuple(steps.split()), words, size)
