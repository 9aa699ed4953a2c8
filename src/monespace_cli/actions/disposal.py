"""What becomes of a file once its content is safely in the vault. A file that changed meanwhile is never touched."""

import contextlib
import errno
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monespace_cli.adapters.ledger import mark_of
from monespace_cli.errors import NotWritableError, UsageError
from monespace_cli.files import new_file
from monespace_cli.i18n import _

SOURCE_KEPT = "source-kept"
"""In the vault, but the file could not be moved or deleted, or was changed meanwhile."""


@dataclass(frozen=True, slots=True)
class Disposal:
    """What to do with a file; by default it stays where it is."""

    delete: bool = False
    move_to: Path | None = None

    @property
    def keeps(self) -> bool:
        """Whether files stay where they are."""
        return not self.delete and self.move_to is None

    def check(self, paths: Iterable[Path]) -> None:
        """See that it can be done.

        Raises:
            UsageError: both ways at once, no such folder, or one that would be imported itself at the next run.
        """
        if self.delete and self.move_to:
            raise UsageError(_("--move and --delete are two ways to do away with a file: give one"))
        if self.move_to is None:
            return
        if not self.move_to.is_dir():
            raise UsageError(_("there is no folder {path}").format(path=self.move_to))
        target = self.move_to.resolve()
        if any(target.is_relative_to(path.resolve()) for path in paths):
            raise UsageError(_("{path} is among what is imported").format(path=self.move_to), hint=_("choose a folder outside of it"))

    def of(self, path: Path, mark: str, name_hint: str) -> str | None:
        """Move or delete a file that still has the `mark` it had when it was read; return a code where that was not done.

        A name that is taken is never replaced: `name_hint` is added to it.
        """
        if self.keeps:
            return None
        try:
            return None if self._did_away(path, mark, name_hint) else SOURCE_KEPT
        except (OSError, NotWritableError):
            return SOURCE_KEPT

    def _did_away(self, path: Path, mark: str, name_hint: str) -> bool:
        if mark_of(path.stat()) != mark:
            return False
        if self.move_to:
            target = _free_name(self.move_to / path.name, name_hint)
            if _renamed(path, target):
                return True
            _copy(path, target)
            if mark_of(path.stat()) != mark:  # it was written to meanwhile
                target.unlink()
                return False
        path.unlink()
        return True


KEEP = Disposal()


def _renamed(path: Path, target: Path) -> bool:
    """Give a file another name; return whether that could be done: a folder on another file system takes a copy only."""
    try:
        path.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        return False
    return True


def _copy(path: Path, target: Path) -> None:
    """Copy a file with its times, so that it is complete and on the disk."""
    with path.open("rb") as source, new_file(target) as copy:
        shutil.copyfileobj(source, copy)
    with contextlib.suppress(OSError):  # a stick may know nothing of permissions
        shutil.copystat(path, target)


def _free_name(path: Path, hint: str) -> Path:
    return path if not os.path.lexists(path) else path.with_name(f"{path.stem}-{hint[:8]}{path.suffix}")
