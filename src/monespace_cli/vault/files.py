"""The vault's directory: where things lie, and how bytes get there so that a crash never leaves half of them.

Order of a write: complete file, fsync, rename, fsync of the directory (docs/formats/vault-v1.md §3.1, §5).
"""

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from monespace_cli.errors import NotWritableError
from monespace_cli.i18n import _

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one vault."""

    root: Path

    @property
    def header(self) -> Path:
        """vault.json."""
        return self.root / "vault.json"

    @property
    def database(self) -> Path:
        """record.db."""
        return self.root / "record.db"

    @property
    def blobs(self) -> Path:
        """The folder of blobs."""
        return self.root / "blobs"

    @property
    def sealed(self) -> Path:
        """The folder of items put in while the vault was locked."""
        return self.root / "sealed"

    def blob(self, name: str) -> Path:
        """The file of one blob."""
        return self.blobs / name[:2] / name

    def create(self) -> None:
        """Make the directories, each readable by its owner only.

        Raises:
            NotWritableError: they cannot be made.
        """
        with writing():
            self.root.mkdir(parents=True, exist_ok=True, mode=0o700)
            self.root.chmod(0o700)
            for folder in (self.blobs, self.sealed):
                folder.mkdir(exist_ok=True, mode=0o700)


@contextmanager
def writing() -> Iterator[None]:
    """Turn what the operating system says about a failed write into an error of ours.

    Raises:
        NotWritableError: no space left, a read-only place, or no permission.
    """
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise NotWritableError(_("no space is left on the device"), hint=_("make room and try again: nothing was lost")) from None
        raise NotWritableError(
            _("the vault cannot be written: {reason}").format(reason=os.strerror(error.errno or 0)),
            hint=_("may you write to the vault's directory?"),
        ) from None


@contextmanager
def new_file(path: Path) -> Iterator[BinaryIO]:
    """Open a file for writing that appears under `path` only when it is complete and on the disk; on any failure nothing is left.

    Raises:
        NotWritableError: it cannot be written.
    """
    temporary = path.with_name(path.name + ".new")
    with writing():
        path.parent.mkdir(exist_ok=True, mode=0o700)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            temporary.rename(path)
            sync_folder(path.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
