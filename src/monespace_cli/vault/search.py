"""Finding documents by their words: ranked hits, each with the page and the place.

Ranking reads every match. Words that are in more than :data:`RANKED` documents hardly tell them apart, so there the newest come first, and
the time of a search is bounded however large the vault is.
"""

import json
import re
from dataclasses import dataclass, replace
from typing import Any

from monespace_cli.record.document import Document
from monespace_cli.record.query import Expression, parse, single_words, terms, widen
from monespace_cli.record.text import excerpt
from monespace_cli.vault.connection import Database
from monespace_cli.vault.document_rows import COLUMNS, document_of
from monespace_cli.vault.documents import IN_TRASH, Filter
from monespace_cli.vault.match import match
from monespace_cli.vault.unsure import UnsureWords

WEIGHTS = "5.0, 5.0, 5.0, 1.0"
"""bm25 weights of title, practitioner, tags and text: a word in the title says more than one in the text."""

_COLUMNS = ", ".join(f"document.{column}" for column in COLUMNS.split(", "))

RANKED = 5_000
"""Documents. More matches than these are neither counted nor ranked."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A document that was found, and where. `page` is None when only its title, practitioner or tags matched."""

    document: Document
    page: int | None
    snippet: str
    marks: tuple[tuple[int, int], ...]
    """The found words as (start, end) in `snippet`."""
    score: float
    """Larger is better; comparable within one search only. 0 where only similar words were found."""
    similar: tuple[str, ...] = ()
    """Words that stand for searched ones: read with little confidence, and one letter off. Empty where the words themselves are there."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """The best hits, and how many documents match in all."""

    hits: tuple[Hit, ...]
    total: int
    """At most RANKED. Documents with similar words are counted where fewer than the wanted number have the words themselves."""
    more: bool = False
    """More than RANKED documents match: the hits are then the last that were imported."""


def search(database: Database, text: str, wanted: Filter, limit: int) -> SearchResult:
    """Find the documents that match `text` (see `record.query`) and the filter, best first; then those where hardly read words are similar.

    Raises:
        UsageError: `text` is not a search.
    """
    expression = parse(text)
    source, parameters = _candidates(match(expression), wanted)
    total = _count(database, source, parameters)
    rank = f"bm25(search, {WEIGHTS})" if total <= RANKED else "0.0"
    rows = database.all(
        # The best are chosen before a whole row of `document` is read.
        f"SELECT {_COLUMNS}, found, rank FROM (SELECT search.rowid AS found, {rank} AS rank {source} ORDER BY 2, 1 DESC LIMIT ?) "  # noqa: S608
        "JOIN document ON document.number = found ORDER BY rank, found DESC",
        (*parameters, limit),
    )
    patterns = [term.pattern() for term in terms(expression)]
    hits = tuple(_hit(database, document_of(row), row[-2], -row[-1], patterns) for row in rows)
    if total < limit:
        similar = _similar_hits(database, expression, wanted, limit - total)
        return SearchResult((*hits, *similar.hits), total + similar.total)
    return SearchResult(hits, min(total, RANKED), more=total > RANKED)


def _similar_hits(database: Database, expression: Expression, wanted: Filter, limit: int) -> SearchResult:
    """Find the documents that match only if words that were hardly read and are one letter off count as well, the newest first."""
    unsure = UnsureWords(database)
    similar = {word: found for word in single_words(expression) if (found := unsure.similar(word))}
    if not similar:
        return SearchResult((), 0)
    words = [word for found in similar.values() for word in found]
    widened = widen(expression, similar)
    source, parameters = _candidates(match(widened), wanted)
    source += (
        " AND search.rowid IN (SELECT document FROM unsure_word WHERE word IN (SELECT value FROM json_each(?)))"
        " AND search.rowid NOT IN (SELECT rowid FROM search WHERE search MATCH ?)"
    )
    parameters += [json.dumps(words), match(expression)]
    total = _count(database, source, parameters)
    rows = database.all(
        f"SELECT {_COLUMNS}, found FROM (SELECT search.rowid AS found {source} ORDER BY 1 DESC LIMIT ?) "  # noqa: S608
        "JOIN document ON document.number = found ORDER BY found DESC",
        (*parameters, limit),
    )
    patterns = [term.pattern() for term in terms(widened)]
    hits = (_hit(database, document_of(row), row[-1], 0.0, patterns) for row in rows)
    named = (tuple(unsure.in_document(row[-1], words)) for row in rows)
    return SearchResult(tuple(replace(hit, similar=found) for hit, found in zip(hits, named, strict=True)), min(total, RANKED))


def _candidates(found: str, wanted: Filter) -> tuple[str, list[Any]]:
    """Return the FROM and WHERE of a search; without a filter no row of `document` is read for it."""
    if wanted == Filter():
        return f"FROM search WHERE search MATCH ? AND search.rowid NOT IN {IN_TRASH}", [found]
    where, parameters = wanted.where()
    return f"FROM search JOIN document ON document.number = search.rowid WHERE search MATCH ? AND {where}", [found, *parameters]


def _count(database: Database, source: str, parameters: list[Any]) -> int:
    """Return how many documents match, counting no further than one beyond RANKED."""
    row = database.one(f"SELECT count(*) FROM (SELECT 1 {source} LIMIT {RANKED + 1})", parameters)  # noqa: S608
    return int(row[0]) if row else 0


def _hit(database: Database, document: Document, number: int, score: float, patterns: list[re.Pattern[str]]) -> Hit:
    for page, text in database.all("SELECT number, text FROM page WHERE document = ? ORDER BY number", (number,)):
        place = excerpt(text, patterns)
        if place:
            return Hit(document, page, place.text, place.marks, score)
    place = excerpt(" · ".join(filter(None, (document.title, document.practitioner, *document.tags))), patterns)
    return Hit(document, None, place.text if place else "", place.marks if place else (), score)
