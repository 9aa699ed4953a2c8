"""Which files a run of the import is about: those that a person names or that lie in the folders they name, less what they leave out."""

from collections.abc import Iterable
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from monespace_cli.ingest.walk import FoundFile, Problem, walk


@dataclass(frozen=True, slots=True)
class Choice:
    """What of the folders is wanted."""

    exclude: tuple[str, ...] = ()
    """Shell patterns of names, or of whole paths, that are left out."""
    recursive: bool = True
    """Whether folders inside folders are entered."""
    vault: Path | None = None
    """The vault's own directory, which lies below what somebody names with `import ~` and is no paper."""

    def takes(self, path: Path, named: frozenset[Path]) -> bool:
        """Tell whether a file below the paths that a person named is wanted."""
        if any(fnmatch(path.name, pattern) or fnmatch(str(path), pattern) for pattern in self.exclude):
            return False
        if self.vault and path.absolute().is_relative_to(self.vault.absolute()):
            return False
        return self.recursive or path in named or path.parent in named


EVERYTHING = Choice()


def find(paths: Iterable[Path], choice: Choice = EVERYTHING) -> list[FoundFile | Problem]:
    """Return the files that `paths` lead to and `choice` takes, in order, and a problem for each that leads nowhere."""
    named = frozenset(paths := list(paths))
    return [each for each in walk(paths) if isinstance(each, Problem) or choice.takes(each.path, named)]
