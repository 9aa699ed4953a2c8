"""Taking papers in: find the files, read each, store it or put it into quarantine.

A file's identity is (space, SHA-256): taking it in again changes nothing. Whatever happens to one file, the run goes on with the next.
"""

import contextlib
import hashlib
import io
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum
from functools import cached_property, partial
from pathlib import Path
from typing import Protocol

from monespace_cli.actions.entries import AS_THEY_ARE, NOTHING_STATED, Entry, ImportRun, Stated, entries_of, stated_json, stated_of
from monespace_cli.actions.imported import IN_TRASH, NOT_TAKEN, ImportedItem, ItemStatus
from monespace_cli.actions.intake import BATCH, Intake
from monespace_cli.actions.run_log import RunLog
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.detect import media_type
from monespace_cli.ingest.problems import Code, Notice, unreadable
from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest, Reading
from monespace_cli.ingest.walk import FoundFile, Problem
from monespace_cli.ports import Clock, Executor, Progress
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import PROPOSABLE, Author, Document, ExtractedDocument, Page, Provenance, TextSource
from monespace_cli.record.identity import Identity, Owner
from monespace_cli.record.journal import Event
from monespace_cli.record.patient import PatientMatch, PrintedPatient, compare_patients, printed_patients
from monespace_cli.record.typed import TITLE_LENGTH
from monespace_cli.vault.blobs import Blob
from monespace_cli.vault.quarantine import QuarantinedItem
from monespace_cli.vault.vault import Vault


class OtherPatient(StrEnum):
    """What is done with a paper that names another patient than the person of the space."""

    STORE = "store"
    """It goes in, and is marked."""
    QUARANTINE = "quarantine"


AskPatient = Callable[[str, str], OtherPatient]
"""Decides on a paper that names another patient, by the file's name and whom it names."""


def store_marked(_path: str, _patient: str) -> OtherPatient:
    """Take a paper in whomever it names: it is marked, and whoever lists papers sees it."""
    return OtherPatient.STORE


def keep_back(_path: str, _patient: str) -> OtherPatient:
    """Let a paper that names another patient wait in quarantine."""
    return OtherPatient.QUARANTINE


class AskPassword(Protocol):
    """Asks somebody for the password of an encrypted PDF."""

    def __call__(self, name: str, *, again: bool) -> str | None:
        """Return the password of a file of this name, or None where nobody knows it; `again` after a wrong one."""


def nobody_knows(name: str, *, again: bool) -> str | None:
    """Ask nobody."""
    return None


PASSWORD_ATTEMPTS = 3


class Importer:
    """Takes files into one space of a vault."""

    def __init__(
        self,
        vault: Vault,
        executor: Executor[PortionRequest, Portion],
        options: IngestOptions,
        clock: Clock,
        *,
        stated: Stated = NOTHING_STATED,
        space: int | None = None,
        ask_patient: AskPatient = store_marked,
        ask_password: AskPassword = nobody_knows,
    ) -> None:
        """Have pages read by `executor`; file under `space`; `ask_patient` decides on papers that seem to be about somebody else."""
        self._vault = vault
        self._executor = executor
        self._options = options
        self._clock = clock
        self._stated = stated
        self._space = vault.space_in_use.or_this(space)
        self._is_helper = vault.is_helper
        self._ask_patient = ask_patient
        self._ask_password = ask_password
        self._underway: set[str] = set()
        """Hashes of what is being read."""

    @cached_property
    def _person(self) -> Owner:
        """Whose space it is; nobody asks for a document of a bundle, whose sender says whom it is about."""
        return self._vault.spaces.owner(self._space)

    def take_in(
        self, found: Sequence[FoundFile | Problem], progress: Progress, run: ImportRun = AS_THEY_ARE, log: RunLog | None = None
    ) -> Iterator[ImportedItem]:
        """Yield what became of each file, in order; what was yielded as imported is on the disk. `log` is told of each file."""
        if log:
            log.expect(found, run, self._stated)
        return self.take(self._entries(found, run, log), len(found), progress, run, log)

    def take(
        self, entries: Iterable[Entry], total: int, progress: Progress, run: ImportRun = AS_THEY_ARE, log: RunLog | None = None
    ) -> Iterator[ImportedItem]:
        """Yield what became of each entry, in order; `total` files are what they come from.

        Several are read at once. One transaction stores what is ready, and only then is anything else done with an entry's file.
        """
        intake = Intake(self._executor.width, progress, most=1 if run.stop_on_error else BATCH)
        progress.start(total)
        try:
            for batch in intake.batches(self._begun(entry, run) for entry in entries):
                self._settle(batch, log)
                for item in self._told(batch, progress, log):
                    yield item
                    if run.stop_on_error and item.status in NOT_TAKEN:
                        return
        finally:
            progress.stop()
            if log:
                log.flush()

    def retry(self, items: Iterable[QuarantinedItem]) -> Iterator[ImportedItem]:
        """Read items of the quarantine again, as many at once as the executor does; yield what became of each, in order.

        One that can be read becomes a document and leaves the quarantine.
        """
        underway: deque[tuple[QuarantinedItem, bytes, Reading]] = deque()
        for item in items:
            data = self._vault.quarantine.original(item).read()
            underway.append((item, data, Reading(self._executor, data, self._options)))
            if len(underway) > self._executor.width:
                yield self._retried(*underway.popleft())
        while underway:
            yield self._retried(*underway.popleft())

    def _retried(self, item: QuarantinedItem, data: bytes, reading: Reading) -> ImportedItem:
        try:
            extracted = self._about_the_right_person(item.name, self._read(item.name, data, reading))
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
            read = self._read(item.name, data)
            extracted = _marked(read, self._compared(read)[0])
        except UnreadableInputError as problem:
            unread = ExtractedDocument(media_type(data), (Page(1, "", 0.0, TextSource.NONE),))
            extracted = replace(unread, notices=(problem.code,))
        return self._release(item, data, extracted)

    def _release(self, item: QuarantinedItem, data: bytes, extracted: ExtractedDocument) -> ImportedItem:
        imported = self._storing(data, item.sha256, extracted, stated_of(item.stated), item.provenance)()
        self._vault.quarantine.remove(item, Event.ITEM_RELEASED, document=imported.document or "")
        return imported

    def keep(self, data: bytes, stated: Stated, provenance: Provenance, extracted: ExtractedDocument) -> ImportedItem:
        """Store a document of a checked bundle that was read before; one that is there already is a duplicate."""
        sha256 = hashlib.sha256(data).hexdigest()
        known = self._known(provenance.source_name, sha256)
        if known and known.status is ItemStatus.DUPLICATE:
            return known
        return self._storing(data, sha256, extracted, stated, provenance)()

    def _entries(self, found: Sequence[FoundFile | Problem], run: ImportRun, log: RunLog | None) -> Iterator[Entry]:
        for each in found:
            number = log.number_of(each) if log else None
            for entry in entries_of(each, run, self._stated):
                entry.file = number
                yield entry

    @staticmethod
    def _told(batch: list[Entry], progress: Progress, log: RunLog | None) -> Iterator[ImportedItem]:
        """Do what is to be done with the files of a batch that is stored, and yield what is told of each entry."""
        for entry in batch:
            items = list(entry.after(entry.item))
            if log:
                log.told(entry, items)
            yield from items
            progress.advance(entry.is_last, label=entry.name)

    def _begun(self, entry: Entry, run: ImportRun) -> Entry:
        """Have an entry read, unless it is clear already what becomes of it."""
        if entry.data is None:
            return entry
        entry.sha256 = hashlib.sha256(entry.data).hexdigest()
        entry.item = self._known(entry.name, entry.sha256)
        if entry.item is None and run.dry_run:
            entry.item = ImportedItem(entry.name, ItemStatus.WOULD_IMPORT, sha256=entry.sha256)
        if entry.item is None and entry.sha256 in self._underway:
            entry.follows_twin = True
        elif entry.item is None:
            self._underway.add(entry.sha256)
            entry.reading = Reading(self._executor, entry.data, self._options)
        if entry.item:
            entry.data = None
        return entry

    def _settle(self, batch: list[Entry], log: RunLog | None) -> None:
        """Store what was read of a batch: first the originals, each to the disk, then in one transaction all that speaks of them."""
        stores = [(entry, self._decided(entry)) for entry in batch if entry.item is None and entry.data is not None]
        if stores or log:
            with self._vault.database.transaction():
                for entry, store in stores:
                    entry.item = store()
                if log:
                    log.note(batch)
        for entry in batch:
            self._underway.discard(entry.sha256)
            entry.data = entry.reading = None

    def _decided(self, entry: Entry) -> Callable[[], ImportedItem]:
        """Return how an entry goes into the vault, once its original is there: as a document, or into the quarantine."""
        data = entry.data or b""
        known = self._known(entry.name, entry.sha256) if entry.follows_twin else None
        if known:
            return lambda: known
        try:
            extracted = self._about_the_right_person(entry.name, self._read(entry.name, data, entry.reading))
        except UnreadableInputError as problem:
            return partial(self._quarantine, entry, self._vault.blobs.write(io.BytesIO(data)), problem.code)
        store = self._storing(data, entry.sha256, extracted, entry.stated, entry.provenance)
        return lambda: replace(store(), path=entry.name)

    def _quarantine(self, entry: Entry, blob: Blob, code: str) -> ImportedItem:
        self._vault.quarantine.add(blob, self._space, entry.provenance, code, stated_json(entry.stated))
        return ImportedItem(entry.name, ItemStatus.QUARANTINED, sha256=entry.sha256, code=code)

    def _read(self, name: str, data: bytes, reading: Reading | None = None) -> ExtractedDocument:
        """Return what a file says, by a reading that was begun or a new one; of a PDF with a password, once somebody gave it.

        Raises:
            UnreadableInputError: it cannot be read, or nobody gave the right password.
        """
        today = self._clock().date()
        with contextlib.suppress(_NeedsPasswordError):
            return _read_open(reading or Reading(self._executor, data, self._options), today)
        for attempt in range(PASSWORD_ATTEMPTS):
            password = self._ask_password(name, again=attempt > 0)
            if not password:
                break
            with contextlib.suppress(_NeedsPasswordError):
                return _read_open(Reading(self._executor, data, replace(self._options, pdf_password=password)), today)
        raise unreadable(Code.ENCRYPTED_PDF)

    def _about_the_right_person(self, name: str, extracted: ExtractedDocument) -> ExtractedDocument:
        """Return what was read, marked where it names another patient.

        Raises:
            UnreadableInputError: somebody decided that such a paper waits in quarantine.
        """
        match, patient = self._compared(extracted)
        if match is PatientMatch.OTHER and self._ask_patient(name, patient.name) is OtherPatient.QUARANTINE:
            raise unreadable(Code.OTHER_PATIENT)
        return _marked(extracted, match)

    def _compared(self, extracted: ExtractedDocument) -> tuple[PatientMatch, PrintedPatient]:
        """Return how whom a paper names as its patient compares with the person of the space, and whom it names first."""
        printed = printed_patients(extracted.candidates)
        match = compare_patients(self._person, printed) if isinstance(self._person, Identity) else PatientMatch.UNNAMED
        return match, next(iter(printed), PrintedPatient())

    def _known(self, name: str, sha256: str) -> ImportedItem | None:
        twin = self._vault.documents.by_hash(self._space, sha256)
        if twin:
            return _item(name, ItemStatus.DUPLICATE, twin, IN_TRASH if twin.deleted_at else None)
        quarantined = self._vault.quarantine.by_hash(self._space, sha256)
        return ImportedItem(name, ItemStatus.QUARANTINED, sha256=sha256, code=quarantined.code) if quarantined else None

    def _storing(
        self, data: bytes, sha256: str, extracted: ExtractedDocument, stated: Stated, provenance: Provenance
    ) -> Callable[[], ImportedItem]:
        """Write a document's original, and return what stores the document in the caller's transaction."""
        document = self._document(data, sha256, extracted, stated, provenance)
        blob = self._vault.blobs.write(io.BytesIO(data))

        def store() -> ImportedItem:
            stored = self._vault.documents.add(document, extracted.pages, blob, extracted.candidates)
            if stored.id != document.id:  # another process took the same file in meanwhile
                return _item(provenance.source_name, ItemStatus.DUPLICATE, stored, None)
            item = _item(provenance.source_name, ItemStatus.IMPORTED, stored, next(iter(extracted.notices), None))
            return replace(item, near_duplicate_of=self._vault.documents.near_duplicate_of(stored))

        return store

    def _by_whom(self, provenance: Provenance) -> Provenance:
        """Return where a paper came from: what a helper brings in, the helper put there."""
        is_theirs = self._is_helper and provenance.author is Author.HOLDER and provenance.signer is None
        return replace(provenance, author=Author.DELEGATE) if is_theirs else provenance

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
            provenance=self._by_whom(provenance),
            proposed=tuple(field for field in PROPOSABLE if not given[field] and read(field)),
            notices=extracted.notices,
        )


class _NeedsPasswordError(Exception):
    """A PDF is encrypted."""


def _read_open(reading: Reading, today: date) -> ExtractedDocument:
    try:
        return reading.document(today)
    except UnreadableInputError as problem:
        if problem.code == Code.ENCRYPTED_PDF:
            raise _NeedsPasswordError from None
        raise


def _marked(extracted: ExtractedDocument, match: PatientMatch) -> ExtractedDocument:
    """Return what was read with a notice where its patient is another person, or may be one; the former comes first of all notices."""
    match match:
        case PatientMatch.OTHER:
            return replace(extracted, notices=(Code.OTHER_PATIENT, *extracted.notices))
        case PatientMatch.NEAR:
            return replace(extracted, notices=(*extracted.notices, Notice.NEAR_PATIENT))
        case _:
            return extracted


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
