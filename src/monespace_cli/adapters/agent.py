"""Sessions where the kernel keeps no keys: a small process of ours that holds one payload in memory and answers on a private socket.

The socket lies in a directory that is this user's alone, and the process at the other end is asked whose it is, on both sides. The payload
goes to the agent through a pipe, never as an argument or a variable. It leaves no core dump, and ends at its time or when it is told.
What it cannot prevent: other programs of the same user may ask, too, as they could ask the kernel.
"""

import contextlib
import os
import socket
import stat
import struct
import sys
from pathlib import Path

from monespace_cli.adapters.clock import uptime
from monespace_cli.bounds.child import confine
from monespace_cli.bounds.process import detach, run
from monespace_cli.errors import NotWritableError
from monespace_cli.i18n import _

MAX_PAYLOAD = 1024
GET, END = b"g", b"e"
START_SECONDS = 20.0
ANSWER_SECONDS = 5.0
LOOK_SECONDS = 20.0
"""How often an agent looks at the clock: a machine that slept may wake up after its time."""

MAC_LOCAL_PEER = (0, 1, 76)
"""macOS: SOL_LOCAL, LOCAL_PEERCRED and the size of struct xucred (unpcb.h), whose second word is the user."""


class Agent:
    """Keeps a payload for this user for a time. Implements `session.Keeper`."""

    def __init__(self, folder: Path) -> None:
        """Put sockets into `folder`, which is made where it is missing."""
        self._folder = folder.absolute()

    def put(self, name: str, payload: bytes, seconds: int) -> None:
        """Keep a payload under a name for some seconds, in the place of an earlier one.

        Raises:
            OSError: the agent could not start.
            NotWritableError: its directory belongs to somebody else, or cannot be made.
        """
        self._own_folder()
        self.remove(name)
        arguments = ["-I", "-B", "-m", "monespace_cli.adapters.agent", str(self._path(name)), str(seconds)]
        if run([sys.executable, *arguments], input=payload, timeout=START_SECONDS).status != 0:
            raise OSError

    def get(self, name: str) -> bytes | None:
        """Return what is kept under a name; None where there is nothing any more."""
        return self._ask(name, GET) or None

    def remove(self, name: str) -> None:
        """Forget what is kept under a name."""
        self._ask(name, END)
        self._path(name).unlink(missing_ok=True)

    def _path(self, name: str) -> Path:
        return self._folder / f"{name[:16]}.sock"  # the name of a socket may have 100 characters or so

    def _ask(self, name: str, request: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(ANSWER_SECONDS)
            try:
                connection.connect(str(self._path(name)))
                if not is_ours(connection):
                    return b""
                connection.sendall(request)
                return connection.recv(MAX_PAYLOAD)
            except OSError:
                return b""

    def _own_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        state = self._folder.lstat()
        if not stat.S_ISDIR(state.st_mode) or state.st_uid != os.getuid() or state.st_mode & 0o077:
            raise NotWritableError(
                _("{path} is open to other users").format(path=self._folder), hint=_("remove it, or make it yours alone: chmod 700")
            )


def is_ours(connection: socket.socket) -> bool:
    """Tell whether the process at the other end of a Unix socket belongs to this user."""
    if sys.platform == "darwin":
        level, option, size = MAC_LOCAL_PEER
        user = struct.unpack_from("=II", connection.getsockopt(level, option, size))[1]
    else:
        user = struct.unpack("=iII", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))[1]
    return bool(user == os.getuid())


def serve(path: Path, seconds: int, payload: bytes) -> None:
    """Answer on a new socket at `path`, in the background, until the time is over or somebody says END; what the machine sleeps counts."""
    deadline = uptime() + seconds
    with socket.socket(socket.AF_UNIX) as listener:
        os.umask(0o177)
        listener.bind(str(path))
        listener.listen()
        detach()
        try:
            while (rest := deadline - uptime()) > 0:
                listener.settimeout(min(rest, LOOK_SECONDS))
                with contextlib.suppress(OSError):  # nobody came, or they left in the middle
                    if _answer(listener, payload) == END:
                        return
        finally:
            path.unlink(missing_ok=True)


def _answer(listener: socket.socket, payload: bytes) -> bytes:
    connection, _address = listener.accept()
    with connection:
        connection.settimeout(ANSWER_SECONDS)
        request = connection.recv(1) if is_ours(connection) else b""
        if request == GET:
            connection.sendall(payload)
        return request


def _forbid_inspection() -> None:
    """Keep other processes of this user from reading our memory (prctl(2), PR_SET_DUMPABLE), where the system can."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)


if __name__ == "__main__":
    confine()
    _forbid_inspection()
    serve(Path(sys.argv[1]), int(sys.argv[2]), sys.stdin.buffer.read(MAX_PAYLOAD))
