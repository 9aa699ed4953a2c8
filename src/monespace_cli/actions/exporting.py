"""Writing plain bytes where a person asked for them: complete or not at all, never over something by accident."""

import io
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from monespace_cli.errors import UsageError
from monespace_cli.files import new_file
from monespace_cli.i18n import _

STANDARD_OUTPUT = Path("-")


def require_free_names(paths: Iterable[Path], *, force: bool | None) -> None:
    """See that files can be written under these names before any of them is: all of them or none.

    Raises:
        UsageError: one exists and nobody said --force, its folder is not there, or it is standard output.
    """
    for path in paths:
        if path.name in ("", "-", "-.ssh"):
            raise UsageError(_("this is written to files, not to standard output"), hint=_("name a file with -o"))
        require_free_name(path, force=force)


def require_free_name(path: Path, *, force: bool | None) -> None:
    """See that a file can be written under a name; `force` is None where a command never replaces one.

    Raises:
        UsageError: it exists and nobody said --force, or its folder is not there.
    """
    if path.exists() and not force:
        hint = _("choose another name, or move it away") if force is None else _("choose another name, or --force to replace it")
        raise UsageError(_("{path} exists already").format(path=path), hint=hint)
    if not path.parent.is_dir():
        raise UsageError(_("there is no folder {path}").format(path=path.parent))


@contextmanager
def written_out(path: Path, to_stdout: Callable[[bytes], None], *, force: bool) -> Iterator[BinaryIO]:
    """Open what a person named with `-o`: a file that appears when it is complete, or standard output for `-`.

    Raises:
        UsageError: the file exists and nobody said --force.
        NotWritableError: it cannot be written.
    """
    if path == STANDARD_OUTPUT:
        buffer = io.BytesIO()
        yield buffer
        to_stdout(buffer.getvalue())
        return
    require_free_name(path, force=force)
    with new_file(path) as file:
        yield file
