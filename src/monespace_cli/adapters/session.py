"""An unlocked vault: its master key kept outside of this process for a time that a person chose, and given back without a question.

A session ends by itself, at `monespace lock`, and when the machine stops. The deadline is kept beside the key, on a clock that nobody can
set back. Every program of the same user can use it while it lasts: docs/threat-model.md says so.
"""

import math
import struct
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from monespace_cli.adapters import kernel_keyring
from monespace_cli.adapters.clock import uptime
from monespace_cli.errors import MissingDependencyError
from monespace_cli.i18n import _

RECORD = struct.Struct(">Q4s32s")
"""Deadline in seconds since the machine started, slot id, master key."""


class Keeper(Protocol):
    """Keeps a small secret under a name for a time, in memory, for this user alone."""

    def put(self, name: str, payload: bytes, seconds: int) -> None:
        """Keep a payload in the place of an earlier one; OSError where it cannot."""

    def get(self, name: str) -> bytes | None:
        """Return what is kept, or None."""

    def remove(self, name: str) -> None:
        """Forget it."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a session gives back."""

    slot: str
    """Id of the key slot that it was opened with."""
    master: bytes = field(repr=False)
    remaining: int
    """Seconds."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """The session of one vault; `vault` is its id from the header."""

    vault: str
    keeper: Keeper

    def open(self, slot: str, master: bytes, seconds: int) -> None:
        """Start a session, in the place of one that runs.

        Raises:
            MissingDependencyError: nothing here can keep one.
        """
        deadline = math.ceil(uptime()) + seconds
        try:
            self.keeper.put(self.vault, RECORD.pack(deadline, bytes.fromhex(slot), master), seconds)
        except OSError:
            raise MissingDependencyError(
                _("this system cannot keep the vault unlocked"), hint=_("neither the kernel's keyring nor a private socket can be used")
            ) from None

    def read(self) -> Session | None:
        """Return the session that runs, or None."""
        payload = self.keeper.get(self.vault)
        if payload is None or len(payload) != RECORD.size:
            return None
        deadline, slot, master = RECORD.unpack(payload)
        remaining = int(deadline - uptime())
        return Session(slot.hex(), master, remaining) if remaining > 0 else None

    def end(self) -> None:
        """End the session, if one runs."""
        self.keeper.remove(self.vault)


def sessions(vault: str, folder: Path) -> Sessions:
    """Return the sessions of a vault: in the kernel's keyring, or with an agent whose socket lies in `folder`."""
    if kernel_keyring.is_available():
        return Sessions(vault, kernel_keyring.KernelKeyring())
    from monespace_cli.adapters.agent import Agent

    return Sessions(vault, Agent(folder))
