"""Watching folders: each file once, when it is complete; a folder that goes out of sight for a while brings nothing new when it is back."""

from pathlib import Path

import pytest

from monespace_cli.actions.finding import EVERYTHING
from monespace_cli.actions.watching import QUIET_SECONDS, Watch, until_asked


class Scanner:
    """A watched folder, and a clock that goes on when somebody looks."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.now = 0.0
        self.told: list[tuple[str, bool]] = []
        self._watch = Watch(
            [folder],
            EVERYTHING,
            seconds=lambda: self.now,
            sleep=lambda _seconds: None,
            poll_seconds=1,
            tell=lambda path, is_there: self.told.append((path.name, is_there)),
        )

    def look(self) -> list[str]:
        """Return what is complete when it was looked at twice."""
        found = [each.path.name for each in self._watch.look()]
        self.now += QUIET_SECONDS
        return found + [each.path.name for each in self._watch.look()]


@pytest.fixture
def scanner(tmp_path: Path) -> Scanner:
    (tmp_path / "scans").mkdir()
    return Scanner(tmp_path / "scans")


def test_a_file_is_handed_out_once_and_again_when_it_changed(scanner: Scanner) -> None:
    (scanner.folder / "a.txt").write_text("a")
    (scanner.folder / "link.txt").symlink_to("a.txt")
    assert scanner.look() == ["a.txt"]
    assert scanner.look() == []
    (scanner.folder / "a.txt").write_text("a and more")
    assert scanner.look() == ["a.txt"]


def test_what_a_folder_held_is_not_new_when_it_is_back(scanner: Scanner) -> None:
    (scanner.folder / "a.txt").write_text("a")
    assert scanner.look() == ["a.txt"]
    scanner.folder.rename(scanner.folder.with_name("away"))
    assert scanner.look() == []
    scanner.folder.with_name("away").rename(scanner.folder)
    (scanner.folder / "b.txt").write_text("b")
    assert scanner.look() == ["b.txt"]
    assert scanner.told == [("scans", False), ("scans", True)]


def test_only_a_watch_ends_when_it_is_asked_to() -> None:
    with until_asked(watches=True):
        raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt), until_asked(watches=False):
        raise KeyboardInterrupt
