"""`monespace key`: what opens the vault.

Whatever changes the keys asks for a passphrase or the recovery kit, though the vault be unlocked: who sits down at an unlocked machine
must not be able to let themselves in for good.
"""

from pathlib import Path
from typing import Annotated, Any

import typer

from monespace_cli.actions.unlocking import add_keyring_slot, remove_slot
from monespace_cli.commands.new_secrets import KIT_SIZE, hand_out_kit, kit_words_of, new_cost, new_passphrase
from monespace_cli.commands.options import KitPageOption, ParanoidOption, YesOption
from monespace_cli.commands.services import Services, services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.people import OWNER
from monespace_cli.vault.header import Slot, SlotKind, SlotSecret
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.key_slots import LabelledSlot

app = typer.Typer(no_args_is_help=True, add_completion=False)

KIND_LABELS = {SlotKind.PASSPHRASE: _("passphrase"), SlotKind.RECOVERY_KIT: _("recovery kit"), SlotKind.KEYRING: _("system keyring")}

SlotArgument = Annotated[str, typer.Argument(metavar="SLOT", help=_("The slot's id, the beginning of it, its label or its kind."))]
NewPassphraseOption = Annotated[
    int | None, typer.Option("--new-passphrase-fd", metavar="N", help=_("Read the new passphrase from this file descriptor."))
]


@app.callback()
def _group() -> None:
    pass


@app.command("list")
def list_slots(context: typer.Context) -> None:
    """List what opens the vault."""
    tools = services(context)
    with tools.open_vault() as vault:
        slots, own = vault.key_slots.all(), vault.slot.id
        names = {each.person: vault.people.name_of(each.person) for each in slots}
    if tools.output.is_json:
        for each in slots:
            tools.output.object({**_slot_json(each.slot, each.label), "person": names[each.person]})
        tools.output.object({"type": "summary", "slots": len(slots)})
        return
    tools.output.table(
        (_("Id"), _("Kind"), _("Label"), _("Made"), _("A guess costs"), _("Whose"), ""),
        (_row(each, own, names[each.person]) for each in slots),
    )


@app.command()
def add(
    context: typer.Context,
    kind: Annotated[SlotKind, typer.Argument(metavar="KIND", help=_("passphrase, recovery-kit or keyring."))],
    label: Annotated[str, typer.Option(help=_("What you call it; kept encrypted."))] = "",
    paranoid: ParanoidOption = False,
    new_passphrase_fd: NewPassphraseOption = None,
    recovery_kit_pdf: KitPageOption = None,
    person: Annotated[str, typer.Option("--person", metavar="NAME", help=_("Whose it is, where it is not yours: see `space show`."))] = "",
) -> None:
    """Add a way into the vault: another passphrase, a recovery kit of 12 words, or the keyring of this system.

    Your own all open the same vault, with the same rights. With --person it is somebody else's: a parent's, a helper's, a child's own. They
    see and do what they may by who they are to a space. This is a rule that monespace keeps, not a lock: all slots open the same key.
    """
    tools = services(context)
    secret = None
    with tools.open_vault_with_secret() as vault:
        whose = vault.people.find(person).id if person else OWNER
        if kind is SlotKind.KEYRING:
            if whose != OWNER:
                raise UsageError(_("the keyring of this system is yours"), hint=_("give others a passphrase or a recovery kit"))
            slot = add_keyring_slot(vault, label, tools.random)
        else:
            secret = _new_secret(tools, kind, paranoid, new_passphrase_fd, recovery_kit_pdf)
            slot = vault.key_slots.add(secret, label, person=whose)
    _tell(tools, "key-added", slot, secret, _("Added the {kind} {id}").format(kind=KIND_LABELS[kind], id=slot.id))


@app.command()
def change(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[SLOT]", help=_("Which one: its id, label or kind; without it, the one you open with."))
    ] = "",
    paranoid: ParanoidOption = False,
    new_passphrase_fd: NewPassphraseOption = None,
    recovery_kit_pdf: KitPageOption = None,
) -> None:
    """Replace a passphrase by another one, or a recovery kit by a new one. The old one opens this vault no more.

    Whoever knew the old one and has an older copy of the vault still opens that copy, and with the key in it this vault too:
    `monespace key rotate` ends that.
    """
    tools = services(context)
    with tools.open_vault_with_secret() as vault:
        slot = vault.key_slots.find(name) if name else vault.slot
        if slot.kind is SlotKind.KEYRING:
            raise UsageError(_("nobody needs to choose what a keyring keeps"), hint=_("remove the slot and add it again for a new secret"))
        secret = _new_secret(tools, slot.kind, paranoid, new_passphrase_fd, recovery_kit_pdf)
        slot = vault.key_slots.change(slot, secret)
    _tell(tools, "key-changed", slot, secret, _("Changed the {kind} {id}").format(kind=KIND_LABELS[slot.kind], id=slot.id))


@app.command()
def remove(context: typer.Context, name: SlotArgument, yes: YesOption = False) -> None:
    """Take a way into the vault away. One that a person knows or holds must be left.

    Whoever had it and an older copy of the vault still opens that copy, and with the key in it this vault too:
    `monespace key rotate` ends that.
    """
    tools = services(context)
    with tools.open_vault_with_secret() as vault:
        slot = vault.key_slots.find(name)
        question = _("Remove the {kind} {id}?").format(kind=KIND_LABELS[slot.kind], id=slot.id)
        tools.terminal.require_yes(question, yes=yes)
        remove_slot(vault, slot)
    if tools.output.is_json:
        tools.output.object({**_slot_json(slot), "type": "key-removed"})
    tools.output.say(_("Removed the {kind} {id}").format(kind=KIND_LABELS[slot.kind], id=slot.id))


@app.command()
def test(context: typer.Context) -> None:
    """Try a passphrase or a recovery kit: say which slot it opens, and change nothing. Do this now and then, before you need it."""
    tools = services(context)
    slot = tools.unlock_with_secret(read_header(tools.settings.vault)).slot
    if tools.output.is_json:
        tools.output.object({**_slot_json(slot), "type": "key-works"})
    tools.output.say(_("It works: this is the {kind} {id}").format(kind=KIND_LABELS[slot.kind], id=slot.id))


@app.command()
def rotate(
    context: typer.Context,
    drop: Annotated[
        list[str], typer.Option("--drop", metavar="SLOT", help=_("Leave this slot behind: its id, label or kind; repeat it for several."))
    ] = [],  # noqa: B006 - Typer copies it
    new_kit: Annotated[bool, typer.Option("--new-kit", help=_("Make a new recovery kit, too."))] = False,
    recovery_kit_pdf: KitPageOption = None,
) -> None:
    """Renew the key of the vault: whoever held the old one reads nothing that comes after.

    The secrets of the other slots are asked for; a slot whose secret is not at hand is left behind with --drop. The database is written new
    beside the old one, so there must be space for it twice. Interrupted at any point, the vault opens, and the next command finishes the
    work or undoes it.
    """
    from monespace_cli.commands.rotating import renew

    tools = services(context)
    renewed, entropy = renew(tools, drop, new_kit=new_kit or recovery_kit_pdf is not None, page=recovery_kit_pdf)
    slots = renewed.header.slots
    if tools.output.is_json:
        words = kit_words_of(entropy) if entropy else None
        tools.output.object({"type": "keys-rotated", "slots": [_slot_json(slot) for slot in slots], "recovery_kit": words})
    names = ", ".join(f"{KIND_LABELS[slot.kind]} {slot.id}" for slot in slots)
    tools.output.say(_("Renewed the key. These open the vault: {slots}").format(slots=names))
    tools.output.say(_("Backups and other copies from before still open with the old key, and so do the originals in them."))
    tools.output.say(_("Your decryption keys are new: hand your card out again (`monespace card export`)."))


def _new_secret(tools: Services, kind: SlotKind, paranoid: bool, descriptor: int | None, page: Path | None) -> SlotSecret:
    if kind is SlotKind.PASSPHRASE:
        return SlotSecret.of_passphrase(new_passphrase(tools, descriptor), new_cost(tools, paranoid))
    entropy = tools.random(KIT_SIZE)
    hand_out_kit(tools, entropy, page)
    return SlotSecret.of_kit(entropy)


def _tell(tools: Services, event: str, slot: Slot, secret: SlotSecret | None, text: str) -> None:
    if tools.output.is_json:
        words = kit_words_of(secret.random) if secret and secret.kind is SlotKind.RECOVERY_KIT else None
        tools.output.object({**_slot_json(slot), "type": event, "recovery_kit": words})
    tools.output.say(text)


def _slot_json(slot: Slot, label: str = "") -> dict[str, Any]:
    return {"type": "slot", "id": slot.id, "kind": str(slot.kind), "label": label, "created": slot.created, "kdf": slot.kdf()["name"]}


def _row(each: LabelledSlot, own: str, whose: str) -> tuple[str, ...]:
    slot = each.slot
    cost = _("{size} MiB").format(size=slot.argon2.memory_kib >> 10) if slot.argon2 else ""
    return (slot.id, KIND_LABELS[slot.kind], each.label, slot.created[:10], cost, whose, _("opened with it now") if slot.id == own else "")
