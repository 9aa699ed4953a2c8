"""The inside of the decoding child: it takes leave of everything it does not need, then answers requests one by one.

Rules: it can write no file (the limit on file size is 0), start with no inherited descriptor, leave no core dump, and use bounded memory
and CPU time. Libraries that print cannot disturb the channel: standard input and output are taken away from them first. Why a request
failed leaves the child only as a code, because the text of a library's error may hold file content.

Left to others: the time limit on the wall clock (`process.Worker`), and what a request means (the handler). Residual risk: the child can
still read what its user can, and the kernel is not told otherwise (no seccomp); it has no channel to carry anything away but its answer,
unless it opens a network connection.
"""

import os
import resource
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from monespace_cli.bounds import frames, limits
from monespace_cli.errors import UnreadableInputError

Handler = Callable[[Mapping[str, Any], bytes], tuple[Mapping[str, object], bytes]]
"""Takes a request's header and payload, returns those of its answer; raises UnreadableInputError with a code."""


def serve(handle: Handler) -> None:
    """Confine this process, then answer requests from standard input on standard output until there are no more."""
    requests, answers = _take_channel()
    confine()
    while prefix := requests.read(frames.PREFIX_BYTES):
        header_size, size = frames.decode_lengths(prefix, max_header=limits.MAX_FRAME_HEADER, max_payload=limits.MAX_FILE_BYTES)
        header = frames.decode_header(requests.read(header_size))
        _allow_cpu(limits.WORKER_CPU_SECONDS)
        answer, payload = _answer(handle, header, requests.read(size))
        answers.write(frames.encode_head(answer, len(payload)))
        answers.write(payload)
        answers.flush()


def confine() -> None:
    """Set this process's limits, for good: no file written, no core dump, bounded memory and descriptors. Children inherit them.

    Source: POSIX.1-2017, setrlimit(); RLIMIT_AS bounds the address space.
    """
    bounds = {
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_AS: limits.WORKER_MEMORY,
        resource.RLIMIT_NOFILE: limits.WORKER_OPEN_FILES,
    }
    for kind, bound in bounds.items():
        resource.setrlimit(kind, (bound, bound))


def _allow_cpu(seconds: int) -> None:
    """Let the process use this many more seconds of CPU time; the soft limit moves along from request to request."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, hard))


def _take_channel() -> tuple[BinaryIO, BinaryIO]:
    """Return the pipes to the parent, and leave `/dev/null` in their place for libraries that print or read."""
    requests, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)
    os.close(nothing)
    return os.fdopen(requests, "rb"), os.fdopen(answers, "wb")


def _answer(handle: Handler, header: Mapping[str, Any], payload: bytes) -> tuple[Mapping[str, object], bytes]:
    try:
        return handle(header, payload)
    except UnreadableInputError as error:
        return {"error": error.code}, b""
    except MemoryError:
        return {"error": "reader-out-of-memory"}, b""
    except Exception:  # a bug, ours or a library's, met by this one request
        return {"error": "reader-failed"}, b""
