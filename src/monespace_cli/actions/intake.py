"""Entries on their way into the vault: read several at once, handed on in the order in which they came, in batches.

Memory is bounded: no more than a window of entries is between the files and the vault. Whoever writes takes what is ready: where reading is
slow each document is stored as soon as it is read, where it is fast many share one transaction.
"""

import time
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, wait

from monespace_cli.actions.entries import Entry
from monespace_cli.bounds.limits import MIB
from monespace_cli.i18n import _
from monespace_cli.ports import Progress

WINDOW = 32
"""Entries on their way for each task that the executor does at once: enough to go on beside a document that takes long."""

WINDOW_BYTES = 64 * MIB
"""Bytes of all of them together; a larger file goes alone."""

BATCH = 32
"""Entries written in one transaction: of more, a person who waits for the first would see nothing for too long."""

BATCH_BYTES = 16 * MIB
"""Bytes of those together."""

FLUSH_SECONDS = 1.0
"""How long what is ready waits while files are slow to come, as from a network folder."""

LOOK_SECONDS = 0.5
"""How often a person is told how far a long document is."""


class Intake:
    """Entries on their way, of which the first ones are done or being read."""

    def __init__(self, width: int, progress: Progress, *, most: int = BATCH) -> None:
        """Keep an executor of this width busy; hand on at most `most` entries at once."""
        self._longest = WINDOW * width
        self._progress = progress
        self._most = most
        self._window: deque[Entry] = deque()
        self._bytes = 0

    def batches(self, entries: Iterable[Entry]) -> Iterator[list[Entry]]:
        """Yield all entries in their order, read, those together that are ready together."""
        since = time.monotonic()
        for entry in entries:
            self._window.append(entry)
            self._bytes += len(entry.data or b"")
            while self._is_full() or (time.monotonic() - since > FLUSH_SECONDS and _is_ready(self._window[0])):
                yield self._batch()
                since = time.monotonic()
                if not self._window:
                    break
        while self._window:
            yield self._batch()

    def _is_full(self) -> bool:
        return len(self._window) >= self._longest or self._bytes > WINDOW_BYTES

    def _batch(self) -> list[Entry]:
        """Wait for the first entry, and take it with those behind it that are ready too."""
        self._wait_for(self._window[0])
        batch: list[Entry] = []
        size = 0
        while self._window and len(batch) < self._most and size < BATCH_BYTES and _is_ready(self._window[0]):
            if batch and self._window[0].follows_twin:
                break
            entry = self._window.popleft()
            size += len(entry.data or b"")
            batch.append(entry)
        self._bytes -= size
        return batch

    def _wait_for(self, first: Entry) -> None:
        while not _is_ready(first):
            underway = [
                portion for entry in self._window if entry.reading and not entry.reading.go_on() for portion in entry.reading.underway
            ]
            wait(underway, LOOK_SECONDS, FIRST_COMPLETED)
            self._show(first)

    def _show(self, first: Entry) -> None:
        read, pages = first.reading.pages_read if first.reading else (0, 0)
        if pages > 1:
            self._progress.advance(0, label=_("{name}: page {read} of {pages}").format(name=first.name, read=read, pages=pages))


def _is_ready(entry: Entry) -> bool:
    return entry.reading is None or entry.reading.go_on()
