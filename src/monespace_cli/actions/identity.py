"""The vault's own identity: what others compare of it, and the keys that they encrypt to."""

from monespace_cli.actions.people import own_keys
from monespace_cli.record.key_life import lives
from monespace_cli.record.own_identity import OwnIdentity
from monespace_cli.vault.vault import Vault


def own_identity(vault: Vault) -> OwnIdentity:
    """Return who this vault is to others."""
    keys = own_keys(vault)
    return OwnIdentity(vault.owner.display_name, keys.fingerprint, vault.keys.signing_since, lives(key.created for key in keys.decryption))
