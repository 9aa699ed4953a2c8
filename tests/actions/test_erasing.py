import io
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from monespace_cli.actions.erasing import erase
from monespace_cli.actions.importing import Importer
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.record.document import Author, Provenance
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


def test_a_backup_made_while_it_was_sealed_holds_it_too(vault: Vault, world: World, tmp_path: Path) -> None:
    vault.backups.add("0" * 8, "a" * 32, tmp_path)
    world.now += timedelta(days=3)
    sealed_at = world.now
    world.now += timedelta(days=3)
    while_it_waited = vault.backups.add("1" * 8, "a" * 32, tmp_path)
    document = put(vault, "texte", provenance=Provenance(Author.UNVERIFIED, sealed_at=sealed_at))
    world.now -= timedelta(days=30)  # a clock set back
    after = vault.backups.add("2" * 8, "a" * 32, tmp_path)
    assert erase(vault, [document]).backups == (while_it_waited, after)


def test_a_backup_made_while_it_was_in_quarantine_holds_it_too(vault: Vault, world: World, tmp_path: Path) -> None:
    vault.backups.add("0" * 8, "a" * 32, tmp_path)
    vault.quarantine.add(vault.blobs.write(io.BytesIO(b"Texte")), 1, Provenance(source_name="a.txt"), "reader-crashed")
    vault.quarantine.add(vault.blobs.write(io.BytesIO(b"Autre")), 1, Provenance(source_name="b.txt"), "reader-crashed")
    known = vault.backups.add("1" * 8, "a" * 32, tmp_path)
    with Reader(world.clock) as reader:
        importer = Importer(vault, reader, IngestOptions(), world.clock)
        [released] = importer.retry(item for item in vault.quarantine.all() if item.name == "a.txt")
    assert erase(vault, [vault.documents.find(released.document or "")]).backups == (known,)


def test_it_is_said_when_the_log_could_not_be_emptied(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "BUSY_SECONDS", 0.1)
    document = put(vault, "texte")
    with world.open() as reader, world.open() as eraser:
        with reader.database.transaction():
            reader.documents.count(Filter())
            monkeypatch.setattr(eraser.documents, "erase", lambda _document: None)
            assert not erase(eraser, [document]).is_complete
        assert erase(eraser, [document]).is_complete
