"""Deleting for good: what goes, and where it still is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from monespace_cli.record.document import Document
from monespace_cli.vault.vault import Vault

if TYPE_CHECKING:
    from monespace_cli.vault.backups import KnownBackup

LONGEST_BACKUP = timedelta(days=1)
"""A backup may hold what was sealed while it was being made."""


@dataclass(frozen=True, slots=True)
class Erased:
    """What a deletion for good left."""

    backups: "tuple[KnownBackup, ...]"
    """Those known to hold one of the documents still."""
    is_complete: bool
    """Whether the database's log is empty too; if not, another process was reading, and the rest goes when it has finished."""


def erase(vault: Vault, documents: Sequence[Document]) -> Erased:
    """Destroy documents in the vault.

    Raises:
        NotFoundError: another process has erased one meanwhile.
    """
    backups = {backup.id: backup for document in documents for backup in _backups_of(vault, document)}
    for document in documents:
        vault.documents.erase(document)
    return Erased(tuple(backups.values()), vault.database.truncate_log())


def _backups_of(vault: Vault, document: Document) -> "list[KnownBackup]":
    """Return the backups that hold a document; where it was sealed first, those too that were made while it waited, by the clock."""
    holding = vault.backups.holding(document.id)
    sealed_at = document.provenance.sealed_at
    if sealed_at is None:
        return holding
    return [backup for backup in vault.backups.all() if backup in holding or backup.created_at >= sealed_at - LONGEST_BACKUP]
