"""What opens a vault, and changing it (docs/formats/vault-v1.md §3.2).

The header is written first, then the database is brought to its generation, in one transaction that other writers wait for: a header that
is older than the database was put back by somebody. Labels are in the database: vault.json can be read by anybody.
"""

from collections.abc import Callable
from dataclasses import dataclass

from monespace_cli.errors import NotFoundError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.journal import Event
from monespace_cli.record.people import OWNER
from monespace_cli.vault.connection import Database
from monespace_cli.vault.header import MAX_SLOTS, Header, Slot, SlotKind, SlotSecret, new_slot
from monespace_cli.vault.header_file import read_header, write_header
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.unlock import Unlocked

Slots = tuple[Slot, ...]

MAX_LABEL = 64
"""Characters of a label."""


@dataclass(frozen=True, slots=True)
class LabelledSlot:
    """A slot and what its owner calls it."""

    slot: Slot
    label: str
    person: str = OWNER
    """Whose it is, by their id."""


class KeySlots:
    """The key slots of one open vault."""

    def __init__(self, layout: Layout, unlocked: Unlocked, database: Database, journal: Journal, clock: Clock, random: Random) -> None:
        """Work on the header of a vault whose master key is known."""
        self._layout = layout
        self._unlocked = unlocked
        self._database = database
        self._journal = journal
        self._clock = clock
        self._random = random

    @property
    def header(self) -> Header:
        """The header, as it was read or last written."""
        return self._unlocked.header

    def all(self) -> list[LabelledSlot]:
        """Return every slot in order of creation."""
        known = {slot: (label, person) for slot, label, person in self._database.all("SELECT id, label, person FROM key_slot")}
        return [LabelledSlot(slot, *known.get(slot.id, ("", OWNER))) for slot in self.header.slots]

    def find(self, name: str) -> Slot:
        """Return the slot that an id, the beginning of one, a label or a kind means.

        Raises:
            NotFoundError: none, or more than one.
        """
        found = [each.slot for each in self.all() if each.slot.id.startswith(name.lower()) or name in (each.label, str(each.slot.kind))]
        if not name or not found:
            raise NotFoundError(_("there is no such key slot"), hint=_("`monespace key list` shows them"))
        if len(found) > 1:
            raise NotFoundError(_("more than one key slot is called this"), hint=_("give its id: `monespace key list` shows them"))
        return found[0]

    def add(self, secret: SlotSecret, label: str = "", slot_id: str = "", person: str = OWNER) -> Slot:
        """Add a slot for a secret and return it. Its id is made here, unless the caller needed it beforehand (8 hexadecimal digits).

        Raises:
            UsageError: there are as many as a header may hold, or the label is too long.
        """
        if len(label) > MAX_LABEL:
            raise UsageError(_("a label has at most {count} characters").format(count=MAX_LABEL))
        slot = self._made(secret, slot_id)

        def added(slots: Slots) -> Slots:
            if len(slots) >= MAX_SLOTS:
                raise UsageError(_("a vault has at most {count} key slots").format(count=MAX_SLOTS), hint=_("remove one first"))
            return (*slots, slot)

        with self._database.transaction():
            self._database.execute("INSERT INTO key_slot (id, label, person) VALUES (?, ?, ?)", (slot.id, label, person))
            self._write(added, Event.KEY_ADDED, slot)
        return slot

    def change(self, slot: Slot, secret: SlotSecret) -> Slot:
        """Let a new secret of the same kind open a slot, and the old one no more; return the slot as it is then."""
        changed = self._made(secret, slot.id)
        self._write(lambda slots: tuple(changed if each.id == slot.id else each for each in slots), Event.KEY_CHANGED, slot)
        return changed

    def remove(self, slot: Slot) -> None:
        """Take a slot away. Whoever has its secret and an older copy of the vault still opens that copy.

        Raises:
            UsageError: without it, nothing that a person knows or holds would open the vault.
        """

        def removed(slots: Slots) -> Slots:
            left = tuple(each for each in slots if each.id != slot.id)
            theirs = {each.slot.id for each in self.all() if each.person != OWNER}
            if all(each.kind is SlotKind.KEYRING or each.id in theirs for each in left):
                raise UsageError(
                    _("nothing else that you know or hold would open the vault"), hint=_("`monespace key add` another way in first")
                )
            return left

        with self._database.transaction():
            self._database.execute("DELETE FROM key_slot WHERE id = ?", (slot.id,))
            self._write(removed, Event.KEY_REMOVED, slot)

    def _made(self, secret: SlotSecret, slot_id: str = "") -> Slot:
        return new_slot(self.header.vault, self._unlocked.master, secret, self._clock().isoformat(), self._random, slot_id)

    def _write(self, change: Callable[[Slots], Slots], event: Event, slot: Slot) -> None:
        with self._database.transaction():
            current = self._unlocked.under(read_header(self._layout.root))  # another process may have been faster
            header = current.header.with_slots(change(current.header.slots))
            self._database.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(header.generation),))
            self._journal.write(event, slot.id, kind=str(slot.kind))
            write_header(self._layout, header, self._unlocked.master)
        self._unlocked = self._unlocked.under(read_header(self._layout.root))
