"""A store in a folder."""

import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monespace_cli.adapters.folder_store import MARK, FolderStore
from monespace_cli.errors import StoreNotWritableError, TryLaterError, UnreadableInputError

NAME, OTHER = "0" * 32 + ".age", "f" * 32 + ".age"
IDENTITY = "ab" * 16


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path)


def put(store: FolderStore, name: str, data: bytes) -> str:
    return store.put(name, io.BytesIO(data))


def got(store: FolderStore, name: str) -> bytes:
    with store.get(name) as file:
        return file.read()


def test_what_is_put_is_listed_with_the_stamp_it_had_then(store: FolderStore) -> None:
    stamp = put(store, NAME, b"one")
    assert store.objects() == {NAME: stamp}
    assert got(store, NAME) == b"one"


def test_other_bytes_have_another_stamp(store: FolderStore, tmp_path: Path) -> None:
    stamp = put(store, NAME, b"one")
    (tmp_path / NAME).write_bytes(b"longer")
    assert store.objects()[NAME] != stamp


def test_removing_twice_is_no_error(store: FolderStore) -> None:
    put(store, NAME, b"one")
    store.delete(NAME)
    store.delete(NAME)
    assert store.objects() == {}


def test_only_regular_files_of_an_objects_name_are_listed(store: FolderStore, tmp_path: Path) -> None:
    put(store, NAME, b"one")
    (tmp_path / OTHER).symlink_to(tmp_path / NAME)
    os.mkfifo(tmp_path / ("1" * 32 + ".age"))
    (tmp_path / ("2" * 32 + ".age")).mkdir()
    for name in ("readme.txt", "A" * 32 + ".age", "0" * 32 + ".age.part", "0" * 32 + ".sync-conflict.age"):
        (tmp_path / name).write_bytes(b"")
    assert list(store.objects()) == [NAME]


def test_a_link_or_a_pipe_is_not_read(store: FolderStore, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"of this machine")
    (tmp_path / NAME).symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / OTHER)
    for name in (NAME, OTHER, "3" * 32 + ".age"):
        with pytest.raises(UnreadableInputError):
            got(store, name)


def test_nothing_half_written_is_ever_listed(store: FolderStore, tmp_path: Path) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            assert store.objects() == {}
            raise OSError(28, "full")

    with pytest.raises(StoreNotWritableError):
        store.put(NAME, Failing())
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_process_left_is_removed_after_a_day_and_nothing_else(store: FolderStore, tmp_path: Path) -> None:
    now = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
    ages = {".0123456789abcdef.new": 25, ".fedcba9876543210.new": 23, NAME: 25, "notes.new": 25, ".hidden": 25}
    for name, hours in ages.items():
        (tmp_path / name).write_bytes(b"some")
        at = (now - timedelta(hours=hours)).timestamp()
        os.utime(tmp_path / name, (at, at))
    store.tidy(now)
    assert {path.name for path in tmp_path.iterdir()} == set(ages) - {".0123456789abcdef.new"}


def test_the_first_names_the_store(store: FolderStore, tmp_path: Path) -> None:
    assert store.identity() is None
    assert store.set_up(IDENTITY) == IDENTITY
    assert FolderStore(tmp_path).set_up("cd" * 16) == IDENTITY
    (tmp_path / MARK).write_bytes(b"something else")
    assert store.identity() is None


def test_a_stick_that_is_not_there(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "absent")
    for look in (
        store.identity,
        store.objects,
        lambda: store.set_up(IDENTITY),
        lambda: put(store, NAME, b"one"),
        lambda: got(store, NAME),
        lambda: store.delete(NAME),
    ):
        with pytest.raises(TryLaterError):
            look()
