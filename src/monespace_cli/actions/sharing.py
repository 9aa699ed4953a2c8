"""Handing documents over: choose them, see what will be revealed, seal them for one recipient."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monespace_cli.actions.access import require_may_get
from monespace_cli.actions.directory import actor_of_contact
from monespace_cli.actions.outgoing import Outgoing
from monespace_cli.errors import NotAllowedError, UnverifiedError
from monespace_cli.i18n import _
from monespace_cli.ports import Random
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.card import Contact, RecipientType
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Identity
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Manifest
from monespace_cli.sync.sealing import Contents, Destination, SourceDocument, ToContact, ToPassphrase
from monespace_cli.vault.spaces import OWNER_SPACE
from monespace_cli.vault.vault import Vault

WHOEVER = Actor("passphrase", "", Relation.NONE)
"""Who opens a bundle by its passphrase: nobody knows who that is."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What a holder is about to reveal, and to whom; None stands for whoever knows a passphrase."""

    documents: tuple[Document, ...]
    contact: Contact | None
    purpose: str = ""
    expires: datetime | None = None


def select(vault: Vault, ids: list[str], contact: Contact | None, purpose: str, expires: datetime | None, now: datetime) -> Selection:
    """Return the documents that a holder names, each once, in the order given.

    Raises:
        NotFoundError: an id means no document.
        NotAllowedError: the vault is not a holder's, a document is of somebody else, in the trash, or hidden from the recipient, or the
            holder blocked them.
    """
    if not isinstance(vault.owner, Identity):
        raise NotAllowedError(_("a share is made by the person whose record it is, from their own vault"))
    documents = tuple(dict.fromkeys(vault.documents.find(each) for each in ids))
    if any(document.space != OWNER_SPACE for document in documents):
        raise NotAllowedError(_("a document is about somebody else and is not yours to share"))
    if any(document.deleted_at for document in documents):
        raise NotAllowedError(_("a document is in the trash"), hint=_("`monespace document restore` takes it out"))
    require_may_get(vault, documents, actor_of_contact(contact) if contact else WHOEVER, now)
    return Selection(documents, contact, purpose, expires)


def require_verified(contact: Contact, *, accepted: bool) -> None:
    """See that a contact's key was compared, or that a person accepted that it was not.

    Raises:
        UnverifiedError: neither.
    """
    if not contact.is_verified and not accepted:
        raise UnverifiedError(
            _("nobody has compared the key of {name}").format(name=contact.card.display_name),
            hint=_("compare the eight words with them (`monespace contact verify`), or accept it with --accept-unverified"),
        )


def share(
    vault: Vault, selection: Selection, path: Path, *, passphrase: str | None, recipient_type: RecipientType, now: datetime, random: Random
) -> Manifest:
    """Seal the selection into a new file, and record it.

    Raises:
        UsageError, NotWritableError, IntegrityError: see `sync.files.seal_file`.
    """
    owner = vault.owner
    assert isinstance(owner, Identity), "select() saw to it"
    to: Destination = ToContact(selection.contact.card, recipient_type) if selection.contact else ToPassphrase(passphrase or "")
    contents = Contents(
        Kind.SHARE,
        owner,
        tuple(_source(vault, document) for document in selection.documents),
        purpose=selection.purpose,
        expires=selection.expires,
    )
    return Outgoing(vault, now, random).to_file(path, contents, to, revealed=[document.id for document in selection.documents])


def _source(vault: Vault, document: Document) -> SourceDocument:
    return SourceDocument(document, lambda: vault.documents.chunks(document))
