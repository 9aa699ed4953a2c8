"""Taking papers in: find the files, read each, store it or put it into quarantine.

A file's identity is (space, SHA-256): taking it in again changes nothing. Whatever happens to one file, the run goes on with the next.
"""

import hashlib
import io
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from functools import cached_property
from pathlib import Path

from monespace_cli.actions.disposal import KEEP, SOURCE_KEPT, Disposal
from monespace_cli.adapters.ledger import mark_of
from monespace_cli.errors import ExitCode, UnreadableInputError
from monespace_cli.ingest.archive import RefusedMember, Unpacker
from monespace_cli.ingest.detect import is_archive, media_type
from monespace_cli.ingest.problems import Code, unreadable
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.ingest.walk import FoundFile, Problem, printable, read_bounded
from monespace_cli.ports import Clock, Progress
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import PROPOSABLE, Document, ExtractedDocument, Page, Provenance, TextSource
from monespace_cli.record.identity import Identity, Owner
from monespace_cli.record.journal import Event
from monespace_cli.record.patient import PatientMatch, PrintedPatient, compare_patients, printed_patients
from monespace_cli.record.typed import TITLE_LENGTH
from monespace_cli.vault.quarantine import QuarantinedItem
from monespace_cli.vault.spaces import OWNER_SPACE
from monespace_cli.vault.vault import Vault

IN_TRASH = "in-trash"


class ItemStatus(StrEnum):
    """What became of a file. Part of the contract with scripts."""

    IMPORTED = "imported"
    DUPLICATE = "duplicate"
    QUARANTINED = "quarantined"
    FAILED = "failed"
    WOULD_IMPORT = "would-import"
    """In a dry run: it is new."""
    SEALED = "sealed"
    """Put into the vault while it was locked; it is taken in at the next import."""


class OtherPatient(StrEnum):
    """What is done with a paper that names another patient than the person of the space."""

    STORE = "store"
    """It goes in, and is marked."""
    QUARANTINE = "quarantine"


NOT_TAKEN = (ItemStatus.QUARANTINED, ItemStatus.FAILED)


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
    marked: int = 0
    """Taken in although they name another patient."""
    of_others: int = 0
    """Not taken in because they name another patient."""

    def add(self, item: ImportedItem) -> None:
        """Count a file."""
        self.counts[item.status] += 1
        self.without_text += item.code == "ocr-missing"
        self.marked += item.status is ItemStatus.IMPORTED and item.code == Code.OTHER_PATIENT
        self.of_others += item.status is ItemStatus.QUARANTINED and item.code == Code.OTHER_PATIENT

    @property
    def exit_code(self) -> ExitCode:
        """What the run's exit status says: all done, some, none, or nothing was there."""
        bad = sum(self.counts[status] for status in NOT_TAKEN)
        good = sum(self.counts.values()) - bad
        if not good and not bad:
            return ExitCode.NOT_FOUND
        if bad and not good:
            return ExitCode.PATIENT_MISMATCH if self.of_others == bad else ExitCode.ALL_REJECTED
        if bad:
            return ExitCode.PARTLY
        return ExitCode.PARTLY if self.without_text else ExitCode.OK


@dataclass(frozen=True, slots=True)
class Stated:
    """What a person, a script or a signed bundle says of the papers; it wins over what a machine reads."""

    type_code: str | None = None
    date: "date | None" = None
    practitioner: str | None = None
    title: str | None = None
    tags: tuple[str, ...] = ()
    confidentiality: tuple[str, ...] = ("N",)
    extra: tuple[tuple[str, str], ...] = ()
    """What a manifest says beyond that, as (column, value)."""


NOTHING_STATED = Stated()


@dataclass(frozen=True, slots=True)
class ImportRun:
    """How a run treats the files it is given."""

    statements: Mapping[Path, Stated] = field(default_factory=dict)
    """What a manifest says of single files."""
    disposal: Disposal = KEEP
    """What becomes of a file that is in the vault."""
    stop_on_error: bool = False
    dry_run: bool = False
    """Say what would be done, and do nothing."""


AS_THEY_ARE = ImportRun()

AskPatient = Callable[[str, str], OtherPatient]
"""Decides on a paper that names another patient, by the file's name and whom it names."""


def store_marked(_path: str, _patient: str) -> OtherPatient:
    """Take a paper in whomever it names: it is marked, and whoever lists papers sees it."""
    return OtherPatient.STORE


def keep_back(_path: str, _patient: str) -> OtherPatient:
    """Let a paper that names another patient wait in quarantine."""
    return OtherPatient.QUARANTINE


class Importer:
    """Takes files into one space of a vault."""

    def __init__(
        self,
        vault: Vault,
        reader: Reader,
        options: IngestOptions,
        clock: Clock,
        *,
        stated: Stated = NOTHING_STATED,
        space: int = OWNER_SPACE,
        ask_patient: AskPatient = store_marked,
    ) -> None:
        """Read with `reader`; file under `space`; `ask_patient` decides on papers that seem to be about somebody else."""
        self._vault = vault
        self._reader = reader
        self._options = options
        self._clock = clock
        self._stated = stated
        self._space = space
        self._ask_patient = ask_patient

    @cached_property
    def _person(self) -> Owner:
        """Whose space it is; nobody asks for a document of a bundle, whose sender says whom it is about."""
        return self._vault.spaces.owner(self._space)

    def take_in(self, found: Sequence[FoundFile | Problem], progress: Progress, run: ImportRun = AS_THEY_ARE) -> Iterator[ImportedItem]:
        """Yield what became of each file, as soon as it is known; what was yielded as imported is on the disk."""
        progress.start(len(found))
        try:
            for each in found:
                for item in self._take(each, run):
                    yield item
                    if run.stop_on_error and item.status in NOT_TAKEN:
                        return
                progress.advance(label=printable(each.path))
        finally:
            progress.stop()

    def retry(self, item: QuarantinedItem) -> ImportedItem:
        """Read an item of the quarantine again; where that works it becomes a document and leaves the quarantine."""
        data = self._vault.quarantine.original(item).read()
        try:
            extracted = self._about_the_right_person(item.name, self._reader.read(data, self._options))
        except UnreadableInputError as problem:
            self._vault.quarantine.tried_again(item, problem.code)
            return ImportedItem(item.name, ItemStatus.QUARANTINED, sha256=item.sha256, code=problem.code)
        return self._release(item, data, extracted)

    def release(self, item: QuarantinedItem) -> ImportedItem:
        """Make a document of an item as it is: whomever it names, and without text where it cannot be read.

        Raises:
            UnreadableInputError: it is of no type that monespace keeps.
        """
        data = self._vault.quarantine.original(item).read()
        try:
            read = self._reader.read(data, self._options)
            extracted = self._marked(read, self._other_patient(read))
        except UnreadableInputError as problem:
            unread = ExtractedDocument(media_type(data), (Page(1, "", 0.0, TextSource.NONE),))
            extracted = replace(unread, notices=(problem.code,))
        return self._release(item, data, extracted)

    def _release(self, item: QuarantinedItem, data: bytes, extracted: ExtractedDocument) -> ImportedItem:
        imported = self._store(data, item.sha256, extracted, self._stated, item.provenance)
        self._vault.quarantine.remove(item, Event.ITEM_RELEASED, document=imported.document or "")
        return imported

    def keep(self, data: bytes, stated: Stated, provenance: Provenance, extracted: ExtractedDocument) -> ImportedItem:
        """Store a document of a checked bundle that was read before; one that is there already is a duplicate."""
        sha256 = hashlib.sha256(data).hexdigest()
        known = self._known(provenance.source_name, sha256)
        if known and known.status is ItemStatus.DUPLICATE:
            return known
        return self._store(data, sha256, extracted, stated, provenance)

    def _take(self, found: FoundFile | Problem, run: ImportRun) -> Iterator[ImportedItem]:
        """Yield what became of a file, or of each member of an archive; then do away with the file where that is wanted."""
        name = printable(found.path)
        if isinstance(found, Problem):
            yield ImportedItem(name, ItemStatus.FAILED, code=found.code)
            return
        try:
            mark = mark_of(found.path.stat())
            data = read_bounded(found)
        except (OSError, UnreadableInputError) as problem:
            yield ImportedItem(name, ItemStatus.FAILED, code=getattr(problem, "code", Code.READ_ERROR))
            return
        stated = run.statements.get(found.path, self._stated)
        if is_archive(data):
            items = list(self._take_members(name, data, stated, run))
            yield from items
            if all(_is_kept(item) for item in items) and run.disposal.of(found.path, mark, name):
                yield ImportedItem(name, ItemStatus.FAILED, code=SOURCE_KEPT)
            return
        item = self._take_one(name, data, Provenance(source_name=printable(found.path.name), manifest=stated.extra), stated, run)
        yield replace(item, code=run.disposal.of(found.path, mark, item.document or "") or item.code) if _is_kept(item) else item

    def _take_members(self, name: str, data: bytes, stated: Stated, run: ImportRun) -> Iterator[ImportedItem]:
        try:
            with Unpacker() as unpacker:
                for member in unpacker.members(data):
                    place = f"{name}/{printable(member.name)}"
                    if isinstance(member, RefusedMember):
                        yield ImportedItem(place, ItemStatus.FAILED, code=member.code)
                    else:
                        provenance = Provenance(source_name=printable(Path(member.name).name), manifest=stated.extra)
                        yield self._take_one(place, member.data, provenance, stated, run)
        except UnreadableInputError as problem:
            yield ImportedItem(name, ItemStatus.FAILED, code=problem.code)

    def _take_one(self, name: str, data: bytes, provenance: Provenance, stated: Stated, run: ImportRun) -> ImportedItem:
        if run.dry_run:
            sha256 = hashlib.sha256(data).hexdigest()
            return self._known(name, sha256) or ImportedItem(name, ItemStatus.WOULD_IMPORT, sha256=sha256)
        return self.take_bytes(name, data, provenance, stated)

    def take_bytes(self, name: str, data: bytes, provenance: Provenance, stated: Stated | None = None) -> ImportedItem:
        """Take in a file's bytes, which `name` stands for in what is reported; where they cannot be read they go to the quarantine."""
        sha256 = hashlib.sha256(data).hexdigest()
        known = self._known(name, sha256)
        if known:
            return known
        try:
            extracted = self._about_the_right_person(name, self._reader.read(data, self._options))
        except UnreadableInputError as problem:
            self._vault.quarantine.add(self._vault.blobs.write(io.BytesIO(data)), self._space, provenance, problem.code)
            return ImportedItem(name, ItemStatus.QUARANTINED, sha256=sha256, code=problem.code)
        return replace(self._store(data, sha256, extracted, stated or self._stated, provenance), path=name)

    def _about_the_right_person(self, name: str, extracted: ExtractedDocument) -> ExtractedDocument:
        """Return what was read, marked where it names another patient.

        Raises:
            UnreadableInputError: somebody decided that such a paper waits in quarantine.
        """
        other = self._other_patient(extracted)
        if other and self._ask_patient(name, other.name) is OtherPatient.QUARANTINE:
            raise unreadable(Code.OTHER_PATIENT)
        return self._marked(extracted, other)

    def _other_patient(self, extracted: ExtractedDocument) -> PrintedPatient | None:
        """Return whom a paper names as its patient where that is not the person of the space."""
        printed = printed_patients(extracted.candidates)
        is_other = isinstance(self._person, Identity) and compare_patients(self._person, printed) is PatientMatch.OTHER
        return printed[0] if is_other else None

    @staticmethod
    def _marked(extracted: ExtractedDocument, other: PrintedPatient | None) -> ExtractedDocument:
        return replace(extracted, notices=(Code.OTHER_PATIENT, *extracted.notices)) if other else extracted

    def _known(self, name: str, sha256: str) -> ImportedItem | None:
        twin = self._vault.documents.by_hash(self._space, sha256)
        if twin:
            return _item(name, ItemStatus.DUPLICATE, twin, IN_TRASH if twin.deleted_at else None)
        quarantined = self._vault.quarantine.by_hash(self._space, sha256)
        return ImportedItem(name, ItemStatus.QUARANTINED, sha256=sha256, code=quarantined.code) if quarantined else None

    def _store(self, data: bytes, sha256: str, extracted: ExtractedDocument, stated: Stated, provenance: Provenance) -> ImportedItem:
        document = self._document(data, sha256, extracted, stated, provenance)
        blob = self._vault.blobs.write(io.BytesIO(data))
        stored = self._vault.documents.add(document, extracted.pages, blob, extracted.candidates)
        if stored.id != document.id:  # another process took the same file in meanwhile
            return _item(provenance.source_name, ItemStatus.DUPLICATE, stored, None)
        return _item(provenance.source_name, ItemStatus.IMPORTED, stored, next(iter(extracted.notices), None))

    def _document(self, data: bytes, sha256: str, extracted: ExtractedDocument, stated: Stated, provenance: Provenance) -> Document:
        def read(field_name: str) -> str | None:
            candidate = extracted.best(field_name)
            return candidate.value if candidate else None

        day = read("date")
        given = {"kind": stated.type_code, "date": stated.date, "practitioner": stated.practitioner, "title": stated.title}
        return Document(
            id=self._vault.documents.new_id(),
            space=self._space,
            title=stated.title or (read("title") or Path(provenance.source_name).stem)[:TITLE_LENGTH],
            type_code=stated.type_code or Kind(read("kind") or Kind.OTHER).type_code,
            media_type=extracted.media_type,
            size=len(data),
            sha256=sha256,
            page_count=len(extracted.pages),
            confidence=extracted.confidence,
            imported_at=self._clock(),
            date=stated.date or (date.fromisoformat(day) if day else None),
            practitioner=stated.practitioner or read("practitioner") or "",
            tags=stated.tags,
            confidentiality=stated.confidentiality,
            provenance=provenance,
            proposed=tuple(field for field in PROPOSABLE if not given[field] and read(field)),
            notices=extracted.notices,
        )


def _is_kept(item: ImportedItem) -> bool:
    """Tell whether a file's content is in the vault for good, so that the file itself may go."""
    return item.document is not None and item.code != IN_TRASH


def _item(name: str, status: ItemStatus, document: Document, code: str | None) -> ImportedItem:
    return ImportedItem(
        name,
        status,
        document.id,
        document.sha256,
        document.page_count,
        document.confidence,
        document.kind,
        document.date,
        code,
    )
