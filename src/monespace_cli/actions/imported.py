"""What became of the files of an import."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from monespace_cli.actions.disposal import SOURCE_KEPT
from monespace_cli.errors import ExitCode
from monespace_cli.ingest.problems import Code
from monespace_cli.record.codes import Kind

if TYPE_CHECKING:
    from datetime import date

IN_TRASH = "in-trash"
SEALED_BEFORE = "sealed-before"


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
    near_duplicate_of: str | None = None
    """The document that this one seems to be another scan of."""


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
    near_duplicates: int = 0
    """Taken in, and seemingly other scans of what was there."""
    encrypted: int = 0
    """Not taken in because nobody gave their password."""
    kept: int = 0
    """In the vault, but not moved or deleted as they were to be."""

    def add(self, item: ImportedItem) -> None:
        """Count a file."""
        self.counts[item.status] += 1
        self.without_text += item.code == "ocr-missing"
        self.marked += item.status is ItemStatus.IMPORTED and item.code == Code.OTHER_PATIENT
        self.near_duplicates += item.near_duplicate_of is not None
        self.encrypted += item.code == Code.ENCRYPTED_PDF
        self.kept += item.code == SOURCE_KEPT
        self.of_others += item.status is ItemStatus.QUARANTINED and item.code == Code.OTHER_PATIENT

    @property
    def exit_code(self) -> ExitCode:
        """What the run's exit status says: all done, some, none, or nothing was there."""
        bad = sum(self.counts[status] for status in NOT_TAKEN)
        good = sum(self.counts.values()) - bad
        if not good and not bad:
            return ExitCode.NOT_FOUND
        if bad and not good:
            same = {self.of_others: ExitCode.PATIENT_MISMATCH, self.encrypted: ExitCode.UNREADABLE_INPUT}
            return same.get(bad, ExitCode.ALL_REJECTED)
        if bad:
            return ExitCode.PARTLY
        return ExitCode.PARTLY if self.without_text or self.kept else ExitCode.OK
