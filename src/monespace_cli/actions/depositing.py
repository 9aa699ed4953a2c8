"""Depositing: a practitioner or insurer hands documents to the patient they are about, puts one right, or takes one back."""

import hashlib
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path

from monespace_cli.actions.outgoing import Outgoing, to_contact
from monespace_cli.actions.recipients import Recipient
from monespace_cli.bounds import limits
from monespace_cli.errors import NotAllowedError, NotFoundError, UnreadableInputError, UsageError
from monespace_cli.i18n import _
from monespace_cli.ingest.detect import MediaType, media_type
from monespace_cli.interop.facilities import FACILITIES, OWN_PRACTICE, SOCIAL_INSURANCE
from monespace_cli.ports import Random
from monespace_cli.record.codes import Kind as DocumentKind
from monespace_cli.record.document import Author, Document, DocumentId, Provenance
from monespace_cli.record.identity import Institution, PractitionerIdentity, Profession
from monespace_cli.record.typed import TITLE_LENGTH, line_of_text
from monespace_cli.sync.body import Revocation
from monespace_cli.sync.card import read_card
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import DocumentInfo, Manifest, read_manifest
from monespace_cli.sync.sealing import Contents, SourceDocument
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.vault import Vault

SEVERAL_PAGES = (MediaType.PDF, MediaType.TIFF)
_FINESS = re.compile(r"[0-9][0-9AB][0-9]{7}")


class Visibility(StrEnum):
    """Who sees a deposited document at first, as its depositor asks."""

    NORMAL = "normal"
    AFTER_ANNOUNCEMENT = "after-announcement"
    """Not the patient, until the result was announced to them."""
    NOT_FOR_REPRESENTATIVES = "not-for-representatives"
    """The patient, and not their parents or guardian."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The XDS confidentialityCodes (JDV_J08)."""
        return _CODES[self]


_CODES = {
    Visibility.NORMAL: ("N",),
    Visibility.AFTER_ANNOUNCEMENT: ("N", "INVISIBLE_PATIENT"),
    Visibility.NOT_FOR_REPRESENTATIVES: ("N", "INVISIBLE_REPRESENTANTS_LEGAUX"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """What the depositor says of a document; None where the default does."""

    type_code: str | None = None
    date: "date | None" = None
    practitioner: str | None = None
    title: str | None = None
    visibility: Visibility | None = None

    def otherwise(self, default: "Said") -> "Said":
        """Return the same, with what it leaves open as `default` says."""
        return Said(
            self.type_code or default.type_code,
            self.date or default.date,
            default.practitioner if self.practitioner is None else self.practitioner,
            self.title or default.title,
            self.visibility or default.visibility,
        )


def require_depositor(vault: Vault) -> PractitionerIdentity:
    """Return the vault's owner, who deposits.

    Raises:
        NotAllowedError: the vault is a holder's.
    """
    owner = vault.owner
    if not isinstance(owner, PractitionerIdentity):
        raise NotAllowedError(_("a deposit is made from a practitioner's or insurer's vault"))
    return owner


def said_before(info: DocumentInfo) -> Said:
    """Return what was said of a document that was deposited."""
    visibility = next((each for each in Visibility if each.codes == info.confidentiality), None)
    return Said(info.type_code, info.date, info.practitioner, info.title, visibility)


def institution_of(owner: PractitionerIdentity, name: str | None, finess: str | None, facility: str | None) -> Institution | None:
    """Return where a depositor works: as they say now, else as is kept of them; None where neither says anything.

    Raises:
        UsageError: a number without a name, one that is no FINESS number, or no kind of facility.
    """
    if name is None and finess is None and facility is None:
        return owner.institution
    kept = owner.institution if name is None else None
    if finess is not None and not _FINESS.fullmatch(finess):
        raise UsageError(_("a FINESS number has nine digits"))
    if facility is not None and facility not in FACILITIES:
        choices = ", ".join(f"{code} {each.label}" for code, each in FACILITIES.items())
        raise UsageError(_("there is no such kind of facility"), hint=_("one of: {choices}").format(choices=choices))
    if finess is not None and name is None and kept is None:
        raise UsageError(_("a FINESS number belongs to an institution: name it with --institution"))
    usual = SOCIAL_INSURANCE if owner.profession is Profession.INSURER else OWN_PRACTICE
    kept = kept or Institution(line_of_text(name or owner.display_name, TITLE_LENGTH), usual)
    return replace(kept, facility=facility or kept.facility, finess=finess or kept.finess)


def read_document(
    path: Path, said: Said, depositor: PractitionerIdentity, now: datetime, count_pages: Callable[[bytes], int]
) -> SourceDocument:
    """Return a file as a document to deposit; `count_pages` tells how many pages one has that can have several.

    Raises:
        UnreadableInputError: it cannot be read, is too large, or is of a type that bundles do not carry.
    """
    try:
        with path.open("rb") as file:
            data = file.read(limits.MAX_FILE_BYTES + 1)
    except OSError as error:
        reason = os.strerror(error.errno or 0)
        raise UnreadableInputError(
            _("cannot read {path}: {reason}").format(path=path, reason=reason), hint=_("look at the path again")
        ) from None
    if len(data) > limits.MAX_FILE_BYTES:
        raise UnreadableInputError(_("{path} is too large").format(path=path), code="file-too-large")
    found = media_type(data)
    is_insurer = depositor.profession is Profession.INSURER
    document = Document(
        id=DocumentId(""),
        title=said.title or path.stem[:TITLE_LENGTH],
        type_code=said.type_code or DocumentKind.OTHER.deposited_type_code,
        media_type=found,
        size=len(data),
        sha256=hashlib.sha256(data).hexdigest(),
        page_count=count_pages(data) if found in SEVERAL_PAGES else 1,
        confidence=1.0,
        imported_at=now,
        date=said.date,
        practitioner=depositor.display_name if said.practitioner is None else said.practitioner,
        confidentiality=(said.visibility or Visibility.NORMAL).codes,
        provenance=Provenance(Author.INSURER if is_insurer else Author.PRACTITIONER),
    )
    return SourceDocument(document, lambda: iter((data,)))


class Depositor:
    """Deposits in the name of a vault's owner."""

    def __init__(self, vault: Vault, now: datetime, random: Random, institution: Institution | None = None) -> None:
        """Sign for the vault's owner, who works in `institution`.

        Raises:
            NotAllowedError: the vault is a holder's.
        """
        self.owner = require_depositor(vault)
        self._vault = vault
        self._now = now
        self._institution = institution
        self._outgoing = Outgoing(vault, now, random)

    def deposit(self, to: Recipient, documents: Sequence[SourceDocument], purpose: str = "") -> Manifest:
        """Seal documents for a patient into the outbox.

        Raises:
            UsageError, NotWritableError, IntegrityError: see `sync.sealing.seal`.
        """
        return self._send(Kind.DEPOSIT, to, documents, purpose, None)

    def correct(self, sent: SentBundle, to: Recipient, documents: Sequence[SourceDocument]) -> Manifest:
        """Seal documents that take the place of those of an earlier deposit, each of the one in its place.

        Raises:
            NotAllowedError: it is no deposit, or was corrected or revoked before.
            UsageError: there are more or fewer documents than in the earlier one.
        """
        earlier = self._last(sent)
        if len(documents) != len(earlier.documents):
            raise UsageError(_("a correction has as many documents as what it corrects: {count}").format(count=len(earlier.documents)))
        return self._send(Kind.CORRECTION, to, documents, "", sent.bundle)

    def revoke(self, sent: SentBundle, reason: str) -> Manifest:
        """Seal word that an earlier deposit is taken back. What was read stays read.

        Raises:
            NotAllowedError: it is no deposit, or was corrected or revoked before.
            NotFoundError: its recipient is no contact any more.
        """
        earlier = self._last(sent)
        contact = self._vault.contacts.get(self._vault.contacts.current(sent.peer))
        if contact is None:
            raise NotFoundError(_("its recipient is no contact any more"), hint=_("take their card in again"))
        body = Revocation(sent.bundle, earlier.digest, reason)
        return self._outgoing.to_outbox(Contents(Kind.REVOCATION, body=body), to_contact(read_card(contact.card)))

    def _last(self, sent: SentBundle) -> Manifest:
        """Return what was sent, provided that nothing was said of it since: each word is about the one before."""
        if sent.kind not in (Kind.DEPOSIT, Kind.CORRECTION):
            raise NotAllowedError(_("this bundle is no deposit"))
        if self._vault.outbox.spoken_of(sent.bundle):
            raise NotAllowedError(
                _("this deposit was corrected or revoked before"), hint=_("`monespace outbox show` names the bundle that did")
            )
        return read_manifest(sent.manifest.encode())

    def _send(self, kind: Kind, to: Recipient, documents: Sequence[SourceDocument], purpose: str, supersedes: str | None) -> Manifest:
        contents = Contents(
            kind,
            to.identity,
            tuple(documents),
            purpose=purpose,
            supersedes=supersedes,
            institution=self._institution,
            specialty=self.owner.specialty,
        )
        return self._outgoing.to_outbox(contents, to_contact(to.contact.card))
