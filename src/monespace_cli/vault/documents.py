"""Documents, their pages and their place in the full-text index."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any, BinaryIO

from monespace_cli.errors import NotFoundError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Author, Document, DocumentId, Page, Provenance, TextSource
from monespace_cli.record.journal import Event
from monespace_cli.record.text import index_form
from monespace_cli.vault.blobs import Blob, Blobs
from monespace_cli.vault.connection import Database
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.match import match_column

CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 10
COLUMNS = (
    "id, space, title, type_code, media_type, size, sha256, page_count, confidence, imported_at, date, practitioner, tags, confidentiality, "
    "provenance, deleted_at"
)


@dataclass(frozen=True, slots=True)
class Filter:
    """Which documents to list or search; None means any."""

    kind: Kind | None = None
    since: date | None = None
    until: date | None = None
    practitioner: str = ""
    in_trash: bool = False

    def where(self) -> tuple[str, list[Any]]:
        """Return an SQL condition over `document` and its parameters. A document without a date is outside every period."""
        clauses = ["deleted_at IS NOT NULL" if self.in_trash else "deleted_at IS NULL"]
        parameters: list[Any] = []
        for clause, value in (
            ("kind = ?", self.kind),
            ("date >= ?", self.since and self.since.isoformat()),
            ("date <= ?", self.until and self.until.isoformat()),
        ):
            if value:
                clauses.append(clause)
                parameters.append(str(value))
        if self.practitioner:
            clauses.append("number IN (SELECT rowid FROM search WHERE search MATCH ?)")
            parameters.append(match_column("practitioner", self.practitioner))
        return " AND ".join(clauses), parameters


class Documents:
    """The documents of one vault."""

    def __init__(self, database: Database, blobs: Blobs, journal: Journal, clock: Clock, random: Random) -> None:
        """Work with the vault's open parts."""
        self._database = database
        self._blobs = blobs
        self._journal = journal
        self._clock = clock
        self._random = random

    def new_id(self) -> DocumentId:
        """Return a random id: 50 bits, ten characters of Crockford's base 32."""
        number = int.from_bytes(self._random(7))
        return DocumentId("".join(CROCKFORD[number >> 5 * i & 31] for i in range(ID_LENGTH)))

    def add(self, document: Document, pages: Iterable[Page], blob: Blob) -> None:
        """Store a document whose blob is already on the disk: rows, index and journal line in one transaction."""
        with self._database.transaction():
            self._blobs.register(blob)
            self._database.execute(
                f"INSERT INTO document ({COLUMNS}, blob, kind) VALUES ({', '.join('?' * 18)})",  # noqa: S608
                (*_row(document), blob.id, str(document.kind)),
            )
            number = self._number(document.id)
            pages = list(pages)
            self._write_pages(number, pages)
            self._index(number, document, pages)
            self._journal.write(Event.DOCUMENT_IMPORTED, document.id, sha256=document.sha256)

    def find(self, prefix: str) -> Document:
        """Return the document that an id, or the beginning of one, names; in the trash or not.

        Raises:
            NotFoundError: none, or more than one.
        """
        wanted = prefix.lower().strip()
        end = wanted + "~"  # sorts after every character of an id
        rows = self._database.all(f"SELECT {COLUMNS} FROM document WHERE id >= ? AND id < ? LIMIT 2", (wanted, end)) if wanted else []  # noqa: S608
        if not rows:
            raise NotFoundError(_("no document has this id"), hint=_("`monespace document list` shows the ids"))
        if len(rows) > 1:
            raise NotFoundError(_("more than one document has an id that begins so"), hint=_("type more of it"))
        return document_of(rows[0])

    def by_hash(self, space: int, sha256: str) -> Document | None:
        """Return the document of a space with these original bytes, in the trash or not."""
        row = self._database.one(f"SELECT {COLUMNS} FROM document WHERE space = ? AND sha256 = ?", (space, sha256))  # noqa: S608
        return document_of(row) if row else None

    def all(self, wanted: Filter) -> "list[Document]":
        """Return documents, newest first by their own date, then by their import."""
        where, parameters = wanted.where()
        rows = self._database.all(
            f"SELECT {COLUMNS} FROM document WHERE {where} ORDER BY date DESC NULLS LAST, number DESC",  # noqa: S608
            parameters,
        )
        return [document_of(row) for row in rows]

    def count(self, wanted: Filter) -> int:
        """Return how many documents match."""
        where, parameters = wanted.where()
        row = self._database.one(f"SELECT count(*) FROM document WHERE {where}", parameters)  # noqa: S608
        return int(row[0]) if row else 0

    def pages(self, document: Document) -> "list[Page]":
        """Return a document's pages in order."""
        rows = self._database.all(
            "SELECT number, text, confidence, source FROM page WHERE document = ? ORDER BY number", (self._number(document.id),)
        )
        return [Page(number, text, confidence, TextSource(source)) for number, text, confidence, source in rows]

    def hard_to_read(self) -> "list[tuple[DocumentId, int]]":
        """Return (document, page number) of each page that a person should look at."""
        rows = self._database.all(
            "SELECT id, page.number FROM page JOIN document ON document.number = page.document "
            "WHERE page.hard_to_read AND deleted_at IS NULL ORDER BY document.number, page.number"
        )
        return [(DocumentId(document), number) for document, number in rows]

    def edit(self, document: Document, **changes: Any) -> Document:
        """Change fields of a document, its place in the index, and note which fields in the journal.

        Returns:
            The document as it is now.
        """
        changed = replace(document, **changes)
        if changed == document:
            return document
        with self._database.transaction():
            number = self._number(document.id)
            pages = self.pages(document)
            self._unindex(number, document, pages)
            assignments = ", ".join(f"{column} = ?" for column in COLUMNS.split(", "))
            self._database.execute(
                f"UPDATE document SET {assignments}, kind = ? WHERE number = ?",  # noqa: S608
                (*_row(changed), str(changed.kind), number),
            )
            self._index(number, changed, pages)
            self._journal.write(Event.DOCUMENT_EDITED, document.id, fields=" ".join(sorted(changes)))
        return changed

    def trash(self, document: Document) -> None:
        """Put a document in the trash, from which it can be restored. A second time changes nothing."""
        if document.deleted_at is None:
            self._set_deleted(document, self._clock().isoformat(), Event.DOCUMENT_DELETED)

    def restore(self, document: Document) -> None:
        """Take a document out of the trash. A second time changes nothing."""
        if document.deleted_at is not None:
            self._set_deleted(document, None, Event.DOCUMENT_RESTORED)

    def original(self, document: Document) -> BinaryIO:
        """Return the original bytes as a readable file; the access is journaled by the caller, who knows what for.

        Raises:
            IntegrityError: while reading, where the bytes are not those that were imported.
        """
        row = self._database.one("SELECT blob FROM document WHERE id = ?", (document.id,))
        return self._blobs.open(str(row[0])) if row else self._blobs.open("")

    def chunks(self, document: Document) -> Iterator[bytes]:
        """Yield the original bytes in pieces, as :meth:`original` reads them."""
        row = self._database.one("SELECT blob FROM document WHERE id = ?", (document.id,))
        return self._blobs.read(str(row[0]) if row else "")

    def _set_deleted(self, document: Document, at: str | None, event: Event) -> None:
        with self._database.transaction():
            self._database.execute("UPDATE document SET deleted_at = ? WHERE id = ?", (at, document.id))
            self._journal.write(event, document.id)

    def _number(self, document: DocumentId) -> int:
        row = self._database.one("SELECT number FROM document WHERE id = ?", (document,))
        if row is None:
            raise NotFoundError(_("no document has this id"))
        return int(row[0])

    def _write_pages(self, number: int, pages: Iterable[Page]) -> None:
        self._database.insert_many(
            "INSERT INTO page (document, number, text, confidence, source, hard_to_read) VALUES (?, ?, ?, ?, ?, ?)",
            [(number, page.number, page.text, page.confidence, str(page.source), page.is_hard_to_read) for page in pages],
        )

    def _index(self, number: int, document: Document, pages: Iterable[Page]) -> None:
        self._database.execute(
            "INSERT INTO search (rowid, title, practitioner, tags, text) VALUES (?, ?, ?, ?, ?)", (number, *_indexed(document, pages))
        )

    def _unindex(self, number: int, document: Document, pages: Iterable[Page]) -> None:
        # A contentless index forgets a row only when told exactly what it held; with secure-delete nothing of it stays in the file.
        self._database.execute(
            "INSERT INTO search (search, rowid, title, practitioner, tags, text) VALUES ('delete', ?, ?, ?, ?, ?)",
            (number, *_indexed(document, pages)),
        )


def _indexed(document: Document, pages: Iterable[Page]) -> tuple[str, str, str, str]:
    text = "\n".join(page.text for page in pages)
    return index_form(document.title), index_form(document.practitioner), index_form(" ".join(document.tags)), index_form(text)


def _row(document: Document) -> tuple[Any, ...]:
    """Return a document as the values of COLUMNS."""
    return (
        document.id,
        document.space,
        document.title,
        document.type_code,
        document.media_type,
        document.size,
        document.sha256,
        document.page_count,
        document.confidence,
        document.imported_at.isoformat(),
        document.date.isoformat() if document.date else None,
        document.practitioner,
        json.dumps(document.tags, ensure_ascii=False),
        json.dumps(document.confidentiality),
        json.dumps(asdict(document.provenance), ensure_ascii=False),
        document.deleted_at.isoformat() if document.deleted_at else None,
    )


def document_of(row: tuple[Any, ...]) -> Document:
    """Return the document whose COLUMNS a row begins with."""
    provenance = json.loads(row[14])
    return Document(
        id=DocumentId(row[0]),
        space=row[1],
        title=row[2],
        type_code=row[3],
        media_type=row[4],
        size=row[5],
        sha256=row[6],
        page_count=row[7],
        confidence=row[8],
        imported_at=datetime.fromisoformat(row[9]),
        date=date.fromisoformat(row[10]) if row[10] else None,
        practitioner=row[11],
        tags=tuple(json.loads(row[12])),
        confidentiality=tuple(json.loads(row[13])),
        provenance=Provenance(**{**provenance, "author": Author(provenance["author"])}),
        deleted_at=datetime.fromisoformat(row[15]) if row[15] else None,
    )

