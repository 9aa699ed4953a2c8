from dataclasses import replace
from typing import Any

from monespace_cli.record.access import Grant
from monespace_cli.record.identity import Profession
from monespace_cli.record.practitioner import CareRole, Practitioner
from monespace_cli.vault.access import Basis
from monespace_cli.vault.person_names import index_name, people_named
from monespace_cli.vault.vault import Vault

CARD = "f00d" * 16


def put(vault: Vault, name: str = "DURAND", **fields: Any) -> Practitioner:
    practitioner = replace(Practitioner(vault.practitioners.new_id(), name, "Luc", Profession.PHYSICIAN, specialty="cardiologue"), **fields)
    vault.practitioners.put(practitioner)
    return practitioner


def test_a_practitioner_is_kept_as_they_were_said(vault: Vault) -> None:
    luc = put(vault, rpps="10000001916", phone="01 02", address="1 rue", finess="750712184", adeli="759300001")
    assert vault.practitioners.all() == [luc]
    assert vault.practitioners.of_actor(luc.id) == luc
    assert vault.practitioners.with_rpps("10000001916") == [luc]
    changed = replace(luc, phone="03")
    vault.practitioners.put(changed)
    assert vault.practitioners.all() == [changed]
    vault.practitioners.remove(changed)
    assert vault.practitioners.all() == []
    assert people_named(vault.database, "durand") == []


def test_names_are_found_by_their_whole_words_in_any_order(vault: Vault) -> None:
    luc, eva = put(vault, "DURAND PETIT"), put(vault, "Zoé-Blanc")
    assert people_named(vault.database, "petit LUC") == [luc.id]
    assert people_named(vault.database, "zoe-blanc") == [eva.id]
    assert people_named(vault.database, "luc") == sorted([luc.id, eva.id])
    for nothing in ("dur", "luc martin", "", " "):
        assert people_named(vault.database, nothing) == []


def test_the_beginning_of_an_id_names_somebody_if_it_is_long_enough(vault: Vault) -> None:
    index_name(vault.database, CARD, "Luc DURAND")
    assert people_named(vault.database, CARD[:8].upper()) == [CARD]
    assert people_named(vault.database, CARD[:7]) == []


def test_a_name_is_indexed_instead_of_the_former_one(vault: Vault) -> None:
    index_name(vault.database, "x", "Luc DURAND")
    index_name(vault.database, "x", "Luc PETIT")
    assert (people_named(vault.database, "durand"), people_named(vault.database, "petit")) == ([], ["x"])


def test_who_gets_a_card_takes_everything_along(vault: Vault) -> None:
    luc = put(vault)
    vault.access.grant(Basis.ALLOWED, Grant(luc.id))
    vault.practitioners.set_roles(luc.id, (CareRole.PHARMACIST,))
    joined = vault.practitioners.join(luc, CARD)
    assert vault.practitioners.of_actor(CARD) == joined == replace(luc, fingerprint=CARD)
    assert vault.practitioners.without_card() == []
    assert vault.practitioners.roles() == {CARD: (CareRole.PHARMACIST,)}
    assert vault.access.policy().grants == (Grant(CARD),)
    assert people_named(vault.database, "durand") == []


def test_roles_are_those_of_one_space(vault: Vault) -> None:
    other = vault.spaces.add(vault.owner)
    vault.practitioners.set_roles("a", (CareRole.MIDWIFE, CareRole.PHARMACIST))
    vault.practitioners.set_roles("a", (CareRole.MIDWIFE,), other)
    assert vault.practitioners.roles() == {"a": (CareRole.MIDWIFE, CareRole.PHARMACIST)}
    assert vault.practitioners.roles(other) == {"a": (CareRole.MIDWIFE,)}
    vault.practitioners.set_roles("a", ())
    assert vault.practitioners.roles() == {}


def test_a_card_of_an_earlier_release_waits_to_be_indexed(vault: Vault) -> None:
    vault.contacts.put(CARD, b"card")
    assert [contact.fingerprint for contact in vault.contacts.to_index()] == [CARD]
    vault.contacts.index(CARD, "Luc DURAND", "10000001916")
    assert vault.contacts.to_index() == []
    assert people_named(vault.database, "durand") == [CARD]
    assert [contact.fingerprint for contact in vault.contacts.with_rpps("10000001916")] == [CARD]
    vault.contacts.remove(CARD)
    assert people_named(vault.database, "durand") == []
