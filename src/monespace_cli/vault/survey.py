"""What lies in a vault's directory, found without a key: blobs, what interrupted writers left, files that others may read."""

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from monespace_cli.errors import NotWritableError
from monespace_cli.files import LEFTOVER
from monespace_cli.i18n import _
from monespace_cli.vault.layout import Layout

BLOB = re.compile(r"[0-9a-f]{32}")
OTHERS = 0o077
"""The mode bits of everybody but the owner."""


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file, its size in bytes and when it was last written."""

    path: Path
    size: int
    written_at: datetime

    def is_older(self, age: timedelta, now: datetime) -> bool:
        """Tell whether nobody has written to it for so long."""
        return now - self.written_at >= age


@dataclass(slots=True)
class Survey:
    """What was found."""

    blobs: dict[str, FoundFile] = field(default_factory=dict)
    """Files in `blobs/` by their name."""
    leftovers: list[FoundFile] = field(default_factory=list)
    """Files that somebody began to write and did not finish, or is writing now."""
    open_to_others: list[Path] = field(default_factory=list)
    """Files and folders that other users of this machine may use."""


def survey(layout: Layout) -> Survey:
    """Look through a vault's directory. Files that monespace does not know are left alone.

    Raises:
        NotWritableError: a folder cannot be read.
    """
    found = Survey()
    outside = [] if layout.blobs.is_relative_to(layout.root) else [layout.blobs]
    for entry in (entry for folder in (layout.root, *outside) for entry in _entries(folder)):
        status = entry.stat(follow_symlinks=False)
        path = Path(entry.path)
        if status.st_mode & OTHERS and not entry.is_symlink():
            found.open_to_others.append(path)
        if entry.is_file(follow_symlinks=False):
            file = FoundFile(path, status.st_size, datetime.fromtimestamp(status.st_mtime, UTC))
            if LEFTOVER.fullmatch(entry.name):
                found.leftovers.append(file)
            elif BLOB.fullmatch(entry.name) and path == layout.blob(entry.name):
                found.blobs[entry.name] = file
    if layout.root.stat().st_mode & OTHERS:
        found.open_to_others.append(layout.root)
    return found


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Yield everything below a folder."""
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    yield from _entries(Path(entry.path))
    except FileNotFoundError:  # removed while we looked
        return
    except OSError:
        raise NotWritableError(_("a folder of the vault cannot be read"), hint=_("is the vault yours, and the disk in order?")) from None
