"""Which files were sealed from this machine, so that a scanner's folder is not sealed again at each run.

A file is known by device, inode, size and time of last change; only a hash of these is kept. Losing the ledger loses nothing: what is
sealed twice is taken in once.
"""

import hashlib
import os

from monespace_cli.adapters.state import VaultState

FILE = "sealed-ledger"
MAX_MARKS = 200_000
"""Marks kept, the newest: at most 38 bytes each."""


class Ledger:
    """The ledger of one vault on this machine."""

    def __init__(self, state: VaultState) -> None:
        """Read what is kept."""
        self._state = state
        self._known = self._read()
        self._new: dict[str, None] = {}

    def knows(self, mark: str) -> bool:
        """Tell whether a file was sealed before."""
        return mark in self._known or mark in self._new

    def add(self, mark: str) -> None:
        """Note a file whose sealed copy is on the disk."""
        self._new[mark] = None

    def save(self) -> None:
        """Keep what was noted, beside what another run has kept meanwhile.

        Raises:
            NotWritableError: it cannot be written.
        """
        if self._new:
            marks = [*(self._read() | self._new)][-MAX_MARKS:]
            self._state.write(FILE, "".join(mark + "\n" for mark in marks).encode())

    def _read(self) -> dict[str, None]:
        return dict.fromkeys((self._state.read(FILE) or b"").decode("ascii", "replace").split())


def mark_of(state: os.stat_result) -> str:
    """Return what a file is known by: 32 hexadecimal digits."""
    return hashlib.sha256(f"{state.st_dev} {state.st_ino} {state.st_size} {state.st_mtime_ns}".encode()).hexdigest()[:32]
