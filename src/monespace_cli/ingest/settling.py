"""When is a file that somebody else writes complete? When its size and time have not changed for a while.

Pure: it is handed what a scan of the folder saw and the time, so that it works by polling on every file system, network folders
included, and can be tested without waiting.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Sighting:
    """How a file looked at a scan."""

    size: int
    modified_ns: int
    inode: int


class Settling:
    """Remembers what earlier scans saw, and says which files are whole now."""

    def __init__(self, quiet_seconds: float) -> None:
        """A file is whole when it has looked the same for `quiet_seconds`."""
        self._quiet = quiet_seconds
        self._since: dict[Path, tuple[Sighting, float]] = {}
        self._handed_out: dict[Path, Sighting] = {}

    def whole(self, seen: Mapping[Path, Sighting], now: float, out_of_sight: Collection[Path] = ()) -> list[Path]:
        """Return the files of a scan at time `now` (seconds) that are whole, each once in the same state, in the scan's order.

        What lies in folders that are `out_of_sight` for a while is not new when it is seen again.
        """
        self._since = {path: self._first_seen(path, sighting, now) for path, sighting in seen.items()}
        self._handed_out = {
            path: sighting
            for path, sighting in self._handed_out.items()
            if seen.get(path) == sighting or any(map(path.is_relative_to, out_of_sight))
        }
        ready = [path for path in seen if now - self._since[path][1] >= self._quiet and path not in self._handed_out]
        self._handed_out.update({path: seen[path] for path in ready})
        return ready

    def _first_seen(self, path: Path, sighting: Sighting, now: float) -> tuple[Sighting, float]:
        before = self._since.get(path)
        return before if before and before[0] == sighting else (sighting, now)
