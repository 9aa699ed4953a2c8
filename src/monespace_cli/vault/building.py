"""Making a vault: its parts are built in a place beside, and move up together; without success nothing is left."""

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from monespace_cli.crypto.keys import Argon2Params, hkdf
from monespace_cli.errors import UsageError
from monespace_cli.files import locked, sync_folder, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.journal import Event
from monespace_cli.vault.connection import open_database
from monespace_cli.vault.header import DATABASE_LABEL, SEALED_LABEL, Header, SlotSecret, new_slot
from monespace_cli.vault.header_file import was_interrupted, write_header
from monespace_cli.vault.in_use import HOLDER
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.migrations import migrate

if TYPE_CHECKING:
    from monespace_cli.record.identity import Owner


@dataclass(frozen=True, slots=True)
class NewVault:
    """What a new vault is made of: whose it is, and the secrets that open it."""

    owner: "Owner"
    passphrase: str
    argon2: Argon2Params
    kit_entropy: bytes | None = None
    """16 random bytes, where the person wants a recovery kit."""


def create_vault(root: Path, new: NewVault, clock: Clock, random: Random) -> None:
    """Make a vault.

    Raises:
        UsageError, BusyError, NotWritableError: see :func:`building_site`.
    """
    with building_site(root) as building:
        _build(building, new, clock, random)


@contextmanager
def building_site(root: Path) -> Iterator[Layout]:
    """Give a place, not made yet, for the parts of a new vault: at the end they move up to `root`, and without success nothing is left.

    The header comes to its place last and makes the vault complete; the next attempt clears away what an interrupted one left.

    Raises:
        UsageError: there is something in that place already.
        BusyError: another process is making one there.
        NotWritableError: it cannot be made there.
    """
    layout = Layout(root)
    building = Layout(layout.unfinished)
    with writing(root):
        root.mkdir(mode=0o700, parents=True, exist_ok=True)
        with locked(root):
            require_free(root)
            _clear(layout)
            try:
                yield building
                root.chmod(0o700)
                sync_folder(root)
                for part in (building.sealed, building.blobs, building.database):
                    part.rename(root / part.name)
                sync_folder(root)  # so that a power cut cannot leave the header's name and not theirs
                building.header.rename(layout.header)
                sync_folder(root)  # nor the empty folder's end and not the header's new name
                building.root.rmdir()
            except BaseException:
                _clear(layout)
                raise
            sync_folder(root)
            sync_folder(root.parent)


def require_free(root: Path) -> None:
    """See that a vault can be made in a place, before anybody is asked for a passphrase.

    Raises:
        UsageError: there is something already.
        NotWritableError: nobody may look there.
    """
    layout = Layout(root)
    with writing(root):
        if layout.header.exists():
            raise UsageError(_("there is a vault here already: {path}").format(path=root), hint=_("choose another place with --vault"))
        if root.exists() and not _is_free(layout):
            raise UsageError(_("this place is taken: {path}").format(path=root), hint=_("choose another place with --vault"))


def _is_free(layout: Layout) -> bool:
    """Tell whether a directory holds nothing, or nothing but an attempt to make a vault that was interrupted."""
    if not layout.root.is_dir():
        return False
    others = {path.name for path in layout.root.iterdir()} - {layout.unfinished.name}
    return not others or (was_interrupted(layout) and others <= {layout.sealed.name, layout.blobs.name, layout.database.name})


def _clear(layout: Layout) -> None:
    """Remove what an attempt to make a vault left, unless it succeeded."""
    import shutil

    parts = (layout.sealed, layout.blobs, layout.database) if was_interrupted(layout) else ()
    for path in (*parts, layout.unfinished):
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def _build(layout: Layout, new: NewVault, clock: Clock, random: Random) -> None:
    from monespace_cli.crypto.age import HybridIdentity
    from monespace_cli.record.people import SpaceKind
    from monespace_cli.vault.keys import Keys
    from monespace_cli.vault.spaces import Spaces

    layout.create()
    vault, master, now = random(16).hex(), random(32), clock().isoformat()
    secrets = [SlotSecret.of_passphrase(new.passphrase, new.argon2)]
    if new.kit_entropy is not None:
        secrets.append(SlotSecret.of_kit(new.kit_entropy))
    slots = [new_slot(vault, master, secret, now, random) for secret in secrets]
    sealed = HybridIdentity(hkdf(master, SEALED_LABEL))
    header = Header(vault, 1, tuple(slots), sealed.recipient.text)
    with contextlib.closing(open_database(layout.database, hkdf(master, DATABASE_LABEL), create=True)) as database:
        migrate(database)
        with database.transaction():
            database.insert_many("INSERT INTO meta (key, value) VALUES (?, ?)", [("vault", vault), ("generation", "1")])
            Spaces(database, clock).add(new.owner, kind=SpaceKind.OWN)
            Keys(database, clock, random).generate()
            Journal(database, clock, HOLDER).write(Event.VAULT_CREATED, vault)
    write_header(layout, header, master)
