"""A folder of backups: which snapshots are in it, and the files that they share (docs/formats/backup-v1.md). No key is needed here.

What can be read without a key can be changed without one. It only decides which files a snapshot needs; what is in them proves itself
when it is opened.
"""

import contextlib
import hashlib
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rfc8785

from monespace_cli.errors import IntegrityError, NewerFormatError, NotFoundError, UsageError
from monespace_cli.files import LEFTOVER, locked, new_file, sync_folder, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Random
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.survey import BLOB

FORMAT = "monespace-backup"
VERSION = 1
MAX_INDEX = 4096
MAX_MANIFEST = 512 * 1024 * 1024
"""Bytes: a name takes 35, so this is enough for fifteen million blobs."""

NAME = re.compile(r"(\d{6})-(\d{8}T\d{6}Z)-([0-9a-f]{8})")
SEALED = re.compile(r"[0-9a-f]{32}\.[a-z]+")
"""What a sealed item is called."""

TIME_FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class SnapshotLayout(Layout):
    """A snapshot as a vault's directory whose blobs and sealed items lie in the shared folders."""

    @property
    def blobs(self) -> Path:
        """The folder of all snapshots' blobs."""
        return self.root.parent.parent / "blobs"

    @property
    def sealed(self) -> Path:
        """The folder of all snapshots' sealed items."""
        return self.root.parent.parent / "sealed"

    @property
    def manifest(self) -> Path:
        """snapshot.json."""
        return self.root / "snapshot.json"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One complete snapshot."""

    id: str
    number: int
    """Its place among the snapshots of the folder, wherever the clock stood."""
    created_at: datetime
    layout: SnapshotLayout


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a snapshot consists of, besides its header and its database."""

    blobs: tuple[str, ...]
    sealed: tuple[str, ...]
    size: int
    """Bytes of all its files."""

    def to_bytes(self) -> bytes:
        """Return snapshot.json."""
        body: dict[str, Any] = {"blobs": list(self.blobs), "sealed": list(self.sealed), "size": self.size}
        return rfc8785.dumps(body | {"checksum": hashlib.sha256(rfc8785.dumps(body)).hexdigest()})


class Place:
    """A folder of backups of one vault. Get one from :func:`open_place` or :func:`make_place`."""

    def __init__(self, root: Path, place: str, vault: str) -> None:
        """Take what backup.json says."""
        self.root = root
        self.id = place
        self.vault = vault

    @property
    def folder(self) -> Path:
        """Where the snapshots are."""
        return self.root / "snapshots"

    def snapshots(self) -> "list[Snapshot]":
        """Return every complete snapshot, oldest first."""
        found = []
        for path in sorted(self.folder.iterdir()) if self.folder.is_dir() else ():
            with contextlib.suppress(ValueError):  # not a moment: no name of ours
                if name := NAME.fullmatch(path.name):
                    moment = datetime.strptime(name[2], TIME_FORMAT).replace(tzinfo=UTC)
                    found.append(Snapshot(name[3], int(name[1]), moment, SnapshotLayout(path)))
        return found

    def find(self, prefix: str | None) -> Snapshot:
        """Return the snapshot whose id begins so; the newest without one.

        Raises:
            NotFoundError: none, or more than one.
        """
        found = [snapshot for snapshot in self.snapshots() if snapshot.id.startswith((prefix or "").lower())]
        if not found or (prefix is not None and (not prefix or len(found) > 1)):
            raise NotFoundError(_("there is no such backup"), hint=_("`monespace backup list` with this folder shows the ids"))
        return found[-1]

    @contextmanager
    def building(self) -> Iterator[SnapshotLayout]:
        """Give a directory, made already, for a new snapshot; without success nothing is left of it."""
        layout = SnapshotLayout(self.folder / f".{os.urandom(8).hex()}.new")
        with writing(self.root):
            layout.root.mkdir(mode=0o700)
        try:
            yield layout
        except BaseException:
            shutil.rmtree(layout.root, ignore_errors=True)
            raise

    def complete(self, layout: SnapshotLayout, snapshot: str, now: datetime) -> Snapshot:
        """Give a finished snapshot its name."""
        number = max((each.number for each in self.snapshots()), default=0) + 1
        path = self.folder / f"{number:06}-{now.astimezone(UTC).strftime(TIME_FORMAT)}-{snapshot}"
        with writing(path):
            sync_folder(layout.root)
            layout.root.rename(path)
            sync_folder(self.folder)
        return self.find(snapshot)

    def remove(self, snapshot: Snapshot) -> None:
        """Remove a snapshot; files that no other one needs go with :meth:`sweep`."""
        doomed = self.folder / f".{os.urandom(8).hex()}.new"
        with writing(self.root):
            snapshot.layout.root.rename(doomed)
            shutil.rmtree(doomed)
            sync_folder(self.folder)

    def clean(self) -> None:
        """Remove what interrupted work left half done. Whole files stay: the next snapshot is likely to need them."""
        with writing(self.root):
            for pattern in (".*.new", "snapshots/.*.new", "sealed/.*.new", "blobs/??/.*.new"):
                for path in [path for path in self.root.glob(pattern) if LEFTOVER.fullmatch(path.name)]:
                    shutil.rmtree(path) if path.is_dir() else path.unlink()

    def sweep(self) -> int:
        """Remove the blobs and sealed items that no snapshot needs; return how many bytes that freed.

        Raises:
            IntegrityError: a snapshot does not say what it needs: nothing is removed.
        """
        manifests = [read_manifest(snapshot) for snapshot in self.snapshots()]
        blobs = {name for manifest in manifests for name in manifest.blobs}
        sealed = {name for manifest in manifests for name in manifest.sealed}
        freed = 0
        with writing(self.root):
            for folder, needed in ((self.root / "blobs", blobs), (self.root / "sealed", sealed)):
                for path in [path for path in folder.rglob("*") if path.is_file() and is_ours(path) and path.name not in needed]:
                    freed += path.stat().st_size
                    path.unlink()
        return freed


def open_place(root: Path) -> Place:
    """Return the folder of backups at a path.

    Raises:
        NotFoundError: there is none.
        IntegrityError: backup.json is damaged.
        NewerFormatError: a newer monespace made it.
    """
    try:
        with (root / "backup.json").open("rb") as file:
            body = json.loads(file.read(MAX_INDEX))
        if body["format"] != FORMAT:
            raise _damaged()
        if body["version"] > VERSION:
            raise NewerFormatError(_("these backups were made by a newer monespace"), hint=_("upgrade monespace and try again"))
        return Place(root, str(body["id"]), str(body["vault"]))
    except OSError:
        raise NotFoundError(
            _("there are no backups at {path}").format(path=root),
            hint=_("is the medium there? `monespace backup create` makes the first one"),
        ) from None
    except (ValueError, KeyError, TypeError):
        raise _damaged() from None


def make_place(root: Path, vault: str, random: Random) -> Place:
    """Return the folder of backups of this vault at a path, made where there is none.

    Raises:
        UsageError: the folder holds something else, or another vault's backups.
        NotWritableError: it cannot be made.
    """
    if not (root / "backup.json").exists():
        with writing(root):
            root.mkdir(mode=0o700, parents=True, exist_ok=True)
            if any(not path.name.startswith(".") for path in root.iterdir() if path.name != "lost+found"):
                raise UsageError(_("{path} holds something else").format(path=root), hint=_("name an empty or a new folder"))
        with new_file(root / "backup.json") as file:
            file.write(rfc8785.dumps({"format": FORMAT, "version": VERSION, "id": random(16).hex(), "vault": vault}))
    place = open_place(root)
    if place.vault != vault:
        raise UsageError(_("{path} holds the backups of another vault").format(path=root), hint=_("name another folder"))
    with writing(root):
        for folder in (place.folder, root / "blobs", root / "sealed"):
            folder.mkdir(mode=0o700, exist_ok=True)
    return place


def read_manifest(snapshot: Snapshot) -> Manifest:
    """Return what a snapshot consists of.

    Raises:
        IntegrityError: snapshot.json is missing or damaged.
    """
    try:
        with snapshot.layout.manifest.open("rb") as file:
            body = json.loads(file.read(MAX_MANIFEST))
        checksum = body.pop("checksum")
        if hashlib.sha256(rfc8785.dumps(body)).hexdigest() != checksum:
            raise _damaged()
        if not all(BLOB.fullmatch(name) for name in body["blobs"]) or not all(SEALED.fullmatch(name) for name in body["sealed"]):
            raise _damaged()  # they become paths
        return Manifest(tuple(body["blobs"]), tuple(body["sealed"]), int(body["size"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _damaged() from None


def is_ours(path: Path) -> bool:
    """Tell whether a file is called as a blob or a sealed item is."""
    return bool(BLOB.fullmatch(path.name) or SEALED.fullmatch(path.name))


@contextmanager
def held(place: Place) -> Iterator[None]:
    """Keep other processes from changing a folder of backups.

    Raises:
        BusyError: another one is at work there.
    """
    with locked(place.root):
        yield


def _damaged() -> IntegrityError:
    return IntegrityError(_("a backup's description is damaged"), hint=_("make a new backup in another folder, and keep this one as it is"))
