"""Opening what somebody handed over: check it from end to end, look into it, write it out, or take it into the vault."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from monespace_cli.actions.imported import ImportedItem
from monespace_cli.actions.knowledge import Knowledge
from monespace_cli.actions.people import own_keys
from monespace_cli.actions.recognising import recognise
from monespace_cli.actions.registering import Register
from monespace_cli.actions.taking import Taking, outcome_of
from monespace_cli.errors import NotAllowedError, NotForYouError
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.ports import Clock, Progress
from monespace_cli.sync.files import reading
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import PASSPHRASE
from monespace_cli.sync.opening import OpenedBundle, Opener, Passphrase, Standing, open_bundle, peek
from monespace_cli.vault.exchanges import Stream
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Received:
    """A bundle that passed every check, and what this vault knows of it."""

    bundle: OpenedBundle
    standing: Standing
    was_imported: bool


@contextmanager
def received(vault: Vault, path: Path, ask_passphrase: Callable[[], str], *, accept_unverified: bool, now: datetime) -> Iterator[Received]:
    """Check a bundle file and hand it over for as long as the context lasts. Nothing is written.

    Raises:
        UnreadableInputError: there is no such file.
        NotForYouError: it was made here.
        BundleError, NewerFormatError, UnverifiedError, ExpiredError: see `sync.opening.open_bundle`.
    """
    own = made_here(vault, path)
    if own and own.peer != PASSPHRASE:
        raise NotForYouError(
            _("you made this bundle yourself: only its recipient opens it"), hint=_("`monespace bundle show` says what you put into it")
        )
    with reading(path) as source:
        opener = _opener(vault, source, ask_passphrase)
        knowledge = Knowledge(vault)
        policy = knowledge.policy(accepts_unverified=accept_unverified, again=True)
        bundle = open_bundle(source, opener=opener, policy=policy, now=now)
        yield Received(bundle, knowledge.standing(bundle.sender), vault.exchanges.was_imported(bundle.manifest.bundle))


def made_here(vault: Vault, path: Path) -> SentBundle | None:
    """Return the bundle of the vault's own outbox that a file is, or None: its sender cannot open it, but knows what is in it.

    Raises:
        UnreadableInputError, BundleError: it is no file, or no bundle.
    """
    with reading(path) as source:
        return vault.outbox.by_header(peek(source).header)


def record_opened(vault: Vault, found: Received) -> None:
    """Note that a bundle was opened without being taken in."""
    manifest = found.bundle.manifest
    place = Stream(manifest.stream.id, manifest.stream.counter)
    vault.exchanges.record_received(manifest.bundle, manifest.kind, manifest.sender, place, imported=False, manifest=manifest.digest)


def take_in(
    vault: Vault, found: Received, reader: Reader, options: IngestOptions, clock: Clock, progress: Progress
) -> Iterator[ImportedItem]:
    """Take the documents of a bundle into the space of the person they are about, and yield what became of each.

    Doing it again changes nothing: a document that is there already is a duplicate.
    """
    manifest = found.bundle.manifest
    if manifest.kind is not Kind.SHARE:
        raise NotAllowedError(_("a bundle of this kind goes to the inbox"), hint=_("`monespace inbox add` takes it in"))
    knowledge = Knowledge(vault)
    recognised = recognise(vault, manifest)
    space = recognised.space_in(vault, manifest)
    taking = Taking(vault, reader, options, clock)
    outcomes = []
    progress.start(len(found.bundle.documents))
    try:
        for read in taking.read(found.bundle):
            item = taking.keep(read, space)
            outcomes.append(outcome_of(item))
            yield item
            progress.advance()
    finally:
        progress.stop()
    register = Register(vault, knowledge, clock)
    with vault.database.transaction():
        register.taken(found.bundle, recognised, outcomes, space)
        register.seen(manifest)


def _opener(vault: Vault, source: BinaryIO, ask_passphrase: Callable[[], str]) -> Opener:
    needs_passphrase = peek(source).needs_passphrase
    source.seek(0)
    return Passphrase(ask_passphrase()) if needs_passphrase else own_keys(vault)
