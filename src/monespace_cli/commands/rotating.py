"""Renewing a vault's key at the command line: the secrets of the slots that stay, a new recovery kit, and what depends on the old key."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from monespace_cli.actions.unlocking import forget_keyring_slots, keep_in_keyring
from monespace_cli.commands.new_secrets import KIT_SIZE, hand_out_kit
from monespace_cli.commands.services import Services
from monespace_cli.errors import LockedError, UsageError
from monespace_cli.i18n import _
from monespace_cli.vault.header import Slot, SlotKind, SlotSecret
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.key_slots import LabelledSlot
from monespace_cli.vault.rotation import KeptSlot
from monespace_cli.vault.unlock import Unlocked, require_opens
from monespace_cli.vault.vault import Vault


def renew(tools: Services, drop: Sequence[str], *, new_kit: bool, page: Path | None) -> tuple[Unlocked, bytes | None]:
    """Renew the master key; return the vault as unlocked with the new one, and the 16 bytes of a new recovery kit where one is wanted.

    Raises:
        UsageError: the slot that opens the vault now was to be left behind.
        LockedError: a slot's secret is needed and nobody can be asked.
        BusyError, NotWritableError: see `vault.rotation`; nothing was changed.
    """
    header = read_header(tools.settings.vault)
    secret = tools.secrets.passphrase(_("Passphrase or recovery kit"))
    entropy = tools.random(KIT_SIZE) if new_kit else None
    with tools.open_unlocked(tools.unlock_with(header, secret)) as vault:
        dropped = {vault.key_slots.find(name).id for name in drop}
        if vault.slot.id in dropped:
            raise UsageError(_("the vault is open with the slot that you leave behind"), hint=_("open it with another one"))
        kept = [_kept(tools, vault, each, secret) for each in vault.key_slots.all() if each.slot.id not in dropped]
        if entropy is not None:
            hand_out_kit(tools, entropy, page)
            kept.append(KeptSlot(tools.random(4).hex(), SlotSecret.of_kit(entropy)))
        before = vault.header
        renewed = vault.rotate(kept)
    tools.sessions(before.vault).end()
    forget_keyring_slots(before)
    tools.open_unlocked(renewed).close()  # that it opens is its last test; what this machine remembers of it is brought up to date
    return renewed, entropy


def _kept(tools: Services, vault: Vault, each: LabelledSlot, secret: str) -> KeptSlot:
    slot = each.slot
    if slot.kind is SlotKind.KEYRING:
        slot_id, kept = keep_in_keyring(vault.header.vault, tools.random)
        return KeptSlot(slot_id, kept, each.label, each.person)
    if slot.id != vault.slot.id:
        secret = _ask(tools, vault, each)
    return KeptSlot(slot.id, _same(tools, slot, secret), each.label, each.person)


def _ask(tools: Services, vault: Vault, each: LabelledSlot) -> str:
    slot = each.slot
    name = f"{slot.id} ({each.label})" if each.label else slot.id
    what = _("Words of the recovery kit {name}") if slot.kind is SlotKind.RECOVERY_KIT else _("Passphrase {name}")
    if not tools.terminal.is_present:
        raise LockedError(
            _("the secret of key slot {id} is needed, and there is no terminal to ask on").format(id=slot.id),
            hint=_("leave it behind with --drop {id}").format(id=slot.id),
        )
    secret = tools.terminal.passphrase(what.format(name=name))
    require_opens(vault.header, slot, secret)
    return secret


def _same(tools: Services, slot: Slot, secret: str) -> SlotSecret:
    """Return the secret that opens a slot already, for one that costs the same."""
    from monespace_cli.crypto.keys import SALT_SIZE
    from monespace_cli.crypto.words import kit_entropy

    if slot.argon2 is None:
        return SlotSecret.of_kit(kit_entropy(secret))
    return SlotSecret.of_passphrase(secret, replace(slot.argon2, salt=tools.random(SALT_SIZE)))
