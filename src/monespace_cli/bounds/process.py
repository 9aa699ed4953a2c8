"""The one module that starts programs: other people's for one run, and our own decoding child that lives for many requests.

Rules: arguments are a list, never a shell's line; every program has a time limit and a bound on what it may answer; nothing is written
to a temporary file on the way. The child (`Worker`) is a fresh interpreter, isolated from the environment, that confines itself
(`bounds.child`); if it dies, hangs or answers garbage, that costs one request and the next one gets a new child.

Left to others: what the requests mean.
"""

import contextlib
import os
import re
import select
import shlex
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Final, Self

from monespace_cli.bounds import frames, limits
from monespace_cli.errors import MissingDependencyError, TryLaterError, UnreadableInputError, UsageError
from monespace_cli.i18n import _

_CHUNK: Final = 64 * 1024  # what a Linux pipe holds

_CODE: Final = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Completed:
    """How a program ended: its exit status (negative: the signal that killed it) and what it wrote to standard output."""

    status: int
    output: bytes


@dataclass(frozen=True, slots=True)
class Answer:
    """What the child answered: a small JSON object and bytes. Outside data: whoever asked checks both."""

    header: Mapping[str, Any]
    payload: bytes


def arguments_of(command: str) -> list[str]:
    """Return the program and its arguments in a command that somebody configured, quoted as in a shell.

    Raises:
        UsageError: it is empty, or a quote is not closed.
    """
    try:
        argv = shlex.split(command)
    except ValueError:
        argv = []
    if not argv:
        raise UsageError(_("a configured command is empty, or a quote in it is not closed"))
    return argv


def run(
    argv: Sequence[str],
    *,
    input: bytes = b"",  # noqa: A002 - the word that subprocess uses
    timeout: float | None,
    max_output: int = limits.MAX_PROGRAM_OUTPUT,
    errors_to_terminal: bool = False,
) -> Completed:
    """Run a program to its end, feeding it `input`, and return what it wrote.

    Args:
        argv: the program, found on PATH, and its arguments.
        input: bytes for its standard input.
        timeout: seconds after which it is killed; None where a person may have to answer it.
        max_output: bytes of standard output after which it is killed.
        errors_to_terminal: whether its standard error is shown (a passphrase program that asks) or dropped.

    Raises:
        MissingDependencyError: there is no such program, or it may not be run.
        TryLaterError: it took too long, or wrote too much.
    """
    process = _start(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=None if errors_to_terminal else subprocess.DEVNULL)
    with process:
        feeder = threading.Thread(target=_feed, args=(process.stdin, input), daemon=True)
        feeder.start()
        try:
            output = _read_to_end(_fd(process.stdout), max_output, time.monotonic() + timeout if timeout else None)
            status = process.wait(timeout)
        except (TimeoutError, ValueError, subprocess.TimeoutExpired):
            raise TryLaterError(_("{program} took too long or answered too much").format(program=argv[0])) from None
        finally:
            process.kill()
            feeder.join(timeout=1)  # something it left behind may still hold the pipe
    return Completed(status, output)


def run_viewer(argv: Sequence[str]) -> int:
    """Start a program that a person looks at or works in, with this terminal as its own, and wait; return its exit status.

    Raises:
        MissingDependencyError: there is no such program, or it may not be run.
    """
    with _start(argv, stdin=None, stdout=None, stderr=None) as process:
        return process.wait()


def detach() -> None:
    """Go on in the background, without terminal and streams; to whoever started this program it seems to end well."""
    if os.fork():
        os._exit(0)
    os.setsid()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)


class Worker:
    """A child process that answers requests. It is started by the first one, and again after it was lost.

    Not for several threads, but for :meth:`stop`.

    `arguments` are those of the isolated interpreter, such as `["-m", "package.module"]`; what runs calls `bounds.child.serve`.
    """

    def __init__(self, arguments: Sequence[str]) -> None:
        self._arguments = tuple(arguments)
        self._process: subprocess.Popen[bytes] | None = None
        self._starts = 0
        self._is_stopped = False
        self._changing = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.close()

    def ensure(self) -> int:
        """Start the child if none is running; return how many were started so far, so that the caller notices a new one.

        A new child knows nothing of what an earlier one was told.

        Raises:
            UnreadableInputError: with code `reader-crashed`: somebody stopped it for good.
        """
        if self._process is not None and _has_ended(self._process.pid):
            self.close()
        with self._changing:
            if self._is_stopped:
                raise UnreadableInputError(_("The file could not be read"), code="reader-crashed")
            if self._process is None:
                self._process = _start_child(self._arguments)
                self._starts += 1
        return self._starts

    def ask(self, header: Mapping[str, object], payload: bytes = b"", *, timeout: float, max_answer: int) -> Answer:
        """Send a request and return its answer.

        Args:
            header: a small object of JSON values.
            payload: bytes that go with it, up to the largest file's size.
            timeout: seconds for sending, working and answering together.
            max_answer: bytes of payload that the answer may have.

        Raises:
            UnreadableInputError: with code `reader-crashed`, `reader-timed-out`, `reader-garbled` or `reader-out-of-memory`: the child is
                gone, the next request starts another; with any other code: the child says so and goes on.
        """
        self.ensure()
        try:
            answer = self._exchange(header, payload, time.monotonic() + timeout, max_answer)
        except TimeoutError:
            code = "reader-timed-out"
        except (EOFError, ConnectionError):
            code = "reader-crashed"
        except ValueError:
            code = "reader-garbled"
        except BaseException:  # Ctrl-C: half a request was sent, nothing that follows would fit
            self.close()
            raise
        else:
            code = _error_code(answer)
            if not code:
                return answer
        if code.startswith("reader-"):
            self.close()
        raise UnreadableInputError(_("The file could not be read"), code=code)

    def close(self) -> None:
        """End the child and whatever it started. It has nothing to save."""
        with self._changing:
            process, self._process = self._process, None
        if process is not None:
            with process:
                _kill(process)

    def stop(self) -> None:
        """End the child for good, from another thread than the one that asks: what is being asked fails, and no other child is started.

        The pipes stay open until that thread, or :meth:`close` after its end, gives them back: their numbers must not become another
        file's under its hands.
        """
        with self._changing:
            self._is_stopped = True
            if self._process is not None:
                _kill(self._process)

    def _exchange(self, header: Mapping[str, object], payload: bytes, deadline: float, max_answer: int) -> Answer:
        if self._process is None:
            raise EOFError
        to_child, from_child = _fd(self._process.stdin), _fd(self._process.stdout)
        _write_all(to_child, frames.encode_head(header, len(payload)), deadline)
        _write_all(to_child, payload, deadline)
        prefix = _read_exactly(from_child, frames.PREFIX_BYTES, deadline)
        header_size, size = frames.decode_lengths(prefix, max_header=limits.MAX_FRAME_HEADER, max_payload=max_answer)
        return Answer(
            frames.decode_header(_read_exactly(from_child, header_size, deadline)),
            _read_exactly(from_child, size, deadline),
        )


def _start(argv: Sequence[str], **options: Any) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(argv, **options)
    except OSError:  # not there, not executable, or no program at all
        raise MissingDependencyError(
            _("{program} cannot be started").format(program=argv[0]),
            hint=_("install it, or check its name and that PATH leads to it"),
        ) from None


def _start_child(arguments: Sequence[str]) -> subprocess.Popen[bytes]:
    child = _start(
        [sys.executable, "-I", "-B", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd="/",
        env=_bare_environment(),
        start_new_session=True,
    )
    for pipe in (child.stdin, child.stdout):
        os.set_blocking(_fd(pipe), False)
    return child


def _kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a child that was not reaped yet, and whatever it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)


def _bare_environment() -> dict[str, str]:
    """What the child may know of the environment: where programs are; how its libraries work fastest.

    Threads of theirs cost more than they save. Memory of a page's size is kept for the next page and not handed back to the kernel, which
    would clear it anew (glibc's mallopt(3)): that halves the system's share of the time, and the most that is used stays the same.
    """
    memory = {"MALLOC_MMAP_THRESHOLD_": str(64 * limits.MIB), "MALLOC_TRIM_THRESHOLD_": str(128 * limits.MIB)}
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "OMP_THREAD_LIMIT": "1", "OPENBLAS_NUM_THREADS": "1", **memory}


def _has_ended(pid: int) -> bool:
    """Whether a child has ended; it is not reaped, so that its process group stays ours until it is killed."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _error_code(answer: Answer) -> str:
    """Return the code with which the child refused; empty if it did not. A word that is no code is garbage like any other."""
    if "error" not in answer.header:
        return ""
    code = answer.header["error"]
    return code if isinstance(code, str) and len(code) <= 40 and _CODE.fullmatch(code) else "reader-garbled"


def _fd(pipe: IO[bytes] | None) -> int:
    if pipe is None:
        raise ValueError("the program was started without this pipe")
    return pipe.fileno()


def _feed(pipe: IO[bytes], data: bytes) -> None:
    """Write `data` and close; a program may end without having read it all."""
    with contextlib.suppress(BrokenPipeError), pipe:
        pipe.write(data)


def _wait(fd: int, event: int, deadline: float | None) -> None:
    """Wait until a pipe can be read or written, or has lost its other end.

    Raises:
        TimeoutError: the deadline (on the monotonic clock) passed first.
    """
    waiter = select.poll()
    waiter.register(fd, event)
    remaining = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
    if not waiter.poll(remaining):
        raise TimeoutError


def _write_all(fd: int, data: bytes, deadline: float) -> None:
    rest = memoryview(data)
    while rest:
        _wait(fd, select.POLLOUT, deadline)
        rest = rest[os.write(fd, rest[:_CHUNK]) :]


def _read_exactly(fd: int, size: int, deadline: float) -> bytes:
    data = bytearray()
    while len(data) < size:
        _wait(fd, select.POLLIN, deadline)
        part = os.read(fd, min(size - len(data), _CHUNK))
        if not part:
            raise EOFError
        data += part
    return bytes(data)


def _read_to_end(fd: int, max_size: int, deadline: float | None) -> bytes:
    data = bytearray()
    while len(data) <= max_size:
        _wait(fd, select.POLLIN, deadline)
        part = os.read(fd, _CHUNK)
        if not part:
            return bytes(data)
        data += part
    raise ValueError("more output than the bound")
