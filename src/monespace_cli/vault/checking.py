"""Is the vault what was written? Every part is looked at, and what is wrong is told by the documents that it concerns, not by pages.

Damage is something that was written and is not there any more as it was. What only needs tidying is a note: a blob that an interrupted
import left, a file that others may read. Nothing is changed here; `vault.repairing` mends what can be mended.
"""

import os
from collections.abc import Collection, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Self

from monespace_cli.crypto.chunked import encrypted_size
from monespace_cli.errors import IntegrityError, MonespaceError
from monespace_cli.ports import Progress
from monespace_cli.vault.blobs import read_blob
from monespace_cli.vault.connection import Database, Row
from monespace_cli.vault.header import MAX_SIZE, parse_header
from monespace_cli.vault.journal import first_broken_line
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.survey import Survey, survey

READERS = min(8, os.cpu_count() or 1)
"""Originals read at a time. SHA-256 takes four times as long as decrypting, and both let other threads run meanwhile."""

BATCH = 256
"""Originals handed to the readers at a time: with Ctrl-C no more than these are waited for."""


class Flaw(StrEnum):
    """What can be wrong. Values are for scripts: they are added to, never renamed."""

    HEADER = "header"
    PAGE = "database-page"
    ROW = "database-row"
    INDEX = "search-index"
    JOURNAL = "journal"
    MISSING = "original-missing"
    DAMAGED = "original-damaged"
    ORPHAN = "orphan"
    LEFTOVER = "leftover"
    MODE = "open-to-others"

    @property
    def is_damage(self) -> bool:
        """Whether something that was written is lost or changed; otherwise it is only untidy."""
        return self not in (Flaw.ORPHAN, Flaw.LEFTOVER, Flaw.MODE)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong."""

    flaw: Flaw
    subject: str = ""
    """Id of the document or quarantined item that it concerns; for files, the path inside the vault; for the journal, the line."""
    title: str = ""
    """The document's title or the item's name: for standard output only."""
    blob: str = ""
    """The blob that is missing or damaged."""


@dataclass(slots=True)
class Report:
    """What a check looked at and found."""

    findings: list[Finding] = field(default_factory=list)
    documents: int = 0
    blobs: int = 0
    bytes_read: int = 0
    """Of whole originals; 0 where only the structure was looked at."""

    @property
    def damage(self) -> list[Finding]:
        """What was lost or changed."""
        return [finding for finding in self.findings if finding.flaw.is_damage]

    @property
    def notes(self) -> list[Finding]:
        """What is only untidy."""
        return [finding for finding in self.findings if not finding.flaw.is_damage]


@dataclass(frozen=True, slots=True)
class Original:
    """A row of `blob`, and what it belongs to."""

    name: str
    key: bytes
    size: int
    owner: str
    title: str


ORIGINALS = """
    SELECT blob.id, blob.key, blob.size,
        coalesce(document.id, quarantine.id, ''), coalesce(document.title, quarantine.provenance ->> 'source_name', '')
    FROM blob LEFT JOIN document ON document.blob = blob.id LEFT JOIN quarantine ON quarantine.blob = blob.id ORDER BY blob.id
"""


def lost_originals(database: Database, names: Collection[str]) -> list[Finding]:
    """Return blobs that are known to be lost, by the documents that they belong to."""
    return [
        Finding(Flaw.MISSING, original.owner, original.title, original.name)
        for original in (Original(*row) for row in database.all(ORIGINALS))
        if original.name in names
    ]


def check(layout: Layout, database: Database, progress: Progress, *, read_data: bool) -> Report:
    """Look at a vault's structure; with `read_data`, at every byte of it.

    Raises:
        BusyError: another process holds the database.
        NotWritableError: a folder cannot be read.
    """
    with _Checker(layout, database, progress) as checker:
        return checker.run(read_data=read_data)


def is_as_written(layout: Layout, original: Original) -> bool:
    """Tell whether an original's file holds what was written there, to the last byte.

    The AEAD answers that: the blob's key is its own, and its name is bound. Hashing what comes out would find only what was wrong before it
    was encrypted, at three times the cost.
    """
    try:
        pieces = read_blob(layout.blob(original.name), original.name, original.key)
        return sum(map(len, pieces)) == original.size
    except MonespaceError:
        return False


class _Checker:
    def __init__(self, layout: Layout, database: Database, progress: Progress) -> None:
        self._layout = layout
        self._database = database.reopened()
        self._progress = progress
        self._report = Report()
        self._met_bad_page = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._database.close()

    def run(self, *, read_data: bool) -> Report:
        self._check_header()
        found = survey(self._layout)  # before the rows: a blob is complete before its row is
        originals = self._originals()
        self._check_files(found, originals)
        self._check_rows()
        self._check_index()
        self._check_journal()
        if read_data:
            self._check_pages()
            self._read(originals)
        if self._met_bad_page:
            self._name_unreadable_documents()
        self._report.documents = sum(count for (count,) in self._rows("SELECT count(*) FROM document"))
        return self._report

    def _rows(self, query: str, *parameters: object) -> list[Row]:
        """Return a query's rows; none where a page that it needs is damaged."""
        try:
            return self._database.all(query, parameters)
        except IntegrityError:
            self._met_bad_page = True
            self._database.close()
            self._database = self._database.reopened()
            return []

    def _add(self, flaw: Flaw, subject: str = "", title: str = "", blob: str = "") -> None:
        self._report.findings.append(Finding(flaw, subject, title, blob))

    def _check_header(self) -> None:
        try:
            with self._layout.header.open("rb") as file:
                parse_header(file.read(MAX_SIZE + 1))
        except (OSError, MonespaceError):
            self._add(Flaw.HEADER, self._layout.header.name)

    def _originals(self) -> list[Original]:
        return [Original(*row) for row in self._rows(ORIGINALS)]

    def _check_files(self, found: Survey, originals: list[Original]) -> None:
        self._report.blobs = len({original.name for original in originals})
        if not self._database.is_read_only:  # the folder of a backup is shared: what is untidy there is not this snapshot's
            self._note_untidy(found, originals)
        for original in originals:
            file = found.blobs.get(original.name)
            if file is None:
                if not self._layout.blob(original.name).exists() and self._is_still_there(original):
                    self._add_original(Flaw.MISSING, original)
            elif file.size != encrypted_size(original.size):
                self._add_original(Flaw.DAMAGED, original)

    def _note_untidy(self, found: Survey, originals: list[Original]) -> None:
        for path in found.open_to_others:
            self._add(Flaw.MODE, str(path.relative_to(self._layout.root)))
        for file in found.leftovers:
            self._add(Flaw.LEFTOVER, str(file.path.relative_to(self._layout.root)))
        if not self._met_bad_page:
            for name in sorted(found.blobs.keys() - {original.name for original in originals}):
                self._add(Flaw.ORPHAN, name)

    def _is_still_there(self, original: Original) -> bool:
        """Tell whether an original was not deleted by somebody else in the meantime."""
        return bool(self._rows("SELECT 1 FROM blob WHERE id = ?", original.name))

    def _add_original(self, flaw: Flaw, original: Original) -> None:
        self._add(flaw, original.owner, original.title, original.name)

    def _check_rows(self) -> None:
        for table, *_more in self._rows("PRAGMA foreign_key_check"):
            self._add(Flaw.ROW, table)
        same = "document.size = blob.size AND document.sha256 = blob.sha256"
        for document, title in self._rows(f"SELECT document.id, title FROM document JOIN blob ON blob.id = blob WHERE NOT ({same})"):  # noqa: S608
            self._add(Flaw.ROW, document, title)

    def _check_index(self) -> None:
        if self._rows("PRAGMA integrity_check(search)") not in ([("ok",)], []):
            self._add(Flaw.INDEX)
        for document, title in self._rows("SELECT id, title FROM document WHERE number NOT IN (SELECT id FROM search_docsize)"):
            self._add(Flaw.INDEX, document, title)
        if self._rows("SELECT 1 FROM search_docsize WHERE id NOT IN (SELECT number FROM document) LIMIT 1"):
            self._add(Flaw.INDEX)

    def _check_journal(self) -> None:
        try:
            line = first_broken_line(self._database)
        except IntegrityError:
            self._rows("SELECT 1 FROM journal")  # the same page again, so that this is noted and the connection renewed
            return
        if line is not None:
            self._add(Flaw.JOURNAL, str(line))

    def _check_pages(self) -> None:
        if self._bad_pages():
            self._met_bad_page = True
        elif any(text != "ok" and "fts5" not in text.lower() for (text,) in self._rows("PRAGMA integrity_check")):  # the index has its own
            self._add(Flaw.ROW)

    def _bad_pages(self) -> bool:
        if not self._rows("PRAGMA cipher_integrity_check"):
            return False
        if self._database.is_read_only:
            return True
        # A page that another process folds back from its log meanwhile may be read half: once more, with the log empty and nobody writing.
        self._rows("PRAGMA wal_checkpoint(TRUNCATE)")
        with self._database.transaction():
            return bool(self._database.all("PRAGMA cipher_integrity_check"))

    def _read(self, originals: list[Original]) -> None:
        wrong = {finding.blob for finding in self._report.findings}
        whole = [original for original in originals if original.name not in wrong]
        self._progress.start(sum(original.size for original in whole))
        try:
            with ThreadPoolExecutor(READERS) as readers:
                for start in range(0, len(whole), BATCH):
                    self._judge(readers, whole[start : start + BATCH])
        finally:
            self._progress.stop()

    def _judge(self, readers: Executor, originals: list[Original]) -> None:
        for original, is_whole in zip(originals, readers.map(partial(is_as_written, self._layout), originals), strict=True):
            self._report.bytes_read += original.size if is_whole else 0
            self._progress.advance(original.size)
            if not is_whole and self._is_still_there(original):
                self._add_original(Flaw.DAMAGED, original)

    def _name_unreadable_documents(self) -> None:
        named = False
        for number in self._document_numbers():
            self._met_bad_page = False
            row = self._rows("SELECT id, title FROM document WHERE number = ?", number)
            self._rows("SELECT text FROM page WHERE document = ?", number)
            if self._met_bad_page:
                self._add(Flaw.PAGE, *(row[0] if row else ()))
                named = True
        if not named:
            self._add(Flaw.PAGE)

    def _document_numbers(self) -> Iterator[int]:
        last = self._rows("SELECT max(number) FROM document")
        yield from range(1, (last[0][0] or 0) + 1 if last else 1)
