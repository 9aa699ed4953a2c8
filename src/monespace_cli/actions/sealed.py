"""Import while locked: seal files for a vault whose secret is not here, and take in what was sealed once it is open.

A file is sealed and on the disk before it may be moved or deleted, and stored in the vault before its sealed copy is removed. What happens
to one file stops no other.
"""

import contextlib
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from monespace_cli.actions.disposal import SOURCE_KEPT, Disposal
from monespace_cli.actions.entries import Entry, told_as_it_is
from monespace_cli.actions.imported import SEALED_BEFORE, ImportedItem, ItemStatus
from monespace_cli.actions.importing import Importer
from monespace_cli.adapters.ledger import Ledger, mark_of
from monespace_cli.errors import UnreadableInputError
from monespace_cli.i18n import _
from monespace_cli.ingest.walk import FoundFile, Problem, printable, read_bounded
from monespace_cli.ports import Clock, Progress
from monespace_cli.record.document import Author, Provenance
from monespace_cli.vault.sealed import DAMAGED, Claim, SealedItem, Sealer, moment_of, waiting
from monespace_cli.vault.vault import Vault


class LockedImport:
    """One run of sealing files. It holds no secret."""

    def __init__(self, sealer: Sealer, ledger: Ledger, disposal: Disposal, clock: Clock) -> None:
        """Seal with `sealer`; files that `ledger` knows are passed over."""
        self._sealer = sealer
        self._ledger = ledger
        self._disposal = disposal
        self._clock = clock

    def seal(self, found: Sequence[FoundFile | Problem], progress: Progress) -> Iterator[ImportedItem]:
        """Yield what became of each file; what was yielded as sealed is on the disk.

        Raises:
            NotWritableError, IntegrityError: see `vault.sealed.Sealer.add`.
        """
        progress.start(len(found))
        try:
            for each in found:
                yield self._seal(each)
                progress.advance(label=printable(each.path))
        finally:
            progress.stop()
            self._ledger.save()

    def _seal(self, found: FoundFile | Problem) -> ImportedItem:
        name = printable(found.path)
        if isinstance(found, Problem):
            return ImportedItem(name, ItemStatus.FAILED, code=found.code)
        try:
            state = _state_of(found.path)
            mark = mark_of(state)
            if self._ledger.knows(self._noted(mark)):
                return ImportedItem(name, ItemStatus.DUPLICATE, code=SEALED_BEFORE if self._disposal.keeps else SOURCE_KEPT)
            data = read_bounded(found)
        except UnreadableInputError as problem:
            return ImportedItem(name, ItemStatus.FAILED, code=problem.code)
        about = Claim(printable(found.path.name), printable(found.path.absolute()), moment_of(state.st_mtime), self._clock())
        item = self._sealer.add(about, data)
        code = self._disposal.of(found.path, mark, item)
        if self._disposal.keeps or code:
            self._ledger.add(self._noted(mark))
        return ImportedItem(name, ItemStatus.SEALED, code=code)

    def _noted(self, mark: str) -> str:
        """Return what the ledger notes. A file is not deleted because it was sealed at another time: that copy may be gone."""
        return mark if self._disposal.keeps else f"kept-{mark}"


def take_in_sealed(vault: Vault, importer: Importer, progress: Progress) -> Iterator[ImportedItem]:
    """Take in what was put into the vault while it was locked, as of unverified origin, and yield what became of each."""
    items = waiting(vault.layout.root)
    return importer.take(_entries(vault, items), len(items), progress)


def _entries(vault: Vault, items: Iterable[SealedItem]) -> Iterator[Entry]:
    for item in items:
        with contextlib.suppress(FileNotFoundError):  # another process has just taken it in
            yield _entry(vault, item)


def _entry(vault: Vault, item: SealedItem) -> Entry:
    try:
        claim, data = vault.sealed.read(item)
    except UnreadableInputError as problem:
        refused = _refuse(vault, item, problem.code)
        return Entry(refused.path, item=refused)
    provenance = Provenance(
        Author.UNVERIFIED,
        source_name=printable(claim.name),
        source_path=printable(claim.path),
        modified_at=claim.modified_at,
        sealed_at=claim.sealed_at,
    )

    def remove(taken: ImportedItem | None) -> Iterable[ImportedItem]:
        vault.sealed.remove(item)
        return told_as_it_is(taken)

    return Entry(provenance.source_path, data, provenance, after=remove)


def _refuse(vault: Vault, item: SealedItem, code: str) -> ImportedItem:
    """Put an item that does not open into the quarantine as it is; one that cannot even be read stays, for a person to look at."""
    name = f"sealed/{item.id}"
    if code != DAMAGED:
        return ImportedItem(name, ItemStatus.FAILED, code=code)
    with vault.sealed.opened(item) as source:
        blob = vault.blobs.write(source)
    vault.quarantine.add(blob, vault.space, Provenance(Author.UNVERIFIED, source_name=name), code)
    vault.sealed.remove(item)
    return ImportedItem(name, ItemStatus.QUARANTINED, code=code)


def _state_of(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except OSError:
        raise UnreadableInputError(_("a file cannot be looked at"), code="read-error") from None
