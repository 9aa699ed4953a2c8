"""Renewing the master key, so that whoever held the old one reads nothing that comes later (docs/formats/vault-v1.md §3.3).

The whole database is written anew beside the old one, under the new key. Replacing vault.json is the one step that decides: a process that
was interrupted before it leaves a vault under the old key and a file to remove, one that was interrupted after it leaves a vault under the
new key whose database has yet to be moved to its place. The next who opens the vault does the one or the other.

Nobody else may have the vault open meanwhile: a writer would go on in a file that no longer has a name.
"""

import contextlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from monespace_cli.crypto.age import HybridIdentity
from monespace_cli.crypto.keys import KEY_SIZE, hkdf
from monespace_cli.errors import BusyError, IntegrityError
from monespace_cli.files import FolderHold, sync_file, sync_folder, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.journal import Event
from monespace_cli.record.people import OWNER
from monespace_cli.vault.connection import Database, open_database
from monespace_cli.vault.header import (
    DATABASE_LABEL,
    RETIRED_LABELS,
    SEALED_LABEL,
    Header,
    SlotSecret,
    header_bytes,
    new_slot,
    parse_header,
)
from monespace_cli.vault.header_file import read_header, write_header
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.keys import Keys
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.unlock import Unlocked


@dataclass(frozen=True, slots=True)
class KeptSlot:
    """A slot of the renewed vault: its id, what shall open it, and its label."""

    id: str
    secret: SlotSecret
    label: str = ""
    person: str = OWNER
    """Whose it is."""


class Rotation:
    """Renews the master key of an open vault, whose database it closes."""

    def __init__(self, layout: Layout, unlocked: Unlocked, hold: FolderHold, clock: Clock, random: Random, actor: str) -> None:
        """Work on a vault that this process holds open."""
        self._layout = layout
        self._unlocked = unlocked
        self._hold = hold
        self._clock = clock
        self._random = random
        self._actor = actor

    def run(self, database: Database, slots: Sequence[KeptSlot]) -> Unlocked:
        """Renew the key; only `slots` open the vault then. Return it as unlocked with the slot it was opened with, which is one of them.

        Raises:
            BusyError: another process has the vault open.
            NotWritableError: there is no space for another copy of the database; nothing was changed.
            IntegrityError: the new database is not what was written; nothing was changed.
        """
        self._hold.alone()
        if read_header(self._layout.root) != self._unlocked.header:
            raise _changed_meanwhile()
        renewed = self._renewed(slots)
        try:
            database.export_to(self._layout.renewed, renewed.derive(DATABASE_LABEL))
            self._prepare(renewed, slots)
        except BaseException:
            remove_renewed(self._layout)
            self._hold.together()
            raise
        database.close()
        write_header(self._layout, renewed.header, renewed.master)
        move_renewed(self._layout)
        return renewed

    def _renewed(self, slots: Sequence[KeptSlot]) -> Unlocked:
        old, master, now = self._unlocked.header, self._random(KEY_SIZE), self._clock().isoformat()
        made = tuple(new_slot(old.vault, master, slot.secret, now, self._random, slot.id) for slot in slots)
        recipient = HybridIdentity(hkdf(master, SEALED_LABEL)).recipient.text
        header = Header(old.vault, old.generation + 1, made, recipient)
        own = next(slot for slot in made if slot.id == self._unlocked.slot.id)
        return Unlocked(parse_header(header_bytes(header, master)), own, master)

    def _prepare(self, renewed: Unlocked, slots: Sequence[KeptSlot]) -> None:
        """Bring the new database up to the new header, and see that every page of it can be read."""
        key = renewed.derive(DATABASE_LABEL)
        with contextlib.closing(open_database(self._layout.renewed, key)) as database, database.transaction():
            keys = Keys(database, self._clock, self._random)
            keys.renew()
            keys.retire({label: self._unlocked.derive(label) for label in RETIRED_LABELS})
            database.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(renewed.header.generation),))
            database.execute("DELETE FROM key_slot")
            database.insert_many(
                "INSERT INTO key_slot (id, label, person) VALUES (?, ?, ?)", [(slot.id, slot.label, slot.person) for slot in slots]
            )
            Journal(database, self._clock, self._actor).write(Event.KEYS_ROTATED, slots=str(len(slots)))
        with contextlib.closing(open_database(self._layout.renewed, key)) as database:
            if not database.is_sound():
                raise IntegrityError(_("the new database is not what was written"), hint=_("is the disk in order? nothing was changed"))
        sync_file(self._layout.renewed)
        sync_folder(self._layout.root)


def settle(layout: Layout, unlocked: Unlocked, hold: FolderHold) -> None:
    """Finish or undo a rotation that was interrupted, before the database is opened.

    Raises:
        BusyError: another process has the vault open.
    """
    hold.alone()
    try:
        refuse_changed(layout, unlocked)  # with an older header, the new database would seem to be of no use
        key = unlocked.derive(DATABASE_LABEL)
        if _opens(layout.database, key):
            remove_renewed(layout)
        elif _opens(layout.renewed, key):
            move_renewed(layout)
    finally:
        hold.together()


def move_renewed(layout: Layout) -> None:
    """Let the new database take the place of the old one. A log of the old one beside it would be read into it, and goes first."""
    with writing(layout.root):
        for log in _logs(layout.database):
            log.unlink(missing_ok=True)
        sync_folder(layout.root)
        layout.renewed.rename(layout.database)
        sync_folder(layout.root)


def remove_renewed(layout: Layout) -> None:
    """Remove a new database that never became valid."""
    with writing(layout.root):
        for path in (*_logs(layout.renewed), layout.renewed):
            path.unlink(missing_ok=True)


def refuse_changed(layout: Layout, unlocked: Unlocked) -> None:
    """Tell a database that does not open because its key was renewed since the header was read.

    Raises:
        BusyError: it was.
    """
    if read_header(layout.root) != unlocked.header:
        raise _changed_meanwhile()


def _changed_meanwhile() -> BusyError:
    return BusyError(_("the keys of the vault were changed meanwhile"), hint=_("try again"))


def _opens(path: Path, key: bytes) -> bool:
    try:
        open_database(path, key).close()
    except IntegrityError:
        return False
    return True


def _logs(database: Path) -> list[Path]:
    return [database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")]
