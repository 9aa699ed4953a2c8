"""Waiting for papers to appear in folders, by polling: that works on network folders too."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path

from monespace_cli.actions.finding import Choice, find
from monespace_cli.ingest.settling import Settling, Sighting
from monespace_cli.ingest.walk import FoundFile, Problem

QUIET_SECONDS = 5.0
"""A file is complete when it has not changed for so long; scanners and copies over a network pause."""


def until_asked(*, watches: bool) -> AbstractContextManager[object]:
    """Let Ctrl-C or SIGTERM be the end of work that has no other; anything else is interrupted by it."""
    return suppress(KeyboardInterrupt) if watches else nullcontext()


class Watch:
    """Batches of files that are complete, for as long as somebody asks for the next one.

    Each file is handed out once in the same state: one that could not be taken in is tried again only when it changes. Folders that
    cannot be looked into for a while (a network that is down) are looked into again, and what they held is not new then.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        choice: Choice,
        *,
        seconds: Callable[[], float],
        sleep: Callable[[float], None],
        poll_seconds: float,
        tell: Callable[[Path, bool], None],
    ) -> None:
        """Watch `folders`; `seconds` is a clock that never goes back; `tell` is told of a folder that goes out of sight, and is back."""
        self._folders = folders
        self._choice = choice
        self._seconds = seconds
        self._sleep = sleep
        self._poll = poll_seconds
        self._tell = tell
        self._out_of_sight: set[Path] = set()
        self._settling = Settling(QUIET_SECONDS)

    def __iter__(self) -> Iterator[list[FoundFile | Problem]]:
        """Yield a batch whenever there is one, without end."""
        while True:
            batch = self.look()
            if batch:
                yield batch
            self._sleep(self._poll)

    def look(self) -> list[FoundFile | Problem]:
        """Return the files that are complete now and were not returned before."""
        found = find(self._folders, self._choice)
        files = {each.path: each for each in found if isinstance(each, FoundFile)}
        seen = {path: sighting for path in files if (sighting := _sighting(path))}
        self._miss({each.path for each in found if isinstance(each, Problem)} & set(self._folders))
        return [files[path] for path in self._settling.whole(seen, self._seconds(), self._out_of_sight)]

    def _miss(self, folders: set[Path]) -> None:
        for folder in sorted(folders ^ self._out_of_sight):
            self._tell(folder, folder not in folders)
        self._out_of_sight = folders


def _sighting(path: Path) -> Sighting | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return Sighting(state.st_size, state.st_mtime_ns, state.st_ino)
