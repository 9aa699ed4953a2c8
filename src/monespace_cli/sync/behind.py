"""Hashing and encrypting some pieces while the next are read: both let go of the interpreter's lock, so that two cores are used.

Reading stays in the caller's thread, since a database answers only there.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

WORTHWHILE = 4 << 20
"""Bytes from which a thread pays; with less everything is done where it is asked for."""

BATCH = 2 << 20
"""Bytes handed over at a time: a hand-over costs as much as hashing 100 KB, so small pieces go in heaps."""

DEPTH = 4
"""Batches in memory: so many that no side waits for the other each time it is its turn."""

Take = Callable[[bytes], object]


@contextmanager
def behind(work: Take, size: int) -> Iterator[Take]:
    """Give a function that has `work` done with each piece in order, up to :data:`DEPTH` batches behind; at the end all is done.

    Whatever `work` raises is raised by a later call, or at the end.
    """
    if size < WORTHWHILE:
        yield work
        return
    running: deque[Future[None]] = deque()
    batch: list[bytes] = []
    held = 0
    with ThreadPoolExecutor(1) as thread:

        def hand_over() -> None:
            nonlocal batch, held
            if len(running) == DEPTH:
                running.popleft().result()
            running.append(thread.submit(_each, work, batch))
            batch, held = [], 0

        def take(piece: bytes) -> None:
            nonlocal held
            batch.append(piece)
            held += len(piece)
            if held >= BATCH:
                hand_over()

        yield take
        hand_over()
        for each in running:
            each.result()


def _each(work: Take, batch: list[bytes]) -> None:
    for piece in batch:
        work(piece)
