"""Finding people by the words of their names, or by the beginning of their id: without reading a card."""

from monespace_cli.record.text import fold
from monespace_cli.vault.connection import Database
from monespace_cli.vault.ids import AFTER

SHORTEST_ID = 8
"""Digits of a fingerprint or an id that name somebody: fewer could be a name."""


def index_name(database: Database, person: str, name: str) -> None:
    """Let somebody be found by a name instead of their former one; by none where it is empty."""
    with database.transaction():
        database.execute("DELETE FROM person_word WHERE person = ?", (person,))
        database.insert_many("INSERT INTO person_word (word, person) VALUES (?, ?)", [(word, person) for word in set(fold(name).split())])


def people_named(database: Database, name: str) -> list[str]:
    """Return the ids of those whose name has every word of `name`, or whose id begins so."""
    words = sorted(set(fold(name).split()))
    if not words:
        return []
    marks = ", ".join("?" * len(words))
    rows = database.all(
        f"SELECT person FROM person_word WHERE word IN ({marks}) GROUP BY person HAVING count(*) = ? ORDER BY person",  # noqa: S608
        (*words, len(words)),
    )
    if not rows and len(words) == 1 and len(words[0]) >= SHORTEST_ID:
        beginning = words[0]
        rows = database.all(
            "SELECT DISTINCT person FROM person_word WHERE person >= ? AND person < ? ORDER BY person", (beginning, beginning + AFTER)
        )
    return [str(person) for (person,) in rows]
