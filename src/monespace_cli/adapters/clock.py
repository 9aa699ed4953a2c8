"""The machine's clocks: the `Clock` port in production, and one that nobody can set back."""

import time
from datetime import UTC, datetime

_SINCE_START = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def system_clock() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)


def uptime() -> float:
    """Return the seconds since the machine started, sleep included where the system counts it; nobody can set it back."""
    return time.clock_gettime(_SINCE_START)
