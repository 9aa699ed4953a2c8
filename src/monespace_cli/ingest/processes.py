"""Reading pages in several child processes of this machine: the executor that imports use by default.

Each child is driven by a thread that waits for its answers. None of them knows of the others, so that what one file does to its child costs
the others nothing.
"""

import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
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
        self._threads = ThreadPoolExecutor(width, thread_name_prefix="reading")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def submit(self, request: PortionRequest) -> Future[Portion]:
        """Read some pages when a process is free; see :class:`~monespace_cli.ports.Executor`."""
        return self._threads.submit(self._read, request)

    def close(self) -> None:
        """End every process, whatever it is doing."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for reader in self._readers:
            reader.stop()
        self._threads.shutdown()
        for reader in self._readers:
            reader.close()

    def _read(self, request: PortionRequest) -> Portion:
        reader = self._free.get()
        try:
            return reader.portion(request)
        finally:
            self._free.put(reader)


def readers(width: int, clock: Clock) -> Reader | Processes:
    """Return what reads with `width` processes; one alone needs no threads."""
    return Reader(clock) if width == 1 else Processes(width, lambda: Reader(clock))


def usable_cpus() -> int:
    """Return how many CPUs this process may use: fewer than there are where it was bound to some."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
