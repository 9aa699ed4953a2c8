"""Runs a test script: a short text of commands and what must come of them, that a person can read.

    # a comment: what this block shows
    $ monespace search hemoglobine        runs it in this process; it must exit 0
    [21] $ monespace document show x      it must exit with this status
    $ ssh-keygen -Y verify …              any other program runs for real
    stdout 'REGEX'     ! stdout 'REGEX'   what the last command printed, or must not have
    stderr 'REGEX'     ! stderr 'REGEX'
    keep NAME 'REGEX'                     keeps the first group found in stdout as $NAME
    write FILE 'TEXT'                     makes a file
    stdin 'TEXT'                          what the next command reads
    set NAME=VALUE     unset NAME         an environment variable of the commands that follow
    clock '2028-03-02 09:00'              what time it is for the commands that follow, by the clock on the wall
    … --passphrase-fd fd:FILE             an open file's number, as an argument of monespace
    exists FILE        ! exists FILE
    same FILE FILE                        two files hold the same bytes

Each script starts in an empty directory $WORK, with $SAMPLES and a passphrase in $MONESPACE_PASSPHRASE_FILE.
"""

import io
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from monespace_cli.app import build_services, run

PROGRAM_SECONDS = 120


class ScriptError(AssertionError):
    """A line of a script did not come true."""


@dataclass
class Script:
    """One run of a script."""

    work: Path
    variables: dict[str, str]
    stdout: str = ""
    stderr: str = ""
    input: str = ""
    commands: int = 0
    environment: dict[str, str] = field(default_factory=dict)
    now: datetime | None = None

    def play(self, text: str) -> None:
        """Do every line."""
        for number, line in enumerate(text.splitlines(), 1):
            if line.strip() and not line.startswith("#"):
                try:
                    self._line(line.strip())
                except ScriptError as error:
                    raise ScriptError(f"line {number}: {line}\n{error}\n--- stdout\n{self.stdout}\n--- stderr\n{self.stderr}") from None

    def _line(self, line: str) -> None:
        command = re.fullmatch(r"(?:\[(\d+)\] )?\$ (.*)", line)
        if command:
            self._run(self._words(command[2]), int(command[1] or 0))
            return
        wanted = not line.startswith("! ")
        word, *arguments = self._words(line.removeprefix("! "))
        checks: dict[str, Callable[..., object]] = {
            "stdout": lambda pattern: self._match(self.stdout, pattern, wanted),
            "stderr": lambda pattern: self._match(self.stderr, pattern, wanted),
            "exists": lambda path: _require((self.work / path).exists() is wanted, "it is not so"),
            "same": lambda left, right: _require((self.work / left).read_bytes() == (self.work / right).read_bytes(), "they differ"),
            "keep": self._keep,
            "write": lambda path, text: (self.work / path).write_text(text.replace("\\n", "\n"), "utf-8"),
            "stdin": lambda text: setattr(self, "input", text.replace("\\n", "\n") + "\n"),
            "set": lambda pair: self.environment.update([pair.split("=", 1)]),
            "unset": lambda name: self.environment.pop(name, None),
            "clock": lambda text: setattr(self, "now", datetime.fromisoformat(text).astimezone()),
        }
        checks[word](*arguments)

    def _words(self, line: str) -> list[str]:
        words = shlex.split(line)
        return [re.sub(r"\$([A-Z_]+)", lambda found: self.variables.get(found[1], found[0]), word) for word in words]

    def _match(self, text: str, pattern: str, wanted: bool) -> None:
        _require(bool(re.search(pattern, text, re.MULTILINE)) is wanted, "found" if not wanted else "not found")

    def _keep(self, name: str, pattern: str) -> None:
        found = re.search(pattern, self.stdout, re.MULTILINE)
        if not found:
            raise ScriptError("not found")
        self.variables[name] = found[1]

    def _run(self, words: list[str], expected: int) -> None:
        self.commands += 1
        if words[0] == "monespace":
            status = self._run_here(words[1:])
        else:
            done = subprocess.run(
                words,
                cwd=self.work,
                input=self.input,
                capture_output=True,
                text=True,
                timeout=PROGRAM_SECONDS,
                env={**os.environ, **self.environment},
            )
            status, self.stdout, self.stderr = done.returncode, done.stdout, done.stderr
        self.input = ""
        _require(status == expected, f"exit status {status}, not {expected}")

    def _run_here(self, arguments: list[str]) -> int:
        out, err = _Stream(), _Stream()
        with ExitStack() as opened, _swapped(self.work, io.StringIO(self.input), out, err):
            services = build_services()
            services.environment = {**os.environ, **self.environment}
            if self.now is not None:
                now = self.now
                services.clock = lambda: now
            status = run([_descriptor(word, opened) for word in arguments], services)
        self.stdout, self.stderr = out.text(), err.text()
        return status


class _Stream(io.TextIOWrapper):
    """A stream that is no terminal and keeps what is written, as text and as bytes."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="utf-8", write_through=True)

    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("utf-8", "replace")


def _descriptor(word: str, opened: ExitStack) -> str:
    """Return the number of the file that `fd:FILE` names, open; any other word as it is."""
    return str(opened.enter_context(Path(word[3:]).open("rb")).fileno()) if word.startswith("fd:") else word


@contextmanager
def _swapped(work: Path, stdin: io.StringIO, stdout: _Stream, stderr: _Stream) -> Iterator[None]:
    before = (Path.cwd(), sys.stdin, sys.stdout, sys.stderr)
    os.chdir(work)
    sys.stdin, sys.stdout, sys.stderr = stdin, stdout, stderr
    try:
        yield
    finally:
        os.chdir(before[0])
        _cwd, sys.stdin, sys.stdout, sys.stderr = before


def _require(condition: bool, otherwise: str) -> None:
    if not condition:
        raise ScriptError(otherwise)
