"""The encrypted database file: the only module that imports the SQLCipher driver.

Every fault of the driver is told apart here and leaves as an error of ours, without the driver's words (which may quote data).
Encryption is proved at each open, not assumed (docs/formats/vault-v1.md §4).
"""

import contextlib
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as driver

from monespace_cli.errors import BusyError, IntegrityError, MonespaceError, NotWritableError
from monespace_cli.files import sync_file, writing
from monespace_cli.i18n import _

PAGE_SIZE = 16384
"""Bytes. Files are 16 % smaller than with SQLCipher's default of 4096."""

BUSY_SECONDS = 10.0
"""How long to wait for another writer; write transactions are short, so a longer wait means something is stuck."""

UNREADABLE = (266, 522)
"""SQLITE_IOERR_READ and SQLITE_IOERR_SHORT_READ: the disk gives a page's bytes no more. The driver has no names for them."""

PLAIN_SQLITE = b"SQLite format 3\x00"

READING = ("temp_store = MEMORY", "trusted_schema = OFF", "cache_size = -16384")
"""Pragmas of every connection. The cache is 16 MiB: with SQLite's 2 MiB a large import encrypts the index's pages again and again."""

WRITING = ("journal_mode = WAL", "synchronous = FULL", "secure_delete = ON", "foreign_keys = ON")
"""Pragmas of connections that may write."""

Row = tuple[Any, ...]


class Database:
    """An open record.db. Use :func:`open_database`."""

    def __init__(self, connection: driver.Connection, path: Path, key: bytes, *, is_read_only: bool) -> None:
        """Take over an open connection, and how it was opened."""
        self._connection = connection
        self._path = path
        self._key = key
        self.is_read_only = is_read_only
        self._before_commit: list[Callable[[], None]] = []
        self._after_commit: list[Callable[[], None]] = []

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> driver.Cursor:
        """Run one statement.

        Raises:
            BusyError: another process holds the writer's place.
            IntegrityError: a page is not what was written.
            NotWritableError: no space left, or a read-only place.
        """
        with translated():
            return self._connection.execute(sql, parameters)

    def all(self, sql: str, parameters: Sequence[Any] = ()) -> list[Row]:
        """Return every row of a query."""
        with translated():
            rows: list[Row] = self._connection.execute(sql, parameters).fetchall()
            return rows

    def one(self, sql: str, parameters: Sequence[Any] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        with translated():
            row: Row | None = self._connection.execute(sql, parameters).fetchone()
            return row

    def insert_many(self, sql: str, rows: Iterable[Sequence[Any]]) -> None:
        """Run one statement for each row of parameters."""
        with translated():
            self._connection.executemany(sql, rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Commit what is written inside, or nothing of it. A transaction inside another one joins it."""
        if self._connection.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            before, self._before_commit = self._before_commit, []
            for action in before:
                action()
            self.execute("COMMIT")
        except BaseException:
            self._before_commit.clear()
            self._after_commit.clear()
            if self._connection.in_transaction:
                with translated():
                    self._connection.rollback()
            raise
        actions, self._after_commit = self._after_commit, []
        for action in actions:
            action()

    def before_commit(self, action: Callable[[], None]) -> None:
        """Do something, once, before the transaction that is open is committed; where it fails nothing is."""
        if action not in self._before_commit:
            self._before_commit.append(action)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return bool(self._connection.in_transaction)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something that cannot be taken back once the transaction that is open is committed, or at once where none is."""
        if self._connection.in_transaction:
            self._after_commit.append(action)
        else:
            action()

    @property
    def cipher_version(self) -> str:
        """SQLCipher's version, as the library itself says it."""
        row = self.one("PRAGMA cipher_version")
        return str(row[0]) if row else ""

    def reopened(self) -> "Database":
        """Return another connection to the same file; where this one met a damaged page, SQLCipher answers nothing more on it."""
        return open_database(self._path, self._key, read_only=self.is_read_only)

    def truncate_log(self) -> bool:
        """Bring the write-ahead log into the database and empty it: what was overwritten is in no file then.

        Returns:
            False where another process was reading for so long that something stays; it goes when the last one closes the database.
        """
        row = self.one("PRAGMA wal_checkpoint(TRUNCATE)")
        return row is not None and row[0] == 0

    def copy_to(self, path: Path) -> "Database":
        """Write the database as it is at this moment into a new file, under the same key; readers and writers go on meanwhile.

        This is SQLite's online backup (https://sqlite.org/backup.html). `VACUUM INTO` is no way: SQLCipher 4 gives its file another key.

        Returns:
            The copy, opened for reading: that it opens is its first test.

        Raises:
            NotWritableError: no space left, or the place cannot be written.
            IntegrityError: a page is not what was written.
        """
        path = path.absolute()
        _make_empty(path)
        with translated(), contextlib.closing(driver.connect(str(path), isolation_level=None)) as copy:
            _key(copy, self._key)
            self._connection.backup(copy)
        sync_file(path)
        return open_database(path, self._key, read_only=True)

    def export_to(self, path: Path, key: bytes) -> None:
        """Write every table into a new file under another 32-byte key, and the file to the disk; nobody may write meanwhile.

        Raises:
            NotWritableError: no space left, or the place cannot be written.
            IntegrityError: a page is not what was written.
        """
        _make_empty(path)
        version = self.one("PRAGMA user_version") or (0,)
        self.execute("ATTACH DATABASE ? AS exported KEY ?", (str(path.absolute()), f"x'{key.hex()}'"))
        try:
            self.execute(f"PRAGMA exported.cipher_page_size = {PAGE_SIZE}")
            # Until it is whole it is of no use to anybody: no way back at each statement, one sync at the end.
            self.execute("PRAGMA exported.journal_mode = OFF")
            self.execute("PRAGMA exported.synchronous = OFF")
            self.all("SELECT sqlcipher_export('exported')")
            self.execute(f"PRAGMA exported.user_version = {int(version[0])}")
        finally:
            self.execute("DETACH DATABASE exported")
        sync_file(path)

    def is_sound(self) -> bool:
        """Whether every page is what was written (`PRAGMA cipher_integrity_check`)."""
        return not self.all("PRAGMA cipher_integrity_check")

    def close(self) -> None:
        """Close the file; SQLite folds the write-ahead log back into it where nobody else has it open."""
        self._connection.close()


def open_database(path: Path, key: bytes, *, create: bool = False, read_only: bool = False) -> Database:
    """Open record.db with its 32-byte raw key, and prove that it is encrypted.

    Args:
        path: the file.
        key: 32 bytes.
        create: make it; otherwise it must be there.
        read_only: for a file that nobody writes to, such as one in a backup: nothing is written beside it either.

    Raises:
        IntegrityError: the file is missing, empty, plain SQLite, or does not open although the key is right.
        NotWritableError: it, or the log beside it, cannot be made or read.
    """
    path = path.absolute()  # a relative path that begins with `file:` would be read as a URI
    if create:
        _make_empty(path)
    else:
        _refuse_foreign(path)
    with translated():
        connection = driver.connect(
            f"{path.as_uri()}?mode=ro&immutable=1" if read_only else str(path),
            isolation_level=None,
            timeout=BUSY_SECONDS,
            uri=read_only,
        )
    try:
        with translated():
            _key(connection, key)
            _configure(connection, READING if read_only else READING + WRITING)
    except BaseException:
        connection.close()
        raise
    return Database(connection, path, key, is_read_only=read_only)


def _refuse_foreign(path: Path) -> None:
    try:
        with path.open("rb") as file:
            head = file.read(PAGE_SIZE)
    except FileNotFoundError:
        raise IntegrityError(_("the vault's database is missing"), hint=_("restore the vault from a backup")) from None
    except OSError:
        raise NotWritableError(_("the vault's database cannot be read"), hint=_("is it yours?")) from None
    if head.startswith(PLAIN_SQLITE):
        raise IntegrityError(
            _("the vault's database is not encrypted"), hint=_("this is not the file that monespace wrote: restore a backup")
        )
    if len(head) < PAGE_SIZE:  # SQLite would take it for a new database
        raise IntegrityError(_("the vault's database was cut short"), hint=_("restore the vault from a backup"))


def _key(connection: driver.Connection, key: bytes) -> None:
    connection.execute("PRAGMA cipher_log_level = NONE")  # otherwise SQLCipher writes to stderr by itself
    connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute(f"PRAGMA cipher_page_size = {PAGE_SIZE}")
    if not connection.execute("PRAGMA cipher_version").fetchone():
        raise IntegrityError(_("the SQLite library here cannot encrypt"), hint=_("install the sqlcipher3 package again"))
    connection.execute("SELECT count(*) FROM sqlite_master").fetchone()


def _make_empty(path: Path) -> None:
    """Make a file of the owner's only: SQLite gives the mode of its database to the log beside it."""
    with writing(path):
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))


def _configure(connection: driver.Connection, pragmas: Sequence[str]) -> None:
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's exceptions into ours, by SQLite's primary result code (https://sqlite.org/rescode.html)."""
    try:
        yield
    except driver.Error as error:
        raise _translate(error) from None


def _translate(error: driver.Error) -> MonespaceError:
    extended = getattr(error, "sqlite_errorcode", 0)
    code = extended & 0xFF
    if code in (driver.SQLITE_BUSY, driver.SQLITE_LOCKED, driver.SQLITE_PROTOCOL):
        return BusyError(_("another monespace is writing to this vault"), hint=_("wait until it has finished and try again"))
    if code in (driver.SQLITE_NOTADB, driver.SQLITE_CORRUPT) or extended in UNREADABLE:
        return IntegrityError(
            _("the vault's database is damaged: a page is not what was written"),
            hint=_("keep a copy of the vault as it is, and restore a backup"),
        )
    if code in (driver.SQLITE_FULL, driver.SQLITE_READONLY, driver.SQLITE_CANTOPEN, driver.SQLITE_PERM, driver.SQLITE_IOERR):
        return NotWritableError(
            _("the vault's database cannot be written"),
            hint=_("is there space left, and may you write to the vault's directory?"),
        )
    return MonespaceError(_("the database refused a request (SQLite code {code})").format(code=code))
