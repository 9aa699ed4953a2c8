"""What becomes of a file once its content is safely in the vault. A file that changed meanwhile is never touched."""

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from monespace_cli.adapters.ledger import mark_of
from monespace_cli.errors import UsageError
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
            if mark_of(path.stat()) != mark:
                return SOURCE_KEPT
            if self.move_to:
                path.rename(_free_name(self.move_to / path.name, name_hint))
            else:
                path.unlink()
        except OSError:
            return SOURCE_KEPT
        return None


KEEP = Disposal()


def _free_name(path: Path, hint: str) -> Path:
    return path if not os.path.lexists(path) else path.with_name(f"{path.stem}-{hint[:8]}{path.suffix}")
