"""What a disk may hold after a power cut: the writes of a real command, recorded by strace(1), as far as they had to be there.

The rules are the weakest that POSIX gives. What is written to a file is there for certain only after an fsync of it, a name in a folder
only after an fsync of that folder. Until then each sector of 4 KiB, each change of a size and each name may be there or not; a rename alone
happens as a whole.
"""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

SECTOR = 4096
STRACE = ("-y", "-xx", "-s", str(1 << 22))
"""Options under which a trace shows every byte, and the path of every descriptor."""

_STRING = r'"((?:\\x[0-9a-f]{2})*)"'
_CALL = re.compile(r"(\w+)\((.*)\) = (\d+)(?:<.*>)?$")


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded call: its name, the paths it is about, and the bytes and number that it has."""

    call: str
    paths: tuple[str, ...]
    data: bytes = b""
    number: int = 0
    """Offset of a write, -1 where it goes on; size for a truncation."""


def recorded(trace: Path) -> Iterator[Event]:
    """Yield the calls of a trace that succeeded."""
    for line in trace.read_text().splitlines():
        found = _CALL.match(line)
        if not found:
            continue
        call, arguments = found[1], found[2]
        descriptors = [_decoded(text).decode() for text in re.findall(r"\d+<((?:\\x[0-9a-f]{2})*)>", arguments)]
        strings = [_decoded(text) for text in re.findall(_STRING, arguments)]
        if call in ("write", "pwrite64"):
            written = int(found[3])
            offset = int(arguments.rsplit(", ", 1)[1]) if call == "pwrite64" else -1
            yield Event("write", tuple(descriptors), strings[0][:written], offset)
        elif call in ("fsync", "fdatasync"):
            yield Event("sync", tuple(descriptors))
        elif call == "ftruncate":
            yield Event("truncate", tuple(descriptors), number=int(arguments.rsplit(", ", 1)[1]))
        elif call == "openat" and "O_CREAT" in arguments:
            yield Event("open", (strings[0].decode(),))
        elif call == "unlinkat":
            yield Event("unlink", (str(Path(descriptors[0]) / strings[0].decode()),))
        elif call in ("rename", "unlink", "rmdir", "mkdir"):
            yield Event(call, tuple(text.decode() for text in strings))


def _decoded(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(slots=True)
class File:
    """A file's bytes: those that are certain, and the changes that are not."""

    data: bytearray = field(default_factory=bytearray)
    pending: list[tuple[int, bytes | None]] = field(default_factory=list)
    """(offset, bytes), or (size, None) for a truncation."""
    end: int = 0
    """Where the next write goes on."""

    def write(self, data: bytes, offset: int) -> None:
        start = self.end if offset < 0 else offset
        self.end = start + len(data)
        while data:
            piece = SECTOR - start % SECTOR
            self.pending.append((start, data[:piece]))
            start, data = start + piece, data[piece:]

    def settle(self, happens: Callable[[], bool]) -> None:
        """Put those of the pending changes into the file that happen."""
        for place, data in self.pending:
            if not happens():
                continue
            if data is None:
                self.data[place:] = bytes(max(0, place - len(self.data)))
            else:
                self.data.extend(bytes(max(0, place - len(self.data))))
                self.data[place : place + len(data)] = data
        self.pending.clear()


@dataclass(frozen=True, slots=True)
class Names:
    """Names that go and come at once: those of a rename are there under the old name or under the new one."""

    gone: tuple[str, ...]
    come: dict[str, File | None]

    @property
    def folders(self) -> set[str]:
        """The folders that they are in."""
        return {str(Path(path).parent) for path in (*self.gone, *self.come)}

    def happen(self, names: dict[str, File | None]) -> None:
        """Change what is there."""
        for path in self.gone:
            names.pop(path, None)
        names.update(self.come)


class Disk:
    """The files below one folder, as the calls so far left them on the disk and in the cache."""

    def __init__(self, root: Path) -> None:
        """Begin with what is in `root` now, all of it certain."""
        self._root = str(root)
        self._names: dict[str, File | None] = {str(path): _file(path) for path in (root, *root.rglob("*"))} if root.exists() else {}
        """What the running process sees; None for a folder."""
        self._certain = dict(self._names)
        self._pending: list[Names] = []
        """What is not certain of them, in order."""
        self.reported = b""

    def replay(self, event: Event) -> None:
        """Do what a recorded call did."""
        if event.call == "write" and event.paths[0].endswith("/output"):
            self.reported += event.data
        paths = [path for path in event.paths if path.startswith(self._root) and not path.endswith("-shm")]
        if not paths:
            return
        path, file = paths[0], self._names.get(paths[0])
        match event.call:
            case "open":
                self._open(path)
            case "write" if file:
                file.write(event.data, event.number)
            case "truncate" if file:
                file.pending.append((event.number, None))
            case "sync":
                self._sync(path)
            case "mkdir":
                self._change((), {path: None})
            case "unlink" | "rmdir":
                self._change((path,), {})
            case "rename":
                self._rename(path, paths[1])

    def after_a_cut(self, into: Path, chance: random.Random, likely: float) -> None:
        """Write to a new folder what is there when the power comes back; each uncertain change with a probability."""

        def happens() -> bool:
            return chance.random() < likely

        names = dict(self._certain)
        for change in self._pending:
            if happens():
                change.happen(names)
        for path, file in sorted(names.items(), key=lambda item: item[0]):
            target = into / Path(path).relative_to(self._root)
            if not target.parent.exists() and target != into:
                continue  # the name of its folder is not there
            if file is None:
                target.mkdir(mode=0o700, exist_ok=True)
            else:
                copy = File(bytearray(file.data), list(file.pending))
                copy.settle(happens)
                target.write_bytes(copy.data)

    def _open(self, path: str) -> None:
        file = self._names.get(path)
        if file is None:
            self._change((), {path: File()})
        else:
            file.end = 0

    def _sync(self, path: str) -> None:
        file = self._names.get(path)
        if file:
            file.settle(lambda: True)
            return
        for change in [change for change in self._pending if path in change.folders]:
            self._pending.remove(change)
            change.happen(self._certain)

    def _rename(self, old: str, new: str) -> None:
        moved = [path for path in self._names if path == old or path.startswith(f"{old}/")]
        self._change(tuple(moved), {new + path.removeprefix(old): self._names[path] for path in moved})

    def _change(self, gone: tuple[str, ...], come: dict[str, File | None]) -> None:
        self._pending.append(Names(gone, come))
        self._pending[-1].happen(self._names)


def _file(path: Path) -> File | None:
    return None if path.is_dir() else File(bytearray(path.read_bytes()))
