"""The vault's directory: where things lie (docs/formats/vault-v1.md §1)."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Layout:
    """The paths of one vault."""

    root: Path

    @property
    def header(self) -> Path:
        """vault.json."""
        return self.root / "vault.json"

    @property
    def database(self) -> Path:
        """record.db."""
        return self.root / "record.db"

    @property
    def renewed(self) -> Path:
        """record.db.new: the database under the next master key, while that is renewed."""
        return self.root / "record.db.new"

    @property
    def blobs(self) -> Path:
        """The folder of blobs."""
        return self.root / "blobs"

    @property
    def sealed(self) -> Path:
        """The folder of items put in while the vault was locked."""
        return self.root / "sealed"

    def run(self, number: int) -> Path:
        """What says that a run of the import is underway."""
        return self.root / "runs" / str(number)

    @property
    def unfinished(self) -> Path:
        """Where a new vault is built before its parts move up, the header last: while this holds a header, the vault was never complete."""
        return self.root / ".new"

    def blob(self, name: str) -> Path:
        """The file of one blob."""
        return self.blobs / name[:2] / name

    def create(self) -> None:
        """Make the directories, each readable by its owner only."""
        for folder in (self.root, self.blobs, self.sealed):
            folder.mkdir(mode=0o700)
