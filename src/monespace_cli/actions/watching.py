"""Waiting for papers to appear in folders, by polling: that works on network folders too. It ends when the process is asked to."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from monespace_cli.actions.finding import Choice, find
from monespace_cli.ingest.settling import Settling, Sighting
from monespace_cli.ingest.walk import FoundFile, Problem

QUIET_SECONDS = 5.0
"""A file is complete when it has not changed for so long; scanners and copies over a network pause."""


class Watch:
    """Batches of files that are complete, for as long as somebody asks for the next one.

    Each file is handed out once in the same state: one that could not be taken in is tried again only when it changes. Folders that
    cannot be looked into for a while (a network that is down) are looked into again.
    """

    def __init__(
        self, folders: Sequence[Path], choice: Choice, seconds: Callable[[], float], sleep: Callable[[float], None], poll_seconds: float
    ) -> None:
        """Watch `folders`; `seconds` is a clock that never goes back."""
        self._folders = folders
        self._choice = choice
        self._seconds = seconds
        self._sleep = sleep
        self._poll = poll_seconds
        self._settling = Settling(QUIET_SECONDS)

    def __iter__(self) -> Iterator[list[FoundFile | Problem]]:
        """Yield a batch whenever there is one, until the process is interrupted."""
        try:
            while True:
                batch = self.look()
                if batch:
                    yield batch
                self._sleep(self._poll)
        except KeyboardInterrupt:
            return

    def look(self) -> list[FoundFile | Problem]:
        """Return the files that are complete now and were not returned before."""
        files = {each.path: each for each in find(self._folders, self._choice) if isinstance(each, FoundFile)}
        seen = {path: sighting for path in files if (sighting := _sighting(path))}
        return [files[path] for path in self._settling.whole(seen, self._seconds())]


def _sighting(path: Path) -> Sighting | None:
    try:
        state = path.stat()
    except OSError:
        return None
    return Sighting(state.st_size, state.st_mtime_ns, state.st_ino)
