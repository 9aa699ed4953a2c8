"""Handing documents over: what was chosen is sealed for one recipient, into a file or into the outbox."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from monespace_cli.actions.choosing import Choice
from monespace_cli.actions.directory import known_as
from monespace_cli.actions.outgoing import Outgoing
from monespace_cli.actions.people import require_going_on
from monespace_cli.actions.summary import SummaryFormat, summary_bytes, summary_data, summary_document
from monespace_cli.errors import NotFoundError, UnverifiedError
from monespace_cli.i18n import _
from monespace_cli.interop.ebrim import Depositor
from monespace_cli.interop.professions import specialties_called
from monespace_cli.ports import Random
from monespace_cli.record.card import Contact, Role
from monespace_cli.record.document import Document, DocumentId
from monespace_cli.record.summary import Summary
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.limits import LIMITS
from monespace_cli.sync.manifest import Manifest
from monespace_cli.sync.sealing import Contents, Destination, SourceDocument
from monespace_cli.vault.vault import Vault


@dataclass(frozen=True, slots=True)
class Terms:
    """What something is handed over for, and until when."""

    purpose: str = ""
    expires: datetime | None = None


def require_verified(contact: Contact, *, accepted: bool) -> None:
    """See that a contact's key was compared, or that a person accepted that it was not.

    Raises:
        UnverifiedError: neither.
    """
    require_going_on(contact)
    if not contact.is_verified and not accepted:
        raise UnverifiedError(
            _("nobody has compared the key of {name}").format(name=contact.card.display_name),
            hint=_("compare the eight words with them (`monespace contact verify`), or accept it with --accept-unverified"),
        )


def share_to_file(vault: Vault, choice: Choice, terms: Terms, to: Destination, path: Path, now: datetime, random: Random) -> Manifest:
    """Seal what was chosen into a new file, and record it.

    Raises:
        UsageError, NotWritableError, IntegrityError: see `sync.files.seal_file`.
    """
    documents = _sources(vault, choice, now)
    return Outgoing(vault, now, random).to_file(path, _contents(choice, terms, documents), to, revealed=_revealed(documents))


def share_to_outbox(
    vault: Vault, choice: Choice, terms: Terms, to: Destination, now: datetime, random: Random, *, standing: str | None = None
) -> list[Manifest]:
    """Seal what was chosen into the outbox; return what was made: more than one bundle where one cannot hold so many documents.

    Raises:
        UsageError, NotWritableError, IntegrityError: see `sync.sealing.seal`.
    """
    outgoing, documents = Outgoing(vault, now, random), _sources(vault, choice, now)
    parts = [documents[start : start + LIMITS.documents] for start in range(0, len(documents), LIMITS.documents)]
    return [outgoing.to_outbox(_contents(choice, terms, part), to, revealed=_revealed(part), standing=standing) for part in parts]


def _contents(choice: Choice, terms: Terms, documents: tuple[SourceDocument, ...]) -> Contents:
    return Contents(Kind.SHARE, choice.subject, documents, purpose=terms.purpose, expires=terms.expires)


def _sources(vault: Vault, choice: Choice, now: datetime) -> tuple[SourceDocument, ...]:
    """Return everything as documents: the profile, as the page that practitioners see of it and as data, comes first."""
    profile = [_printed(choice.profile, choice.space, now), _data(choice.profile, choice.space, now)] if choice.profile else []
    signers = {document.provenance.signer for document in choice.documents}
    authors = {signer: _depositor(vault, signer, choice.space) for signer in signers if signer}
    return (*profile, *(_source(vault, document, authors.get(document.provenance.signer or "")) for document in choice.documents))


def _printed(profile: Summary, space: int, now: datetime) -> SourceDocument:
    from monespace_cli.render.summary_pdf import page_texts

    data = summary_bytes(profile, SummaryFormat.PDF)
    return SourceDocument(summary_document(profile, data, len(page_texts(data)), now, space), lambda: iter((data,)))


def _data(profile: Summary, space: int, now: datetime) -> SourceDocument:
    document, data = summary_data(profile, now, space)
    return SourceDocument(document, lambda: iter((data,)))


def _source(vault: Vault, document: Document, author: Depositor | None) -> SourceDocument:
    return SourceDocument(document, lambda: vault.documents.chunks(document), author)


def _depositor(vault: Vault, signer: str, space: int) -> Depositor | None:
    """Return who signed a deposit, with what they are to the person, where they are a contact still."""
    try:
        known = known_as(vault, vault.contacts.current(signer), space)
    except NotFoundError:
        return None
    if known.contact is None or known.contact.card.role is not Role.PRACTITIONER:
        return None
    codes = specialties_called(known.practitioner.specialty) if known.practitioner else []
    return Depositor(known.contact.card, None, codes[0] if len(codes) == 1 else "", next(iter(known.roles), None))


def _revealed(documents: tuple[SourceDocument, ...]) -> list[DocumentId]:
    return [source.document.id for source in documents if source.document.id]
