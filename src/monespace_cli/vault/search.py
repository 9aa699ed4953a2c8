"""Finding documents by their words: ranked hits, each with the page and the place."""

import re
from dataclasses import dataclass

from monespace_cli.record.document import Document
from monespace_cli.record.query import parse, terms
from monespace_cli.record.text import excerpt
from monespace_cli.vault.connection import Database
from monespace_cli.vault.documents import COLUMNS, Filter, document_of
from monespace_cli.vault.match import match

WEIGHTS = "5.0, 5.0, 5.0, 1.0"
"""bm25 weights of title, practitioner, tags and text: a word in the title says more than one in the text."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, and where. `page` is None when only its title, practitioner or tags matched."""

    document: Document
    page: int | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    """The found words as (start, end) in `snippet`."""
    score: float
    """Larger is better; comparable within one search only."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits, and how many documents match in all."""

    hits: tuple[Hit, ...]
    total: int


def search(database: Database, text: str, wanted: Filter, limit: int) -> SearchResult:
    """Find the documents that match `text` (see `record.query`) and the filter, best first.

    Raises:
        UsageError: `text` is not a search.
    """
    expression = parse(text)
    where, parameters = wanted.where()
    columns = ", ".join(f"document.{column}" for column in COLUMNS.split(", "))
    source = f"FROM search JOIN document ON document.number = search.rowid WHERE search MATCH ? AND {where}"
    found = match(expression)
    rows = database.all(
        f"SELECT {columns}, number, bm25(search, {WEIGHTS}) AS rank {source} ORDER BY rank, number DESC LIMIT ?",  # noqa: S608
        (found, *parameters, limit),
    )
    patterns = [term.pattern() for term in terms(expression)]
    hits = tuple(_hit(database, document_of(row), row[-2], -row[-1], patterns) for row in rows)
    total = len(rows)
    if total == limit:
        count = database.one(f"SELECT count(*) {source}", (found, *parameters))  # noqa: S608
        total = int(count[0]) if count else total
    return SearchResult(hits, total)


def _hit(database: Database, document: Document, number: int, score: float, patterns: list[re.Pattern[str]]) -> Hit:
    for page, text in database.all("SELECT number, text FROM page WHERE document = ? ORDER BY number", (number,)):
        place = excerpt(text, patterns)
        if place:
            return Hit(document, page, place.text, place.marks, score)
    place = excerpt(" · ".join(filter(None, (document.title, document.practitioner, *document.tags))), patterns)
    return Hit(document, None, place.text if place else "", place.marks if place else (), score)
