"""Runs command lines in forked copies of one warm process, so that hundreds of them cost no start-up. A program of its own, for `harness`.

A line of JSON in: `arguments`, `environment`, the `place` to be in, the files for `input` and `output`, whether `errors` go there too,
and the `user` to become or null. The copy stops itself before it begins; its process id goes out on a line. Whoever wakes it may have
taken hold of it with a tracer before. How it ended goes out on a second line: its exit status, or the signal that killed it as a negative
number.

Two things are cheaper than in life: new key slots cost little, and files are read without a decoding child.
"""

import ctypes
import importlib
import io
import json
import os
import pkgutil
import signal
import sys
from contextlib import redirect_stderr
from typing import Any

import monespace_cli
from monespace_cli.app import run
from monespace_cli.bounds.process import Answer
from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest import reader
from monespace_cli.ingest.worker import Desk

PR_SET_PTRACER, ANYBODY = 0x59616D61, -1


class Here:
    """Stands in for the decoding child: reads in this process."""

    def __init__(self, _arguments: object) -> None:
        self._desk = Desk()

    def ensure(self) -> int:
        return 1

    def ask(self, header: dict[str, Any], payload: bytes = b"", **_bounds: object) -> Answer:
        try:
            return Answer(*self._desk.handle(header, payload))
        except UnreadableInputError as problem:
            raise UnreadableInputError(problem.message, code=problem.code) from None

    def stop(self) -> None:
        pass

    def close(self) -> None:
        pass


def main() -> None:
    """Answer requests until there are no more."""
    importlib.import_module("tesserocr")
    "".encode("utf-16-be")  # which loads a module
    for module in pkgutil.walk_packages(monespace_cli.__path__, "monespace_cli."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    vars(reader)["Worker"] = Here
    Argon2Params.default = classmethod(lambda cls, random: cls(random(16), memory_kib=8, iterations=1, lanes=1))  # type: ignore[method-assign,assignment]
    with redirect_stderr(io.StringIO()):
        run(["status", "--vault", os.devnull])  # what is loaded at first use
    for line in sys.stdin:
        request = json.loads(line)
        process = os.fork()
        if not process:
            live(request)
        os.waitpid(process, os.WUNTRACED)
        print(process, flush=True)
        print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]), flush=True)


def live(request: dict[str, Any]) -> None:
    """Run one command line in this copy of the process, and end."""
    ctypes.CDLL(None).prctl(PR_SET_PTRACER, ANYBODY)  # where only a parent may trace (Yama)
    nothing = os.open(os.devnull, os.O_RDWR)
    output = os.open(request["output"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    for ours, theirs in enumerate((os.open(request["input"], os.O_RDONLY), output, output if request["errors"] else nothing)):
        os.dup2(theirs, ours)
    os.chdir(request["place"])
    os.environ.clear()
    os.environ.update(request["environment"])
    if request["user"] is not None:
        os.setgroups([])
        os.setresgid(request["user"], request["user"], request["user"])
        os.setresuid(request["user"], request["user"], request["user"])
    os.kill(os.getpid(), signal.SIGSTOP)
    status = 70
    try:
        status = run(request["arguments"])
        sys.stdout.flush()
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
