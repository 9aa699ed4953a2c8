"""From what a person names to files and their bytes: folders walked with bounds, nothing but regular files opened.

Rules: what a person names is followed through links and taken even if it is hidden; inside folders, links, hidden files and what network
storage leaves behind are passed over. Whatever cannot be used is reported as a :class:`Problem`, and the walk goes on. Names are whatever
the file system holds; :func:`printable` makes them fit for a screen.
"""

import errno
import os
import stat
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from monespace_cli.bounds import limits
from monespace_cli.ingest.problems import Code, unreadable

DROPPINGS: Final = frozenset(
    {"@eadir", "#recycle", "#snapshot", "thumbs.db", "ehthumbs.db", "desktop.ini", "lost+found", "$recycle.bin", "__macosx"}
)
"""What storage systems leave in folders (folded to lower case); names with a dot or `~$` in front are passed over as well."""

SETTLE_SECONDS: Final = 0.02
"""Many file systems know the time of a write by the kernel's ticks only, of 1 to 10 ms; two writes in one of them look like one."""

_SPECIAL: Final = frozenset({errno.ELOOP, errno.ENXIO, errno.ENODEV})  # what opening a link, a socket or an absent device says


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A regular file to be read. `named`: a person named it, so it may be reached through a link."""

    path: Path
    named: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """A path that cannot be used: a stable code and a sentence about it."""

    path: Path
    code: str
    message: str


def walk(paths: Iterable[Path]) -> Iterator[FoundFile | Problem]:
    """Yield the files that `paths` lead to, folders sorted by name and entered recursively, and a problem for what leads nowhere."""
    found = 0
    for path in paths:
        for item in _from_named(path):
            found += isinstance(item, FoundFile)
            if found > limits.MAX_WALK_FILES:
                yield _problem(path, Code.TOO_MANY_FILES)
                return
            yield item


def read_bounded(file: FoundFile) -> bytes:
    """Return a file's bytes, read once.

    Raises:
        UnreadableInputError: it cannot be opened or is no regular file (a pipe does not block), is larger than `MAX_FILE_BYTES`, or
            changed meanwhile; `code` says which.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC | (0 if file.named else os.O_NOFOLLOW)
    try:
        descriptor = os.open(file.path, flags)
    except (OSError, ValueError) as error:
        raise unreadable(_code_of(error)) from None
    try:
        return _read_unchanged(descriptor)
    finally:
        os.close(descriptor)


def printable(path: Path | str) -> str:
    """Return a path as one line of text: control characters, line breaks and bytes that are no UTF-8 are escaped as Python would."""
    return "".join(map(_printable, str(path)))


def is_dropping(name: str) -> bool:
    """Tell whether a file or folder of this name is hidden, or left behind by a system, and not somebody's document."""
    name = name.lower()
    return name.startswith((".", "~$")) or name in DROPPINGS


def _from_named(path: Path) -> Iterator[FoundFile | Problem]:
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError) as error:
        yield _problem(path, _code_of(error))
        return
    if stat.S_ISDIR(mode):
        yield from _from_folder(path, limits.MAX_WALK_DEPTH)
    elif stat.S_ISREG(mode):
        yield FoundFile(path, named=True)
    else:
        yield _problem(path, Code.NOT_A_FILE)


def _from_folder(folder: Path, depth: int) -> Iterator[FoundFile | Problem]:
    if depth == 0:
        yield _problem(folder, Code.TOO_DEEP)
        return
    try:
        with os.scandir(folder) as entries:
            wanted = sorted((entry for entry in entries if not _is_passed_over(entry)), key=lambda entry: os.fsencode(entry.name))
    except OSError as error:
        yield _problem(folder, _code_of(error))
        return
    for entry in wanted:
        path = Path(entry.path)
        if entry.is_dir(follow_symlinks=False):
            yield from _from_folder(path, depth - 1)
        elif entry.is_file(follow_symlinks=False):
            yield FoundFile(path, named=False)
        else:
            yield _problem(path, Code.NOT_A_FILE)


def _is_passed_over(entry: os.DirEntry[str]) -> bool:
    return is_dropping(entry.name) or entry.is_symlink()


def _printable(character: str) -> str:
    if character.isprintable():
        return character
    if 0xDC80 <= ord(character) <= 0xDCFF:  # a byte that is no UTF-8 (PEP 383)
        return f"\\x{ord(character) - 0xDC00:02x}"
    return character.encode("unicode_escape").decode("ascii")


def _read_unchanged(descriptor: int) -> bytes:
    before = _settled(descriptor)
    if not stat.S_ISREG(before.st_mode):
        raise unreadable(Code.NOT_A_FILE)
    if before.st_size > limits.MAX_FILE_BYTES:
        raise unreadable(Code.TOO_LARGE)
    data = bytearray()
    try:
        while len(data) <= before.st_size and (part := os.read(descriptor, before.st_size + 1 - len(data))):
            data += part
    except OSError:
        raise unreadable(Code.READ_ERROR) from None
    after = os.fstat(descriptor)
    if len(data) != before.st_size or (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise unreadable(Code.CHANGED)
    return bytes(data)


def _settled(descriptor: int) -> os.stat_result:
    """Return a file's state once it is older than what a file system's clock can tell apart: a later write then shows in its time."""
    for _try in range(3):
        state = os.fstat(descriptor)
        age = time.time() - state.st_mtime
        if not 0 <= age < SETTLE_SECONDS:
            return state
        time.sleep(SETTLE_SECONDS - age)
    raise unreadable(Code.CHANGED)


def _code_of(error: OSError | ValueError) -> Code:
    """Return the code for what the system said of a path; ValueError is a path with a null character in it."""
    if isinstance(error, FileNotFoundError | NotADirectoryError | ValueError):
        return Code.NOT_FOUND
    if isinstance(error, PermissionError):
        return Code.NO_PERMISSION
    return Code.NOT_A_FILE if error.errno in _SPECIAL else Code.READ_ERROR


def _problem(path: Path, code: Code) -> Problem:
    error = unreadable(code)
    return Problem(path, error.code, error.message)
