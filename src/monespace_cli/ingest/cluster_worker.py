"""What runs on a cluster's workers: reading some pages in a confined child there, as it is done here.

Rules: an errand says nothing of what it carries, since schedulers and workers log what they are given; what goes wrong with a file comes
back as a code and not as an exception, whose arguments they would log as well. A worker that may put what it holds on its disk says so.
"""

import threading
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monespace_cli import __version__
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest, Reader

_own = threading.local()
"""Each thread of a worker has a reader, and with it a child process, that lives as long as the thread does."""


@dataclass(frozen=True, slots=True)
class Fitness:
    """What a worker says of itself before papers are sent to it."""

    version: str
    in_memory: bool
    """Whether all that it is given stays in its memory."""
    can_read: bool
    """Whether it has an engine, and data for each language that was asked for."""


class Errand:
    """A portion to be read, or one that was read; its representation is silent."""

    def __init__(self, content: PortionRequest | Portion | str) -> None:
        """Carry a request, or what came of it: a portion, or the code of why there is none."""
        self.content = content


def read(errand: Errand) -> Errand:
    """Read some pages."""
    request = errand.content
    assert isinstance(request, PortionRequest)
    try:
        return Errand(_reader().portion(request))
    except UnreadableInputError as problem:
        return Errand(problem.code)


def fitness(options: IngestOptions, dask_worker: object = None) -> Fitness:
    """Return how fit this worker is; Dask hands it in by its name. Only a plain dictionary is sure to spill nothing."""
    can_read = not options.ocr or _reader().can_read(options)
    return Fitness(__version__, type(getattr(dask_worker, "data", None)) is dict, can_read)


def here(options: IngestOptions) -> IngestOptions:
    """Return the options as they make sense on another machine: language data lies elsewhere there."""
    return replace(options, language_data=None)


def _reader() -> Reader:
    if not hasattr(_own, "reader"):
        _own.reader = Reader(lambda: datetime.now(UTC))
    reader: Reader = _own.reader
    return reader
