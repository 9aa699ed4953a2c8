"""Words that were read with little confidence, found although a letter of them is wrong.

A word with one wrong, missing or needless letter still has its first half right, or its second. So each word stands here twice, forwards
and backwards, and both halves of what is searched are looked up as beginnings: nothing is missed, and nothing else is read. These are
ordinary rows, erased as such; no trigram is left of two five-letter words that differ in the middle (docs/adr/0015).
"""

from collections.abc import Iterable, Iterator
from typing import Final

from monespace_cli.record.document import Page
from monespace_cli.record.text import is_one_letter_off, words_of
from monespace_cli.vault.connection import Database

UNSURE_BELOW: Final = 90
"""Percent. Measured on the sample papers: 97 % of the words with a wrong letter are below, and 8 % of the others; at 80, 88 % and 3 %."""

SHORTEST: Final = 5
"""Letters. Shorter words become one another by a letter too easily."""

MOST_SIMILAR: Final = 50
"""Words that are taken for one that is searched."""

_BACKWARDS: Final = "<"
"""What stands before a word that is written backwards; no word has it."""

_LAST: Final = "\U0010ffff"
"""Comes after every letter."""


class UnsureWords:
    """Which documents hold which words that nobody is sure of."""

    def __init__(self, database: Database) -> None:
        """Work on the vault's open database."""
        self._database = database

    def add(self, document: int, pages: Iterable[Page]) -> None:
        """Note the words of a document's pages that may be wrong."""
        rows = [(key, document) for key in _keys(pages)]
        self._database.insert_many("INSERT INTO unsure_word (word, document) VALUES (?, ?)", rows)

    def remove(self, document: int, pages: Iterable[Page]) -> None:
        """Forget what was noted of a document with these pages."""
        rows = [(key, document) for key in _keys(pages)]
        self._database.insert_many("DELETE FROM unsure_word WHERE word = ? AND document = ?", rows)

    def similar(self, word: str) -> list[str]:
        """Return the words that are one letter off from a searched one, at most MOST_SIMILAR; none of a short one."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        middle = len(word) // 2
        found = self._beginning(word[:middle]) + [key[:0:-1] for key in self._beginning(_BACKWARDS + word[: middle - 1 : -1])]
        return sorted({each for each in found if is_one_letter_off(each, word)})[:MOST_SIMILAR]

    def in_document(self, document: int, words: Iterable[str]) -> list[str]:
        """Return which of these words a document holds."""
        return [word for word in words if self._database.one("SELECT 1 FROM unsure_word WHERE word = ? AND document = ?", (word, document))]

    def _beginning(self, letters: str) -> list[str]:
        rows = self._database.all("SELECT DISTINCT word FROM unsure_word WHERE word >= ? AND word < ?", (letters, letters + _LAST))
        return [word for (word,) in rows]


def _keys(pages: Iterable[Page]) -> Iterator[str]:
    for word in {word for page in pages for word in _unsure(page)}:
        yield word
        yield _BACKWARDS + word[::-1]


def _unsure(page: Page) -> Iterator[str]:
    for read in page.words:
        if read.percent < UNSURE_BELOW:
            yield from (word for word in words_of(read.text) if len(word) >= SHORTEST - 1 and not word.isdigit())
