"""The machine's clock: the `Clock` port in production."""

from datetime import UTC, datetime


def system_clock() -> datetime:
    """Return the present moment in UTC."""
    return datetime.now(UTC)
