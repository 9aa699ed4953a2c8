import os
import socket
import stat
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from monespace_cli.adapters import kernel_keyring
from monespace_cli.adapters import session as module
from monespace_cli.adapters.agent import Agent
from monespace_cli.adapters.kernel_keyring import KernelKeyring
from monespace_cli.adapters.session import Keeper, Session, Sessions, sessions
from monespace_cli.errors import MissingDependencyError, NotWritableError

SLOT, MASTER = "0a1b2c3d", bytes(range(32))


@pytest.fixture(params=["kernel", "agent"])
def keeper(request: pytest.FixtureRequest, tmp_path: Path) -> Keeper:
    if request.param == "kernel":
        assert kernel_keyring.is_available(), "the Linux kernel of a test machine keeps keys"
        return KernelKeyring()
    return Agent(tmp_path / "sockets")


@pytest.fixture
def name(keeper: Keeper) -> Iterator[str]:
    """A vault id of its own for each test, forgotten afterwards."""
    vault = os.urandom(16).hex()
    yield vault
    keeper.remove(vault)


def test_what_is_kept_is_given_back_until_it_is_forgotten(keeper: Keeper, name: str) -> None:
    assert keeper.get(name) is None
    keeper.put(name, b"first", 60)
    assert keeper.get(name) == keeper.get(name) == b"first"
    keeper.put(name, b"second", 60)
    assert keeper.get(name) == b"second"
    assert keeper.get(os.urandom(16).hex()) is None
    keeper.remove(name)
    assert keeper.get(name) is None
    keeper.remove(name)


def test_it_is_forgotten_when_its_time_is_over(keeper: Keeper, name: str) -> None:
    keeper.put(name, b"secret", 1)
    assert keeper.get(name) == b"secret"
    deadline = time.monotonic() + 10
    while keeper.get(name) is not None and time.monotonic() < deadline:
        time.sleep(0.1)
    assert keeper.get(name) is None


def test_another_process_of_this_user_finds_it(keeper: Keeper, name: str, tmp_path: Path) -> None:
    keeper.put(name, b"secret", 60)
    make = "KernelKeyring()" if isinstance(keeper, KernelKeyring) else f"Agent(Path({str(tmp_path / 'sockets')!r}))"
    code = (
        "from pathlib import Path\nfrom monespace_cli.adapters.agent import Agent\n"
        f"from monespace_cli.adapters.kernel_keyring import KernelKeyring\nprint({make}.get({name!r}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "b'secret'\n"


def test_a_session_gives_back_the_key_and_how_long_it_lasts(keeper: Keeper, name: str) -> None:
    running = Sessions(name, keeper)
    assert running.read() is None
    running.open(SLOT, MASTER, 60)
    session = running.read()
    assert session is not None
    assert (session.slot, session.master) == (SLOT, MASTER)
    assert 58 <= session.remaining <= 61
    assert MASTER.hex() not in repr(session)
    assert repr(MASTER) not in repr(session)
    running.end()
    assert running.read() is None


def test_a_session_past_its_deadline_is_none_though_it_is_still_kept(keeper: Keeper, name: str) -> None:
    """A clock that was set back keeps a key in the kernel for longer than its time: the deadline beside it is on another clock."""
    past = int(time.clock_gettime(time.CLOCK_BOOTTIME))
    keeper.put(name, struct.pack(">Q4s32s", past, bytes.fromhex(SLOT), MASTER), 60)
    assert Sessions(name, keeper).read() is None
    keeper.put(name, struct.pack(">Q4s32s", past + 30, bytes.fromhex(SLOT), MASTER), 60)
    assert isinstance(Sessions(name, keeper).read(), Session)


@pytest.mark.parametrize("payload", [b"", b"x", bytes(43), bytes(45)])
def test_what_somebody_else_put_there_is_no_session(keeper: Keeper, name: str, payload: bytes) -> None:
    if payload:  # neither the kernel nor the agent keeps nothing
        keeper.put(name, payload, 60)
    assert Sessions(name, keeper).read() is None


def test_a_kept_key_has_a_timeout_from_the_first_moment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is linked to the user's keyring last: a process that dies in between leaves nothing."""
    calls: list[int] = []
    real = kernel_keyring._keyctl

    def noted(*call: Any) -> int:
        calls.append(call[0])
        return real(*call)

    monkeypatch.setattr(kernel_keyring, "_keyctl", noted)
    KernelKeyring().put(name, b"secret", 60)
    link = calls.index(kernel_keyring.LINK)
    assert calls.index(kernel_keyring.SET_TIMEOUT) < link
    assert calls.index(kernel_keyring.SETPERM) < link
    keys = Path("/proc/keys").read_text()
    assert f"monespace:{name}" in keys
    assert "secret" not in keys
    KernelKeyring().remove(name)


def test_where_the_kernel_forbids_it_an_agent_is_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object) -> int:
        raise PermissionError

    assert isinstance(sessions("0" * 32, tmp_path).keeper, KernelKeyring)
    monkeypatch.setattr(kernel_keyring, "_keyctl", forbidden)
    assert isinstance(sessions("0" * 32, tmp_path).keeper, Agent)
    monkeypatch.undo()
    monkeypatch.setattr(sys, "platform", "darwin")
    assert isinstance(sessions("0" * 32, tmp_path).keeper, Agent)


def test_a_keeper_that_fails_is_told(tmp_path: Path) -> None:
    class Refusing(Agent):
        def put(self, name: str, payload: bytes, seconds: int) -> None:
            raise PermissionError

    with pytest.raises(MissingDependencyError):
        Sessions("0" * 32, Refusing(tmp_path)).open(SLOT, MASTER, 60)


def test_a_socket_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """The name of a socket may have some hundred characters."""
    with pytest.raises(MissingDependencyError):
        Sessions("0" * 32, Agent(tmp_path / ("x" * 200))).open(SLOT, MASTER, 60)


def test_the_key_is_no_argument_and_no_variable_of_the_agent(tmp_path: Path) -> None:
    agent = Agent(tmp_path / "sockets")
    agent.put("a" * 32, b"chrysoberyl", 60)
    try:
        process = agent_process(tmp_path / "sockets")
        for part in ("cmdline", "environ"):
            assert b"chrysoberyl" not in (process / part).read_bytes()
        limits = (process / "limits").read_text()
        assert "Max core file size        0                    0" in limits
        assert stat.S_IMODE((tmp_path / "sockets").stat().st_mode) == 0o700
        assert {stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "sockets").iterdir()} == {0o600}
    finally:
        agent.remove("a" * 32)
    assert list((tmp_path / "sockets").iterdir()) == []


def agent_process(folder: Path) -> Path:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "cmdline").read_bytes():
                return process
        except OSError:
            continue
    raise AssertionError("no agent runs")


@pytest.mark.parametrize("mode", [0o755, 0o770, 0o701])
def test_a_directory_that_others_can_look_into_is_not_used(tmp_path: Path, mode: int) -> None:
    (tmp_path / "sockets").mkdir()
    (tmp_path / "sockets").chmod(mode)
    with pytest.raises(NotWritableError):
        Agent(tmp_path / "sockets").put("a" * 32, b"secret", 60)


def test_an_agent_of_somebody_else_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    agent = Agent(tmp_path / "sockets")
    agent.put("a" * 32, b"secret", 60)
    real = os.getuid()
    with monkeypatch.context() as patch:
        patch.setattr(os, "getuid", lambda: real + 1)
        assert agent.get("a" * 32) is None
    assert agent.get("a" * 32) == b"secret"
    agent.remove("a" * 32)


def test_the_agent_does_not_answer_somebody_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from monespace_cli.adapters import agent as module_of_agent

    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert module_of_agent.is_ours(ours)
        monkeypatch.setattr(os, "getuid", lambda: 4_000_000)
        assert not module_of_agent.is_ours(ours)

        class Listener:
            def accept(self) -> tuple[socket.socket, str]:
                return theirs, ""

        ours.sendall(b"g")
        assert module_of_agent._answer(Listener(), b"secret") == b""  # type: ignore[arg-type]
        ours.settimeout(1)
        with pytest.raises(ConnectionResetError):  # it went away without having listened
            ours.recv(100)


def test_the_record_of_a_session_is_small(name: str, keeper: Keeper) -> None:
    assert module.RECORD.size == 44
