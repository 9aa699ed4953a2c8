"""What encryption costs the vault: inserting and searching against the same library without a key, large blobs against bare AES-GCM."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from sqlcipher3 import dbapi2 as driver

from benchmarks.archive import FREQUENT, RARE, Archive, Statement
from benchmarks.measure import Figure, best_in_turn, best_seconds
from monespace_cli.record.query import Term
from monespace_cli.record.text import excerpt
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.connection import PAGE_SIZE, Database, open_database
from monespace_cli.vault.document_rows import COLUMNS
from monespace_cli.vault.documents import IN_TRASH, Filter
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.migrations import migrate
from monespace_cli.vault.search import WEIGHTS, search

DOCUMENTS = 100_000
BATCH = 1_000
PAGE = 20
"""Hits shown at a time."""
KEY = bytes(range(32))
BLOB_SIZE = 200 << 20
PIECE = 1 << 18
TRIES = 5

MEMORY = """
import os, re, sys
from pathlib import Path
from monespace_cli.crypto import chunked
from monespace_cli.vault.blobs import Blobs
from monespace_cli.vault.connection import open_database
from monespace_cli.vault.layout import Layout

def peak():
    return int(re.search(r"VmHWM:\\s+(\\d+)", Path("/proc/self/status").read_text())[1])

blobs = Blobs(Layout(Path(sys.argv[2])), open_database(Path(sys.argv[1]), bytes(32), create=True), os.urandom)
before = peak()
with open(sys.argv[3], "rb") as source:
    blobs.write(source)
print(peak() - before)
"""
"""Prints the KiB by which writing a blob lets a fresh process grow."""


def figures(work: Path) -> list[Figure]:
    """Measure in `work`, an empty directory."""
    encrypted, plain = encrypted_database(work / "record.db"), _plain_database(work / "plain.db")
    return [_inserting(encrypted, plain), *(_searching(encrypted, plain, word) for word in (RARE, FREQUENT)), *_blobs(work, encrypted)]


def encrypted_database(path: Path) -> Database:
    """Return a new database as the vault has it."""
    database = open_database(path, KEY, create=True)
    _prepare(database)
    return database


def insert(database: Database, statements: list[Statement]) -> float:
    """Run a batch in one transaction; return the seconds it took."""
    start = time.perf_counter()
    with database.transaction():
        for sql, parameters in statements:
            database.execute(sql, parameters)
    return time.perf_counter() - start


def first_page(database: Database, word: str) -> float:
    """Return the seconds that the first page of hits takes, ranked and with snippets."""
    return best_seconds(lambda: search(database, word, Filter(), PAGE), TRIES)


def _plain_database(path: Path) -> Database:
    """Return a new database of the same library, without a key."""
    connection = driver.connect(str(path), isolation_level=None)
    for pragma in (f"page_size = {PAGE_SIZE}", "cache_size = -16384", "journal_mode = WAL"):
        connection.execute(f"PRAGMA {pragma}")
    database = Database(connection, path, b"", is_read_only=False)
    _prepare(database)
    return database


def _prepare(database: Database) -> None:
    migrate(database)
    database.execute("INSERT INTO space (id, owner, created_at) VALUES (1, '{}', '2026-01-01')")


def _inserting(encrypted: Database, plain: Database) -> Figure:
    ours = theirs = 0.0
    for statements in Archive(DOCUMENTS).batches(BATCH):
        ours += insert(encrypted, statements)
        theirs += insert(plain, statements)
    return Figure(
        f"inserting {DOCUMENTS:,} ready-made documents / the same without a key", ours / theirs, 1.3, f"{ours:.1f} s / {theirs:.1f} s"
    )


def _searching(encrypted: Database, plain: Database, word: str) -> Figure:
    seconds = best_in_turn(
        {"ours": lambda: search(encrypted, word, Filter(), PAGE), "plain": lambda: _plain_search(plain, word)},
        20,
    )
    return Figure(
        f"first page of `{word}` in {DOCUMENTS:,} documents, with snippets / the same from plain FTS5",
        seconds["ours"] / seconds["plain"],
        1.3,
        f"{seconds['ours'] * 1000:.1f} ms / {seconds['plain'] * 1000:.1f} ms",
    )


def _plain_search(database: Database, word: str) -> None:
    """Do what anybody would with FTS5 itself: the best rows with their text, and a piece of each."""
    columns = ", ".join(f"document.{column}" for column in COLUMNS.split(", "))
    rows = database.all(
        f"SELECT {columns}, page.text FROM search JOIN document ON document.number = search.rowid "
        "JOIN page ON page.document = search.rowid "
        f"WHERE search MATCH ? AND search.rowid NOT IN {IN_TRASH} ORDER BY bm25(search, {WEIGHTS}) LIMIT ?",
        (word, PAGE),
    )
    for row in rows:
        excerpt(row[-1], [Term((word,)).pattern()])


def _blobs(work: Path, database: Database) -> list[Figure]:
    """Write and read a large original against one AES-256-GCM message in a plain file: the same bytes, hashed, on the disk."""
    source = work / "large"
    with source.open("wb") as file:
        for _piece in range(BLOB_SIZE // PIECE):
            file.write(os.urandom(PIECE))
    layout = Layout(work / "vault")
    layout.create()
    blobs = Blobs(layout, database, os.urandom)
    written: list[Blob] = []
    seconds = best_in_turn(
        {
            "write": lambda: written.append(_write(blobs, source)),
            "plain write": lambda: _gcm_write(source, work / "gcm"),
        },
        TRIES,
    )
    blobs.register(written[-1])
    seconds |= best_in_turn(
        {"read": lambda: _hashed(blobs.read(written[-1].id)), "plain read": lambda: _hashed(_gcm_read(work / "gcm"))}, TRIES
    )
    grown = _memory_of_writing(work, source)
    return [
        *(
            Figure(
                f"{direction} of {BLOB_SIZE >> 20} MiB as a blob / as AES-256-GCM in a plain file, hashed",
                seconds[direction] / seconds[f"plain {direction}"],
                1.3,
                f"{BLOB_SIZE / seconds[direction] / 1e6:.0f} MB/s / {BLOB_SIZE / seconds[f'plain {direction}'] / 1e6:.0f} MB/s",
            )
            for direction in ("write", "read")
        ),
        Figure(f"memory that writing {BLOB_SIZE >> 20} MiB takes / 64 MiB", grown / 64, 1.0, f"{grown:.1f} MiB over the base"),
    ]


def _write(blobs: Blobs, source: Path) -> Blob:
    with source.open("rb") as file:
        return blobs.write(file)


def _gcm_write(source: Path, target: Path) -> None:
    encryptor, digest = Cipher(algorithms.AES256(KEY), modes.GCM(bytes(12))).encryptor(), hashlib.sha256()
    buffer = memoryview(bytearray(PIECE + 16))
    with source.open("rb") as file, target.open("wb") as sink:
        while data := file.read(PIECE):
            digest.update(data)
            sink.write(buffer[: encryptor.update_into(data, buffer)])
        sink.write(encryptor.finalize() + encryptor.tag)
        sink.flush()
        os.fsync(sink.fileno())


def _gcm_read(path: Path) -> Iterator[bytes]:
    decryptor = Cipher(algorithms.AES256(KEY), modes.GCM(bytes(12))).decryptor()
    rest = path.stat().st_size - 16
    with path.open("rb") as file:
        while rest:
            data = file.read(min(PIECE, rest))
            rest -= len(data)
            yield decryptor.update(data)
        decryptor.finalize_with_tag(file.read())


def _hashed(pieces: Iterable[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _memory_of_writing(work: Path, source: Path) -> float:
    """Return by how many MiB a process of its own grows while it writes a large original."""
    argv = [sys.executable, "-c", MEMORY, str(work / "memory.db"), str(work / "vault"), str(source)]
    return float(subprocess.run(argv, check=True, capture_output=True, text=True).stdout) / 1024
