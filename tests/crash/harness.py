"""Command lines that are killed, or whose disk fails, at a chosen system call: real processes under strace(1).

Every call that changes a file is a step. The process is killed on entering it, so that the disk holds what all the steps before it wrote.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Self

from tests.vault.world import PASSPHRASE

CALLS = (
    "write,pwrite64,writev,pwritev,?sendfile,copy_file_range,fsync,fdatasync,ftruncate,fallocate,"
    "openat,?rename,?renameat,?renameat2,?unlink,unlinkat,?mkdir,mkdirat,?rmdir,?link,linkat,?chmod,fchmod"
)
"""What changes a file; `?` where not every kind of machine has the call."""

SECONDS = 30
NEW_PASSPHRASE = "une autre phrase de passe"


@dataclass(frozen=True, slots=True)
class Step:
    """The `number`th time, from 1, that a process makes a system call."""

    call: str
    number: int


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: its exit status (negative: the signal that killed it), and what it printed."""

    status: int
    output: str

    @property
    def reported(self) -> list[dict[str, str]]:
        """The JSON objects that were printed to their end."""
        return [json.loads(line) for line in self.output.split("\n")[:-1]]


class Victims:
    """Starts command lines, each in a fresh copy of one process that has everything loaded."""

    def __init__(self) -> None:
        self._server = subprocess.Popen(
            [sys.executable, Path(__file__).with_name("victim.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        with self._server as server:
            _pipe(server.stdin).close()

    def run(
        self,
        root: Path,
        arguments: Sequence[str],
        *,
        strace: Sequence[str] = (),
        errors: bool = False,
        vault: str = "vault",
        user: int | None = None,
    ) -> Ended:
        """Run a command line of the person who lives in `root`, under strace where it has options, as `user` where one is given."""
        output = root / "output"
        request = {
            "arguments": list(arguments),
            "environment": {
                "HOME": str(root / "home"),
                "PATH": os.environ["PATH"],
                "MONESPACE_VAULT": str(root / vault),
                "MONESPACE_PASSPHRASE_FILE": str(root / "passphrase"),
            },
            "place": str(root),
            "input": str(root / "new-passphrase"),
            "output": str(output),
            "errors": errors,
            "user": user,
        }
        print(json.dumps(request), file=_pipe(self._server.stdin), flush=True)
        process = int(_pipe(self._server.stdout).readline())
        tracer = _trace(process, strace) if strace else None
        os.kill(process, signal.SIGCONT)
        status = int(_pipe(self._server.stdout).readline())
        if tracer:
            tracer.communicate(timeout=SECONDS)
        return Ended(status, output.read_text("utf-8", "replace"))

    def steps(self, root: Path, arguments: Sequence[str], *, vault: str = "vault", status: int = 0) -> list[Step]:
        """Run a command line that ends with `status`, and return every step that it made."""
        trace = root / "trace"
        ended = self.run(root, arguments, strace=["-o", str(trace), "-e", f"trace={CALLS}"], errors=True, vault=vault)
        assert ended.status == status, ended.output
        counts: Counter[str] = Counter()
        steps = []
        for line in trace.read_text().splitlines():
            found = re.match(r"(\w+)\(", line)
            if found:
                counts[found[1]] += 1
                if found[1] != "openat" or "O_CREAT" in line:
                    steps.append(Step(found[1], counts[found[1]]))
        return steps

    def kill(self, root: Path, arguments: Sequence[str], step: Step, *, vault: str = "vault") -> Ended:
        """Run a command line that is killed on entering a step."""
        inject = f"inject={step.call}:signal=KILL:when={step.number}"
        ended = self.run(root, arguments, strace=["-o", os.devnull, "-e", f"trace={step.call}", "-e", inject], vault=vault)
        assert ended.status == -signal.SIGKILL, f"{step}: it was to be killed"
        return ended


def new_house(root: Path) -> Path:
    """Make a directory for a person with a home, a passphrase, another one on standard input, and no vault."""
    (root / "home").mkdir(parents=True)
    (root / "passphrase").write_text(PASSPHRASE, "utf-8")
    (root / "new-passphrase").write_text(NEW_PASSPHRASE, "utf-8")
    return root


def copy_of(house: Path, into: Path) -> Path:
    """Return a fresh copy of a house, in the place of an earlier one."""
    shutil.rmtree(into, ignore_errors=True)
    return Path(shutil.copytree(house, into, symlinks=True))


def _trace(process: int, options: Sequence[str]) -> subprocess.Popen[bytes]:
    """Have strace take hold of a stopped process."""
    tracer = subprocess.Popen(["strace", "-q", "-p", str(process), *options], stderr=subprocess.PIPE)
    deadline = time.monotonic() + SECONDS
    status = Path(f"/proc/{process}/status")
    while "TracerPid:\t0\n" in status.read_text():
        assert tracer.poll() is None, f"strace cannot trace here: {_pipe(tracer.stderr).read()!r}"
        assert time.monotonic() < deadline
        time.sleep(0.001)
    return tracer


def _pipe(pipe: IO[Any] | None) -> IO[Any]:
    assert pipe is not None
    return pipe
