"""Getting bytes onto a disk so that a crash never leaves half of them: complete file, fsync, rename, fsync of the folder."""

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Collection, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from monespace_cli.errors import BusyError, NotWritableError, UsageError
from monespace_cli.i18n import _

LEFTOVER = re.compile(r"\.[0-9a-f]{16}\.new")
"""What :func:`new_file` calls a file while it is written, and what a killed process leaves of it."""

NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_FOLDER_SYNC = (errno.EINVAL, errno.ENOTSUP)
"""What file systems answer that have no way to make a folder durable, or need none."""


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what the operating system says about a failed write below `path` into an error of ours.

    Raises:
        NotWritableError: no space left, a read-only place, or no permission.
    """
    try:
        yield
    except OSError as error:
        if error.errno in NO_SPACE:
            raise NotWritableError(_("no space is left on the device"), hint=_("make room and try again: nothing was lost")) from None
        raise NotWritableError(
            _("cannot write to {path}: {reason}").format(path=path, reason=os.strerror(error.errno or 0)),
            hint=_("choose a place that you may write to"),
        ) from None


@contextmanager
def new_file(path: Path, *, durable: bool = True) -> Iterator[BinaryIO]:
    """Open a file, readable by its owner only, that appears under `path` when it is complete and on the disk.

    Without `durable` it is complete, and the caller sees to its being on the disk (:func:`sync_files`) before anything refers to it.

    Until then it has a random name of its own, so that two writers never share one and nobody else can have made it beforehand. On any
    failure nothing is left.

    Raises:
        NotWritableError: it cannot be written.
    """
    temporary = path.with_name(f".{os.urandom(8).hex()}.new")
    with writing(path):
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as file:
                yield file
                file.flush()
                if durable:
                    os.fsync(file.fileno())
            temporary.rename(path)
            if durable:
                sync_folder(path.parent)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise


@contextmanager
def new_folder(path: Path) -> Iterator[Path]:
    """Make a folder, open to its owner only, that appears under `path` when all that belongs in it is there.

    On any failure nothing is left; what a killed process leaves is plain to see beside it (:func:`unfinished`). What is written into it has
    to see to its own being on the disk (:func:`new_file`).

    Raises:
        NotWritableError: it cannot be made.
    """
    temporary = unfinished(path)
    with writing(path):
        temporary.mkdir(mode=0o700)
        try:
            yield temporary
            temporary.rename(path)
            sync_folder(path.parent)
        except BaseException:
            shutil.rmtree(temporary, ignore_errors=True)
            raise


def unfinished(path: Path) -> Path:
    """Return what :func:`new_folder` calls a folder until it is complete: it may hold plain documents, so it does not hide."""
    return path.with_name(f"{path.name}.unfinished")


def require_no_leftover(path: Path) -> None:
    """See that no work on a new folder was interrupted: what it left may be plain documents, and a person looks at it.

    Raises:
        UsageError: it was.
    """
    if unfinished(path).exists():
        raise UsageError(
            _("{path} is there: what made it was interrupted").format(path=unfinished(path)),
            hint=_("it is not encrypted: remove it, then try again"),
        )


def sync_file(path: Path) -> None:
    """Write to the disk what a file holds, whoever wrote it.

    Raises:
        NotWritableError: the disk does not take it.
    """
    with writing(path), path.open("rb") as file:
        os.fsync(file.fileno())


def sync_files(paths: Collection[Path]) -> None:
    """Write many new files to the disk, and the folders that name them, each folder once.

    Raises:
        NotWritableError: the disk does not take them.
    """
    for path in paths:
        sync_file(path)
    for folder in sorted({path.parent for path in paths}):
        with writing(folder):
            sync_folder(folder)


def sync_folder(folder: Path) -> None:
    """Make a folder's entries durable.

    Raises:
        OSError: the disk failed.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in NO_FOLDER_SYNC:
            raise
    finally:
        os.close(descriptor)


class FolderHold:
    """A folder that this process works in together with others (flock(2)); the hold goes with the process, however it ends."""

    def __init__(self, folder: Path) -> None:
        """Hold it.

        Raises:
            BusyError: another process has it alone.
        """
        self._descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
        try:
            self._lock(fcntl.LOCK_SH)
        except BaseException:
            os.close(self._descriptor)
            raise

    def alone(self) -> None:
        """Hold it alone.

        Raises:
            BusyError: another process is in it, too.
        """
        try:
            self._lock(fcntl.LOCK_EX)
        except BusyError:
            self._lock(fcntl.LOCK_SH)  # an attempt that fails gives up what was held
            raise

    def together(self) -> None:
        """Let others in again."""
        self._lock(fcntl.LOCK_SH)

    def release(self) -> None:
        """Give it up."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _lock(self, kind: int) -> None:
        try:
            fcntl.flock(self._descriptor, kind | fcntl.LOCK_NB)
        except BlockingIOError:
            raise _busy() from None


class FileHold:
    """A file that says, by a lock on it (flock(2)), that a process is at something; the lock goes with the process, however it ends."""

    def __init__(self, path: Path) -> None:
        """Make the file, open to its owner only, where it is not there, and hold it.

        Raises:
            BusyError: another process is at it.
            NotWritableError: it cannot be made.
        """
        self._path = path
        with writing(path):
            path.parent.mkdir(mode=0o700, exist_ok=True)
            self._descriptor = self._held()

    def release(self) -> None:
        """Give it up; the file goes."""
        with suppress(OSError):  # one that stays without a lock says nothing
            self._path.unlink()
        os.close(self._descriptor)

    def _held(self) -> int:
        while True:
            descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                os.close(descriptor)
                raise _busy() if isinstance(error, BlockingIOError) else error from None
            if os.fstat(descriptor).st_nlink:
                return descriptor
            os.close(descriptor)  # who held it has just given it up, and the file is gone


def is_held(path: Path) -> bool:
    """Tell whether a process has a :class:`FileHold` on a file."""
    try:
        descriptor = os.open(path, os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder against every other process that asks for the same; the lock goes with the process, however it ends.

    Raises:
        BusyError: another process holds it.
    """
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise _busy() from None
    finally:
        os.close(descriptor)


def _busy() -> BusyError:
    return BusyError(_("another monespace is at work here"), hint=_("wait until it has finished and try again"))
