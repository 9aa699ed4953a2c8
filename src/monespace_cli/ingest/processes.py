"""Reading pages in several child processes of this machine: the executor that imports use by default.

Each child is driven by a thread that waits for its answers. None of them knows of the others, so that what one file does to its child costs
the others nothing.
"""

import itertools
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from queue import PriorityQueue, SimpleQueue
from typing import Self

from monespace_cli.ingest.reader import Portion, PortionRequest, Reader
from monespace_cli.ports import Clock


class Processes:
    """As many reading processes as `width` says, each started when it is needed first. Implements `ports.Executor`."""

    def __init__(self, width: int, make: Callable[[], Reader]) -> None:
        """Read with what `make` returns."""
        self.width = width
        self._readers = [make() for _ in range(width)]
        self._free: SimpleQueue[Reader] = SimpleQueue()
        for reader in self._readers:
            self._free.put(reader)
        self._waiting: PriorityQueue[_Waiting] = PriorityQueue()
        self._count = itertools.count()
        self._threads = ThreadPoolExecutor(width, thread_name_prefix="reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def submit(self, request: PortionRequest) -> Future[Portion]:
        """Read some pages when a process is free; those that go on with a document before those that begin one.

        So what was begun first is stored first, and is not held up by all that came after it. See :class:`~monespace_cli.ports.Executor`.
        """
        waiting = _Waiting(request.first == 1, next(self._count), request)
        self._waiting.put(waiting)
        self._threads.submit(self._read_next)
        return waiting.portion

    def close(self) -> None:
        """End every process, whatever it is doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in self._readers:
            reader.stop()
        self._threads.shutdown()
        for reader in self._readers:
            reader.close()
        while not self._waiting.empty():
            self._waiting.get().portion.cancel()

    def _read_next(self) -> None:
        waiting = self._waiting.get()
        if not waiting.portion.set_running_or_notify_cancel():
            return
        reader = self._free.get()
        try:
            waiting.portion.set_result(reader.portion(waiting.request))
        except BaseException as error:  # it is raised where the portion is asked for
            waiting.portion.set_exception(error)
        finally:
            self._free.put(reader)


@dataclass(order=True, slots=True)
class _Waiting:
    """Pages that wait for a process, in the order in which they are read."""

    begins: bool
    number: int
    request: PortionRequest = field(compare=False)
    portion: Future[Portion] = field(compare=False, default_factory=Future)


def readers(width: int, clock: Clock) -> Reader | Processes:
    """Return what reads with `width` processes; one alone needs no threads."""
    return Reader(clock) if width == 1 else Processes(width, lambda: Reader(clock))


def usable_cpus() -> int:
    """Return how many CPUs this process may use: fewer than there are where it was bound to some."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
