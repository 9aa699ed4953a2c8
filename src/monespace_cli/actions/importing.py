"""Taking papers in: find the files, read each, store it or put it into quarantine.

A file's identity is (space, SHA-256): taking it in again changes nothing. Whatever happens to one file, the run goes on with the next.
"""

import hashlib
import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from pathlib import Path

from monespace_cli.errors import ExitCode, UnreadableInputError
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.ingest.walk import FoundFile, Problem, printable, read_bounded, walk
from monespace_cli.ports import Clock, Progress
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Document, ExtractedDocument, Provenance
from monespace_cli.record.journal import Event
from monespace_cli.vault.quarantine import QuarantinedItem
from monespace_cli.vault.spaces import OWNER_SPACE
from monespace_cli.vault.vault import Vault

TITLE_LENGTH = 200
"""Characters of a title made by a machine."""


class ItemStatus(StrEnum):
    """What became of a file. Part of the contract with scripts."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class ImportedItem:
    """What became of one file; what is not known stays None."""

    path: str
    status: ItemStatus
    document: str | None = None
    sha256: str | None = None
    pages: int | None = None
    confidence: float | None = None
    kind: Kind | None = None
    date: "date | None" = None
    code: str | None = None
    """Why it failed or is in quarantine, or what to know of it: `in-trash`, `ocr-missing` …"""


@dataclass(slots=True)
class ImportSummary:
    """How many files of a run became what."""

    counts: dict[ItemStatus, int] = field(default_factory=lambda: dict.fromkeys(ItemStatus, 0))
    without_text: int = 0
    """Imported, but not read because no OCR engine is here."""

    def add(self, item: ImportedItem) -> None:
        """Count a file."""
        self.counts[item.status] += 1
        self.without_text += item.code == "ocr-missing"

    @property
    def exit_code(self) -> ExitCode:
        """What the run's exit status says: all done, some, none, or nothing was there."""
        good = self.counts[ItemStatus.IMPORTED] + self.counts[ItemStatus.DUPLICATE]
        bad = self.counts[ItemStatus.QUARANTINED] + self.counts[ItemStatus.FAILED]
        if not good and not bad:
            return ExitCode.NOT_FOUND
        if bad:
            return ExitCode.PARTLY if good else ExitCode.ALL_REJECTED
        return ExitCode.PARTLY if self.without_text else ExitCode.OK


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person or a script said of the papers; it wins over what a machine reads."""

    kind: Kind | None = None
    date: "date | None" = None
    practitioner: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()


class Importer:
    """Takes files into one vault."""

    def __init__(self, vault: Vault, reader: Reader, options: IngestOptions, clock: Clock, stated: Stated | None = None) -> None:
        """Read with `reader`; file under the space of the vault's owner."""
        self._vault = vault
        self._reader = reader
        self._options = options
        self._clock = clock
        self._stated = stated or Stated()

    def take_in(self, paths: Iterable[Path], progress: Progress) -> Iterator[ImportedItem]:
        """Yield what became of each file, as soon as it is known; what was yielded as imported is on the disk."""
        found = list(walk(paths))
        progress.start(len(found))
        try:
            for each in found:
                yield self._take(each)
                progress.advance(label=printable(each.path))
        finally:
            progress.stop()

    def retry(self, item: QuarantinedItem) -> ImportedItem:
        """Read an item of the quarantine again; where that works it becomes a document and leaves the quarantine."""
        data = self._vault.quarantine.original(item).read()
        try:
            extracted = self._reader.read(data, self._options)
        except UnreadableInputError as problem:
            self._vault.quarantine.tried_again(item, problem.code)
            return ImportedItem(item.name, ItemStatus.QUARANTINED, sha256=item.sha256, code=problem.code)
        imported = self._store(item.name, data, item.sha256, extracted)
        self._vault.quarantine.remove(item, Event.ITEM_RELEASED)
        return imported

    def _take(self, found: FoundFile | Problem) -> ImportedItem:
        name = printable(found.path)
        if isinstance(found, Problem):
            return ImportedItem(name, ItemStatus.FAILED, code=found.code)
        try:
            data = read_bounded(found)
        except UnreadableInputError as problem:
            return ImportedItem(name, ItemStatus.FAILED, code=problem.code)
        sha256 = hashlib.sha256(data).hexdigest()
        known = self._known(name, sha256)
        if known:
            return known
        try:
            extracted = self._reader.read(data, self._options)
        except UnreadableInputError as problem:
            self._vault.quarantine.add(self._vault.blobs.write(io.BytesIO(data)), OWNER_SPACE, found.path.name, problem.code)
            return ImportedItem(name, ItemStatus.QUARANTINED, sha256=sha256, code=problem.code)
        return self._store(name, data, sha256, extracted)

    def _known(self, name: str, sha256: str) -> ImportedItem | None:
        twin = self._vault.documents.by_hash(OWNER_SPACE, sha256)
        if twin:
            code = "in-trash" if twin.deleted_at else None
            return ImportedItem(
                name, ItemStatus.DUPLICATE, twin.id, sha256, twin.page_count, twin.confidence, twin.kind, twin.date, code
            )
        quarantined = self._vault.quarantine.by_hash(OWNER_SPACE, sha256)
        return ImportedItem(name, ItemStatus.QUARANTINED, sha256=sha256, code=quarantined.code) if quarantined else None

    def _store(self, name: str, data: bytes, sha256: str, extracted: ExtractedDocument) -> ImportedItem:
        document = self._document(Path(name).name, data, sha256, extracted)
        blob = self._vault.blobs.write(io.BytesIO(data))
        self._vault.documents.add(document, extracted.pages, blob)
        code = extracted.notices[0] if extracted.notices else None
        return ImportedItem(
            name,
            ItemStatus.IMPORTED,
            document.id,
            sha256,
            document.page_count,
            document.confidence,
            document.kind,
            document.date,
            code,
        )

    def _document(self, name: str, data: bytes, sha256: str, extracted: ExtractedDocument) -> Document:
        def read(field_name: str) -> str | None:
            candidate = extracted.best(field_name)
            return candidate.value if candidate else None

        stated = self._stated
        kind = stated.kind or Kind(read("kind") or Kind.OTHER)
        day = read("date")
        return Document(
            id=self._vault.documents.new_id(),
            title=stated.title or (read("title") or Path(name).stem)[:TITLE_LENGTH],
            type_code=kind.type_code,
            media_type=extracted.media_type,
            size=len(data),
            sha256=sha256,
            page_count=len(extracted.pages),
            confidence=extracted.confidence,
            imported_at=self._clock(),
            date=stated.date or (date.fromisoformat(day) if day else None),
            practitioner=stated.practitioner or read("practitioner") or "",
            tags=stated.tags,
            provenance=Provenance(source_name=name),
        )
