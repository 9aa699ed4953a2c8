"""The vault as a whole: made, opened with a secret, and its parts (docs/formats/vault-v1.md)."""

import contextlib
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Self

from monespace_cli.errors import BusyError, IntegrityError, NotAllowedError, NotWritableError, WrongPassphraseError
from monespace_cli.files import FolderHold, writing
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, Random
from monespace_cli.record.journal import Event, JournalHead
from monespace_cli.vault.blobs import Blobs
from monespace_cli.vault.connection import Database, open_database
from monespace_cli.vault.documents import Documents, Filter
from monespace_cli.vault.header import DATABASE_LABEL, JOURNAL_HEAD_LABEL, SEALED_LABEL, Header
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.in_use import HOLDER, SpaceInUse
from monespace_cli.vault.journal import Journal
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.migrations import migrate
from monespace_cli.vault.search import SearchResult, search
from monespace_cli.vault.sight import Sight
from monespace_cli.vault.unlock import Unlocked, unlock

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from monespace_cli.record.identity import Owner
    from monespace_cli.record.rights import Act
    from monespace_cli.vault.access import Access
    from monespace_cli.vault.backups import KnownBackups
    from monespace_cli.vault.contacts import Contacts
    from monespace_cli.vault.exchanges import Exchanges
    from monespace_cli.vault.handing import Handing
    from monespace_cli.vault.inbox import Inbox
    from monespace_cli.vault.key_slots import KeySlots
    from monespace_cli.vault.keys import Keys
    from monespace_cli.vault.measures import Measures
    from monespace_cli.vault.outbox import Outbox
    from monespace_cli.vault.patients import Patients
    from monespace_cli.vault.people import People
    from monespace_cli.vault.practitioners import Practitioners
    from monespace_cli.vault.profile import Profile
    from monespace_cli.vault.quarantine import Quarantine
    from monespace_cli.vault.remotes import Remotes
    from monespace_cli.vault.rotation import KeptSlot
    from monespace_cli.vault.runs import Runs
    from monespace_cli.vault.sealed import Sealed
    from monespace_cli.vault.shares import StandingShares
    from monespace_cli.vault.spaces import Spaces


class Vault:
    """An open vault. Get one from :func:`open_vault`; close it, or use it in a `with` statement."""

    def __init__(self, layout: Layout, unlocked: Unlocked, database: Database, hold: FolderHold, clock: Clock, random: Random) -> None:
        """Join the parts of a vault whose keys are known."""
        self.layout = layout
        self.slot = unlocked.slot
        self.database = database
        self._unlocked = unlocked
        self._hold = hold
        self.last_seen: JournalHead | None = None
        """The end of its journal as this machine last saw it; None where it never did."""
        self.before_close: Callable[[], None] | None = None
        """What is done last, while the database is still open."""
        self.blobs = Blobs(layout, database, random)
        self.journal = Journal(database, clock, HOLDER)
        self.space_in_use = SpaceInUse()
        self.sight = Sight(database, lambda: self.access, self.space_in_use, clock)
        self.documents = Documents(database, self.blobs, self.journal, self.sight, clock, random)
        self._clock = clock
        self._random = random

    @property
    def header(self) -> Header:
        """The header, as it was read or last written."""
        return self.key_slots.header

    # What a search does not need is loaded when it is asked for.

    @cached_property
    def key_slots(self) -> "KeySlots":
        """What opens it."""
        from monespace_cli.vault.key_slots import KeySlots

        return KeySlots(self.layout, self._unlocked, self.database, self.journal, self._clock, self._random)

    @cached_property
    def spaces(self) -> "Spaces":
        """Whose health spaces it holds."""
        from monespace_cli.vault.spaces import Spaces

        return Spaces(self.database, self._clock)

    @cached_property
    def people(self) -> "People":
        """Who represents or helps whom, and who holds a key."""
        from monespace_cli.vault.people import People

        return People(self.database, self.spaces, self.journal, self._clock, self._random)

    @cached_property
    def keys(self) -> "Keys":
        """Its own keys for exchanging."""
        from monespace_cli.vault.keys import Keys

        return Keys(self.database, self._clock, self._random)

    @cached_property
    def quarantine(self) -> "Quarantine":
        """What could not be taken in."""
        from monespace_cli.vault.quarantine import Quarantine

        return Quarantine(self.database, self.blobs, self.journal, self.sight, self._clock, self._random)

    @cached_property
    def runs(self) -> "Runs":
        """The runs of the import, and what remains of them to be done."""
        from monespace_cli.vault.runs import Runs

        return Runs(self.database, self.layout, self._clock)

    @cached_property
    def contacts(self) -> "Contacts":
        """The cards of other people."""
        from monespace_cli.vault.contacts import Contacts

        return Contacts(self.database, self.journal, self._clock)

    @cached_property
    def exchanges(self) -> "Exchanges":
        """The bundles made and taken in."""
        from monespace_cli.vault.exchanges import Exchanges

        return Exchanges(self.database, self.journal, self._clock)

    @cached_property
    def remotes(self) -> "Remotes":
        """The stores that bundles travel through."""
        from monespace_cli.vault.remotes import Remotes

        return Remotes(self.database, self.journal, self._clock)

    @cached_property
    def outbox(self) -> "Outbox":
        """The bundles made here, and what became of them."""
        from monespace_cli.vault.outbox import Outbox

        self._require_owner()
        return Outbox(self.database, self.blobs, self.journal, self._clock)

    @cached_property
    def inbox(self) -> "Inbox":
        """The bundles that came, and what became of them."""
        from monespace_cli.vault.inbox import Inbox

        self._require_owner()
        return Inbox(self.database, self.blobs, self.journal, self._clock)

    @cached_property
    def standing_shares(self) -> "StandingShares":
        """The shares that are repeated for what is new."""
        from monespace_cli.vault.shares import StandingShares

        return StandingShares(self.database, self.journal, self._clock, self._random)

    @cached_property
    def patients_known(self) -> "Patients":
        """Which persons contacts are, by their identity traits."""
        from monespace_cli.vault.patients import Patients

        return Patients(self.database, self.journal, self._clock)

    @cached_property
    def practitioners(self) -> "Practitioners":
        """The directory of practitioners."""
        from monespace_cli.vault.practitioners import Practitioners

        return Practitioners(self.database, self.journal, self.space_in_use, self._clock, self._random)

    @cached_property
    def access(self) -> "Access":
        """Who may see what."""
        from monespace_cli.vault.access import Access

        return Access(self.database, self.journal, self.space_in_use, self._clock)

    @cached_property
    def profile(self) -> "Profile":
        """The medical profiles."""
        from monespace_cli.vault.profile import Profile

        return Profile(self.database, self.journal, self.sight, self.space_in_use, self._clock, self._random)

    @cached_property
    def measures(self) -> "Measures":
        """The measurements."""
        from monespace_cli.vault.measures import Measures

        return Measures(self.database, self.journal, self.sight, self.space_in_use, self._clock, self._random)

    @cached_property
    def handing(self) -> "Handing":
        """What is handed over with a whole space."""
        from monespace_cli.vault.handing import Handing

        return Handing(self.database, self.journal, self.practitioners, self.access)

    @cached_property
    def backups(self) -> "KnownBackups":
        """The backups that were made of it."""
        from monespace_cli.vault.backups import KnownBackups

        return KnownBackups(self.database, self.journal, self._clock)

    @cached_property
    def sealed(self) -> "Sealed":
        """What was put in while the vault was locked."""
        from monespace_cli.vault.sealed import Sealed

        return Sealed(self.layout.root, [self._unlocked.derive(SEALED_LABEL), *self.keys.retired(SEALED_LABEL)])

    @property
    def journal_head_key(self) -> bytes:
        """The key under which the end of the journal is kept outside of the vault."""
        return self._unlocked.derive(JOURNAL_HEAD_LABEL)

    @property
    def retired_journal_head_keys(self) -> list[bytes]:
        """The same of earlier master keys, newest first."""
        return self.keys.retired(JOURNAL_HEAD_LABEL)

    @property
    def is_owner(self) -> bool:
        """Whether the vault belongs to whoever opened it."""
        return self.journal.actor == HOLDER

    @property
    def is_helper(self) -> bool:
        """Whether whoever opened it helps the person of the space in use."""
        from monespace_cli.record.actor import Relation

        return self.is_entered and self.people.relation(self.journal.actor, self.space) is Relation.HELPER

    @property
    def now(self) -> "datetime":
        """The moment by the vault's clock."""
        return self._clock()

    @property
    def is_entered(self) -> bool:
        """Whether several people or spaces are to be told apart here."""
        return self.journal.guard is not None

    @property
    def space(self) -> int:
        """The number of the space in use."""
        return self.space_in_use.number

    @property
    def subject(self) -> "Owner":
        """Whom the space in use is about."""
        return self.spaces.owner(self.space)

    @property
    def owner(self) -> "Owner":
        """Whom the vault belongs to."""
        return self.spaces.owner()

    @property
    def patients(self) -> dict[int, str]:
        """The name of whom each space is about where there are several, nothing where there is only the owner's."""
        row = self.database.one("SELECT count(*) FROM space")
        if not row or row[0] < 2:
            return {}
        names = {number: owner.display_name for number, owner in self.spaces.all().items()}
        return {number: name for number, name in names.items() if not self.is_entered or self.concerns(number)}

    def _require_owner(self) -> None:
        """See that the post of the vault's owner is read by nobody else.

        Raises:
            NotAllowedError: somebody else opened the vault.
        """
        if not self.is_owner:
            raise NotAllowedError(_("the bundles that came and went are the vault owner's alone"))

    def concerns(self, space: int) -> bool:
        """Tell whether whoever opened the vault has anything to do with the person of a space."""
        from monespace_cli.record.actor import Relation

        return self.people.relation(self.journal.actor, space) is not Relation.NONE

    def allows(self, act: "Act", space: int) -> bool:
        """Tell whether whoever opened the vault may do something in a space, which need not be the one in use."""
        from monespace_cli.record.rights import may

        relation = self.people.relation(self.journal.actor, space)
        return may(relation, act, self.spaces.state(space), owns_vault=self.is_owner).allowed

    def search(self, text: str, wanted: Filter, limit: int) -> SearchResult:
        """Find documents by their words, best first; the journal notes that somebody searched, not for what.

        Raises:
            UsageError: `text` is not a search.
        """
        found = search(self.database, text, self.documents.narrowed(wanted), limit)
        self.journal.write(Event.SEARCHED, hits=str(found.total))
        return found

    def rotate(self, slots: "Sequence[KeptSlot]") -> Unlocked:
        """Renew the master key, and close the vault; only `slots` open it then. Return it as unlocked with the same slot as before.

        Raises:
            BusyError, NotWritableError, IntegrityError: see `vault.rotation`; nothing was changed.
        """
        from monespace_cli.vault.rotation import Rotation

        unlocked = self._unlocked.under(self.header)
        renewed = Rotation(self.layout, unlocked, self._hold, self._clock, self._random, HOLDER).run(self.database, slots)
        self.before_close = None
        self.close()
        return renewed

    def close(self) -> None:
        """Close the database."""
        last, self.before_close = self.before_close, None
        try:
            if last is not None:
                last()
        finally:
            if "runs" in self.__dict__:
                self.runs.close()
            self.database.close()
            self._hold.release()

    def __enter__(self) -> Self:
        """Return the vault itself."""
        return self

    def __exit__(self, *_error: object) -> None:
        """Close the vault."""
        self.close()


def open_vault(root: Path, header: Header, secret: str, clock: Clock, random: Random) -> Vault:
    """Open the vault whose header was read, with a passphrase or the twelve words of a recovery kit.

    Raises:
        WrongPassphraseError: the secret opens no slot.
        IntegrityError, NewerFormatError: see :func:`open_unlocked`.
    """
    return open_unlocked(root, unlock_noted(root, header, secret, clock, random), clock, random)


def unlock_noted(root: Path, header: Header, secret: str, clock: Clock, random: Random) -> Unlocked:
    """Unlock with a passphrase or a recovery kit; keep note of a wrong one for the journal.

    Raises:
        WrongPassphraseError, IntegrityError: see :func:`unlock`.
    """
    try:
        return unlock(header, secret)
    except WrongPassphraseError:
        _keep_note_of_failure(root, header, clock, random)
        raise


def open_unlocked(root: Path, unlocked: Unlocked, clock: Clock, random: Random) -> Vault:
    """Open the vault whose master key is known.

    Raises:
        IntegrityError: the header or the database is not what monespace wrote, or an older header was put back.
        NewerFormatError: a newer monespace wrote it.
    """
    layout = Layout(root)
    with contextlib.ExitStack() as opened:
        with writing(root):
            hold = FolderHold(root)
        opened.callback(hold.release)
        database = _open_record(layout, unlocked, hold)
        opened.callback(database.close)
        migrate(database)
        unlocked = _with_generation(database, root, unlocked, clock)
        opened.pop_all()
    vault = Vault(layout, unlocked, database, hold, clock, random)
    _take_events(vault)
    return vault


def _open_record(layout: Layout, unlocked: Unlocked, hold: FolderHold) -> Database:
    if layout.renewed.exists():
        from monespace_cli.vault.rotation import settle

        settle(layout, unlocked, hold)
    try:
        return open_database(layout.database, unlocked.derive(DATABASE_LABEL))
    except IntegrityError:
        from monespace_cli.vault.rotation import refuse_changed

        refuse_changed(layout, unlocked)
        raise


def _keep_note_of_failure(root: Path, header: Header, clock: Clock, random: Random) -> None:
    """Keep note of a wrong secret for the journal, which nobody can write to now. What was typed is not noted."""
    from monespace_cli.vault.sealed import Sealer

    with contextlib.suppress(NotWritableError, IntegrityError):  # that the secret is wrong is what has to be said
        Sealer(root, header, clock, random).add_failed_unlock()


def _take_events(vault: Vault) -> None:
    """Bring into the journal what was noted while the vault was locked, where there is something."""
    if not any(vault.layout.sealed.glob("*.event")):  # as nearly always: nothing more is loaded for it
        return
    with contextlib.suppress(BusyError, NotWritableError):  # it waits for the next time
        vault.sealed.take_events(vault.database, vault.journal)


def _with_generation(database: Database, root: Path, unlocked: Unlocked, clock: Clock) -> Unlocked:
    """Return what was unlocked, with the header that belongs to the database."""
    meta: dict[str, str] = dict(database.all("SELECT key, value FROM meta"))
    if meta.get("vault") != unlocked.header.vault:
        raise IntegrityError(_("the database is not that of this vault's header"), hint=_("restore the whole vault from one backup"))
    generation = int(meta["generation"])
    if generation > unlocked.header.generation:  # somebody may have changed the slots since the header was read
        unlocked = unlocked.under(read_header(root))
    if generation > unlocked.header.generation:
        raise IntegrityError(
            _("an older header was put back: keys that were removed could open the vault again"),
            hint=_("restore the vault.json that belongs to this database"),
        )
    if generation < unlocked.header.generation:
        # The header is written first: whoever wrote it was interrupted before the commit, journal line included.
        with database.transaction():
            database.execute("UPDATE meta SET value = ? WHERE key = 'generation'", (str(unlocked.header.generation),))
            Journal(database, clock, HOLDER).write(Event.KEY_CHANGE_FOUND, slots=str(len(unlocked.header.slots)))
    return unlocked
