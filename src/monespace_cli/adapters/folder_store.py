"""A store in a folder: a USB stick, a synchronised folder, a network share (docs/formats/store-v1.md)."""

import os
import re
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO

from monespace_cli.errors import NotWritableError, StoreNotWritableError, TryLaterError, UnreadableInputError
from monespace_cli.files import LEFTOVER, new_file, sync_folder, writing
from monespace_cli.i18n import _
from monespace_cli.ports import OBJECT_NAME

MARK = "monespace-store"
"""The file that a store's name is in."""
IDENTITY = re.compile(rb"[0-9a-f]{32}")
ABANDONED = timedelta(days=1)
"""Age of an object that is not complete from which nobody is still writing it."""
_IS_OBJECT = re.compile(OBJECT_NAME).fullmatch


class FolderStore:
    """The store in one folder."""

    def __init__(self, folder: Path) -> None:
        """Work in `folder`, which may be absent for now: a stick that is not plugged in."""
        self._folder = folder

    def identity(self) -> str | None:
        """Return the name that was left when the store was set up, or None."""
        with self._reaching():
            try:
                with self._open(MARK) as file:
                    found = IDENTITY.match(file.read(64))
            except FileNotFoundError:
                if not self._folder.is_dir():
                    raise
                return None
        return found[0].decode() if found else None

    def set_up(self, identity: str) -> str:
        """Leave a name in the folder unless there is one; return the one that is there."""
        known = self.identity()
        if known is None:
            with self._writing(), new_file(self._folder / MARK) as file:
                file.write(identity.encode() + b"\n")
        return known or identity

    def objects(self) -> dict[str, str]:
        """Return each object's name with its size and time of last change."""
        with self._reaching(), os.scandir(self._folder) as entries:
            return {
                entry.name: _stamp(entry.stat(follow_symlinks=False))
                for entry in entries
                if _IS_OBJECT(entry.name) and entry.is_file(follow_symlinks=False)
            }

    @contextmanager
    def get(self, name: str) -> Iterator[BinaryIO]:
        """Give an object to read."""
        try:
            file = self._open(name)
        except OSError as error:
            self._require_there()
            raise UnreadableInputError(_("an object cannot be read: {reason}").format(reason=os.strerror(error.errno or 0))) from None
        with file:
            yield file

    def put(self, name: str, source: BinaryIO) -> str:
        """Add an object: written under another name, made durable, then renamed."""
        path = self._folder / name
        with self._writing(), writing(path):
            with new_file(path) as sink:
                shutil.copyfileobj(source, sink, 1 << 20)
            return _stamp(path.lstat())

    def delete(self, name: str) -> None:
        """Remove an object, and see that it stays removed."""
        path = self._folder / name
        with self._writing(), writing(path):
            path.unlink(missing_ok=True)
            sync_folder(self._folder)

    def tidy(self, now: datetime) -> None:
        """Remove what a killed process left of an object a day ago or longer: nobody is still writing it."""
        with self._writing(), writing(self._folder), os.scandir(self._folder) as entries:
            for entry in entries:
                if LEFTOVER.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_mtime < (now - ABANDONED).timestamp():
                    Path(entry).unlink(missing_ok=True)

    def _open(self, name: str) -> BinaryIO:
        """Open a regular file; not blocking, because a pipe without a writer would keep us waiting for ever."""
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC
        file = os.fdopen(os.open(self._folder / name, flags), "rb")
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            file.close()
            raise FileNotFoundError(name)
        return file

    @contextmanager
    def _reaching(self) -> Iterator[None]:
        try:
            yield
        except (FileNotFoundError, NotADirectoryError):
            raise self._absent() from None
        except OSError as error:
            raise StoreNotWritableError(
                _("cannot look into {path}: {reason}").format(path=self._folder, reason=os.strerror(error.errno or 0)),
                hint=_("may you read and write there?"),
            ) from None

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Tell a place that takes nothing from one that has gone, and both from the vault's own disk."""
        try:
            yield
        except NotWritableError as error:
            self._require_there()
            raise StoreNotWritableError(error.message, hint=_("is it full, or write-protected? What is to be sent is kept")) from None

    def _require_there(self) -> None:
        if not self._folder.is_dir():
            raise self._absent() from None

    def _absent(self) -> TryLaterError:
        return TryLaterError(
            _("{path} is not there").format(path=self._folder), hint=_("plug the stick in, or connect the share, and try again")
        )


def _stamp(state: os.stat_result) -> str:
    return f"{state.st_size}-{state.st_mtime_ns}"
