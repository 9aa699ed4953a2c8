import json
from collections.abc import Callable
from typing import Any

import pytest

from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.crypto.words import kit_words
from monespace_cli.errors import IntegrityError, NotFoundError, NotWritableError, UsageError, WrongPassphraseError
from monespace_cli.record.journal import Event
from monespace_cli.vault import header_file
from monespace_cli.vault.header import MAX_SLOTS, Header, SlotKind, SlotSecret
from monespace_cli.vault.key_slots import MAX_LABEL
from monespace_cli.vault.vault import Vault
from tests.vault.test_header import with_checksum
from tests.vault.world import KIT, PASSPHRASE, World

ANOTHER = "une autre phrase"
CHEAP = Argon2Params(bytes(16), memory_kib=32, iterations=1, lanes=1)
SECRET = SlotSecret.of_passphrase(ANOTHER, CHEAP)
KIT_WORDS = " ".join(kit_words(KIT))


def events(vault: Vault) -> list[Event]:
    return [entry.event for entry in vault.journal.entries()]


def test_an_added_secret_opens_the_vault_too(vault: Vault, world: World) -> None:
    slot = vault.key_slots.add(SECRET, "Papa")
    for secret, slot_id in ((PASSPHRASE, vault.slot.id), (ANOTHER, slot.id)):
        with world.open(secret) as again:
            assert again.slot.id == slot_id
            assert [(each.slot.id, each.label) for each in again.key_slots.all()] == [(vault.slot.id, ""), (slot.id, "Papa")]
    assert (events(vault)[-1], vault.journal.entries()[-1].subject) == (Event.KEY_ADDED, slot.id)


def test_a_label_is_not_in_the_header(vault: Vault, world: World) -> None:
    vault.key_slots.add(SECRET, "chrysoberyl")
    assert all(b"chrysoberyl" not in data for data in world.files().values())


def test_a_removed_secret_opens_it_no_more(vault: Vault, world: World) -> None:
    slot = vault.key_slots.add(SECRET, "Papa")
    vault.key_slots.remove(slot)
    with pytest.raises(WrongPassphraseError):
        world.open(ANOTHER)
    with world.open() as again:
        assert [each.slot for each in again.key_slots.all()] == [vault.slot]
        assert again.database.all("SELECT * FROM key_slot") == []
    assert Event.KEY_REMOVED in events(vault)


def test_a_changed_secret_takes_the_place_of_the_old_one(vault: Vault, world: World) -> None:
    changed = vault.key_slots.change(vault.slot, SECRET)
    assert changed.id == vault.slot.id
    with pytest.raises(WrongPassphraseError):
        world.open(PASSPHRASE)
    with world.open(ANOTHER) as again:
        assert again.header.slots == (changed,)
        assert Event.KEY_CHANGED in events(again)


def test_something_that_a_person_knows_or_holds_is_left(vault: Vault, world: World) -> None:
    vault.key_slots.add(SlotSecret.of_keyring(bytes(32)))
    before = world.files()
    with pytest.raises(UsageError, match="nothing else"):
        vault.key_slots.remove(vault.slot)
    assert world.files()["vault.json"] == before["vault.json"]
    vault.key_slots.add(SlotSecret.of_kit(KIT))
    vault.key_slots.remove(vault.slot)
    world.open(KIT_WORDS).close()


def test_there_are_so_many_slots_and_no_more(vault: Vault) -> None:
    for _ in range(MAX_SLOTS - 1):
        vault.key_slots.add(SlotSecret.of_keyring(bytes(32)))
    with pytest.raises(UsageError, match="at most 16"):
        vault.key_slots.add(SlotSecret.of_keyring(bytes(32)))
    assert len(vault.header.slots) == len(vault.key_slots.all()) == MAX_SLOTS


def test_a_label_is_bounded(vault: Vault) -> None:
    with pytest.raises(UsageError, match="label"):
        vault.key_slots.add(SECRET, "x" * (MAX_LABEL + 1))
    vault.key_slots.add(SECRET, "x" * MAX_LABEL)


def test_a_slot_is_found_by_its_id_its_label_or_its_kind(vault: Vault) -> None:
    kit = vault.key_slots.add(SlotSecret.of_kit(KIT), "coffre")
    for name in (kit.id, kit.id[:3], "coffre", "recovery-kit"):
        assert vault.key_slots.find(name) == kit
    vault.key_slots.add(SECRET)
    for name in ("", "passphrase", "zz", "keyring"):
        with pytest.raises(NotFoundError):
            vault.key_slots.find(name)


def test_two_who_change_the_keys_at_once_lose_nothing(vault: Vault, world: World) -> None:
    with world.open() as other:
        mine = vault.key_slots.add(SECRET)
        theirs = other.key_slots.add(SlotSecret.of_kit(KIT))
        assert [slot.id for slot in other.header.slots] == [vault.slot.id, mine.id, theirs.id]
        assert other.header.generation == 3
    world.open(ANOTHER).close()
    world.open(KIT_WORDS).close()


def test_a_header_that_was_read_before_somebody_changed_the_keys_still_opens(vault: Vault, world: World) -> None:
    from monespace_cli.vault.header_file import read_header
    from monespace_cli.vault.vault import open_vault

    before = read_header(world.root)
    vault.key_slots.add(SECRET)
    with open_vault(world.root, before, PASSPHRASE, world.clock, world.random) as again:
        assert again.header.generation == 2


def test_a_change_that_cannot_be_written_changes_nothing(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    before = world.files()["vault.json"]
    with monkeypatch.context() as patch:
        patch.setattr(header_file, "header_bytes", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        with pytest.raises(NotWritableError):
            vault.key_slots.add(SECRET)
    assert world.files()["vault.json"] == before
    with world.open() as again:
        assert len(again.key_slots.all()) == 1
        assert Event.KEY_ADDED not in events(again)


def test_a_change_that_was_interrupted_before_its_commit_is_found_and_noted(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.create()

    class Killed(BaseException):
        pass

    with world.open() as vault:
        execute = vault.database.execute

        def killed_at_commit(sql: str, *rest: Any) -> Any:
            if sql == "COMMIT":
                raise Killed
            return execute(sql, *rest)

        monkeypatch.setattr(vault.database, "execute", killed_at_commit)
        with pytest.raises(Killed):
            vault.key_slots.add(SECRET)
    with world.open(ANOTHER) as again:
        assert [each.label for each in again.key_slots.all()] == ["", ""]
        assert events(again)[-1] is Event.KEY_CHANGE_FOUND
    with world.open() as again:
        assert events(again).count(Event.KEY_CHANGE_FOUND) == 1


# What somebody does to vault.json who can write to the directory and does not have the key.


def slot_added(body: dict[str, Any]) -> None:
    body["slots"].append(body["slots"][0] | {"id": "00000000"})


def slot_removed(body: dict[str, Any]) -> None:
    body["slots"].pop(0)


def slot_weakened(body: dict[str, Any]) -> None:
    body["slots"][0]["kdf"]["memory_kib"] = 8


def slot_strengthened_in_name(body: dict[str, Any]) -> None:
    body["slots"][1]["created"] = "2026-11-24T09:30:00+00:00"


def generation_raised(body: dict[str, Any]) -> None:
    body["generation"] += 1


@pytest.mark.parametrize("forge", [slot_added, slot_removed, slot_weakened, slot_strengthened_in_name, generation_raised])
def test_a_slot_that_somebody_without_the_key_touched_is_noticed(world: World, forge: Callable[[dict[str, Any]], None]) -> None:
    world.create(kit=KIT)
    path = world.root / "vault.json"
    body = json.loads(path.read_bytes())
    forge(body)
    path.write_bytes(with_checksum(body))
    with pytest.raises(IntegrityError):
        world.open(KIT_WORDS)


@pytest.mark.parametrize("change", ["add", "change", "remove"])
def test_the_header_from_before_a_change_put_back_is_noticed(world: World, change: str) -> None:
    world.create(kit=KIT)
    older = (world.root / "vault.json").read_bytes()
    with world.open(KIT_WORDS) as vault:
        passphrase = vault.key_slots.find("passphrase")
        if change == "add":
            vault.key_slots.add(SECRET)
        elif change == "change":
            vault.key_slots.change(passphrase, SECRET)
        else:
            vault.key_slots.remove(passphrase)
    (world.root / "vault.json").write_bytes(older)
    for secret in (PASSPHRASE, KIT_WORDS):
        with pytest.raises(IntegrityError, match="older header"):
            world.open(secret)


def test_a_slot_of_an_older_header_in_a_newer_one_is_noticed(world: World) -> None:
    world.create(kit=KIT)
    path = world.root / "vault.json"
    older = json.loads(path.read_bytes())["slots"][0]
    with world.open(KIT_WORDS) as vault:
        vault.key_slots.change(vault.key_slots.find("passphrase"), SECRET)
    body = json.loads(path.read_bytes())
    body["slots"][0] = older
    path.write_bytes(with_checksum(body))
    with pytest.raises(IntegrityError):
        world.open(PASSPHRASE)


def test_the_kinds_of_slots_are_what_the_format_says() -> None:
    assert [str(kind) for kind in SlotKind] == ["passphrase", "recovery-kit", "keyring"]
    assert Header("0" * 32, 1, (), "age1pq1x").with_slots(()).generation == 2
