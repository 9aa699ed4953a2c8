import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from monespace_cli.actions.disposal import KEEP, Disposal
from monespace_cli.actions.finding import find
from monespace_cli.actions.imported import ImportedItem
from monespace_cli.actions.importing import Importer
from monespace_cli.actions.sealed import LockedImport, take_in_sealed
from monespace_cli.adapters import ledger as ledgers
from monespace_cli.adapters.ledger import Ledger
from monespace_cli.adapters.pin import pin, require_pinned
from monespace_cli.adapters.state import VaultState
from monespace_cli.crypto.age import HybridIdentity
from monespace_cli.errors import IntegrityError, NotWritableError
from monespace_cli.ingest.reader import IngestOptions, Reader, Reading
from monespace_cli.ports import NoProgress
from monespace_cli.record.document import Author
from monespace_cli.record.journal import Event
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.sealed import Sealer, waiting
from monespace_cli.vault.vault import Vault
from tests.vault.world import World


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "vault")
    world.create()
    return world


@pytest.fixture
def state(tmp_path: Path, world: World) -> VaultState:
    return VaultState(tmp_path / "state", read_header(world.root).vault)


@pytest.fixture
def scans(tmp_path: Path) -> Path:
    folder = tmp_path / "scans"
    folder.mkdir()
    (folder / "a.txt").write_text("Certificat : Mme MARTIN va bien.\n")
    (folder / "b.txt").write_text("Ordonnance : repos.\n")
    return folder


@pytest.fixture
def reader(world: World) -> Iterator[Reader]:
    with Reader(world.clock) as reader:
        yield reader


def seal(world: World, state: VaultState, path: Path, disposal: Disposal = KEEP) -> list[tuple[str, str, str | None]]:
    """Seal as a new process would."""
    sealer = Sealer(world.root, read_header(world.root), world.clock, world.random)
    run = LockedImport(sealer, Ledger(state), disposal, world.clock)
    return [(Path(item.path).name, str(item.status), item.code) for item in run.seal(find([path]), NoProgress())]


def take(vault: Vault, reader: Reader, world: World) -> list[ImportedItem]:
    return list(take_in_sealed(vault, Importer(vault, reader, IngestOptions(), world.clock), NoProgress()))


def test_what_was_sealed_once_is_sealed_again_only_when_it_changed(world: World, state: VaultState, scans: Path) -> None:
    assert seal(world, state, scans) == [("a.txt", "sealed", None), ("b.txt", "sealed", None)]
    assert seal(world, state, scans) == [("a.txt", "duplicate", "sealed-before"), ("b.txt", "duplicate", "sealed-before")]
    (scans / "b.txt").rename(scans / "c.txt")
    (scans / "a.txt").write_text("Certificat : Mme MARTIN va mieux.\n")
    assert seal(world, state, scans) == [("a.txt", "sealed", None), ("c.txt", "duplicate", "sealed-before")]
    assert len(waiting(world.root)) == 3


def test_a_run_that_fails_remembers_what_it_sealed(world: World, state: VaultState, scans: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add = Sealer.add

    def full_at_b(self: Sealer, claim: object, data: bytes) -> str:
        if b"Ordonnance" in data:
            raise NotWritableError("full")
        return add(self, claim, data)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, pytest.raises(NotWritableError):
        patch.setattr(Sealer, "add", full_at_b)
        seal(world, state, scans, Disposal(delete=True))
    assert [path.name for path in scans.iterdir()] == ["b.txt"], "deleted only what is sealed"
    (scans / "a.txt").write_text("x")
    with monkeypatch.context() as patch, pytest.raises(NotWritableError):
        patch.setattr(Sealer, "add", full_at_b)
        seal(world, state, scans)
    assert seal(world, state, scans) == [("a.txt", "duplicate", "sealed-before"), ("b.txt", "sealed", None)]


def test_a_file_that_changes_while_it_is_sealed_is_kept(
    world: World, state: VaultState, scans: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add = Sealer.add

    def written_to_meanwhile(self: Sealer, claim: object, data: bytes) -> str:
        with (scans / "a.txt").open("a") as file:
            file.write("more")
        return add(self, claim, data)  # type: ignore[arg-type]

    monkeypatch.setattr(Sealer, "add", written_to_meanwhile)
    assert seal(world, state, scans / "a.txt", Disposal(delete=True)) == [("a.txt", "sealed", "source-kept")]
    assert (scans / "a.txt").read_text().endswith("more")


def test_a_file_that_cannot_be_moved_is_not_sealed_for_ever(world: World, state: VaultState, scans: Path, tmp_path: Path) -> None:
    gone = Disposal(move_to=tmp_path / "not there")
    assert seal(world, state, scans / "a.txt", gone) == [("a.txt", "sealed", "source-kept")]
    assert seal(world, state, scans / "a.txt", gone) == [("a.txt", "duplicate", "source-kept")]
    assert len(waiting(world.root)) == 1
    assert (scans / "a.txt").exists()


def test_the_ledger_keeps_the_newest_and_no_names(state: VaultState, monkeypatch: pytest.MonkeyPatch, scans: Path) -> None:
    monkeypatch.setattr(ledgers, "MAX_MARKS", 3)
    first, second = Ledger(state), Ledger(state)
    first.add("a")
    second.add("b")
    first.save()
    second.save()
    assert Ledger(state).knows("a")
    assert Ledger(state).knows("b")
    third = Ledger(state)
    third.add("c")
    third.add("d")
    third.save()
    assert [mark for mark in "abcd" if Ledger(state).knows(mark)] == ["b", "c", "d"]
    mark = ledgers.mark_of((scans / "a.txt").stat())
    os.utime(scans / "a.txt", (1, 1))
    assert ledgers.mark_of((scans / "a.txt").stat()) != mark


def test_a_sealed_document_keeps_what_was_claimed_of_it(world: World, state: VaultState, scans: Path, reader: Reader) -> None:
    os.utime(scans / "a.txt", (1_700_000_000, 1_700_000_000))
    seal(world, state, scans / "a.txt")
    with world.open() as vault:
        (item,) = take(vault, reader, world)
        document = vault.documents.find(item.document or "")
        provenance = document.provenance
        assert (provenance.author, provenance.source_name, provenance.source_path) == (Author.UNVERIFIED, "a.txt", str(scans / "a.txt"))
        assert provenance.modified_at and provenance.modified_at.timestamp() == 1_700_000_000
        assert provenance.sealed_at == world.now
        entry = next(entry for entry in vault.journal.entries() if entry.event is Event.DOCUMENT_IMPORTED)
        assert (entry.subject, entry.details) == (document.id, {"origin": "unverified"})
        with vault.documents.original(document) as file:
            assert file.read() == (scans / "a.txt").read_bytes()


def test_what_a_crash_left_behind_is_taken_in_once(
    world: World, state: VaultState, scans: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(world, state, scans)
    with world.open() as vault:
        with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
            patch.setattr(type(vault.sealed), "remove", _interrupted)
            take(vault, reader, world)
        assert len(waiting(world.root)) == 2
        assert sorted(str(item.status) for item in take(vault, reader, world)) == ["duplicate", "duplicate"]
        assert vault.documents.count(Filter()) == 2
        assert waiting(world.root) == []


def _interrupted(*_arguments: object) -> None:
    raise KeyboardInterrupt


def test_two_who_take_in_at_once_do_not_disturb_each_other(
    world: World, state: VaultState, scans: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal(world, state, scans)
    (world.root / "sealed" / ("0" * 32 + ".item")).write_bytes(b"damaged")
    with world.open() as vault:
        items = waiting(world.root)
        take(vault, reader, world)
        monkeypatch.setattr("monespace_cli.actions.sealed.waiting", lambda _root: items)
        assert take(vault, reader, world) == []


def test_what_cannot_be_read_keeps_its_origin_through_the_quarantine(
    world: World, state: VaultState, scans: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    (scans / "a.txt").write_bytes(b"%PDF-1.7 and nothing more")
    seal(world, state, scans / "a.txt")
    with world.open() as vault:
        (item,) = take(vault, reader, world)
        assert (str(item.status), item.code) == ("quarantined", "damaged-file")
        (kept,) = vault.quarantine.all()
        assert (kept.name, kept.provenance.author, kept.provenance.sealed_at) == ("a.txt", Author.UNVERIFIED, world.now)
        readable = reader.read(b"Texte", IngestOptions())
        monkeypatch.setattr(Reading, "document", lambda *_arguments: readable)
        [released] = Importer(vault, reader, IngestOptions(), world.clock).retry([kept])
        assert vault.documents.find(released.document or "").provenance == kept.provenance


def test_another_recipient_in_the_header_is_refused_until_an_unlock_proves_it(world: World, state: VaultState) -> None:
    header = read_header(world.root)
    other = replace(header, sealed_recipient=HybridIdentity(bytes(32)).recipient.text)
    require_pinned(state, header.sealed_recipient)
    require_pinned(state, header.sealed_recipient)
    with pytest.raises(IntegrityError):
        require_pinned(state, other.sealed_recipient)
    pin(state, other.sealed_recipient)
    require_pinned(state, other.sealed_recipient)
    with pytest.raises(IntegrityError):
        require_pinned(state, header.sealed_recipient)


def test_a_recipient_that_somebody_put_into_the_header_does_not_unlock(world: World) -> None:
    import hashlib

    import rfc8785

    path = world.root / "vault.json"
    body = json.loads(path.read_bytes())
    body["sealed_recipient"] = HybridIdentity(bytes(32)).recipient.text
    del body["checksum"]
    body["checksum"] = hashlib.sha256(rfc8785.dumps(body)).hexdigest()
    path.write_bytes(rfc8785.dumps(body))
    assert read_header(world.root).sealed_recipient == body["sealed_recipient"], "without a key nobody can tell"
    with pytest.raises(IntegrityError):
        world.open()
