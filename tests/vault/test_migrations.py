import threading

import pytest

from monespace_cli.crypto.keys import hkdf
from monespace_cli.errors import MonespaceError, NewerFormatError
from monespace_cli.vault import migrations
from monespace_cli.vault.connection import Database, open_database
from monespace_cli.vault.header import DATABASE_LABEL, unlock_with_passphrase
from monespace_cli.vault.migrations import MIGRATIONS, migrate, pending
from monespace_cli.vault.vault import Vault
from tests.vault.world import PASSPHRASE, World

NOW = len(MIGRATIONS)
STEPS = (*MIGRATIONS, ("CREATE TABLE second (x)",), ("CREATE TABLE third (x)", "INSERT INTO third VALUES (1)"))


def version(database: Database) -> int:
    row = database.one("PRAGMA user_version")
    assert row is not None
    return int(row[0])


def test_a_new_vault_lacks_nothing(vault: Vault) -> None:
    assert pending(vault.database) == 0
    assert version(vault.database) == NOW


def test_an_older_vault_is_brought_up_to_date_when_it_is_opened(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", STEPS)
    assert pending(vault.database) == 2
    with world.open() as opened:
        assert version(opened.database) == NOW + 2
        assert opened.database.all("SELECT x FROM third") == [(1,)]
    migrate(vault.database)
    assert vault.database.all("SELECT x FROM third") == [(1,)]


def test_a_newer_vault_is_left_alone(vault: Vault, world: World) -> None:
    vault.database.execute(f"PRAGMA user_version = {NOW + 1}")
    with pytest.raises(NewerFormatError):
        world.open()
    with pytest.raises(NewerFormatError):
        migrate(vault.database)


def test_a_step_and_its_number_are_committed_together(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", (*STEPS[: NOW + 1], ("CREATE TABLE third (x)", "SELECT nothing FROM nowhere")))
    with pytest.raises(MonespaceError):
        migrate(vault.database)
    assert version(vault.database) == NOW + 1
    assert vault.database.all("SELECT name FROM sqlite_master WHERE name IN ('second', 'third')") == [("second",)]


def test_two_processes_at_once_do_it_once(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "MIGRATIONS", STEPS)
    key = hkdf(unlock_with_passphrase(vault.header, PASSPHRASE)[0], DATABASE_LABEL)
    failures: list[BaseException] = []
    start = threading.Barrier(4)

    def work() -> None:
        try:
            database = open_database(world.root / "record.db", key)
            start.wait()
            migrate(database)
            database.close()
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert (version(vault.database), vault.database.all("SELECT x FROM third")) == (NOW + 2, [(1,)])


def test_the_index_can_be_emptied_for_good(vault: Vault) -> None:
    assert vault.database.one("SELECT v FROM search_config WHERE k = 'secure-delete'") == (1,)
    assert vault.database.one("PRAGMA secure_delete") == (1,)
