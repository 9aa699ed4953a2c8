"""Sessions in the Linux kernel's keyring (keyrings(7)): in memory that is never swapped out, this user's, with the kernel's own timeout.

The key is made in this process's own keyring, given its timeout and permissions, and only then linked to the user's: if this process dies
in between, the key goes with it. Containers often forbid these system calls; :func:`is_available` tries them.
"""

import ctypes
import os
import sys

SYSTEM_CALLS = {"x86_64": (248, 250), "aarch64": (217, 219), "riscv64": (217, 219)}
"""Numbers of add_key and keyctl by machine; the C library has no functions for them."""

PROCESS_KEYRING, USER_KEYRING = -2, -4
GET_KEYRING_ID, REVOKE, SETPERM, LINK, UNLINK, SEARCH, READ, SET_TIMEOUT = 0, 3, 5, 8, 9, 10, 11, 15
ALL_TO_POSSESSOR_AND_USER = 0x3F3F0000
KEY_TYPE = b"user"
MAX_PAYLOAD = 1024


class KernelKeyring:
    """Keeps small secrets for this user, each for a time. Implements `session.Keeper`."""

    def put(self, name: str, payload: bytes, seconds: int) -> None:
        """Keep a payload under a name for some seconds, in the place of an earlier one.

        Raises:
            OSError: the kernel refuses.
        """
        key = _call(0, KEY_TYPE, _description(name), payload, len(payload), PROCESS_KEYRING)
        try:
            _keyctl(SET_TIMEOUT, key, seconds)
            _keyctl(SETPERM, key, ALL_TO_POSSESSOR_AND_USER)
            _keyctl(LINK, key, USER_KEYRING)
        finally:
            _keyctl(UNLINK, key, PROCESS_KEYRING)

    def get(self, name: str) -> bytes | None:
        """Return what is kept under a name; None where there is nothing any more."""
        try:
            key = _find(name)
            buffer = ctypes.create_string_buffer(MAX_PAYLOAD)
            size = _keyctl(READ, key, buffer, MAX_PAYLOAD)
            return buffer.raw[:size]
        except OSError:
            return None

    def remove(self, name: str) -> None:
        """Forget what is kept under a name."""
        try:
            key = _find(name)
        except OSError:
            return
        _keyctl(REVOKE, key)
        _keyctl(UNLINK, key, USER_KEYRING)


def is_available() -> bool:
    """Tell whether this machine's kernel lets us keep keys."""
    if sys.platform != "linux" or os.uname().machine not in SYSTEM_CALLS or sys.maxsize < 2**32:
        return False
    try:
        _keyctl(GET_KEYRING_ID, USER_KEYRING, 1)
    except OSError:
        return False
    return True


def _find(name: str) -> int:
    return _keyctl(SEARCH, USER_KEYRING, KEY_TYPE, _description(name), 0)


def _description(name: str) -> bytes:
    return f"monespace:{name}".encode()


def _keyctl(*arguments: object) -> int:
    return _call(1, *arguments)


def _call(which: int, *arguments: object) -> int:
    """Make one of the two system calls.

    Raises:
        OSError: what the kernel answers.
    """
    library = ctypes.CDLL(None, use_errno=True)
    answer = library.syscall(SYSTEM_CALLS[os.uname().machine][which], *arguments)
    if answer < 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return int(answer)
