import pytest

from monespace_cli.errors import MonespaceError
from monespace_cli.record.card import RecipientType
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World


def test_a_vault_has_keys_of_its_own_from_the_beginning(vault: Vault, world: World) -> None:
    keys = vault.keys.decryption_keys()
    assert [(key.type, len(key.seed), key.created_at) for key in keys] == [(kind, 32, NOW) for kind in RecipientType]
    assert len({vault.keys.signing_seed, *(key.seed for key in keys)}) == 3
    with world.open() as again:
        assert (again.keys.signing_seed, again.keys.decryption_keys()) == (vault.keys.signing_seed, keys)


def test_the_signing_key_is_made_once(vault: Vault) -> None:
    before = vault.keys.signing_seed
    with pytest.raises(MonespaceError), vault.database.transaction():
        vault.keys.generate()
    assert vault.keys.signing_seed == before
