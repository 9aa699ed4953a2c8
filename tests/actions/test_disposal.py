"""What becomes of a file once its content is in the vault."""

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from monespace_cli.actions import disposal
from monespace_cli.actions.disposal import SOURCE_KEPT, Disposal
from monespace_cli.actions.imported import ImportedItem, ImportSummary, ItemStatus
from monespace_cli.adapters.ledger import mark_of
from monespace_cli.errors import ExitCode


@pytest.fixture
def paper(tmp_path: Path) -> Path:
    (tmp_path / "done").mkdir()
    paper = tmp_path / "paper.txt"
    paper.write_text("Ordonnance", "utf-8")
    os.utime(paper, (1_700_000_000, 1_700_000_000))
    return paper


@pytest.fixture
def elsewhere(paper: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder on another file system, such as a stick: files cannot be renamed into it."""
    rename = Path.rename

    def refuses(path: Path, target: Path) -> Path:
        if path == paper:
            raise OSError(errno.EXDEV, "cross-device link")
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", refuses)
    return paper.parent / "done"


def _moved(paper: Path, folder: Path) -> str | None:
    return Disposal(move_to=folder).of(paper, mark_of(paper.stat()), "8zcz5nyjb2")


def test_a_file_is_moved_to_another_file_system(paper: Path, elsewhere: Path) -> None:
    (elsewhere / "paper.txt").write_text("another", "utf-8")
    assert _moved(paper, elsewhere) is None
    moved = elsewhere / "paper-8zcz5nyj.txt"
    assert sorted(elsewhere.iterdir()) == [moved, elsewhere / "paper.txt"]
    assert (moved.read_text("utf-8"), int(moved.stat().st_mtime)) == ("Ordonnance", 1_700_000_000)
    assert not paper.exists()


def test_a_file_that_changes_while_it_is_copied_stays_alone(paper: Path, elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def copy(source: Path, target: Path) -> None:
        shutil.copy(source, target)
        source.write_text("Ordonnance, second page", "utf-8")

    monkeypatch.setattr(disposal, "_copy", copy)
    assert _moved(paper, elsewhere) == SOURCE_KEPT
    assert paper.read_text("utf-8") == "Ordonnance, second page"
    assert not list(elsewhere.iterdir())


def test_a_file_stays_where_no_copy_can_be_made(paper: Path, elsewhere: Path) -> None:
    elsewhere.rmdir()
    assert _moved(paper, elsewhere) == SOURCE_KEPT
    assert paper.exists()


def test_a_file_that_could_not_be_moved_is_told_by_the_exit_status() -> None:
    moved = ImportedItem("paper.txt", ItemStatus.DUPLICATE, document="8zcz5nyjb2")
    statuses = []
    for item in (moved, replace(moved, code=SOURCE_KEPT)):
        summary = ImportSummary()
        summary.add(item)
        statuses.append(summary.exit_code)
    assert statuses == [ExitCode.OK, ExitCode.PARTLY]
