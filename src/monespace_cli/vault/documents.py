"""Documents, their pages and their place in the full-text index.

The index holds folded words and no copy of the text: it forgets a document only when told exactly what it held. Whatever changes a document
therefore starts from its row as it is in the same transaction, never from what a caller read before.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, BinaryIO

from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Progress, Random
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Author, Candidate, CandidateState, Document, DocumentId, Page, mean_confidence
from monespace_cli.record.journal import Event
from monespace_cli.record.text import words_of
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.candidates import Candidates
from monespace_cli.vault.connection import Database
from monespace_cli.vault.document_rows import COLUMNS, document_of, row_of
from monespace_cli.vault.forgetting import forget_words
from monespace_cli.vault.history import History
from monespace_cli.vault.ids import AFTER, as_typed, random_id
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.likenesses import Likenesses, marks_of
from monespace_cli.vault.match import match_column
from monespace_cli.vault.minors import require_own_key
from monespace_cli.vault.pages import Pages
from monespace_cli.vault.sight import Sight
from monespace_cli.vault.unsure import UnsureWords

IN_TRASH = "(SELECT number FROM document WHERE deleted_at IS NOT NULL)"
"""Its index holds these rows alone, so that nothing else of a document is read to know that it is not among them."""
SUPERSEDED = "(SELECT document FROM superseded)"
"""Documents that a later one took the place of, or that their author took back: history, and in no list."""


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents to list or search; None means any."""

    kind: Kind | None = None
    since: date | None = None
    until: date | None = None
    practitioner: str = ""
    in_trash: bool = False
    superseded: bool = False
    """Only what a later document took the place of, or its author took back, instead of what stands."""
    unconfirmed: bool = False
    """Only those of which a machine read something that nobody has confirmed."""
    hard_to_read: bool = False
    """Only those with a page that a person should look at."""
    notice: str = ""
    """Only those with this code among their notices."""
    spaces: tuple[int, ...] | None = None
    hidden: tuple[int, ...] = ()
    """Rows that are left out whatever else is wanted: `vault.sight` says which."""

    def where(self) -> tuple[str, list[Any]]:
        """Return an SQL condition over `document` and its parameters. A document without a date is outside every period.

        Raises:
            UsageError: `practitioner` holds no word.
        """
        clauses = [
            f"number {'IN' if self.in_trash else 'NOT IN'} {IN_TRASH}",
            f"number {'IN' if self.superseded else 'NOT IN'} {SUPERSEDED}",
        ]
        parameters: list[Any] = []
        for clause, value in (
            ("kind = ?", self.kind),
            ("date >= ?", self.since and self.since.isoformat()),
            ("date <= ?", self.until and self.until.isoformat()),
        ):
            if value:
                clauses.append(clause)
                parameters.append(str(value))
        if self.unconfirmed:
            clauses.append("proposed <> ''")
        if self.hard_to_read:
            clauses.append("number IN (SELECT document FROM page WHERE hard_to_read)")
        if self.notice:
            clauses.append("notices <> '' AND ' ' || notices || ' ' LIKE ?")
            parameters.append(f"% {self.notice} %")
        if self.spaces is not None:
            clauses.append(f"space IN ({', '.join(map(str, self.spaces))})")
        if self.hidden:
            clauses.append("number NOT IN (SELECT value FROM json_each(?))")
            parameters.append(json.dumps(self.hidden))
        if self.practitioner:
            clauses.append("number IN (SELECT rowid FROM search WHERE search MATCH ?)")
            parameters.append(match_column("practitioner", self.practitioner))
        return " AND ".join(clauses), parameters


class Documents:
    """The documents of one vault."""

    def __init__(self, database: Database, blobs: Blobs, journal: Journal, sight: Sight, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._sight = sight
        self._blobs = blobs
        self._journal = journal
        self._clock = clock
        self._random = random
        self.candidates = Candidates(database)
        self._page_rows = Pages(database)
        self.unsure = UnsureWords(database)
        self._likenesses = Likenesses(database)
        self.history = History(database, journal, sight, clock)

    def new_id(self) -> DocumentId:
        """Return a random id that no document has: 50 bits, ten characters of Crockford's base 32."""
        while True:
            found = random_id(self._random)
            if self._database.one("SELECT 1 FROM document WHERE id = ?", (found,)) is None:
                return DocumentId(found)

    def add(self, document: Document, pages: Iterable[Page], blob: Blob, candidates: Iterable[Candidate] = ()) -> Document:
        """Store a document whose blob is already on the disk: rows, candidates, index and journal line in one transaction.

        Returns:
            The document; where another process has meanwhile stored one with the same bytes, that one, and the blob's file is removed.
        """
        with self._database.transaction():
            twin = self.by_hash(document.space, document.sha256)
            if twin is None:
                require_own_key(self._database, document.space, document.confidentiality)
                self._insert(document, list(pages), blob)
                self.candidates.add(document.id, candidates)
        if twin is not None:
            self._blobs.remove_file(blob.id)
        return twin or document

    def find(self, prefix: str) -> Document:
        """Return the document that an id, or the beginning of one, names; in the trash or not.

        Raises:
            NotFoundError: none, or more than one.
        """
        wanted, end = as_typed(prefix), as_typed(prefix) + AFTER
        rows = self._database.all(f"SELECT {COLUMNS} FROM document WHERE id >= ? AND id < ?", (wanted, end)) if wanted else []  # noqa: S608
        found = self._sight.here(self._sight.documents([document_of(row) for row in rows]))
        if not found:
            raise _unknown()
        if len(found) > 1:
            raise NotFoundError(_("more than one document has an id that begins so"), hint=_("type more of it"))
        return found[0]

    def get(self, document: DocumentId) -> Document | None:
        """Return the document of an id, whoever looks, or None where it is gone: for rules that act on it, not for people."""
        row = self._database.one(f"SELECT {COLUMNS} FROM document WHERE id = ?", (document,))  # noqa: S608
        return document_of(row) if row else None

    def by_hash(self, space: int, sha256: str) -> Document | None:
        """Return the document of a space with these original bytes, in the trash or not, whoever looks: they have its bytes already."""
        row = self._database.one(f"SELECT {COLUMNS} FROM document WHERE space = ? AND sha256 = ?", (space, sha256))  # noqa: S608
        return document_of(row) if row else None

    def all(self, wanted: Filter) -> "list[Document]":
        """Return documents, newest first by their own date, then by their import."""
        where, parameters = self.narrowed(wanted).where()
        rows = self._database.all(
            f"SELECT {COLUMNS} FROM document WHERE {where} ORDER BY date DESC NULLS LAST, number DESC",  # noqa: S608
            parameters,
        )
        return [document_of(row) for row in rows]

    def narrowed(self, wanted: Filter) -> Filter:
        """Return a filter that also leaves out what whoever looks may not see."""
        wanted = replace(wanted, spaces=self._sight.spaces(wanted.spaces))
        hidden = self._sight.hidden_documents(wanted.spaces)
        return replace(wanted, hidden=tuple(hidden)) if hidden else wanted

    def count(self, wanted: Filter) -> int:
        """Return how many documents match."""
        where, parameters = self.narrowed(wanted).where()
        row = self._database.one(f"SELECT count(*) FROM document WHERE {where}", parameters)  # noqa: S608
        return int(row[0]) if row else 0

    def pages(self, document: Document) -> "list[Page]":
        """Return a document's pages in order, with the places of their words.

        Raises:
            NotFoundError: the document is gone.
        """
        return self._page_rows.with_words(self._current(document.id)[0])

    def near_duplicate_of(self, document: Document) -> DocumentId | None:
        """Return an earlier document that one seems to be another scan of, where whoever looks may see it."""
        twin = self._likenesses.twin_of(document.id)
        found = self.get(twin) if twin else None
        return twin if found and self._sight.documents([found]) else None

    def hard_to_read(self) -> "list[tuple[DocumentId, int]]":
        """Return (document, page number) of each page that a person should look at."""
        where, parameters = self.narrowed(Filter()).where()
        rows = self._database.all(
            "SELECT id, page_number FROM (SELECT document, number AS page_number FROM page WHERE hard_to_read) AS hard "  # noqa: S608
            f"JOIN document ON document.number = hard.document WHERE {where} ORDER BY number, page_number",
            parameters,
        )
        return [(DocumentId(document), number) for document, number in rows]

    def edit(self, document: Document, **changes: Any) -> Document:
        """Change fields of a document, its place in the index, and note which fields in the journal. What a person changes is confirmed.

        Returns:
            The document as it is now.

        Raises:
            NotFoundError: it is gone.
        """
        with self._database.transaction():
            number, current = self._current(document.id)
            said = {"kind" if field == "type_code" else field for field in changes}
            left = tuple(field for field in current.proposed if field not in said)
            changed = replace(current, **{"proposed": left, **changes})
            if changed == current:
                return current
            require_own_key(self._database, changed.space, changed.confidentiality)
            pages = self._page_rows.of(number)
            self._unindex(number, current, pages)
            assignments = ", ".join(f"{column} = ?" for column in COLUMNS.split(", "))
            self._database.execute(
                f"UPDATE document SET {assignments}, kind = ? WHERE number = ?",  # noqa: S608
                (*row_of(changed), str(changed.kind), number),
            )
            self._index(number, changed, pages)
            self._journal.write(Event.DOCUMENT_EDITED, document.id, fields=" ".join(sorted(changes)))
            return self._current(document.id)[1]

    def rewrite(self, document: Document, pages: Iterable[Page]) -> Document:
        """Put other text in the place of a document's pages, and of its words in the index; return the document as it is now.

        Raises:
            NotFoundError: it is gone.
        """
        with self._database.transaction():
            number, current = self._current(document.id)
            before, after = self._page_rows.with_words(number), list(pages)
            self._unindex(number, current, before)
            forget_words(self._database, " ".join(_indexed(current, before)).split())
            self._remove_pages(number, before)
            self._insert_pages(number, after, marks_of(after))
            read = (len(after), mean_confidence(after))
            self._database.execute("UPDATE document SET page_count = ?, confidence = ? WHERE number = ?", (*read, number))
            self._index(number, current, after)
            self._journal.write(Event.DOCUMENT_EDITED, document.id, fields="text")
            return self._current(document.id)[1]

    def confirm(self, document: Document, fields: Iterable[str]) -> Document:
        """Record that a person found what a machine read right; return the document as it is now.

        Raises:
            NotFoundError: it is gone.
        """
        with self._database.transaction():
            number, current = self._current(document.id)
            settled = [field for field in current.proposed if field in set(fields)]
            if settled:
                left = " ".join(field for field in current.proposed if field not in settled)
                self._database.execute("UPDATE document SET proposed = ? WHERE number = ?", (left, number))
                self._journal.write(Event.DOCUMENT_REVIEWED, document.id, fields=" ".join(settled))
            return self._current(document.id)[1]

    def settle(self, document: Document, candidate: int, state: CandidateState) -> None:
        """Record what became of a candidate of a document."""
        with self._database.transaction():
            self.candidates.settle(document.id, candidate, state)
            self._journal.write(Event.DOCUMENT_REVIEWED, document.id, candidate=str(candidate), state=str(state))

    def rebuild_index(self, progress: Progress) -> None:
        """Empty the full-text index and fill it again from the pages, in one transaction."""
        numbers = [number for (number,) in self._database.all("SELECT number FROM document ORDER BY number")]
        progress.start(len(numbers))
        try:
            with self._database.transaction():
                self._database.execute("INSERT INTO search (search) VALUES ('delete-all')")
                for number in numbers:
                    row = self._database.one(f"SELECT {COLUMNS} FROM document WHERE number = ?", (number,))  # noqa: S608
                    assert row is not None, "it was just listed"
                    self._index(number, document_of(row), self._page_rows.of(number))
                    progress.advance()
        finally:
            progress.stop()

    def trash(self, document: Document) -> None:
        """Put a document in the trash, from which it can be restored. A second time changes nothing."""
        self._move(document, "deleted_at IS NULL", self._clock().isoformat(), Event.DOCUMENT_DELETED)

    def restore(self, document: Document) -> None:
        """Take a document out of the trash. A second time changes nothing."""
        self._move(document, "deleted_at IS NOT NULL", None, Event.DOCUMENT_RESTORED)

    def erase(self, document: Document) -> None:
        """Destroy a document: its key, its text and its words. Nothing of it can be brought back from what is left here.

        The database's log still holds what was written before, until :meth:`Database.truncate_log`.

        Raises:
            NotFoundError: it is gone.
        """
        with self._database.transaction():
            number, current = self._current(document.id)
            pages, blob = self._page_rows.with_words(number), self._blob_of(current)
            self._unindex(number, current, pages)
            self._remove_pages(number, pages)
            self._database.execute("DELETE FROM document WHERE number = ?", (number,))
            self._blobs.delete(blob)
            forget_words(self._database, " ".join(_indexed(current, pages)).split())
            self._journal.write(Event.DOCUMENT_ERASED, document.id)
        self._blobs.remove_file(blob)

    def original(self, document: Document) -> BinaryIO:
        """Return the original bytes as a readable file; the access is journaled by the caller, who knows what for.

        Raises:
            NotFoundError: the document is gone.
            IntegrityError: while reading, where the bytes are not those that were imported.
        """
        return self._blobs.open(self._blob_of(document))

    def chunks(self, document: Document) -> Iterator[bytes]:
        """Yield the original bytes in pieces, as :meth:`original` reads them."""
        return self._blobs.read(self._blob_of(document))

    def _blob_of(self, document: Document) -> str:
        row = self._database.one("SELECT blob FROM document WHERE id = ?", (document.id,))
        if row is None:
            raise _unknown()
        return str(row[0])

    def _insert(self, document: Document, pages: "list[Page]", blob: Blob) -> None:
        self._blobs.register(blob)
        cursor = self._database.execute(
            f"INSERT INTO document ({COLUMNS}, blob, kind) VALUES ({', '.join('?' * (len(COLUMNS.split(', ')) + 2))})",  # noqa: S608
            (*row_of(document), blob.id, str(document.kind)),
        )
        marks = marks_of(pages)
        self._likenesses.find_twin(cursor.lastrowid, document, pages, marks)
        self._insert_pages(cursor.lastrowid, pages, marks)
        self._index(cursor.lastrowid, document, pages)
        origin = {"origin": "unverified"} if document.provenance.author is Author.UNVERIFIED else {}
        # Not its hash: the journal outlives a document that is deleted for ever.
        self._journal.write(Event.DOCUMENT_IMPORTED, document.id, **origin)

    def _insert_pages(self, number: int, pages: "list[Page]", marks: Iterable[int]) -> None:
        self._page_rows.add(number, pages)
        self.unsure.add(number, pages)
        self._likenesses.add(number, marks)

    def _remove_pages(self, number: int, pages: "list[Page]") -> None:
        self._page_rows.remove(number)
        self.unsure.remove(number, pages)
        self._likenesses.remove(number, pages)

    def _current(self, document: DocumentId) -> tuple[int, Document]:
        row = self._database.one(f"SELECT {COLUMNS}, number FROM document WHERE id = ?", (document,))  # noqa: S608
        if row is None:
            raise _unknown()
        return int(row[-1]), document_of(row)

    def of_space(self, space: int) -> "list[Document]":
        """Return every document of a space, in the trash, history or not, whoever looks: for erasing them all."""
        rows = self._database.all(f"SELECT {COLUMNS} FROM document WHERE space = ? ORDER BY number", (space,))  # noqa: S608
        return [document_of(row) for row in rows]

    def move(self, document: Document, space: int) -> Document:
        """Put a document into another space, with what it hides from whom; return it as it is then.

        Raises:
            NotFoundError: it is gone.
            UsageError: the other space has the same paper already, or it is there.
        """
        with self._database.transaction():
            number, current = self._current(document.id)
            if current.space == space:
                raise UsageError(_("{id} is in this space already").format(id=document.id))
            twin = self.by_hash(space, current.sha256)
            if twin is not None:
                raise UsageError(
                    _("the other space has the same paper already, as {id}").format(id=twin.id),
                    hint=_("`monespace document delete` removes this one"),
                )
            require_own_key(self._database, space, current.confidentiality)
            self._database.execute("UPDATE document SET space = ? WHERE number = ?", (space, number))
            self._database.execute("UPDATE access_mask SET space = ? WHERE space = ? AND item = ?", (space, current.space, document.id))
            self._journal.write(Event.DOCUMENT_MOVED, document.id, **{"from": str(current.space), "to": str(space)})
            return self._current(document.id)[1]

    def _move(self, document: Document, condition: str, at: str | None, event: Event) -> None:
        with self._database.transaction():
            moved = self._database.execute(f"UPDATE document SET deleted_at = ? WHERE id = ? AND {condition}", (at, document.id))  # noqa: S608
            if moved.rowcount:
                self._journal.write(event, document.id)

    def _index(self, number: int, document: Document, pages: "list[Page]") -> None:
        self._database.execute(
            "INSERT INTO search (rowid, title, practitioner, tags, text) VALUES (?, ?, ?, ?, ?)", (number, *_indexed(document, pages))
        )

    def _unindex(self, number: int, document: Document, pages: "list[Page]") -> None:
        # With `secure-delete` nothing of it stays in the file.
        self._database.execute(
            "INSERT INTO search (search, rowid, title, practitioner, tags, text) VALUES ('delete', ?, ?, ?, ?, ?)",
            (number, *_indexed(document, pages)),
        )


def _indexed(document: Document, pages: "list[Page]") -> tuple[str, str, str, str]:
    text = "\n".join(page.text for page in pages)
    title, practitioner, tags, text = (
        " ".join(words_of(part)) for part in (document.title, document.practitioner, " ".join(document.tags), text)
    )
    return title, practitioner, tags, text


def _unknown() -> NotFoundError:
    return NotFoundError(_("no document has this id"), hint=_("`monespace document list` shows the ids"))
