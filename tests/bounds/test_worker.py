"""The decoding child, with real faults: whatever it does costs one request, and it can do little harm."""

import errno
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import Answer, Worker
from monespace_cli.errors import ExitCode, UnreadableInputError

FAULTY = str(Path(__file__).parent / "faulty.py")


@pytest.fixture
def worker() -> Iterator[Worker]:
    with Worker([FAULTY]) as child:
        yield child


def ask(worker: Worker, do: str, payload: bytes = b"", *, timeout: float = 30, **more: str) -> Answer:
    return worker.ask({"do": do, **more}, payload, timeout=timeout, max_answer=500)


def refusal(worker: Worker, do: str, *, timeout: float = 30, **more: str) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        ask(worker, do, b"", timeout=timeout, **more)
    assert caught.value.exit_code is ExitCode.UNREADABLE_INPUT
    return caught.value.code


def assert_works(worker: Worker) -> None:
    assert ask(worker, "echo", b"\x00\xff", word="é") == Answer({"got": "é"}, b"\x00\xff")


def child_pid(worker: Worker) -> int:
    assert worker._process is not None
    return worker._process.pid


def test_it_answers_and_stays(worker: Worker) -> None:
    for _ in range(3):
        assert_works(worker)
    assert worker.ensure() == 1


def test_it_starts_with_the_first_request() -> None:
    worker = Worker([FAULTY])
    assert worker._process is None
    assert_works(worker)
    pid = child_pid(worker)
    worker.close()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_a_payload_larger_than_the_pipe_arrives(worker: Worker) -> None:
    sent = bytes(5_000_000)
    assert worker.ask({"do": "echo", "word": ""}, sent, timeout=30, max_answer=len(sent)).payload == sent


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        ("die", "reader-crashed"),
        ("spin", "reader-crashed"),
        ("allocate", "reader-out-of-memory"),
        ("fail", "reader-failed"),
        ("answer too much", "reader-garbled"),
    ],
)
def test_a_fault_costs_one_request(worker: Worker, fault: str, code: str) -> None:
    assert refusal(worker, fault) == code
    assert_works(worker)
    assert worker.ensure() == 2


def test_a_child_that_hangs_is_ended_in_time(worker: Worker) -> None:
    worker.ensure()
    pid, started = child_pid(worker), time.monotonic()
    assert refusal(worker, "hang", timeout=0.3) == "reader-timed-out"
    assert time.monotonic() - started < 5
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert_works(worker)


def test_a_child_killed_midway_costs_that_request(worker: Worker) -> None:
    worker.ensure()
    threading.Timer(0.3, os.kill, (child_pid(worker), signal.SIGKILL)).start()
    assert refusal(worker, "hang") == "reader-crashed"
    assert_works(worker)


def test_a_child_killed_between_requests_costs_nothing(worker: Worker) -> None:
    assert_works(worker)
    os.kill(child_pid(worker), signal.SIGKILL)
    time.sleep(0.1)
    assert_works(worker)
    assert worker.ensure() == 2


@pytest.mark.parametrize(
    "noise",
    [
        b"Error in boxClipToRectangle: box outside rectangle\n" * 4,
        b"\x00\x00\x00\x02" + bytes(8) + b"[]",
        b"\x00\x00\x00\x01" + bytes(8) + b"{",
        b"\x00\x00\x40\x00" + bytes(8) + b"[" * 0x4000,
    ],
)
def test_garbage_is_no_answer(noise: bytes) -> None:
    with Worker(["-c", f"import os, time; os.write(1, {noise!r}); time.sleep(60)"]) as worker:
        assert refusal(worker, "echo") == "reader-garbled"


@pytest.mark.parametrize("code", ["\x1b[2Jgone", "a" * 41, "-", "Zoé Martin"])
def test_a_code_that_is_none_does_not_get_through(worker: Worker, code: str) -> None:
    assert refusal(worker, "refuse", code=code) == "reader-garbled"


def test_a_refusal_is_passed_on_and_the_child_stays(worker: Worker) -> None:
    assert refusal(worker, "refuse", code="damaged-file") == "damaged-file"
    assert_works(worker)
    assert worker.ensure() == 1


def test_a_library_that_prints_does_not_disturb(worker: Worker) -> None:
    ask(worker, "print")
    assert_works(worker)


def test_it_cannot_write_a_file(worker: Worker, tmp_path: Path) -> None:
    path = tmp_path / "plain"
    assert ask(worker, "write", path=str(path)).header["written"] == f"OSError{errno.EFBIG}"
    assert path.read_bytes() == b""


def test_it_is_confined(worker: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MONESPACE_PASSPHRASE_FILE", "secret")
    secret = os.open(os.devnull, os.O_RDONLY)
    os.set_inheritable(secret, True)
    state = ask(worker, "state").header
    os.close(secret)
    assert state["directory"] == "/"
    assert state["environment"] == [
        "LC_ALL",
        "MALLOC_MMAP_THRESHOLD_",
        "MALLOC_TRIM_THRESHOLD_",
        "OMP_THREAD_LIMIT",
        "OPENBLAS_NUM_THREADS",
        "PATH",
    ]
    assert state["limits"] == [0, 0, limits.WORKER_MEMORY, limits.WORKER_OPEN_FILES]
    assert state["descriptors"] == 6  # three standard ones, two for the channel, one to look


def test_ctrl_c_leaves_no_half_request(worker: Worker) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background jobs start with it ignored
    worker.ensure()
    with pytest.raises(KeyboardInterrupt):
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()
        ask(worker, "hang")
    assert_works(worker)
