"""What is hidden from parents never goes into a vault that they alone can open."""

from datetime import date

import pytest

from monespace_cli.actions.spaces import add_space, move_documents
from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.errors import NotAllowedError
from monespace_cli.record.access import HIDDEN_FROM_REPRESENTATIVES
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.people import SpaceKind
from monespace_cli.vault.header import SlotSecret
from monespace_cli.vault.vault import Vault
from tests.vault.world import World, put

LEA = Identity("MARTIN", ("Léa",), date(2012, 3, 2), Sex.FEMALE)
HIDDEN = ("N", HIDDEN_FROM_REPRESENTATIVES)


def give_a_key(vault: Vault, world: World) -> None:
    (lea,) = vault.people.all()
    cost = Argon2Params(world.random(16), memory_kib=32, iterations=1, lanes=1)
    vault.key_slots.add(SlotSecret.of_passphrase("un secret de Léa", cost), person=lea.id)


def test_it_is_refused_and_nothing_is_left(vault: Vault) -> None:
    child = add_space(vault, LEA, SpaceKind.CHILD)
    with pytest.raises(NotAllowedError):
        put(vault, "texte", space=child, confidentiality=HIDDEN)
    assert vault.documents.of_space(child) == []


def test_it_is_taken_where_the_child_has_a_key(vault: Vault, world: World) -> None:
    child = add_space(vault, LEA, SpaceKind.CHILD)
    give_a_key(vault, world)
    put(vault, "texte", space=child, confidentiality=HIDDEN)
    assert len(vault.documents.of_space(child)) == 1


def test_it_is_taken_into_a_minor_s_own_vault(vault: Vault) -> None:
    put(vault, "texte", space=vault.space, confidentiality=HIDDEN)
    assert len(vault.documents.of_space(vault.space)) == 1


def test_neither_an_edit_nor_a_move_brings_it_there(vault: Vault) -> None:
    child = add_space(vault, LEA, SpaceKind.CHILD)
    put(vault, "texte", space=child)
    (plain,) = vault.documents.of_space(child)
    with pytest.raises(NotAllowedError):
        vault.documents.edit(plain, confidentiality=HIDDEN)
    assert vault.documents.of_space(child) == [plain]
    vault.documents.erase(plain)
    put(vault, "texte", space=vault.space, confidentiality=HIDDEN)
    own = vault.documents.of_space(vault.space)
    with pytest.raises(NotAllowedError):
        move_documents(vault, own, child)
    assert vault.documents.of_space(vault.space) == own
