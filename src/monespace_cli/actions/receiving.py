"""Opening what somebody handed over: check it from end to end, look into it, write it out, or take it into the vault."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import cache, partial
from pathlib import Path
from typing import BinaryIO

from monespace_cli.actions.importing import ImportedItem, Importer, ItemStatus, Stated
from monespace_cli.actions.people import all_contacts, is_same_practitioner, own_keys
from monespace_cli.bounds import limits
from monespace_cli.errors import BundleError, NotAllowedError
from monespace_cli.i18n import _
from monespace_cli.ingest.problems import Code
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.ports import Clock, Progress
from monespace_cli.record.card import Card
from monespace_cli.record.document import Author, ExtractedDocument, Page, Provenance, TextSource
from monespace_cli.record.identity import Identity
from monespace_cli.sync.files import reading
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.opening import OpenedBundle, OpenedDocument, Opener, Passphrase, Policy, Seen, Standing, open_bundle, peek
from monespace_cli.vault.exchanges import Stream
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
        BundleError, NewerFormatError, UnverifiedError, ExpiredError: see `sync.opening.open_bundle`.
    """
    with reading(path) as source:
        opener = _opener(vault, source, ask_passphrase)
        standing_of = cache(partial(standing, vault))  # asked while opening and once more for the answer; each look reads every card
        policy = Policy(
            standing_of, lambda _manifest: Seen.NEVER, lambda _card, _bundle: None, lambda _card, _receipt: False, accept_unverified
        )
        bundle = open_bundle(source, opener=opener, policy=policy, now=now)
        yield Received(bundle, standing_of(bundle.sender), vault.exchanges.was_imported(bundle.manifest.bundle))


def standing(vault: Vault, card: Card) -> Standing:
    """Return how far a sender's key is trusted here."""
    for contact in all_contacts(vault):
        if contact.card.fingerprint == card.fingerprint:
            return Standing.VERIFIED if contact.is_verified else Standing.UNVERIFIED
        if is_same_practitioner(contact.card, card):
            return Standing.CHANGED
    return Standing.UNKNOWN


def record_opened(vault: Vault, found: Received) -> None:
    """Note that a bundle was opened without being taken in."""
    _record(vault, found, imported=False)


def take_in(
    vault: Vault, found: Received, reader: Reader, options: IngestOptions, clock: Clock, progress: Progress
) -> Iterator[ImportedItem]:
    """Take the documents of a bundle into the space of the person they are about, and yield what became of each.

    Doing it again changes nothing: a document that is there already is a duplicate.
    """
    manifest = found.bundle.manifest
    if manifest.kind is not Kind.SHARE or manifest.subject is None:
        raise NotAllowedError(_("a bundle of this kind goes to the inbox"))
    importer = Importer(vault, reader, options, clock, space=_space_of(vault, manifest.subject, manifest.sender))
    progress.start(len(found.bundle.documents))
    try:
        for document in found.bundle.documents:
            provenance = Provenance(Author.HOLDER, manifest.sender, manifest.bundle, document.info.title)
            if document.file.size > limits.MAX_FILE_BYTES:
                yield ImportedItem(document.info.title, ItemStatus.FAILED, sha256=document.file.sha256, code=Code.TOO_LARGE)
            else:
                yield importer.receive(_bytes(document), _stated(document), provenance, _unread(document))
            progress.advance()
    finally:
        progress.stop()
    _record(vault, found, imported=True)


def _opener(vault: Vault, source: BinaryIO, ask_passphrase: Callable[[], str]) -> Opener:
    needs_passphrase = peek(source).needs_passphrase
    source.seek(0)
    return Passphrase(ask_passphrase()) if needs_passphrase else own_keys(vault)


def _space_of(vault: Vault, subject: Identity, signer: str) -> int:
    """Return the space of exactly this person; one is made where there is none, so that nobody's papers go into another one's space.

    Raises:
        BundleError: this person's earlier papers were signed with another key.
    """
    number = vault.spaces.number_of(subject)
    if number is None:
        return vault.spaces.add(subject, signer)
    if vault.spaces.signer(number) not in (None, signer):
        raise BundleError(
            _("this person's earlier papers were signed with another key"),
            hint=_("ask them, face to face or by phone, whether they have a new one; do not go on before"),
        )
    return number


def _bytes(document: OpenedDocument) -> bytes:
    """Return a document's bytes, hashed once more: whoever sealed the file could change it since it was checked."""
    with document.open() as source:
        data = source.read()
    if hashlib.sha256(data).hexdigest() != document.file.sha256:
        raise BundleError(_("the bundle changed while it was being read"), hint=_("copy it to this machine first"))
    return data


def _stated(document: OpenedDocument) -> Stated:
    info = document.info
    return Stated(info.type_code, info.date, info.practitioner, info.title, confidentiality=info.confidentiality)


def _unread(document: OpenedDocument) -> ExtractedDocument:
    pages = tuple(Page(number, "", 0.0, TextSource.NONE) for number in range(1, document.info.page_count + 1))
    return ExtractedDocument(document.info.media_type, pages)


def _record(vault: Vault, found: Received, *, imported: bool) -> None:
    manifest = found.bundle.manifest
    place = Stream(manifest.stream.id, manifest.stream.counter)
    vault.exchanges.record_received(manifest.bundle, manifest.kind, manifest.sender, place, imported=imported)
