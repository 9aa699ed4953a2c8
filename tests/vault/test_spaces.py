from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.identity import Identity, Owner, PractitionerIdentity, Profession, Sex
from monespace_cli.vault.spaces import owner_text, parse_owner
from monespace_cli.vault.vault import Vault
from tests.vault.world import ZOE

NAMES = st.text(st.characters(codec="utf-8"), min_size=1)
HOLDERS = st.builds(Identity, NAMES, st.lists(NAMES, min_size=1).map(tuple), st.dates(), st.sampled_from(Sex), st.none() | NAMES)
PRACTITIONERS = st.builds(
    PractitionerIdentity, NAMES, st.lists(NAMES, min_size=1).map(tuple), st.sampled_from(Profession), st.none() | NAMES
)


@given(HOLDERS | PRACTITIONERS)
def test_an_identity_is_read_as_written(owner: Owner) -> None:
    assert parse_owner(owner_text(owner)) == owner


def test_the_first_space_is_the_owners(vault: Vault) -> None:
    assert vault.owner == vault.spaces.owner() == ZOE
    assert vault.spaces.all() == {1: ZOE}


@pytest.mark.parametrize(
    "other", [Identity("MARTIN", ("Tom",), date(2018, 2, 3), Sex.MALE), PractitionerIdentity("DURAND", ("Luc",), Profession.NURSE)]
)
def test_a_space_is_found_by_every_trait(vault: Vault, other: Owner) -> None:
    assert vault.spaces.number_of(other) is None
    number = vault.spaces.add(other)
    assert (vault.spaces.number_of(other), vault.spaces.owner(number)) == (number, other)
    assert vault.spaces.number_of(ZOE) == 1
