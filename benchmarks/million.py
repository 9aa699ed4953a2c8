"""Searching 1,000,000 documents, on request: `python -m benchmarks million` takes a quarter of an hour and 5 GB of disk."""

from pathlib import Path

from benchmarks.archive import FREQUENT, RARE, Archive
from benchmarks.measure import Figure
from benchmarks.vault import BATCH, encrypted_database, first_page, insert
from monespace_cli.vault.connection import Database

SMALL, LARGE = 100_000, 1_000_000


def figures(work: Path) -> list[Figure]:
    """Measure in `work`, an empty directory."""
    small, large = (_filled(work / f"{size}.db", size) for size in (SMALL, LARGE))
    return [_growth(small, large, word) for word in (RARE, FREQUENT)]


def _filled(path: Path, size: int) -> Database:
    database = encrypted_database(path)
    for statements in Archive(size).batches(BATCH):
        insert(database, statements)
    return database


def _growth(small: Database, large: Database, word: str) -> Figure:
    before, after = first_page(small, word), first_page(large, word)
    what = f"first page of `{word}`, with snippets, in {LARGE:,} documents / in {SMALL:,}"
    return Figure(what, after / before, 2.0, f"{after * 1000:.1f} ms / {before * 1000:.1f} ms")
