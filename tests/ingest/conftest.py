"""One reader for all tests that need no other: its child starts once."""

import datetime
from collections.abc import Iterator

import pytest

from monespace_cli.ingest.reader import Reader

NOW = datetime.datetime(2026, 11, 23, 9, tzinfo=datetime.UTC)


@pytest.fixture(scope="session")
def reader() -> Iterator[Reader]:
    with Reader(lambda: NOW) as opened:
        yield opened
