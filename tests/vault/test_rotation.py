import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from monespace_cli.crypto.age import HybridIdentity
from monespace_cli.crypto.keys import Argon2Params, hkdf
from monespace_cli.crypto.words import kit_words
from monespace_cli.errors import BusyError, IntegrityError, MonespaceError, NotWritableError, WrongPassphraseError
from monespace_cli.record.card import RecipientType
from monespace_cli.record.journal import Event
from monespace_cli.vault import header_file, rotation
from monespace_cli.vault.connection import Database, open_database
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.header import DATABASE_LABEL, SEALED_LABEL, SlotSecret, unlock_with_passphrase
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.rotation import KeptSlot
from monespace_cli.vault.sealed import Claim, Sealer, waiting
from monespace_cli.vault.vault import Vault, open_vault
from tests.vault.world import KIT, NOW, PASSPHRASE, World, put

CHEAP = Argon2Params(bytes(16), memory_kib=32, iterations=1, lanes=1)
KIT_WORDS = " ".join(kit_words(KIT))
TEXT = "Hémoglobine 13,5 g/dL"


def kept(vault: Vault) -> list[KeptSlot]:
    return [KeptSlot(vault.slot.id, SlotSecret.of_passphrase(PASSPHRASE, CHEAP), "la mienne")]


@pytest.fixture
def filled(world: World) -> World:
    world.create(kit=KIT)
    with world.open() as vault:
        put(vault, TEXT)
    return world


def master_of(world: World) -> bytes:
    return unlock_with_passphrase(read_header(world.root), PASSPHRASE)[0]


def require_whole(world: World) -> None:
    """See that the vault opens with its passphrase, and that all is there: document, text, search, original, journal."""
    with world.open() as vault:
        (document,) = vault.documents.all(Filter())
        assert [page.text for page in vault.documents.pages(document)] == [TEXT]
        assert vault.search("hemoglobine", Filter(), 5).total == 1
        assert TEXT.encode() in vault.documents.original(document).read()
        assert vault.database.all("PRAGMA integrity_check") == [("ok",)]
    assert not (world.root / "record.db.new").exists()


def test_everything_is_there_under_a_new_key(filled: World) -> None:
    before, old = read_header(filled.root), master_of(filled)
    with filled.open() as vault:
        schema = vault.database.all("SELECT name, sql FROM sqlite_master ORDER BY name")
        renewed = vault.rotate(kept(vault))
    after = read_header(filled.root)
    assert renewed.header == after
    assert renewed.master == master_of(filled) != old
    assert (after.vault, after.generation) == (before.vault, before.generation + 1)
    assert after.sealed_recipient == HybridIdentity(hkdf(renewed.master, SEALED_LABEL)).recipient.text != before.sealed_recipient
    require_whole(filled)
    with filled.open() as vault:
        assert vault.database.all("SELECT name, sql FROM sqlite_master ORDER BY name") == schema
        assert vault.database.all("SELECT v FROM search_config WHERE k = 'secure-delete'") == [(1,)]
        assert [each.label for each in vault.key_slots.all()] == ["la mienne"]
        assert Event.KEYS_ROTATED in [entry.event for entry in vault.journal.entries()]


def test_the_old_key_opens_nothing_any_more(filled: World) -> None:
    old = master_of(filled)
    with filled.open() as vault:
        vault.rotate(kept(vault))
    with pytest.raises(IntegrityError):
        open_database(filled.root / "record.db", hkdf(old, DATABASE_LABEL))
    with pytest.raises(WrongPassphraseError):
        filled.open(KIT_WORDS)


def test_a_header_from_before_opens_nothing(filled: World) -> None:
    older = (filled.root / "vault.json").read_bytes()
    with filled.open() as vault:
        vault.rotate(kept(vault))
    (filled.root / "vault.json").write_bytes(older)
    for secret in (PASSPHRASE, KIT_WORDS):
        with pytest.raises(IntegrityError):
            filled.open(secret)


def test_a_kit_that_is_kept_opens_it_still(filled: World) -> None:
    with filled.open() as vault:
        kit = vault.key_slots.find("recovery-kit")
        vault.rotate([*kept(vault), KeptSlot(kit.id, SlotSecret.of_kit(KIT))])
    filled.open(KIT_WORDS).close()


def test_exchange_keys_are_new_and_the_old_ones_still_open_what_arrives(filled: World) -> None:
    with filled.open() as vault:
        signing, old = vault.keys.signing_seed, vault.keys.decryption_keys()
        vault.rotate(kept(vault))
    with filled.open() as vault:
        keys = vault.keys.decryption_keys()
        assert vault.keys.signing_seed == signing, "it is the fingerprint that people have compared"
        assert keys[: len(old)] == old
        assert [key.type for key in keys[len(old) :]] == list(RecipientType)
        assert len({key.seed for key in keys}) == 4


def test_what_was_sealed_before_is_taken_in_after(filled: World) -> None:
    sealer = Sealer(filled.root, read_header(filled.root), filled.clock, filled.random)
    sealer.add(Claim("a.txt", "/scans/a.txt", NOW, NOW), b"before")
    with filled.open() as vault:
        vault.rotate(kept(vault))
    Sealer(filled.root, read_header(filled.root), filled.clock, filled.random).add(Claim("b.txt", "/scans/b.txt", NOW, NOW), b"after")
    with filled.open() as vault:
        assert {vault.sealed.read(item)[1] for item in waiting(filled.root)} == {b"before", b"after"}


def test_nothing_of_the_text_is_in_a_file(filled: World) -> None:
    with filled.open() as vault:
        vault.rotate(kept(vault))
    assert all(b"moglobine" not in data for data in filled.files().values())
    assert set(filled.files()) >= {"vault.json", "record.db"}
    assert (filled.root / "record.db").stat().st_mode & 0o777 == 0o600


def test_nobody_else_may_have_the_vault_open(filled: World) -> None:
    before = filled.files()["vault.json"]
    with filled.open() as vault:
        with filled.open(), pytest.raises(BusyError):
            vault.rotate(kept(vault))
        put(vault, "encore")
        assert filled.files()["vault.json"] == before
        vault.rotate(kept(vault))


def test_nobody_opens_the_vault_while_its_key_is_renewed(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    met: list[type[MonespaceError]] = []

    def opened_meanwhile(*arguments: Any) -> None:
        try:
            filled.open()
        except MonespaceError as error:
            met.append(type(error))
        real(*arguments)

    real = header_file.write_header
    monkeypatch.setattr(rotation, "write_header", opened_meanwhile)
    with filled.open() as vault:
        vault.rotate(kept(vault))
    assert met == [BusyError]


def test_a_header_that_was_read_before_is_told_to_try_again(filled: World) -> None:
    before = read_header(filled.root)
    with filled.open() as vault:
        vault.rotate(kept(vault))
    with pytest.raises(BusyError, match="changed meanwhile"):
        open_vault(filled.root, before, PASSPHRASE, filled.clock, filled.random)
    require_whole(filled)


def test_without_space_nothing_is_changed(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = filled.files()["vault.json"]

    def full(*_: object) -> None:
        raise NotWritableError("full")

    with filled.open() as vault:
        monkeypatch.setattr(Database, "export_to", full)
        with pytest.raises(NotWritableError):
            vault.rotate(kept(vault))
        monkeypatch.undo()
        put(vault, "it can still be used", title="Autre")
        assert filled.files()["vault.json"] == before
        assert not (filled.root / "record.db.new").exists()
        filled.open().close()


def test_a_new_database_that_is_damaged_is_not_used(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Database, "is_sound", lambda _self: False)
    with filled.open() as vault, pytest.raises(IntegrityError):
        vault.rotate(kept(vault))
    monkeypatch.undo()
    require_whole(filled)


# Interrupted. A real process is killed before its n-th step, for every n; the vault opens and all is there.


def steps_of(monkeypatch: pytest.MonkeyPatch, kill_at: int) -> list[str]:
    """Kill this process before its n-th change to a file or statement to a database; return the steps that were taken."""
    taken: list[str] = []

    def watch(owner: Any, name: str) -> None:
        real: Callable[..., Any] = getattr(owner, name)

        def step(*arguments: Any, **options: Any) -> Any:
            if len(taken) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)
            taken.append(name)
            return real(*arguments, **options)

        monkeypatch.setattr(owner, name, step)

    for name in ("fsync", "rename", "unlink", "open"):
        watch(os, name)
    for name in ("execute", "all", "insert_many", "close"):
        watch(Database, name)
    return taken


def rotated_and_killed(world: World, monkeypatch: pytest.MonkeyPatch, kill_at: int) -> bool:
    """Renew the key in a child process that is killed at a step; tell whether it was: after the last step it is not."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            with world.open() as vault:
                slots = kept(vault)
                steps_of(monkeypatch, kill_at)
                vault.rotate(slots)
            status = 0
        finally:
            os._exit(status)
    status = os.waitpid(child, 0)[1]
    assert os.WIFSIGNALED(status) or os.waitstatus_to_exitcode(status) == 0
    return os.WIFSIGNALED(status)


def copies(filled: World, tmp_path: Path) -> Iterator[World]:
    import shutil

    number = 0
    while True:
        place = tmp_path / f"copy{number}"
        shutil.copytree(filled.root, place)
        copy = World(place)
        copy.random = os.urandom  # type: ignore[assignment]
        yield copy
        shutil.rmtree(place)
        number += 1


def test_killed_before_any_of_its_steps_the_vault_opens(filled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generations, kills = set(), 0
    for copy in copies(filled, tmp_path):
        if not rotated_and_killed(copy, monkeypatch, kills):
            break
        kills += 1
        require_whole(copy)
        generations.add(read_header(copy.root).generation)
    assert kills > 30
    assert generations == {1, 2}, "some were undone, some finished"


def test_what_opens_an_interrupted_vault_may_be_killed_too(filled: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The header is written and nothing else: whoever finishes the work is killed before each step of that."""
    with monkeypatch.context() as patch, filled.open() as vault:
        patch.setattr(rotation, "move_renewed", lambda _layout: None)
        vault.rotate(kept(vault))
    assert (filled.root / "record.db.new").exists()
    kills = 0
    for copy in copies(filled, tmp_path):
        child = os.fork()
        if child == 0:
            steps_of(monkeypatch, kills)
            copy.open().close()
            os._exit(0)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        require_whole(copy)
        assert read_header(copy.root).generation == 2
        if not killed:
            break
        kills += 1
    assert kills > 10


def test_an_old_log_beside_a_new_database_is_removed_before_the_move(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """SQLite would read the frames of the old database into the new one: they carry no mark of whose they are."""
    order: list[str] = []
    real_unlink, real_rename = os.unlink, os.rename

    def unlink(path: Any, **options: Any) -> None:
        order.append(f"unlink {Path(path).name}")
        real_unlink(path, **options)

    def rename(source: Any, target: Any, **options: Any) -> None:
        order.append(f"rename {Path(source).name}")
        real_rename(source, target, **options)

    with filled.open() as vault:
        monkeypatch.setattr(os, "unlink", unlink)
        monkeypatch.setattr(os, "rename", rename)
        vault.rotate(kept(vault))
    last = order.index("rename record.db.new")
    assert {"unlink record.db-wal", "unlink record.db-shm"} <= set(order[:last])
    assert order.index("unlink record.db-wal") > next(place for place, step in enumerate(order) if step.startswith("rename ."))


def test_a_leftover_is_removed_only_with_the_header_of_now(filled: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody read the header before the rotation that was interrupted: with the old key, the old database still opens."""
    before = read_header(filled.root)
    with monkeypatch.context() as patch, filled.open() as vault:
        patch.setattr(rotation, "move_renewed", lambda _layout: None)
        vault.rotate(kept(vault))
    with pytest.raises(BusyError):
        open_vault(filled.root, before, PASSPHRASE, filled.clock, filled.random)
    assert (filled.root / "record.db.new").exists()
    require_whole(filled)


def test_a_planted_new_database_is_of_no_use(filled: World) -> None:
    (filled.root / "record.db.new").write_bytes(os.urandom(1 << 16))
    require_whole(filled)


def test_a_rotation_can_be_repeated(filled: World) -> None:
    for generation in range(2, 6):
        with filled.open() as vault:
            vault.rotate(kept(vault))
        assert read_header(filled.root).generation == generation
    require_whole(filled)
    with filled.open() as vault:
        assert len(vault.keys.retired(SEALED_LABEL)) == 4
        assert replace(vault.header, mac="").generation == 5
