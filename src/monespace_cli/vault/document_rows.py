"""A document as a row of the database, and back."""

import json
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from monespace_cli.record.document import Author, Document, DocumentId
from monespace_cli.record.text import well_formed
from monespace_cli.vault.provenance import parse_provenance, provenance_text

if TYPE_CHECKING:
    from monespace_cli.record.access import Item

COLUMNS = (
    "id, space, title, type_code, media_type, size, sha256, page_count, confidence, imported_at, date, practitioner, tags, "
    "confidentiality, provenance, deleted_at, proposed, notices"
)


ITEM_COLUMNS = "id, space, type_code, imported_at, confidentiality, provenance"
"""What the rules of access look at."""


def item_of_row(row: tuple[Any, ...]) -> "Item":
    """Return what `record.access.item_of_document` says of the document whose ITEM_COLUMNS a row begins with: each search judges all."""
    from monespace_cli.record.access import Item, class_of

    name, space, type_code, imported_at, confidentiality, provenance = row[:6]
    put_in_by: dict[str, Any] = json.loads(provenance)
    author = put_in_by.get("signer") if put_in_by.get("author") == Author.PRACTITIONER else None
    codes = tuple(json.loads(confidentiality))
    return Item(name, space, class_of(type_code), datetime.fromisoformat(imported_at), type_code, author=author, confidentiality=codes)


def row_of(document: Document) -> tuple[Any, ...]:
    """Return a document as the values of COLUMNS."""
    return (
        document.id,
        document.space,
        well_formed(document.title),
        document.type_code,
        document.media_type,
        document.size,
        document.sha256,
        document.page_count,
        document.confidence,
        document.imported_at.isoformat(),
        document.date.isoformat() if document.date else None,
        well_formed(document.practitioner),
        well_formed(json.dumps(document.tags, ensure_ascii=False)),
        json.dumps(document.confidentiality),
        provenance_text(document.provenance),
        document.deleted_at.isoformat() if document.deleted_at else None,
        " ".join(document.proposed),
        " ".join(document.notices),
    )


def document_of(row: tuple[Any, ...]) -> Document:
    """Return the document whose COLUMNS a row begins with."""
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
        provenance=parse_provenance(row[14]),
        deleted_at=datetime.fromisoformat(row[15]) if row[15] else None,
        proposed=tuple(row[16].split()),
        notices=tuple(row[17].split()),
    )
