"""The programs that ours are compared with. A missing one fails the test and says how to get it: `make test` installs them all."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

INTEROP = Path(__file__).parents[1] / "interop"

Program = Callable[..., bytes]
"""Runs a program with the given arguments, `stdin=` as its input, and returns its output; failure raises CalledProcessError."""

TerminalProgram = Callable[[list[str], list[str]], None]
"""Runs a command on a terminal of its own and types one answer for each prompt that ends with a colon and a space."""


def required(name: str, package: str) -> str:
    """Return the path of a program, or fail and name the Debian package that has it."""
    path = shutil.which(name)
    if path is None:
        pytest.fail(f"`{name}` is missing: run `make test`, or install the package {package}")
    return path


def program(*command: str) -> Program:
    """Return a function that runs a command with more arguments."""

    def run(*arguments: str | Path, stdin: bytes = b"") -> bytes:
        return subprocess.run([*command, *arguments], input=stdin, capture_output=True, check=True, timeout=60).stdout

    return run


@pytest.fixture
def age_program() -> Program:
    """`age`, the reference implementation, as Debian ships it."""
    return program(required("age", "age"))


@pytest.fixture
def age_keygen() -> Program:
    """`age-keygen`."""
    return program(required("age-keygen", "age"))


@pytest.fixture
def ssh_keygen() -> Program:
    """`ssh-keygen` of OpenSSH."""
    return program(required("ssh-keygen", "openssh-client"))


@pytest.fixture
def node_age() -> Program:
    """`node age.mjs`: the npm package age-encryption, which knows post-quantum recipients."""
    node = required("node", "nodejs")
    if not (INTEROP / "node_modules/age-encryption").is_dir():
        pytest.fail("the npm package `age-encryption` is missing: run `make test`, or `npm ci` in tests/interop")
    return program(node, str(INTEROP / "age.mjs"))


@pytest.fixture
def on_a_terminal() -> TerminalProgram:
    """A terminal for programs that ask for a passphrase on nothing else."""
    setsid = required("setsid", "util-linux")

    def run(command: list[str], answers: list[str]) -> None:
        ours, theirs = os.openpty()
        with subprocess.Popen([setsid, "--ctty", "--wait", *command], stdin=theirs, stdout=theirs, stderr=theirs) as process:
            os.close(theirs)
            said = b""
            for answer in answers:
                while not said.rstrip(b" ").endswith(b":"):
                    said += os.read(ours, 1024)
                os.write(ours, answer.encode() + b"\n")
                said = b""
            process.wait(timeout=60)
            os.close(ours)
        assert process.returncode == 0

    return run
