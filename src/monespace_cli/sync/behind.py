"""Hashing and encrypting some pieces while the next are read: both let go of the interpreter's lock, so that two cores are used.

Reading stays in the caller's thread, since a database answers only there.
"""

from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

WORTHWHILE = 4 << 20
"""Bytes from which a thread pays; with less everything is done where it is asked for."""

DEPTH = 8
"""Pieces in memory: so many that no side waits for the other each time it is its turn."""

Take = Callable[[bytes], object]


@contextmanager
def behind(work: Take, size: int) -> Iterator[Take]:
    """Give a function that has `work` done with each piece, in order, up to :data:`DEPTH` pieces behind the caller; at the end all is done.

    Whatever `work` raises is raised by a later call, or at the end.
    """
    if size < WORTHWHILE:
        yield work
        return
    running: deque[Future[object]] = deque()
    with ThreadPoolExecutor(1) as thread:

        def take(piece: bytes) -> None:
            if len(running) == DEPTH:
                running.popleft().result()
            running.append(thread.submit(work, piece))

        yield take
        for each in running:
            each.result()
