import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from monespace_cli.errors import BusyError, NotWritableError
from monespace_cli.files import locked, new_file, sync_folder, writing


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_appears_when_it_is_complete(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with new_file(path) as file:
        file.write(b"half ")
        file.flush()
        assert not path.exists()
        file.write(b"and half")
    assert path.read_bytes() == b"half and half"
    assert path.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["out"]


@pytest.mark.parametrize("failure", [KeyError, KeyboardInterrupt, NotWritableError])
def test_a_failure_leaves_what_was_there(tmp_path: Path, failure: type[BaseException]) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"before")
    with pytest.raises(failure), new_file(path) as file:
        file.write(b"after")
        raise failure("planted")
    assert path.read_bytes() == b"before"
    assert names(tmp_path) == ["out"]


def test_two_writers_of_one_name_do_not_mix(tmp_path: Path) -> None:
    path = tmp_path / "out"
    with new_file(path) as first, new_file(path) as second:
        first.write(b"first" * 1000)
        second.write(b"second")
    assert path.read_bytes() == b"first" * 1000
    assert names(tmp_path) == ["out"]


def test_a_file_that_somebody_else_made_is_not_written_to(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "urandom", bytes)
    (tmp_path / f".{'00' * 8}.new").write_bytes(b"theirs")
    with pytest.raises(NotWritableError), new_file(tmp_path / "out"):
        pass
    assert (tmp_path / f".{'00' * 8}.new").read_bytes() == b"theirs"


def test_everything_is_on_the_disk_before_and_after_the_rename(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps: list[str] = []
    real_sync, real_rename = os.fsync, os.rename

    def sync(descriptor: int) -> None:
        steps.append("folder" if os.path.isdir(f"/proc/self/fd/{descriptor}") else f"file of {os.fstat(descriptor).st_size}")  # noqa: PTH112
        real_sync(descriptor)

    def rename(source: Path, target: Path) -> None:
        steps.append("rename")
        real_rename(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "rename", rename)
    with new_file(tmp_path / "out") as file:
        file.write(b"12345")
    assert steps == ["file of 5", "rename", "folder"]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_no_space_is_said_as_such(tmp_path: Path, number: int) -> None:
    with pytest.raises(NotWritableError, match="no space"), writing(tmp_path):
        raise OSError(number, "planted")


def test_other_reasons_are_named(tmp_path: Path) -> None:
    with pytest.raises(NotWritableError, match="No such file"), new_file(tmp_path / "absent" / "out"):
        pass
    with pytest.raises(NotWritableError, match="Read-only"), writing(tmp_path):
        raise OSError(errno.EROFS, "planted")


def test_a_full_disk(tmp_path: Path) -> None:
    script = """
import resource, sys
from pathlib import Path
from monespace_cli.errors import NotWritableError
from monespace_cli.files import new_file
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    with new_file(Path(sys.argv[1])) as file:
        file.write(bytes(5000))
except NotWritableError as error:
    sys.exit(41 if "no space" in str(error) else 1)
"""
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", script, tmp_path / "out"], env=environment, check=False).returncode == 41
    assert names(tmp_path) == []


def test_a_file_system_without_durable_folders_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(number: int) -> None:
        def sync(_descriptor: int) -> None:
            raise OSError(number, "planted")

        monkeypatch.setattr(os, "fsync", sync)

    refuse(errno.EINVAL)
    sync_folder(tmp_path)
    refuse(errno.EIO)
    with pytest.raises(OSError, match="planted"):
        sync_folder(tmp_path)


def test_a_folder_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    with locked(tmp_path), pytest.raises(BusyError), locked(tmp_path):
        pass
    with locked(tmp_path):
        pass
