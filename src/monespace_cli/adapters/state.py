"""What this machine remembers of a vault, outside of it: small files in the user's state directory (XDG_STATE_HOME), one folder a vault.

Nothing in it is secret and nothing of the record is in it. It may be missing, on a new machine or after a clean-up: whoever reads it says
what that means.
"""

from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from monespace_cli.files import new_file, writing

MAX_STATE = 16 * 1024 * 1024
"""Bytes of one state file."""


@dataclass(frozen=True, slots=True)
class VaultState:
    """The state kept for one vault. `vault` is its id from the header: 32 hexadecimal digits, so it can be a folder's name."""

    root: Path
    vault: str

    def read(self, name: str) -> bytes | None:
        """Return what was last written under a name, or None where there is nothing."""
        try:
            with (self._folder / name).open("rb") as file:
                return file.read(MAX_STATE)
        except FileNotFoundError:
            return None

    def write(self, name: str, data: bytes) -> None:
        """Replace what is kept under a name: the old or the new, never half.

        Raises:
            NotWritableError: it cannot be written.
        """
        with writing(self._folder):
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with new_file(self._folder / name) as file:
            file.write(data)

    def at(self, place: Path) -> "VaultState":
        """Return the state kept for this vault in one place: a copy somewhere else has a history of its own."""
        return VaultState(self.root / "places" / sha256(str(place.absolute()).encode()).hexdigest()[:16], self.vault)

    @property
    def _folder(self) -> Path:
        return self.root / self.vault
