"""Making a snapshot of an open vault in a folder of backups, and a vault of a snapshot (docs/formats/backup-v1.md).

Only ciphertext is copied, and only what the folder does not hold yet. The vault may be in use meanwhile.
"""

import contextlib
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from monespace_cli.crypto.chunked import encrypted_size
from monespace_cli.errors import BusyError, IntegrityError, MonespaceError, UsageError
from monespace_cli.files import new_file, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Progress, Random
from monespace_cli.record.journal import Event
from monespace_cli.vault.building import building_site, require_free
from monespace_cli.vault.checking import Finding, Report, check, lost_originals
from monespace_cli.vault.connection import Database, open_database
from monespace_cli.vault.exchanges import Exchanges
from monespace_cli.vault.header import DATABASE_LABEL
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.in_use import HOLDER
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.migrations import migrate, pending
from monespace_cli.vault.snapshots import Manifest, Place, Snapshot, SnapshotLayout, held, is_ours, make_place, read_manifest
from monespace_cli.vault.unlock import unlock
from monespace_cli.vault.vault import Vault

TRIES = 5
"""How often a snapshot is begun again because the vault changed in a way that it cannot hold."""

COPY_SIZE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Created:
    """A snapshot that was made."""

    snapshot: Snapshot
    blobs: int
    """Originals that it holds."""
    copied: int
    """Files of these that the folder did not have before."""
    copied_bytes: int
    missing: tuple[Finding, ...]
    """Originals that are missing or damaged in the vault, and not in the folder either."""


class _ChangedError(Exception):
    """The vault changed meanwhile: begin again."""


def create_backup(vault: Vault, root: Path, clock: Clock, random: Random, progress: Progress) -> Created:
    """Make a snapshot of an open vault in a folder, made where there is none.

    Raises:
        UsageError: the folder holds something else, or lies in the vault.
        BusyError: another backup is being made there, or the vault changes all the time.
        NotWritableError: no space left, or the folder cannot be written.
    """
    root = root.resolve()
    if root.is_relative_to(vault.layout.root.resolve()):
        raise UsageError(_("a backup inside the vault is none"), hint=_("name a folder elsewhere, best on another disk"))
    place = make_place(root, vault.header.vault, random)
    with held(place):
        place.clean()
        strike_off_what_is_gone(vault, place)
        snapshot = random(4).hex()
        vault.backups.add(snapshot, place.id, root)
        try:
            return _snapshot(vault, place, snapshot, clock, progress)
        except BaseException:
            with contextlib.suppress(MonespaceError):  # what went wrong first is what is told
                strike_off_what_is_gone(vault, place)
            raise


def _snapshot(vault: Vault, place: Place, snapshot: str, clock: Clock, progress: Progress) -> Created:
    for _try in range(TRIES):
        with contextlib.suppress(_ChangedError), place.building() as building:
            return _fill(vault, place, building, snapshot, clock, progress)
    raise BusyError(_("the vault changed again and again while it was copied"), hint=_("try again when nothing else works with it"))


def strike_off_what_is_gone(vault: Vault, place: Place) -> None:
    """Make the vault's list of backups in a folder agree with what is there."""
    there = {snapshot.id for snapshot in place.snapshots()}
    for known in vault.backups.all():
        if known.place == place.id and known.id not in there:
            vault.backups.forget(known.id)


def forget_backups(vault: Vault, place: Place, snapshots: Sequence[Snapshot]) -> int:
    """Remove snapshots for good, and the files that no other one needs; return how many bytes that freed.

    Raises:
        BusyError: a backup is being made there.
        IntegrityError: another snapshot does not say what it needs.
        NotWritableError: the folder cannot be written.
    """
    with held(place):
        for snapshot in snapshots:
            place.remove(snapshot)
        strike_off_what_is_gone(vault, place)
        return place.sweep()


def verify_backup(snapshot: Snapshot, secret: str, progress: Progress, *, read_data: bool) -> Report:
    """Open a snapshot with a secret of its own header and check it as a vault is checked. Nothing is written.

    Raises:
        WrongPassphraseError, IntegrityError, NewerFormatError: it does not open.
    """
    key = _database_key(snapshot.layout, secret)
    with contextlib.closing(open_database(snapshot.layout.database, key, read_only=True)) as database:
        pending(database)
        return check(snapshot.layout, database, progress, read_data=read_data)


def restore_backup(snapshot: Snapshot, root: Path, secret: str, clock: Clock, progress: Progress) -> Report:
    """Make a vault of a snapshot in a new place; return what a check of every byte of it found.

    Raises:
        UsageError: there is something in that place already.
        WrongPassphraseError, IntegrityError, NewerFormatError: the snapshot does not open.
        NotWritableError: the vault cannot be made there.
    """
    require_free(root)
    key = _database_key(snapshot.layout, secret)
    with building_site(root) as building:
        building.create()
        copy_file(snapshot.layout.database, building.database)
        with contextlib.closing(open_database(building.database, key)) as database:
            migrate(database)
            _bring_files(snapshot, building, database, progress)
            with database.transaction():
                journal = Journal(database, clock, HOLDER)
                Exchanges(database, journal, clock).end_streams()
                journal.write(Event.VAULT_RESTORED, snapshot.id)
            copy_file(snapshot.layout.header, building.header)
            return check(building, database, progress, read_data=True)


def _bring_files(snapshot: Snapshot, target: Layout, database: Database, progress: Progress) -> None:
    """Copy the blobs that the database names and the sealed items into a new vault. The check that follows says what was not there."""
    wanted = database.all("SELECT id, size FROM blob ORDER BY id")
    progress.start(sum(size for _name, size in wanted))
    try:
        for name, size in wanted:
            with contextlib.suppress(FileNotFoundError):
                target.blob(name).parent.mkdir(mode=0o700, exist_ok=True)
                copy_file(snapshot.layout.blob(name), target.blob(name))
            progress.advance(size)
    finally:
        progress.stop()
    for name in _sealed_names(snapshot):
        with contextlib.suppress(FileNotFoundError):
            copy_file(snapshot.layout.sealed / name, target.sealed / name)


def _sealed_names(snapshot: Snapshot) -> Iterable[str]:
    try:
        return read_manifest(snapshot).sealed
    except IntegrityError:  # what one snapshot too many brings is a duplicate; what one too few brings is lost
        return [path.name for path in snapshot.layout.sealed.glob("*") if is_ours(path)]


def _database_key(layout: Layout, secret: str) -> bytes:
    return unlock(read_header(layout.root), secret).derive(DATABASE_LABEL)


def _fill(vault: Vault, place: Place, building: SnapshotLayout, snapshot: str, clock: Clock, progress: Progress) -> Created:
    sealed = _copy_sealed(vault.layout, building)
    header = vault.layout.header.read_bytes()
    with new_file(building.header) as file:
        file.write(header)
    with contextlib.closing(vault.database.copy_to(building.database)) as copy:
        wanted: dict[str, int] = dict(copy.all("SELECT id, size FROM blob ORDER BY id"))
    if vault.layout.header.read_bytes() != header:
        raise _ChangedError
    present = _present(building.blobs)
    lacking = [name for name, size in wanted.items() if present.get(name) != encrypted_size(size)]
    missing, copied_bytes = _copy_blobs(vault, building, {name: wanted[name] for name in lacking}, progress)
    kept = tuple(name for name in wanted if name not in missing)
    size = sum(encrypted_size(wanted[name]) for name in kept) + building.database.stat().st_size + len(header)
    with new_file(building.manifest) as file:
        file.write(Manifest(kept, sealed, size).to_bytes())
    made = place.complete(building, snapshot, clock())
    return Created(
        made, len(kept), len(lacking) - len(missing), copied_bytes, tuple(lost_originals(vault.database, missing) if missing else ())
    )


def _present(blobs: Path) -> dict[str, int]:
    """Return the size of each blob that the folder has."""
    return {path.name: path.stat().st_size for path in blobs.glob("??/*")}


def _copy_sealed(source: Layout, target: Layout) -> tuple[str, ...]:
    """Copy the items that wait to be taken in; return their names. One that is taken in meanwhile comes with the database."""
    copied = []
    for path in sorted(source.sealed.glob("*")):
        if is_ours(path):
            with contextlib.suppress(FileNotFoundError):
                if not (target.sealed / path.name).exists():
                    copy_file(path, target.sealed / path.name)
                copied.append(path.name)
    return tuple(copied)


def _copy_blobs(vault: Vault, target: Layout, lacking: dict[str, int], progress: Progress) -> tuple[list[str], int]:
    """Copy blobs into the shared folder; return the names of those that are missing or damaged, and the bytes that were copied."""
    missing, copied = [], 0
    progress.start(sum(lacking.values()))
    try:
        for name, size in lacking.items():
            try:
                if vault.layout.blob(name).stat().st_size != encrypted_size(size):
                    raise FileNotFoundError
                with writing(target.blobs):
                    target.blob(name).parent.mkdir(mode=0o700, exist_ok=True)
                copied += copy_file(vault.layout.blob(name), target.blob(name))
            except FileNotFoundError:
                if vault.database.one("SELECT 1 FROM blob WHERE id = ?", (name,)) is None:
                    raise _ChangedError from None
                missing.append(name)
            progress.advance(size)
    finally:
        progress.stop()
    return missing, copied


def copy_file(source: Path, target: Path) -> int:
    """Copy a file, complete and on the disk or not at all; return its size in bytes.

    Raises:
        FileNotFoundError: there is no source.
        NotWritableError: the target cannot be written, or the source not be read.
    """
    with source.open("rb") as file, new_file(target) as sink:
        shutil.copyfileobj(file, sink, COPY_SIZE)
        return sink.tell()
