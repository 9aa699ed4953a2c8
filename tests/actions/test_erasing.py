from collections.abc import Iterator
from pathlib import Path

import pytest

from monespace_cli.actions.erasing import erase
from monespace_cli.vault import connection
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault
from tests.vault.world import World, put


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "vault")
    world.create()
    return world


@pytest.fixture
def vault(world: World) -> Iterator[Vault]:
    with world.open() as opened:
        yield opened


def test_the_backups_that_hold_a_document_still_are_named_once(vault: Vault, tmp_path: Path) -> None:
    vault.backups.add("0" * 8, "a" * 32, tmp_path)
    first, second = put(vault, "un"), put(vault, "deux")
    known = vault.backups.add("1" * 8, "a" * 32, tmp_path)
    third = put(vault, "trois")
    assert erase(vault, [first, second]).backups == (known,)
    assert erase(vault, [third]).backups == ()
    assert vault.documents.all(Filter()) == []


def test_it_is_said_when_the_log_could_not_be_emptied(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    document = put(vault, "texte")
    with world.open() as reader, world.open() as eraser:
        with reader.database.transaction():
            reader.documents.count(Filter())
            monkeypatch.setattr(eraser.documents, "erase", lambda _document: None)
            assert not erase(eraser, [document]).is_complete
        assert erase(eraser, [document]).is_complete
