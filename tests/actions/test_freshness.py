import shutil
from pathlib import Path

import pytest

from monespace_cli.actions.freshness import remember, require_fresh
from monespace_cli.adapters.journal_head import FILE, recall_head
from monespace_cli.adapters.state import VaultState
from monespace_cli.errors import NotWritableError, RollbackError
from monespace_cli.record.journal import Event
from monespace_cli.vault.header import SlotSecret
from monespace_cli.vault.rotation import KeptSlot
from tests.vault.test_key_slots import CHEAP
from tests.vault.world import PASSPHRASE, World


@pytest.fixture
def world(tmp_path: Path) -> World:
    world = World(tmp_path / "vault")
    world.create()
    return world


def state_of(world: World) -> VaultState:
    with world.open() as vault:
        return VaultState(world.root.parent / "state", vault.header.vault)


def used(world: World, state: VaultState, lines: int = 1) -> None:
    """Open the vault as a command does, write, and close it."""
    with world.open() as vault:
        vault.last_seen = require_fresh(vault, state)
        vault.before_close = lambda: remember(vault, state)
        for _ in range(lines):
            vault.journal.write(Event.SEARCHED, hits="0")


def copied(world: World, name: str) -> World:
    copy = World(world.root.parent / name)
    shutil.copytree(world.root, copy.root)
    return copy


def test_the_end_of_the_journal_is_remembered_at_close(world: World) -> None:
    state = state_of(world)
    with world.open() as vault:
        assert require_fresh(vault, state) is None, "nothing is known on a new machine"
    used(world, state)
    used(world, state, lines=3)
    with world.open() as vault:
        assert require_fresh(vault, state) == vault.journal.head()


def test_where_nothing_was_written_nothing_is_remembered_again(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_of(world)
    used(world, state)
    monkeypatch.setattr(VaultState, "write", lambda *_: pytest.fail("it was written"))
    used(world, state, lines=0)


def test_an_older_copy_is_noticed(world: World) -> None:
    state = state_of(world)
    used(world, state)
    older = copied(world, "older")
    used(world, state)
    with older.open() as vault, pytest.raises(RollbackError, match="lacks line"):
        require_fresh(vault, state)
    used(world, state)


def test_a_copy_that_went_its_own_way_is_noticed(world: World) -> None:
    """It has as many lines, and more, but not those."""
    state = state_of(world)
    other = copied(world, "other")
    used(world, state)
    with other.open() as vault:
        for _ in range(5):
            vault.journal.write(Event.SEARCHED, hits="1")
        with pytest.raises(RollbackError):
            require_fresh(vault, state)


def test_a_vault_that_is_ahead_of_what_is_remembered_is_fine(world: World) -> None:
    """A command that was killed before it remembered, or another machine that wrote."""
    state = state_of(world)
    used(world, state)
    with world.open() as vault:
        vault.journal.write(Event.SEARCHED, hits="0")
    used(world, state)


def test_what_somebody_else_wrote_there_is_not_believed(world: World) -> None:
    state = state_of(world)
    used(world, state)
    data = state.read(FILE) or b""
    state.write(FILE, data.replace(b'"sequence":2', b'"sequence":1'))
    assert state.read(FILE) != data
    with world.open() as vault, pytest.raises(RollbackError):
        require_fresh(vault, state)


def test_a_renewed_key_does_not_make_what_is_remembered_worthless(world: World) -> None:
    """Whoever renewed the key was killed before it was remembered under the new one, or did it on another machine."""
    state = state_of(world)
    used(world, state)
    older = copied(world, "older")
    used(world, state)
    with world.open() as vault:
        vault.rotate([KeptSlot(vault.slot.id, SlotSecret.of_passphrase(PASSPHRASE, CHEAP))])
    with world.open() as vault:
        assert require_fresh(vault, state) is not None
        remember(vault, state)
        assert recall_head(state, vault.journal_head_key) == vault.journal.head()
    with older.open() as vault, pytest.raises(RollbackError):
        require_fresh(vault, state)


def test_where_nothing_can_be_kept_the_vault_works(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    state = state_of(world)

    def full(*_: object) -> None:
        raise NotWritableError("full")

    monkeypatch.setattr(VaultState, "write", full)
    used(world, state)


def test_each_place_has_its_own_memory(world: World) -> None:
    state = state_of(world)
    used(world, state.at(world.root))
    copy = copied(world, "copy")
    used(world, state.at(world.root))
    with copy.open() as vault:
        assert require_fresh(vault, state.at(copy.root)) is None
        assert require_fresh(vault, VaultState(state.root, "0" * 32).at(world.root)) is None


def test_the_vault_is_closed_though_remembering_failed(world: World) -> None:
    vault = world.open()

    def failing() -> None:
        raise RuntimeError

    vault.before_close = failing
    with pytest.raises(RuntimeError):
        vault.close()
    with world.open() as again:
        again.rotate([KeptSlot(again.slot.id, SlotSecret.of_passphrase(PASSPHRASE, CHEAP))])
