"""Deleting for good: what goes, and where it still is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from monespace_cli.record.document import Document
from monespace_cli.vault.vault import Vault

if TYPE_CHECKING:
    from monespace_cli.vault.backups import KnownBackup


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
    backups = {backup.id: backup for document in documents for backup in vault.backups.holding(document.id)}
    for document in documents:
        vault.documents.erase(document)
    return Erased(tuple(backups.values()), vault.database.truncate_log())
