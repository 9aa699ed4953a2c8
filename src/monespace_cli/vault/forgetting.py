"""The last traces of an erased document's words in the full-text index.

Deleting takes every word out of the index's pages (FTS5 `secure-delete`). But the directory of those pages, the table `search_idx`, keeps
the letters by which the first word of each page differed from the word before it, also when that word is gone. Where such letters begin a
word of the erased document, and no word that another document still has, all pages are written anew.
"""

from collections.abc import Iterable

from monespace_cli.vault.connection import Database

MAIN_INDEX = b"0"
"""What a term begins with in `search_idx` (https://sqlite.org/fts5.html, "main terms index")."""
NOBODY = 0
"""A row number that no document has."""


def forget_words(database: Database, words: Iterable[str]) -> None:
    """See that nothing in the index begins a word that only an erased document had, in the transaction that took its row out."""
    beginnings = {encoded[:end] for encoded in {word.encode() for word in words} for end in range(1, len(encoded) + 1)}
    kept = {bytes(term).removeprefix(MAIN_INDEX) for (term,) in database.all("SELECT term FROM search_idx")}
    if any(_is_orphan(database, beginning) for beginning in beginnings & kept):
        _rewrite(database)


def _is_orphan(database: Database, beginning: bytes) -> bool:
    """Tell whether no word of any document begins with these bytes, which may end inside a letter."""
    database.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.word USING fts5vocab (main, search, instance)")
    found = database.one(
        "SELECT 1 FROM temp.word WHERE term >= CAST(? AS TEXT) AND term < CAST(? AS TEXT) LIMIT 1", (beginning, beginning + b"\xff")
    )
    return found is None


def _rewrite(database: Database) -> None:
    """Merge the whole index into new pages. An index that is one piece already is left alone by FTS5, so it gets a second one."""
    empty = (NOBODY, "", "", "", "0")
    database.execute("INSERT INTO search (rowid, title, practitioner, tags, text) VALUES (?, ?, ?, ?, ?)", empty)
    database.execute("INSERT INTO search (search) VALUES ('optimize')")
    database.execute("INSERT INTO search (search, rowid, title, practitioner, tags, text) VALUES ('delete', ?, ?, ?, ?, ?)", empty)
