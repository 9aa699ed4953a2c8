"""Sealing: documents become one bundle, signed first and then encrypted to one recipient (docs/formats/bundle-v1.md).

Everything is handed in: documents as streams, keys, the time, randomness, and the file to write to. Each document is read twice, once to
measure and hash it and once to write it, so that memory stays constant whatever its size.
"""

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import BinaryIO

from monespace_cli.crypto import age, sshsig
from monespace_cli.errors import IntegrityError, UsageError
from monespace_cli.i18n import _
from monespace_cli.interop import stored_zip, xdm
from monespace_cli.interop.ebrim import DocumentEntry, Submission
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.interop.stored_zip import Part
from monespace_cli.ports import Random
from monespace_cli.record.card import Card, RecipientType
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Identity
from monespace_cli.sync import layout
from monespace_cli.sync.card import card_text
from monespace_cli.sync.fields import plain
from monespace_cli.sync.keys import OwnKeys, age_recipient
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.limits import LIMITS
from monespace_cli.sync.manifest import INDEX, PASSPHRASE, DocumentInfo, File, Manifest, Stream, read_manifest

ID_SIZE = 16
"""Bytes of a bundle's or stream's id."""


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document to hand over: what the record says of it, and its original bytes."""

    document: Document
    chunks: Callable[[], Iterator[bytes]]
    """Gives the original bytes from the start, each time it is called."""


@dataclass(frozen=True, slots=True)
class Share:
    """What a holder hands over."""

    subject: Identity
    """The person that the documents are about."""
    documents: tuple[SourceDocument, ...]
    stream: Stream
    purpose: str = ""
    expires: datetime | None = None
    supersedes: str | None = None
    """Id of an earlier bundle that this one replaces."""


@dataclass(frozen=True, slots=True)
class Sender:
    """Who signs."""

    keys: OwnKeys
    card: Card


@dataclass(frozen=True, slots=True)
class ToContact:
    """A recipient with a card."""

    card: Card
    type: RecipientType = RecipientType.HYBRID
    """X25519 only for recipients whose program is older than age 1.3."""


@dataclass(frozen=True, slots=True)
class ToPassphrase:
    """Whoever knows a passphrase."""

    passphrase: str = field(repr=False)
    work_factor: int = 18


Destination = ToContact | ToPassphrase


def seal(sink: BinaryIO, share: Share, *, sender: Sender, to: Destination, now: datetime, random: Random) -> Manifest:
    """Write a bundle to `sink` and return its manifest. After an exception what was written opens nowhere.

    Raises:
        UsageError: no document or too many, one of a type that bundles do not carry, more than 4 GiB, an end in the past, or no key to
            encrypt to.
        IntegrityError: a document's bytes are not those that its record names.
    """
    _check(share, now)
    recipient = _age_recipient(to)
    share = _fit(share)
    measured = [_measure(source, number) for number, source in enumerate(share.documents, start=1)]
    manifest = _draft(share, measured, sender=sender, to=to, now=now, random=random)
    page = layout.index_page(manifest, sender.card, [item.file.path for item in measured])
    package = _package(manifest, measured, page)
    manifest = replace(manifest, files=_files(package, measured, page))
    parts = _parts(manifest, sender, package, page)
    with age.encrypt(sink, [recipient], random=random) as writer:
        for chunk in stored_zip.archive_chunks(parts):
            writer.write(chunk)
    return manifest


@dataclass(frozen=True, slots=True)
class _Measured:
    """A document that was read once: what the manifest, the metadata and the zip say of it."""

    file: File
    entry: DocumentEntry
    part: Part


def _check(share: Share, now: datetime) -> None:
    if not 1 <= len(share.documents) <= LIMITS.documents:
        raise UsageError(_("a bundle carries 1 to {most} documents").format(most=LIMITS.documents))
    if any(source.document.media_type not in MEDIA_TYPES for source in share.documents):
        raise UsageError(_("a document is of a type that bundles do not carry"), hint=_("share PDF, JPEG, PNG, TIFF or text"))
    if share.expires and share.expires <= now:
        raise UsageError(_("the end of the share is not in the future"))


def _age_recipient(to: Destination) -> age.Recipient:
    if isinstance(to, ToPassphrase):
        return age.ScryptRecipient(to.passphrase, to.work_factor)
    newest = to.card.recipient(to.type)
    if newest is None:
        raise UsageError(_("the card has no key of type {type}").format(type=to.type), hint=_("ask its owner for a new card"))
    return age_recipient(newest)


def _fit(share: Share) -> Share:
    """Return the share with every text inside the bounds of the format: a title read from paper may hold anything."""
    subject = share.subject
    names = tuple(plain(name, LIMITS.name) for name in subject.given_names[: LIMITS.given_names])
    subject = replace(
        subject,
        family_name=plain(subject.family_name, LIMITS.name),
        given_names=names,
        ins=subject.ins.upper() if subject.ins else None,
    )
    documents = tuple(replace(source, document=_fit_document(source.document)) for source in share.documents)
    return replace(share, subject=subject, documents=documents, purpose=plain(share.purpose, LIMITS.purpose))


def _fit_document(document: Document) -> Document:
    title = plain(document.title, LIMITS.title) or "Document"
    return replace(document, title=title, practitioner=plain(document.practitioner, LIMITS.title))


def _measure(source: SourceDocument, number: int) -> _Measured:
    document = source.document
    size = crc32 = 0
    sha1, sha256 = hashlib.sha1(usedforsecurity=False), hashlib.sha256()  # XDS's hash is SHA-1; SHA-256 is what is signed
    for chunk in source.chunks():
        size += len(chunk)
        crc32 = zlib.crc32(chunk, crc32)
        sha1.update(chunk)
        sha256.update(chunk)
    if (size, sha256.hexdigest()) != (document.size, document.sha256):
        raise IntegrityError(_("a stored document is not the one that was put in"), hint=_("restore the vault from a backup"))
    path = xdm.document_path(number, document.media_type)
    entry = DocumentEntry(document, sha1.hexdigest(), path.removeprefix(xdm.FOLDER))
    return _Measured(File(path, size, document.sha256, _info(document)), entry, Part(path, size, crc32, source.chunks))


def _info(document: Document) -> DocumentInfo:
    return DocumentInfo(
        title=document.title,
        type_code=document.type_code,
        media_type=document.media_type,
        date=document.date,
        practitioner=document.practitioner,
        author=document.provenance.author,
        page_count=max(1, document.page_count),
        confidentiality=document.confidentiality,
    )


def _draft(share: Share, measured: Sequence[_Measured], *, sender: Sender, to: Destination, now: datetime, random: Random) -> Manifest:
    """Return the manifest with the documents alone; the other files are made from it."""
    return Manifest(
        bundle=random(ID_SIZE).hex(),
        kind=Kind.SHARE,
        sender=sender.card.fingerprint,
        sender_card=card_text(sender.card, sender.keys.signing).decode(),
        recipient=PASSPHRASE if isinstance(to, ToPassphrase) else to.card.fingerprint,
        stream=share.stream,
        created=now.replace(microsecond=0),
        expires=share.expires.replace(microsecond=0) if share.expires else None,
        supersedes=share.supersedes,
        purpose=share.purpose,
        subject=share.subject,
        files=tuple(item.file for item in measured),
    )


def _package(manifest: Manifest, measured: Sequence[_Measured], page: bytes) -> list[Part]:
    submission = Submission(manifest.bundle, manifest.sender, manifest.subject, manifest.created)
    documents = [xdm.PackagedDocument(item.entry, item.part) for item in measured]
    return xdm.package(submission, documents, page)


def _files(package: Sequence[Part], measured: Sequence[_Measured], page: bytes) -> tuple[File, ...]:
    head = [_file_of(part) for part in package[: len(package) - len(measured)]]
    return (*head, *(item.file for item in measured), _file_of(Part.of(INDEX, page)))


def _file_of(part: Part) -> File:
    return File(part.name, part.size, hashlib.sha256(b"".join(part.chunks())).hexdigest())


def _parts(manifest: Manifest, sender: Sender, package: Sequence[Part], page: bytes) -> list[Part]:
    """Return the files of the outer zip, signed."""
    data = manifest.to_bytes()
    read_manifest(data)  # nothing leaves that no reader would take
    size, crc32 = stored_zip.archive_size(package), stored_zip.archive_crc32(package)
    parts = [
        Part(layout.PACKAGE, size, crc32, lambda: stored_zip.archive_chunks(package)),
        Part.of(INDEX, page),
        Part.of(layout.MANIFEST, data),
        Part.of(layout.SIGNATURE, sshsig.sign(sender.keys.signing, data, manifest.kind.namespace)),
    ]
    return [*parts, layout.padding(parts)]
