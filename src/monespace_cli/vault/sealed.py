"""What was put in while the vault was locked: written with its public recipient alone, read with its key (docs/formats/vault-v1.md §7).

Anybody who can write to the folder can put something there, and take something away. So nothing in it is believed: what an item says of
itself is kept as its claim, sizes and counts are bounded, and a file that does not open is told by a code and stops nothing.
"""

import json
import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO

import rfc8785

from monespace_cli.bounds import limits
from monespace_cli.errors import BundleError, IntegrityError, NotWritableError, UnreadableInputError
from monespace_cli.files import new_file, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.journal import Event
from monespace_cli.record.text import well_formed
from monespace_cli.vault.connection import Database
from monespace_cli.vault.header import Header
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.layout import Layout

ITEM, EVENT = ".item", ".event"
"""The ends of the two kinds of names; before them stand 32 hexadecimal digits, random."""
NAME_BYTES = 16
VERSION = 1

DAMAGED = "sealed-damaged"
"""The code of an item that does not open."""

MAX_LINE = 64 * 1024
"""Bytes of the line that describes an item: a path has at most 4 KiB, escaped four times that."""
MAX_ITEM_BYTES = limits.MAX_FILE_BYTES + limits.MAX_FILE_BYTES // 1024 + 2 * MAX_LINE
"""Bytes of a sealed file: age adds 16 to each 64 KiB, and a header."""
MAX_EVENT_BYTES = 8 * 1024
MAX_EVENTS = 256
"""Events that wait: somebody who tries passphrases all night must not fill the disk."""


@dataclass(frozen=True, slots=True)
class Claim:
    """What whoever sealed a file says of it. Nobody has checked it."""

    name: str
    """The file's name; never used as a path."""
    path: str
    modified_at: datetime
    """When the file was last changed."""
    sealed_at: datetime


@dataclass(frozen=True, slots=True)
class SealedItem:
    """A file that waits, as it can be seen without a key."""

    id: str
    size: int
    """Bytes of the sealed file."""
    at: datetime
    """When it came, as the file system says."""


def waiting(root: Path) -> list[SealedItem]:
    """Return the items that wait in the vault of a directory, oldest first; no more than a walk may find. It takes no secret."""
    found = []
    for path in _named(Layout(root).sealed, ITEM, limits.MAX_WALK_FILES):
        try:
            state = path.lstat()
        except FileNotFoundError:  # another process has taken it in meanwhile
            continue
        found.append(SealedItem(path.stem, state.st_size, moment_of(state.st_mtime)))
    return sorted(found, key=lambda item: (item.at, item.id))


def moment_of(seconds: float) -> datetime:
    """Return a file's time, counted from 1970, as a moment; the beginning of that year for what no calendar holds."""
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return datetime.fromtimestamp(0, UTC)


class Sealer:
    """Puts things into a locked vault. It needs the header and no secret."""

    def __init__(self, root: Path, header: Header, clock: Clock, random: Random) -> None:
        """Work in the vault's directory."""
        self._folder = Layout(root).sealed
        self._recipient = header.sealed_recipient
        self._clock = clock
        self._random = random

    def add(self, claim: Claim, data: bytes) -> str:
        """Encrypt a file's bytes to the vault's recipient; return the item's id once it is on the disk.

        Raises:
            NotWritableError: no space, no permission, or no room for another item.
            IntegrityError: the header's recipient is none.
        """
        if sum(1 for _path in _named(self._folder, ITEM, limits.MAX_WALK_FILES)) >= limits.MAX_WALK_FILES:
            raise NotWritableError(_("too many sealed items wait"), hint=_("take them in with `monespace sealed take`"))
        line = _line(
            "monespace-sealed-file",
            name=well_formed(claim.name),
            path=well_formed(claim.path),
            modified=claim.modified_at.isoformat(),
            sealed=claim.sealed_at.isoformat(),
        )
        return self._seal(ITEM, line, data)

    def add_failed_unlock(self) -> None:
        """Keep note that a secret did not open the vault, for its journal; nothing where enough of them wait.

        Raises:
            NotWritableError: no space or no permission.
            IntegrityError: the header's recipient is none.
        """
        if sum(1 for _path in _named(self._folder, EVENT, MAX_EVENTS)) < MAX_EVENTS:
            self._seal(EVENT, _line("monespace-sealed-event", event=str(Event.UNLOCK_FAILED), at=self._clock().isoformat()), b"")

    def _seal(self, kind: str, line: bytes, data: bytes) -> str:
        from monespace_cli.crypto.age import HybridRecipient, encrypt

        try:
            recipient = HybridRecipient.parse(self._recipient)
        except BundleError:
            raise IntegrityError(
                _("the vault's header has no recipient to seal for"), hint=_("restore vault.json from a backup of this vault")
            ) from None
        name = self._random(NAME_BYTES).hex()
        with writing(self._folder):
            self._folder.mkdir(mode=0o700, exist_ok=True)
        with new_file(self._folder / (name + kind)) as sink, encrypt(sink, [recipient], random=self._random) as writer:
            writer.write(line)
            writer.write(data)
        return name


class Sealed:
    """The sealed folder of an open vault: what its key opens."""

    def __init__(self, root: Path, seeds: Sequence[bytes]) -> None:
        """Work in the vault's directory with the seeds of the identities that its recipient belongs to, or belonged to once (§2)."""
        self._folder = Layout(root).sealed
        self._seeds = seeds

    def read(self, item: SealedItem) -> tuple[Claim, bytes]:
        """Return what an item says of itself, and the file's bytes.

        Raises:
            FileNotFoundError: another process has taken it in.
            UnreadableInputError: it is too large, no regular file, cut short, changed, or not sealed for this vault; `code` says which.
        """
        with self.opened(item) as source:
            line, data = self._decrypt(source, limits.MAX_FILE_BYTES)
        try:
            body = _parse(line, "monespace-sealed-file", {"name", "path", "modified", "sealed"})
            return Claim(body["name"], body["path"], _moment(body["modified"]), _moment(body["sealed"])), data
        except (ValueError, KeyError, TypeError, RecursionError):
            raise _damaged() from None

    @contextmanager
    def opened(self, item: SealedItem) -> Iterator[BinaryIO]:
        """Open an item as it lies there, encrypted.

        Raises:
            FileNotFoundError: another process has taken it in.
            UnreadableInputError: it is too large, or no regular file; `code` says which.
        """
        with _open_regular(self._folder / (item.id + ITEM), MAX_ITEM_BYTES) as file:
            yield file

    def remove(self, item: SealedItem) -> None:
        """Remove an item whose content is in the vault now."""
        with writing(self._folder):
            (self._folder / (item.id + ITEM)).unlink(missing_ok=True)

    def take_events(self, database: Database, journal: Journal) -> None:
        """Bring the events that wait into the journal, each with the time it claims; then remove them.

        Raises:
            BusyError, NotWritableError: they stay for the next time. After a crash in between they are written twice, under one id.
        """
        paths = _named(self._folder, EVENT, MAX_EVENTS)
        if not paths:
            return
        with database.transaction():
            for at, event in sorted((self._event_time(path), path.stem) for path in paths):
                journal.write(Event.UNLOCK_FAILED, event, sealed="yes", claimed_at=at)
        with writing(self._folder):
            for path in paths:
                path.unlink(missing_ok=True)

    def _event_time(self, path: Path) -> str:
        """Return when an event says that it happened; `unreadable` for one that was damaged or put there by somebody else."""
        try:
            with _open_regular(path, MAX_EVENT_BYTES) as source:
                line, _rest = self._decrypt(source, MAX_EVENT_BYTES)
            return _moment(_parse(line, "monespace-sealed-event", {"event", "at"})["at"]).isoformat()
        except (UnreadableInputError, FileNotFoundError, ValueError, KeyError, TypeError, RecursionError):
            return "unreadable"

    def _decrypt(self, source: BinaryIO, most: int) -> tuple[bytes, bytes]:
        from monespace_cli.crypto.age import HybridIdentity, decrypt

        try:
            content = decrypt(source, [HybridIdentity(seed) for seed in self._seeds])
            line, data = content.readline(MAX_LINE), content.read(most + 1)
        except BundleError:
            raise _damaged() from None
        if len(data) > most:
            raise _too_large()
        return line, data


def _named(folder: Path, kind: str, most: int) -> list[Path]:
    """Return the first `most` files of a kind in the folder; what has another name is not ours."""
    found: list[Path] = []
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                path = Path(entry.path)
                if path.suffix == kind and len(path.stem) == 2 * NAME_BYTES and set(path.stem) <= set("0123456789abcdef"):
                    found.append(path)
                if len(found) == most:
                    break
    except OSError:  # the folder is gone or closed to us: then nothing can be taken in
        return []
    return found


@contextmanager
def _open_regular(path: Path, most: int) -> Iterator[BinaryIO]:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        raise
    except OSError:
        raise UnreadableInputError(_("a sealed item cannot be opened"), code="not-a-file") from None
    try:
        state = os.fstat(descriptor)
        if not stat.S_ISREG(state.st_mode):
            raise UnreadableInputError(_("a sealed item is no file"), code="not-a-file")
        if state.st_size > most:
            raise _too_large()
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            yield file
    finally:
        os.close(descriptor)


def _line(form: str, **members: str) -> bytes:
    return bytes(rfc8785.dumps({"format": form, "version": VERSION, **members})) + b"\n"


def _parse(line: bytes, form: str, members: set[str]) -> dict[str, Any]:
    """Return the object of a first line, whose members are those of its format and all texts.

    Raises:
        ValueError, TypeError, KeyError, RecursionError: it is none.
    """
    body = json.loads(line)
    if body.pop("format") != form or body.pop("version") != VERSION or set(body) != members:
        raise ValueError
    if not all(isinstance(value, str) for value in body.values()) or _line(form, **body) != line:
        raise ValueError
    return dict(body)


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError
    return moment


def _damaged() -> UnreadableInputError:
    return UnreadableInputError(_("a sealed item is damaged, or was not sealed for this vault"), code=DAMAGED)


def _too_large() -> UnreadableInputError:
    return UnreadableInputError(_("a sealed item is too large"), code="file-too-large")
