"""Writing plain bytes where a person asked for them: complete or not at all, never over something by accident."""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from monespace_cli.errors import UsageError
from monespace_cli.files import new_file
from monespace_cli.i18n import _

STANDARD_OUTPUT = Path("-")


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
    if path.exists() and not force:
        raise UsageError(_("{path} exists already").format(path=path), hint=_("choose another name, or --force to replace it"))
    if not path.parent.is_dir():
        raise UsageError(_("there is no folder {path}").format(path=path.parent))
    with new_file(path) as file:
        yield file
