import fcntl
import io
import json
import os
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from monespace_cli.crypto.age import HybridIdentity
from monespace_cli.crypto.keys import hkdf
from monespace_cli.crypto.words import kit_words
from monespace_cli.errors import (
    BusyError,
    IntegrityError,
    MonespaceError,
    NewerFormatError,
    NotWritableError,
    NoVaultError,
    UsageError,
    WrongPassphraseError,
)
from monespace_cli.record.document import Provenance
from monespace_cli.vault import header_file
from monespace_cli.vault import vault as vaults
from monespace_cli.vault.building import require_free
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.header import SEALED_LABEL, SlotSecret, header_bytes, new_slot, unlock_with_passphrase
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.vault import Vault
from tests.vault.test_header import with_checksum
from tests.vault.world import KIT, NOW, PASSPHRASE, World, put


def test_a_new_vault_is_the_owners_only_and_nothing_else_is_left(world: World) -> None:
    world.create()
    modes = {path.name: path.stat().st_mode & 0o777 for path in (world.root, *world.root.iterdir())}
    assert modes == {"vault": 0o700, "blobs": 0o700, "sealed": 0o700, "record.db": 0o600, "vault.json": 0o600}
    assert list(world.root.parent.iterdir()) == [world.root]


def test_its_sealed_recipient_is_that_of_its_key(world: World) -> None:
    world.create()
    header = read_header(world.root)
    master = unlock_with_passphrase(header, PASSPHRASE)[0]
    assert header.sealed_recipient == HybridIdentity(hkdf(master, SEALED_LABEL)).recipient.text


def test_what_was_stored_is_there_when_it_is_opened_again(world: World) -> None:
    world.create(kit=KIT)
    with world.open() as vault:
        document = put(vault, "texte")
    for secret in (PASSPHRASE, " ".join(kit_words(KIT)), " ".join(kit_words(KIT)).upper()):
        with world.open(secret) as vault:
            assert vault.documents.find(document.id) == document


@pytest.mark.parametrize("secret", ["", "another", " ".join(kit_words(bytes(16))), " ".join(["abaisser"] * 12)])
def test_another_secret_opens_nothing(world: World, secret: str) -> None:
    world.create(kit=KIT)
    with pytest.raises(WrongPassphraseError):
        world.open(secret)


def test_a_passphrase_may_look_like_a_kit(world: World) -> None:
    words = " ".join(kit_words(bytes(16)))
    world.create(passphrase=words, kit=KIT)
    world.open(words).close()


def test_no_vault(tmp_path: Path) -> None:
    for place in (tmp_path, tmp_path / "absent"):
        with pytest.raises(NoVaultError):
            read_header(place)


def test_a_flipped_byte_of_the_header_is_noticed_before_a_secret_is_asked_for(world: World) -> None:
    world.create(kit=KIT)
    path = world.root / "vault.json"
    data = path.read_bytes()
    for position in range(0, len(data), 41):  # test_header.py flips every bit of every byte
        path.write_bytes(data[:position] + bytes([data[position] ^ 0x20]) + data[position + 1 :])
        with pytest.raises(IntegrityError):
            read_header(world.root)


def test_an_endless_header_is_not_read_to_its_end(world: World) -> None:
    world.create()
    (world.root / "vault.json").unlink()
    (world.root / "vault.json").symlink_to("/dev/zero")
    with pytest.raises(IntegrityError):
        read_header(world.root)


def test_a_forged_header_that_a_slot_still_opens_fails_by_its_mac(world: World) -> None:
    world.create()
    header = read_header(world.root)
    forged = replace(header, sealed_recipient="age1pq1mallory")
    (world.root / "vault.json").write_bytes(header_bytes(forged, bytes(32)))
    with pytest.raises(IntegrityError):
        world.open()


def test_what_is_opened_is_what_was_read_though_the_file_changes_between(world: World) -> None:
    world.create()
    header = replace(read_header(world.root), sealed_recipient="age1pq1mallory")
    with pytest.raises(IntegrityError):
        vaults.open_vault(world.root, header, PASSPHRASE, world.clock, world.random)


def rewritten(world: World, generation: int) -> None:
    header = read_header(world.root)
    master = unlock_with_passphrase(header, PASSPHRASE)[0]
    (world.root / "vault.json").write_bytes(header_bytes(replace(header, generation=generation), master))


def test_an_older_header_put_back_is_noticed(world: World) -> None:
    world.create()
    older = (world.root / "vault.json").read_bytes()
    header = read_header(world.root)
    master = unlock_with_passphrase(header, PASSPHRASE)[0]
    newer = header.with_slots((*header.slots, new_slot(header.vault, master, SlotSecret.of_kit(KIT), NOW.isoformat(), world.random)))
    (world.root / "vault.json").write_bytes(header_bytes(newer, master))
    with world.open(" ".join(kit_words(KIT))) as vault:
        assert vault.database.one("SELECT value FROM meta WHERE key = 'generation'") == ("2",), "brought up to what was interrupted"
    (world.root / "vault.json").write_bytes(older)
    with pytest.raises(IntegrityError, match="older header"):
        world.open()
    rewritten(world, 2)
    world.open().close()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut_to_a_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:1])


def cut_by_half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * 256)


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [empty, cut_to_a_byte, cut_by_half, noise, Path.unlink])
def test_a_database_that_is_not_the_one_written(world: World, damage: Callable[[Path], None]) -> None:
    world.create()
    damage(world.root / "record.db")
    with pytest.raises(IntegrityError):
        world.open()
    assert not any(name.startswith("record.db-") for name in world.files())


def test_a_database_that_cannot_be_read(world: World) -> None:
    world.create()
    a_folder(world.root / "record.db")
    with pytest.raises(NotWritableError):
        world.open()


def test_another_vaults_parts_do_not_fit(world: World, tmp_path: Path) -> None:
    world.create()
    other = World(tmp_path / "other")
    other.random = lambda size, draw=other.random: draw(size + 1)[1:]  # type: ignore[assignment]
    other.create()
    mine = world.files()
    for part in ("record.db", "vault.json"):
        shutil.copy(other.root / part, world.root / part)
        with pytest.raises(IntegrityError):
            world.open()
        (world.root / part).write_bytes(mine[part])
    world.open().close()


@pytest.mark.parametrize("change", ["UPDATE meta SET value = 'ab' WHERE key = 'vault'", "DELETE FROM meta"])
def test_a_database_of_the_same_key_and_another_vault(vault: Vault, world: World, change: str) -> None:
    vault.database.execute(change)
    with pytest.raises(IntegrityError):
        world.open()


def test_a_lost_header_is_told_from_no_vault(world: World) -> None:
    world.create()
    (world.root / "vault.json").unlink()
    with pytest.raises(IntegrityError, match="missing"):
        read_header(world.root)
    with pytest.raises(UsageError, match="taken"):
        world.create()
    assert (world.root / "record.db").exists()


def test_nothing_is_made_where_something_is(world: World) -> None:
    world.create()
    before = world.files()
    with pytest.raises(UsageError, match="already"):
        world.create()
    assert world.files() == before
    other = World(world.root / "blobs" / "..")
    with pytest.raises(UsageError):
        other.create()


@pytest.mark.parametrize("part", ["", "a file", "blobs/"])
def test_a_taken_place(world: World, part: str) -> None:
    taken = world.root / part
    taken.parent.mkdir(exist_ok=True)
    if part.endswith("/"):
        taken.mkdir(parents=True)
    else:
        taken.write_bytes(b"theirs")
    with pytest.raises((UsageError, NotWritableError)):
        world.create()
    with pytest.raises(UsageError):
        require_free(world.root)
    assert taken.exists()
    assert world.root.is_file() or list(world.root.iterdir()) == [taken]


def test_an_empty_folder_will_do_even_the_one_we_are_in(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.root.mkdir(mode=0o755)
    monkeypatch.chdir(world.root)
    here = World(Path())
    here.create()
    here.open().close()
    assert world.root.stat().st_mode & 0o777 == 0o700


class Killed(BaseException):
    """Stands for the end of the process: nothing of ours runs after it."""


@contextmanager
def killed_before(monkeypatch: pytest.MonkeyPatch, step: int) -> Iterator[list[str]]:
    """End the work before the n-th change to the directory, and keep it from tidying up."""
    done: list[str] = []
    real = {name: getattr(os, name) for name in ("mkdir", "rename", "rmdir", "unlink")}
    real_open = os.open

    def counted(name: str) -> Callable[..., object]:
        def call(*arguments: object, **options: object) -> object:
            if len(done) >= step:
                raise Killed
            done.append(f"{name} {arguments[0]}")
            return real[name](*arguments, **options)

        return call

    def opened(path: object, flags: int, *arguments: object, **options: object) -> int:
        if flags & os.O_CREAT:
            if len(done) >= step:
                raise Killed
            done.append(f"create {path}")
        return real_open(path, flags, *arguments, **options)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        for name in real:
            patched.setattr(os, name, counted(name))
        patched.setattr(os, "open", opened)
        yield done


def test_an_interrupted_creation_is_no_vault_and_does_not_stand_in_the_way(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    step, complete = 0, False
    while not complete:
        shutil.rmtree(world.root, ignore_errors=True)
        with killed_before(monkeypatch, step) as done:
            try:
                world.create()
                complete = True
            except Killed:
                pass
        step += 1
        try:
            read_header(world.root)
        except NoVaultError:
            world.create()
        world.open().close()
        left = {path.name for path in world.root.iterdir()} - {".new"}
        assert left == {"vault.json", "record.db", "blobs", "sealed"}, done
    assert step > 8


def test_an_error_during_creation_leaves_nothing(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(header_file, "header_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(NotWritableError, match="no space"):
        world.create()
    assert list(world.root.iterdir()) == []


def test_two_creations_at_once_make_one_vault(world: World) -> None:
    outcomes: list[object] = []

    def work() -> None:
        try:
            World(world.root).create()
            outcomes.append("made")
        except MonespaceError as error:
            outcomes.append(type(error))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("made") == 1
    assert set(outcomes) <= {"made", BusyError, UsageError}
    world.open().close()


def test_a_creation_waits_for_nobody(world: World) -> None:
    world.root.mkdir()
    descriptor = os.open(world.root, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with pytest.raises(BusyError):
        world.create()
    os.close(descriptor)
    world.create()


def test_a_vault_of_a_newer_release(world: World) -> None:
    world.create()
    body = json.loads((world.root / "vault.json").read_bytes()) | {"version": 2}
    (world.root / "vault.json").write_bytes(with_checksum(body))
    with pytest.raises(NewerFormatError):
        read_header(world.root)


CANARY = "Canari jaune zéro-un-deux : hémoglobine 13,5 ; docteur Serinus Canaria, 7 rue de la Volière."


def windows(data: bytes) -> Iterator[bytes]:
    return (data[start : start + 32] for start in range(len(data) - 31))


def test_no_part_of_a_document_is_in_any_file(world: World) -> None:
    source = CANARY.encode() * 3
    world.create()
    secrets = list(windows(source)) + [
        word.encode() for word in ("Canari", "canari", "Serinus", "serinus", "hemoglobine", "voliere", "scan-canari")
    ]

    def check() -> None:
        for name, data in world.files().items():
            assert not any(secret in data for secret in secrets), name

    with world.open() as vault:
        document = put(vault, CANARY * 3, data=source, title="Canari jaune", practitioner="Serinus Canaria", tags=("voliere",))
        assert any(name.endswith("-wal") and data for name, data in world.files().items())
        check()
        vault.documents.edit(document, title="Canari vert")
        assert vault.search("canari", Filter(), 5).total == 1
        vault.quarantine.add(vault.blobs.write(io.BytesIO(source)), 1, Provenance(source_name="scan-canari.heic"), "unsupported-type")
        check()
    check()
