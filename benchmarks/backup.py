"""What looking after a vault costs: a backup when nothing is new, and reading every byte, against bare AES-GCM over the same bytes."""

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from unittest.mock import patch

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.measure import Figure, best_seconds
from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.ports import NoProgress
from monespace_cli.record.codes import Kind
from monespace_cli.record.document import Document, Page, TextSource
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.vault.backup import create_backup
from monespace_cli.vault.building import NewVault, create_vault
from monespace_cli.vault.checking import check
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.vault import Vault, open_vault

PASSPHRASE = "bien long et facile à retenir"
DOCUMENTS = 10_000
SMALL = 4_000
SCANS = 150
SCAN_SIZE = 2_000_000
TEXT = "Hémoglobine 13,5 g/dL, leucocytes 6,2 G/L, plaquettes 250 G/L. " * 24
TRIES = 5


def figures(work: Path) -> list[Figure]:
    """Measure in `work`, an empty directory."""
    return [_unchanged(work), _reading(work)]


def _unchanged(work: Path) -> Figure:
    with _vault(work / "many", DOCUMENTS, SMALL) as vault:
        place = work / "backups"
        with _without_fsync():
            create_backup(vault, place, _clock, os.urandom, NoProgress())
        copied = []
        seconds = best_seconds(lambda: copied.append(create_backup(vault, place, _clock, os.urandom, NoProgress()).copied), TRIES)
        size = vault.layout.database.stat().st_size / 1e6
    return Figure(
        f"seconds of a backup of {DOCUMENTS:,} documents of which none is new",
        seconds,
        5.0,
        f"{max(copied)} blobs copied; the database has {size:.0f} MB",
    )


def _reading(work: Path) -> Figure:
    with _vault(work / "scans", SCANS, SCAN_SIZE) as vault:
        bare = _bare(work / "bare")
        ours, theirs = float("inf"), float("inf")
        for _try in range(TRIES):
            ours = min(ours, best_seconds(lambda: _check(vault), 1))
            theirs = min(theirs, best_seconds(lambda: _open(bare), 1))
    rate = SCANS * SCAN_SIZE / 1e6
    return Figure(
        f"rate of `check --read-data` / AES-256-GCM, {SCANS} originals of {SCAN_SIZE / 1e6:.0f} MB",
        theirs / ours,
        0.5,
        f"{rate / ours:.0f} MB/s / {rate / theirs:.0f} MB/s",
        at_least=True,
    )


def _check(vault: Vault) -> None:
    report = check(vault.layout, vault.database, NoProgress(), read_data=True)
    assert not report.findings
    assert report.bytes_read == SCANS * SCAN_SIZE


def _bare(folder: Path) -> list[Path]:
    folder.mkdir()
    paths = [folder / str(number) for number in range(SCANS)]
    for path in paths:
        path.write_bytes(AESGCM(bytes(32)).encrypt(bytes(12), os.urandom(SCAN_SIZE), None))
    return paths


def _open(paths: list[Path]) -> None:
    for path in paths:
        AESGCM(bytes(32)).decrypt(bytes(12), path.read_bytes(), None)


@contextmanager
def _vault(root: Path, documents: int, size: int) -> Iterator[Vault]:
    owner = Identity("MARTIN", ("Zoé",), date(1980, 5, 17), Sex.FEMALE)
    create_vault(root, NewVault(owner, PASSPHRASE, Argon2Params.default(os.urandom)), _clock, os.urandom)
    with open_vault(root, read_header(root), PASSPHRASE, _clock, os.urandom) as vault:
        with _without_fsync(), vault.database.transaction():
            for number in range(documents):
                _add(vault, number, size)
        yield vault


def _add(vault: Vault, number: int, size: int) -> None:
    blob = vault.blobs.write(io.BytesIO(os.urandom(size)))
    document = Document(
        id=vault.documents.new_id(),
        title=f"Document {number}",
        type_code=Kind.BIOLOGY.type_code,
        media_type="text/plain",
        size=blob.size,
        sha256=blob.sha256,
        page_count=1,
        confidence=1.0,
        imported_at=_clock(),
    )
    vault.documents.add(document, [Page(1, TEXT, 1.0, TextSource.PLAIN)], blob)


@contextmanager
def _without_fsync() -> Iterator[None]:
    """Make files without waiting for the disk: making them is not what is measured."""
    with patch("os.fsync"):
        yield


def _clock() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)
