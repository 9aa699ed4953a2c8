"""Showing a document with another program, without its plain bytes ever reaching a disk.

They lie in a private directory in memory (tmpfs) while the program runs, and are removed afterwards. What the program itself writes
(a recent-files list, a thumbnail) is beyond us; docs/threat-model.md says so.
"""

import contextlib
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkdtemp
from typing import BinaryIO

from monespace_cli.bounds.process import run_viewer
from monespace_cli.errors import BundleError, MissingDependencyError, UsageError
from monespace_cli.i18n import _
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.interop.stored_zip import open_entry, read_archive

SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - in memory is what is wanted
MOUNTS = Path("/proc/self/mounts")
MAX_DIRECTORY = 1 << 20
_EXTENSIONS = frozenset(media.extension for media in MEDIA_TYPES.values())


def memory_directory(runtime: Path | None) -> Path | None:
    """Return a directory of ours that lies in memory (tmpfs): `runtime` (XDG_RUNTIME_DIR) or the system's; None where there is none."""
    in_memory = {Path(line.split(" ")[1]) for line in MOUNTS.read_text().splitlines() if " tmpfs " in line} if MOUNTS.exists() else set()
    for path in filter(None, (runtime, SHARED_MEMORY)):
        if os.access(path, os.W_OK):
            mount = next((place for place in (path, *path.parents) if place.is_mount()), path)
            if mount in in_memory:
                return path
    return None


def default_viewer() -> list[str]:
    """Return the desktop's own way to open a file.

    Raises:
        MissingDependencyError: there is none.
    """
    for program in ("xdg-open", "open"):
        if found := shutil.which(program):
            return [found]
    raise MissingDependencyError(
        _("no program to show documents was found"), hint=_("name one with --with, or use `monespace document export`")
    )


@contextmanager
def shown_files(source: BinaryIO, media_type: str, folder: Path) -> Iterator[list[Path]]:
    """Give a document a name in a private directory inside `folder` for as long as the context lasts; each file of a set one of its own."""
    private = Path(mkdtemp(prefix="monespace-", dir=folder))
    try:
        whole = _written(private / f"document.{MEDIA_TYPES[media_type].extension}", source)
        yield _unpacked(whole) or [whole]
    finally:
        shutil.rmtree(private, ignore_errors=True)


def _unpacked(path: Path) -> list[Path]:
    """Return the files of a set of pages, named by us: what it calls them may come from anywhere. None of any other document."""
    if path.suffix != ".zip":
        return []
    with path.open("rb") as archive, contextlib.suppress(BundleError):  # a zip that is not ours is shown as one
        return [
            _written(path.with_name(f"{number:04}.{_extension(entry.name)}"), open_entry(archive, entry))
            for number, entry in enumerate(read_archive(archive, max_directory=MAX_DIRECTORY), 1)
        ]
    return []


def _extension(name: str) -> str:
    found = Path(name).suffix[1:]
    return found if found in _EXTENSIONS else "bin"


def _written(path: Path, content: BinaryIO) -> Path:
    with path.open("xb") as file:
        shutil.copyfileobj(content, file)
    path.chmod(0o400)
    return path


def show(viewer: list[str], path: Path) -> None:
    """Run a viewer on a file and wait until it ends.

    Raises:
        UsageError: it failed.
    """
    if run_viewer([*viewer, str(path)]) != 0:
        raise UsageError(_("the program to show the document failed"), hint=_("name another one with --with"))
