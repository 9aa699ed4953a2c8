"""Handing a whole space over to the person it is about, into their own vault, and taking it over there.

Everything that is held of the space goes along, also what whoever represented them may not see: it is theirs. What was decided about trust
does not: they compare words themselves. Nothing is taken away here; `space` commands end a space.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from monespace_cli.actions.directory import index_cards
from monespace_cli.actions.imported import ImportedItem, ItemStatus
from monespace_cli.actions.outgoing import Outgoing, to_contact
from monespace_cli.actions.people import own_keys
from monespace_cli.actions.sharing import require_verified
from monespace_cli.actions.spaces import require_may
from monespace_cli.errors import BundleError, NotAllowedError, UnreadableInputError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ports import Progress, Random
from monespace_cli.record.card import Contact, Role
from monespace_cli.record.document import Author, Document, Provenance
from monespace_cli.record.identity import Identity
from monespace_cli.record.journal import Event
from monespace_cli.record.life import LifeEvent
from monespace_cli.record.rights import Act
from monespace_cli.sync.card import kept_card, read_card
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.limits import LIMITS
from monespace_cli.sync.manifest import Manifest
from monespace_cli.sync.opening import OpenedBundle, OpenedDocument, is_about_sender
from monespace_cli.sync.record import newer_record, read_record, record_bytes, unfit_record
from monespace_cli.sync.sealing import Contents, SourceDocument
from monespace_cli.vault.blobs import Blob
from monespace_cli.vault.handing import COLUMNS, UNFIT, HandedDocument, HandedRecord, LaterEventError, record_of_rows
from monespace_cli.vault.in_use import OWNER_SPACE
from monespace_cli.vault.vault import Vault

NOT_IN_A_MANIFEST = (Author.UNVERIFIED,)


@dataclass(frozen=True, slots=True)
class Handover:
    """All that is held of a space, ready to be sealed for whom it is about."""

    space: int
    subject: Identity
    contact: Contact
    documents: tuple[SourceDocument, ...]
    record: bytes

    @property
    def size(self) -> int:
        """Bytes that go along."""
        return len(self.record) + sum(source.document.size for source in self.documents)


def prepare(vault: Vault, space: int, contact: Contact) -> Handover:
    """Gather all that is held of a space, and see that it may go and fits into a bundle. Nothing is written.

    Raises:
        NotAllowedError: the vault is no holder's, the space is its owner's own, or the contact bears another name.
        UnverifiedError: nobody compared the contact's key.
        UsageError: it holds more than a bundle carries.
    """
    subject = vault.spaces.owner(space)
    if not isinstance(vault.owner, Identity) or not isinstance(subject, Identity) or space == OWNER_SPACE:
        raise NotAllowedError(_("what is handed over is the space of a person whom the holder of this vault represents"))
    require_may(vault, space, Act.HAND_OVER)
    if contact.card.role is not Role.HOLDER or not is_about_sender(contact.card, subject):
        raise NotAllowedError(
            _("this contact bears another name than the person of the space"),
            hint=_("a space goes to the person it is about, and nobody else"),
        )
    require_verified(contact, accepted=False)
    rows = vault.handing.rows_of(space)
    documents = tuple(_source(vault, each) for each in record_of_rows(rows, space).documents)
    found = Handover(space, subject, contact, documents, record_bytes(rows))
    _require_fit(found)
    return found


def hand_over(vault: Vault, prepared: Handover, now: datetime, random: Random) -> Manifest:
    """Seal what was gathered into the outbox.

    Raises:
        NotWritableError, IntegrityError: see `sync.sealing.seal`.
    """
    vault.space_in_use.number = OWNER_SPACE  # what leaves is signed by the vault's owner, in their own name
    contents = Contents(Kind.HANDOVER, prepared.subject, prepared.documents, record=prepared.record)
    revealed = [source.document.id for source in prepared.documents]
    card = prepared.contact.card
    with vault.database.transaction():
        manifest = Outgoing(vault, now, random).to_outbox(contents, to_contact(card), revealed=revealed)
        vault.spaces.take_step(prepared.space, LifeEvent.HANDED_OVER)
        vault.journal.write(Event.SPACE_HANDED_OVER, card.fingerprint, space=str(prepared.space), bundle=manifest.bundle)
    return manifest


def _require_fit(found: Handover) -> None:
    if len(found.documents) > LIMITS.documents or len(found.record) > LIMITS.record or found.size > LIMITS.archive:
        raise UsageError(
            _(
                "this space does not fit into one handover: it has {documents} documents of at most {most_documents}, {size} MB of at most "
                "{most_size}, and {record} MB of data about them of at most {most_record}"
            ).format(
                documents=len(found.documents),
                most_documents=LIMITS.documents,
                size=found.size // 10**6,
                most_size=LIMITS.archive // 10**6,
                record=len(found.record) // 10**6,
                most_record=LIMITS.record // 10**6,
            ),
            hint=_("`monespace export` writes all of it in standard formats, which another vault imports; `share --all` sends the papers"),
        )


def take_over(vault: Vault, opened: OpenedBundle, progress: Progress) -> Iterator[ImportedItem]:
    """Take a checked handover into the owner's empty space, in the caller's transaction; yield each document that is here now.

    Raises:
        NotAllowedError: something is in the space already.
        BundleError: the record is not in its form, or does not fit the documents.
    """
    if not vault.handing.is_empty(OWNER_SPACE):
        raise NotAllowedError(
            _("a record is taken over into an empty vault, and this one holds something"),
            hint=_("make a new vault with `monespace init`, and take it in there"),
        )
    record = _record(opened)
    files = {document.file.sha256: document for document in opened.documents}
    if len(files) != len(record.documents) or files.keys() != {each.document.sha256 for each in record.documents}:
        raise unfit_record()
    progress.start(len(record.documents))
    try:
        for handed in record.documents:
            yield _keep(vault, handed, files[handed.document.sha256])
            progress.advance()
        _take_cards(vault, record)
        vault.handing.put(record, OWNER_SPACE, opened.manifest.sender)
    finally:
        progress.stop()


def _source(vault: Vault, handed: HandedDocument) -> SourceDocument:
    """Return a document as bundles carry it; what the manifest has no word for is in the record."""
    document = handed.document
    if document.provenance.author in NOT_IN_A_MANIFEST:
        document = replace(document, provenance=Provenance(Author.DELEGATE))
    return SourceDocument(document, lambda: vault.documents.chunks(handed.document))


def _record(opened: OpenedBundle) -> HandedRecord:
    rows = read_record(opened.record, _COLUMNS)
    try:
        try:
            record = record_of_rows(rows, OWNER_SPACE)
        except LaterEventError:
            raise newer_record() from None
        for data in record.cards:
            read_card(data)
    except (UnreadableInputError, *UNFIT):
        raise unfit_record() from None
    if any(not _is_document(each.document) for each in record.documents):
        raise unfit_record()
    return record


def _is_document(document: Document) -> bool:
    return re.fullmatch("[0-9a-hjkmnp-tv-z]{10}", document.id) is not None and re.fullmatch("[0-9a-f]{64}", document.sha256) is not None


def _keep(vault: Vault, handed: HandedDocument, received: OpenedDocument) -> ImportedItem:
    document = handed.document
    with received.open() as source:
        blob = vault.blobs.write(source)
    if not _is_same(blob, document) or document.media_type != received.info.media_type:
        raise BundleError(_("the bundle changed while it was being read"), hint=_("copy it to this machine first"))
    kept = vault.documents.add(document, handed.pages, blob, (each.candidate for each in handed.candidates))
    for number, each in enumerate(handed.candidates, 1):
        vault.documents.candidates.settle(kept.id, number, each.state)
    return ImportedItem(document.title, ItemStatus.IMPORTED, sha256=document.sha256, document=kept.id)


def _is_same(blob: Blob, document: Document) -> bool:
    return (blob.sha256, blob.size) == (document.sha256, document.size)


def _take_cards(vault: Vault, record: HandedRecord) -> None:
    """Keep the cards of those whom decisions speak of; whoever compared their words was somebody else."""
    own = own_keys(vault).fingerprint
    for data in record.cards:
        card = kept_card(data)
        if card.fingerprint != own and vault.contacts.get(card.fingerprint) is None:
            vault.contacts.put(card.fingerprint, data)
    index_cards(vault)


_COLUMNS = {table: frozenset(columns) for table, columns in COLUMNS.items()}
