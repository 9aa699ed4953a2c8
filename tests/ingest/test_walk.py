"""What a walk finds and what it survives; how a file is read."""

import os
import socket
import threading
import time
from pathlib import Path

import pytest

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.walk import SETTLE_SECONDS, FoundFile, Problem, printable, read_bounded, walk


def found(*paths: Path) -> list[Path]:
    return [item.path for item in walk(paths) if isinstance(item, FoundFile)]


def problems(*paths: Path) -> list[tuple[Path, str]]:
    return [(item.path, item.code) for item in walk(paths) if isinstance(item, Problem)]


def code_of(path: Path, *, named: bool = True) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        read_bounded(FoundFile(path, named))
    return caught.value.code


def write(path: Path, data: bytes = b"text") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path


def test_folders_are_entered_in_the_order_of_names(tmp_path: Path) -> None:
    paths = [write(tmp_path / name) for name in ("a/2.txt", "a/b/1.txt", "a.txt", "c.txt")]
    assert found(tmp_path) == sorted(paths, key=lambda path: [os.fsencode(part) for part in path.parts])


def test_a_file_and_a_folder_in_the_order_named(tmp_path: Path) -> None:
    last, first = write(tmp_path / "z.txt"), write(tmp_path / "a/1.txt")
    assert found(last, first.parent) == [last, first]


@pytest.mark.parametrize(
    "name", [".DS_Store", ".hidden/x.txt", "Thumbs.db", "@eaDir/x.jpg", "#recycle/x.pdf", "~$letter.pdf", "desktop.ini"]
)
def test_droppings_are_passed_over_unless_named(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name)
    assert list(walk([tmp_path])) == []
    assert found(path) == [path]


def test_links_are_followed_only_where_named(tmp_path: Path) -> None:
    target = write(tmp_path / "elsewhere/x.txt", b"target")
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "link.txt").symlink_to(target)
    (folder / "loop").symlink_to(folder)
    assert list(walk([folder])) == []
    [item] = walk([folder / "link.txt"])
    assert isinstance(item, FoundFile)
    assert read_bounded(item) == b"target"
    assert code_of(folder / "link.txt", named=False) == "not-a-file"


def test_a_link_to_itself_is_a_problem(tmp_path: Path) -> None:
    loop = tmp_path / "loop"
    loop.symlink_to(loop)
    assert problems(loop) == [(loop, "not-a-file")]


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    pipe, address = tmp_path / "pipe", tmp_path / "socket"
    os.mkfifo(pipe)
    with socket.socket(socket.AF_UNIX) as bound:
        bound.bind(str(address))
        for path in (pipe, address, Path("/dev/null")):
            assert problems(path) == [(path, "not-a-file")]
        assert problems(tmp_path) == [(pipe, "not-a-file"), (address, "not-a-file")]
        assert code_of(pipe) == code_of(address) == code_of(Path("/dev/zero")) == code_of(tmp_path) == "not-a-file"


def test_what_is_not_there_is_a_problem(tmp_path: Path) -> None:
    file = write(tmp_path / "x.txt")
    missing = [tmp_path / "none", file / "below", Path("null\0byte")]
    assert problems(*missing, file) == [(path, "not-found") for path in missing]
    assert found(*missing, file) == [file]


def test_without_permission_it_is_a_problem(tmp_path: Path) -> None:
    for folder in (tmp_path, *list(tmp_path.parents)[:-2]):
        if folder.stat().st_uid == os.geteuid():
            folder.chmod(folder.stat().st_mode | 0o011)
    closed, file = tmp_path / "closed", write(tmp_path / "x.txt")
    closed.mkdir(mode=0o000)
    file.chmod(0o000)
    user = os.geteuid()
    if user == 0:
        os.seteuid(65534)  # root may read everything
    try:
        assert problems(closed) == [(closed, "no-permission")]
        assert code_of(file) == "no-permission"
    finally:
        os.seteuid(user)


def test_depth_and_number_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_WALK_DEPTH", 2)
    monkeypatch.setattr(limits, "MAX_WALK_FILES", 2)
    write(tmp_path / "1/2/x.txt")
    assert problems(tmp_path) == [(tmp_path / "1/2", "too-deep")]
    files = [write(tmp_path / f"flat/{number}.txt") for number in range(4)]
    assert found(tmp_path / "flat") == files[:2]
    assert problems(tmp_path / "flat") == [(tmp_path / "flat", "too-many-files")]


def test_strange_names_are_read_and_can_be_shown(tmp_path: Path) -> None:
    for name in (b"two\nlines.txt", b"Latin-1 \xe9t\xe9.txt", b"\x1b[2J.txt", "né.txt".encode(), b"dos\r\n"):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_bytes(name)
    paths = found(tmp_path)
    assert {read_bounded(FoundFile(path, named=False)) for path in paths} == {os.fsencode(path.name) for path in paths}
    shown = {printable(path.name) for path in paths}
    assert shown == {"two\\nlines.txt", "Latin-1 \\xe9t\\xe9.txt", "\\x1b[2J.txt", "né.txt", "dos\\r\\n"}


def test_printable_is_one_line_whatever_the_name() -> None:
    assert printable("\ud800 \u2028 \udcff") == "\\ud800 \\u2028 \\xff"


def test_a_file_over_the_bound_is_not_read(tmp_path: Path) -> None:
    path = write(tmp_path / "large")
    os.truncate(path, limits.MAX_FILE_BYTES + 1)
    assert code_of(path) == "file-too-large"


def test_a_file_that_grows_or_shrinks_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "scan.pdf", bytes(1000))
    real_read = os.read

    def read_while(change: int) -> None:
        def changing(descriptor: int, size: int) -> bytes:
            os.truncate(path, change)
            return real_read(descriptor, size)

        monkeypatch.setattr(os, "read", changing)

    for size in (500, 5000, 1000):
        path.write_bytes(bytes(1000))
        os.utime(path, ns=(0, 0))
        read_while(size)
        assert code_of(path) == "changed-while-reading"
    monkeypatch.setattr(os, "read", real_read)
    assert read_bounded(FoundFile(path, named=True)) == bytes(1000)


def test_a_file_longer_than_the_system_says_is_not_taken() -> None:
    assert code_of(Path("/proc/self/status")) == "changed-while-reading"


def test_a_pipe_does_not_block(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reading = threading.Thread(target=code_of, args=(tmp_path / "pipe",), daemon=True)
    reading.start()
    reading.join(timeout=5)
    assert not reading.is_alive()


def test_a_file_is_read_once_its_time_would_show_another_write(tmp_path: Path) -> None:
    path = write(tmp_path / "new.txt")
    now = time.time()
    os.utime(path, (now, now))
    assert read_bounded(FoundFile(path, named=True)) == b"text"
    assert time.time() - now >= SETTLE_SECONDS


def test_a_file_that_is_written_to_all_the_time_has_no_content_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = write(tmp_path / "growing.txt")
    monkeypatch.setattr(time, "sleep", lambda _seconds: os.utime(path))
    os.utime(path)
    assert code_of(path) == "changed-while-reading"
