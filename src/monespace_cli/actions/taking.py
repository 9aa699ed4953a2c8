"""Taking the documents of a checked bundle into a space, with who signed them, and telling what became of each."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from monespace_cli.actions.entries import Stated
from monespace_cli.actions.imported import ImportedItem, ItemStatus
from monespace_cli.actions.importing import Importer
from monespace_cli.bounds import limits
from monespace_cli.errors import BundleError, UnreadableInputError
from monespace_cli.i18n import _
from monespace_cli.ingest.problems import Code
from monespace_cli.ingest.reader import IngestOptions, Reader, read_text
from monespace_cli.interop.media import FHIR_JSON
from monespace_cli.ports import Clock
from monespace_cli.record.card import Card, Role
from monespace_cli.record.document import Author, ExtractedDocument, Page, Provenance, TextSource
from monespace_cli.record.exchange import Outcome
from monespace_cli.record.identity import Profession
from monespace_cli.sync.opening import OpenedBundle, OpenedDocument
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class ReadDocument:
    """A document of a checked bundle, read and not yet kept; without bytes where it is too large to be taken in."""

    title: str
    sha256: str
    data: bytes | None
    stated: Stated
    provenance: Provenance
    extracted: ExtractedDocument


class Taking:
    """Reads the documents of bundles, and keeps them."""

    def __init__(self, vault: Vault, reader: Reader, options: IngestOptions, clock: Clock) -> None:
        """Read with `reader` what is not text already."""
        self._vault = vault
        self._reader = reader
        self._options = options
        self._clock = clock

    def read(self, bundle: OpenedBundle) -> Iterator[ReadDocument]:
        """Yield the documents, read, one in memory at a time. Nothing is written.

        Raises:
            BundleError: the bundle's file changed since it was checked.
        """
        author = author_of(bundle.sender)
        for document in bundle.documents:
            provenance = Provenance(author, bundle.manifest.sender, bundle.manifest.bundle, document.info.title)
            data = _bytes(document) if document.file.size <= limits.MAX_FILE_BYTES else None
            extracted = _unread(document) if data is None else self._extracted(data, document)
            yield ReadDocument(document.info.title, document.file.sha256, data, _stated(document), provenance, extracted)

    def keep(self, read: ReadDocument, space: int) -> ImportedItem:
        """Store a document in a space, in the caller's transaction where there is one; one that is there already is a duplicate."""
        if read.data is None:
            return ImportedItem(read.title, ItemStatus.FAILED, sha256=read.sha256, code=Code.TOO_LARGE)
        importer = Importer(self._vault, self._reader, self._options, self._clock, space=space)
        return importer.keep(read.data, read.stated, read.provenance, read.extracted)

    def _extracted(self, data: bytes, document: OpenedDocument) -> ExtractedDocument:
        """Return what a document says; where its pages cannot be read it is kept as it is: its sender vouches for it."""
        try:
            if document.info.media_type == "text/plain":
                return read_text(data)
            if document.info.media_type == FHIR_JSON:  # for programs: the page that comes with it says the same to people
                return ExtractedDocument(FHIR_JSON, (Page(1, "", 1.0, TextSource.PLAIN),))
            return self._reader.read(data, self._options)
        except UnreadableInputError as problem:
            return replace(_unread(document), notices=(problem.code,))


def author_of(sender: Card) -> Author:
    """Return who put in what this sender signed."""
    if sender.role is Role.HOLDER:
        return Author.HOLDER
    return Author.INSURER if sender.profession is Profession.INSURER else Author.PRACTITIONER


def outcome_of(item: ImportedItem) -> dict[str, Any]:
    """Return what became of a document, as the inbox keeps it: what its sender is told, and its id here."""
    taken = item.status in (ItemStatus.IMPORTED, ItemStatus.DUPLICATE)
    code = "duplicate" if item.status is ItemStatus.DUPLICATE else item.code
    return {
        "sha256": item.sha256,
        "outcome": str(Outcome.ACCEPTED if taken else Outcome.REFUSED),
        "code": code,
        "document": item.document,
    }


def _bytes(document: OpenedDocument) -> bytes:
    """Return a document's bytes, hashed once more: whoever sealed the file could change it since it was checked."""
    with document.open() as source:
        data = source.read()
    if hashlib.sha256(data).hexdigest() != document.file.sha256:
        raise BundleError(_("the bundle changed while it was being read"), hint=_("copy it to this machine first"))
    return data


def _stated(document: OpenedDocument) -> Stated:
    info = document.info
    return Stated(info.type_code, info.date, info.practitioner, info.title, confidentiality=info.confidentiality)


def _unread(document: OpenedDocument) -> ExtractedDocument:
    pages = tuple(Page(number, "", 0.0, TextSource.NONE) for number in range(1, document.info.page_count + 1))
    return ExtractedDocument(document.info.media_type, pages)
