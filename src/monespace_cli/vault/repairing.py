"""Mending what can be mended without losing anything, and tidying what interrupted work left.

No document and no row is ever removed here. What cannot be mended is named by the check that follows, and comes back from a backup.
"""

import hashlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from monespace_cli.errors import MonespaceError
from monespace_cli.files import new_file, writing
from monespace_cli.ports import Progress
from monespace_cli.record.journal import Event
from monespace_cli.vault.blobs import read_blob
from monespace_cli.vault.checking import Finding, Flaw, Report
from monespace_cli.vault.survey import FoundFile, survey
from monespace_cli.vault.vault import Vault

GRACE = timedelta(hours=24)
"""A blob without a row, or a file half written, may belong to an import that is still running; none runs for a day."""


@dataclass(frozen=True, slots=True)
class Pruned:
    """What was tidied away."""

    orphans: tuple[str, ...]
    """Names of blobs that no row refers to; without their key nobody can read them."""
    leftovers: tuple[str, ...]
    """Paths, inside the vault, of files that were not written to their end."""
    size: int
    """Bytes of both."""
    spared: int
    """Files that are too young to be sure."""


def prune(vault: Vault, older_than: timedelta, now: datetime) -> Pruned:
    """Remove blobs without a row and unfinished files that nobody has written to for `older_than`.

    Raises:
        NotWritableError: a file cannot be removed.
    """
    found = survey(vault.layout)  # before the rows: a blob that has got its row since is none of these
    known = {name for (name,) in vault.database.all("SELECT id FROM blob")}
    orphans = [file for name, file in sorted(found.blobs.items()) if name not in known]
    old = [file for file in orphans if file.is_older(older_than, now)]
    unfinished = [file for file in found.leftovers if file.is_older(older_than, now)]
    _remove(vault, [*old, *unfinished])
    return Pruned(
        orphans=tuple(file.path.name for file in old),
        leftovers=tuple(str(file.path.relative_to(vault.layout.root)) for file in unfinished),
        size=sum(file.size for file in (*old, *unfinished)),
        spared=len(orphans) - len(old) + len(found.leftovers) - len(unfinished),
    )


def _remove(vault: Vault, files: Iterable[FoundFile]) -> None:
    with writing(vault.layout.root):
        for file in files:
            file.path.unlink(missing_ok=True)


def repair(vault: Vault, report: Report, sources: Sequence[Path], progress: Progress) -> list[Finding]:
    """Mend what a check found; return the findings that were seen to. A check afterwards tells whether that was enough.

    Args:
        vault: open.
        report: of `vault.checking.check`.
        sources: folders that may hold the vault's blobs too, as `blobs` in a vault or a folder of backups.
        progress: follows the rebuilding of the search index.

    Raises:
        BusyError, NotWritableError: the vault cannot be written.
    """
    mended = [finding for finding in report.findings if finding.flaw is Flaw.MODE and _close_to_others(vault, finding)]
    mended += [finding for finding in report.findings if finding.blob and _bring_back(vault, finding.blob, sources)]
    index = [finding for finding in report.findings if finding.flaw is Flaw.INDEX]
    if index:
        vault.documents.rebuild_index(progress)
    mended += index
    if mended:
        vault.journal.write(Event.VAULT_REPAIRED, findings=str(len(mended)))
    return mended


def _close_to_others(vault: Vault, finding: Finding) -> bool:
    path = vault.layout.root / finding.subject
    with writing(path):
        path.chmod(0o700 if path.is_dir() else 0o600)
    return True


def _bring_back(vault: Vault, blob: str, sources: Sequence[Path]) -> bool:
    """Put a blob's file in its place from the first source where it is whole."""
    row = vault.database.one("SELECT key, sha256 FROM blob WHERE id = ?", (blob,))
    if row is None:
        return False
    target = vault.layout.blob(blob)
    for source in (folder / target.parent.name / blob for folder in sources):
        if _is_whole(source, blob, row[0], row[1]):
            with writing(target):
                target.parent.mkdir(mode=0o700, exist_ok=True)
            with source.open("rb") as copy, new_file(target) as file:
                shutil.copyfileobj(copy, file)
            return True
    return False


def _is_whole(path: Path, blob: str, key: bytes, sha256: str) -> bool:
    digest = hashlib.sha256()
    try:
        for piece in read_blob(path, blob, key):
            digest.update(piece)
    except MonespaceError:
        return False
    return digest.hexdigest() == sha256
