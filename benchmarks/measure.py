"""Timing as ratios in one run: the best of several tries, each side measured in turn, so that a busy machine hurts both."""

import os
import resource
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured ratio against what it must not exceed (or, with `at_least`, fall short of)."""

    what: str
    ratio: float
    bound: float
    detail: str
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the figure keeps its bound."""
        return self.ratio >= self.bound if self.at_least else self.ratio <= self.bound


def best_wall(commands: Mapping[str, Sequence[str]], tries: int, environment: Mapping[str, str] | None = None) -> dict[str, float]:
    """Return the least wall time of each command in seconds, the commands run in turn."""
    best = dict.fromkeys(commands, float("inf"))
    for _try in range(tries):
        for name, argv in commands.items():
            start = time.perf_counter()
            subprocess.run(
                argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False, env={**os.environ, **(environment or {})}
            )
            best[name] = min(best[name], time.perf_counter() - start)
    return best


def child_cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds (user and system) that the child processes of `work` used, theirs included."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (after.ru_utime + after.ru_stime) - (before.ru_utime + before.ru_stime)


def best_seconds(work: Callable[[], object], tries: int) -> float:
    """Return the least wall time of a piece of work in this process."""
    best = float("inf")
    for _try in range(tries):
        start = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - start)
    return best


def best_in_turn(pieces: Mapping[str, Callable[[], object]], tries: int) -> dict[str, float]:
    """Return the least wall time of each piece of work in this process, the pieces done in turn."""
    best = dict.fromkeys(pieces, float("inf"))
    for _try in range(tries):
        for name, work in pieces.items():
            os.sync()  # what the piece before left to be written to the disk is not on this one's account
            best[name] = min(best[name], best_seconds(work, 1))
    return best
