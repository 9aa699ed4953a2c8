import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from monespace_cli.errors import BusyError, IntegrityError, MonespaceError, NotWritableError
from monespace_cli.vault import connection
from monespace_cli.vault.connection import PAGE_SIZE, open_database

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A checkpointed database in which every page is in use: a table with overflow pages, and a full-text index."""
    path = tmp_path / "record.db"
    database = open_database(path, KEY, create=True)
    with database.transaction():
        database.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        database.insert_many("INSERT INTO t VALUES (?, ?)", [(number, f"word{number} " * 150) for number in range(60)])
        database.execute("INSERT INTO t VALUES (1000, ?)", ("é" * 60_000,))
        database.execute("CREATE VIRTUAL TABLE s USING fts5 (text, content = '')")
        database.execute("INSERT INTO s (rowid, text) SELECT id, text FROM t")
    database.close()
    return path


def read_everything(path: Path) -> None:
    database = open_database(path, KEY)
    try:
        database.all("SELECT * FROM t")
        database.all("SELECT rowid FROM s WHERE s MATCH 'word1*' ORDER BY rank")
        database.execute("INSERT INTO s (s) VALUES ('integrity-check')")
    finally:
        database.close()


def unreadable_pages(path: Path) -> int:
    database = open_database(path, KEY)
    try:
        return len(database.all("PRAGMA cipher_integrity_check"))
    finally:
        database.close()


def test_it_is_encrypted_and_readable_by_its_owner_only(path: Path) -> None:
    read_everything(path)
    data = path.read_bytes()
    assert not data.startswith(b"SQLite format 3")
    assert b"word1" not in data
    assert path.stat().st_mode & 0o777 == 0o600
    database = open_database(path, KEY)
    database.execute("INSERT INTO t VALUES (2000, 'in the log')")
    assert {name.name: name.stat().st_mode & 0o777 for name in path.parent.glob("record.db-*")} == {
        "record.db-wal": 0o600,
        "record.db-shm": 0o600,
    }
    assert int(database.cipher_version.split(".")[0]) >= 4
    database.close()


def test_it_says_nothing_on_its_own(path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(IntegrityError):
        open_database(path, bytes(32))
    assert capfd.readouterr() == ("", "")


def test_every_page_is_authenticated(path: Path) -> None:
    data = path.read_bytes()
    assert len(data) % PAGE_SIZE == 0
    for start in range(0, len(data), PAGE_SIZE):
        for offset in (0, 15, 16, 100, PAGE_SIZE // 2, PAGE_SIZE - 81, PAGE_SIZE - 1):
            damaged = bytearray(data)
            damaged[start + offset] ^= 0x10
            path.write_bytes(damaged)
            with pytest.raises(IntegrityError):
                read_everything(path)


def test_a_page_of_zeros_or_of_another_place_is_noticed(path: Path) -> None:
    data = path.read_bytes()
    for start in range(0, len(data), PAGE_SIZE):
        for page in (bytes(PAGE_SIZE), data[-PAGE_SIZE:] if start + PAGE_SIZE < len(data) else data[:PAGE_SIZE]):
            path.write_bytes(data[:start] + page + data[start + PAGE_SIZE :])
            with pytest.raises(IntegrityError):
                read_everything(path)


def test_a_cut_is_noticed(path: Path) -> None:
    data = path.read_bytes()
    for length in (0, 1, 16, 5000, *range(PAGE_SIZE, len(data), PAGE_SIZE), len(data) - 1):
        path.write_bytes(data[:length])
        with pytest.raises((IntegrityError, AssertionError)):
            read_everything(path)


def test_plain_sqlite_in_its_place_is_refused(path: Path) -> None:
    path.unlink()
    plain = sqlite3.connect(path)
    plain.execute("CREATE TABLE t (x)")
    plain.close()
    with pytest.raises(IntegrityError, match="not encrypted"):
        open_database(path, KEY)


def test_a_missing_file_is_not_made(path: Path) -> None:
    path.unlink()
    with pytest.raises(IntegrityError, match="missing"):
        open_database(path, KEY)
    assert not path.exists()


def test_a_new_database_replaces_nothing(path: Path) -> None:
    with pytest.raises(NotWritableError):
        open_database(path, KEY, create=True)
    read_everything(path)


def test_a_name_is_never_a_uri(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    database = open_database(Path("file:y.db?mode=memory"), KEY, create=True)
    database.execute("CREATE TABLE t (x)")
    database.close()
    assert (tmp_path / "file:y.db?mode=memory").stat().st_size >= PAGE_SIZE


def test_a_second_writer_waits_for_a_bounded_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.2)
    first, second = open_database(path, KEY), open_database(path, KEY)
    with first.transaction():
        first.execute("INSERT INTO t VALUES (2000, '')")
        assert second.one("SELECT count(*) FROM t") == (61,), "readers see what was committed"
        with pytest.raises(BusyError), second.transaction():
            pass
    with second.transaction():
        second.execute("INSERT INTO t VALUES (2001, '')")
    assert first.one("SELECT count(*) FROM t") == (63,)
    first.close()
    second.close()


def test_writers_and_readers_at_once(path: Path) -> None:
    failures: list[BaseException] = []

    def work(run: int) -> None:
        try:
            database = open_database(path, KEY)
            for step in range(20):
                if run < 2:
                    with database.transaction():
                        database.execute("INSERT INTO t (text) VALUES (?)", (f"writer {run} step {step}",))
                else:
                    rows = database.all("SELECT text FROM t WHERE text LIKE 'writer %'")
                    assert len(rows) <= 40
            database.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(run,)) for run in range(7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    database = open_database(path, KEY)
    assert database.one("SELECT count(*) FROM t WHERE text LIKE 'writer %'") == (40,)
    assert database.all("PRAGMA integrity_check") == [("ok",)]
    database.close()


def test_a_transaction_is_all_or_nothing_and_joins_an_outer_one(path: Path) -> None:
    database = open_database(path, KEY)
    with pytest.raises(KeyError), database.transaction():
        with database.transaction():
            database.execute("INSERT INTO t VALUES (2000, '')")
        raise KeyError
    assert database.one("SELECT 1 FROM t WHERE id = 2000") is None
    database.close()


def test_other_faults_keep_their_words_to_themselves(path: Path) -> None:
    database = open_database(path, KEY)
    with pytest.raises(MonespaceError) as caught:
        database.execute("SELECT nothing FROM nowhere")
    assert "nowhere" not in str(caught.value)
    assert caught.value.__cause__ is None
    database.close()


FILL = """
import resource, sys
from pathlib import Path
from monespace_cli.errors import NotWritableError
from monespace_cli.vault.connection import open_database
path = Path(sys.argv[1])
database = open_database(path, bytes(range(32)))
resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 100_000,) * 2)
try:
    for number in range(10_000):
        with database.transaction():
            database.execute("INSERT INTO t (text) VALUES (?)", ("filler " * 2000,))
except NotWritableError:
    sys.exit(41)
"""


def test_a_full_disk_loses_nothing_that_was_committed(path: Path) -> None:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    assert subprocess.run([sys.executable, "-c", FILL, path], env=environment, check=False).returncode == 41
    read_everything(path)  # and brings what the log holds to its place when it closes
    assert unreadable_pages(path) == 0


@pytest.fixture
def open_to_all(path: Path) -> Iterator[Path]:
    """The database in a folder that everybody may enter; pytest's own are closed to others than their owner."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o777)
        copy = Path(shutil.copy(path, folder))
        copy.chmod(0o666)
        yield copy


def status_as_nobody(path: Path) -> int:
    """Open the database as a user whom the modes bind, in a process of its own, and return its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            if os.geteuid() == 0:
                os.setuid(65534)
            open_database(path, KEY).close()
            status = 0
        except MonespaceError as error:
            status = error.exit_code
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def test_a_directory_that_may_not_be_written(open_to_all: Path) -> None:
    assert status_as_nobody(open_to_all) == 0
    open_to_all.parent.chmod(0o555)
    assert status_as_nobody(open_to_all) == 41


def test_a_file_that_may_not_be_read(open_to_all: Path) -> None:
    open_to_all.chmod(0o200 if os.geteuid() else 0o600)
    assert status_as_nobody(open_to_all) == 41
