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
from monespace_cli.interop.ebrim import Depositor, DocumentEntry, Submission
from monespace_cli.interop.facilities import OWN_PRACTICE, SOCIAL_INSURANCE
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.interop.stored_zip import Part
from monespace_cli.ports import Random
from monespace_cli.record.card import Card, RecipientType, Role
from monespace_cli.record.document import Document
from monespace_cli.record.identity import Identity, Institution, Profession
from monespace_cli.sync import layout
from monespace_cli.sync.behind import behind
from monespace_cli.sync.body import Body, Receipt, Revocation, body_bytes
from monespace_cli.sync.card import card_text
from monespace_cli.sync.fields import plain
from monespace_cli.sync.keys import OwnKeys, age_recipient
from monespace_cli.sync.kinds import Content, Kind
from monespace_cli.sync.limits import LIMITS
from monespace_cli.sync.manifest import BODY, INDEX, PASSPHRASE, RECORD, DocumentInfo, File, Manifest, Stream, read_manifest

ID_SIZE = 16
"""Bytes of a bundle's or stream's id."""


@dataclass(frozen=True, slots=True)
class SourceDocument:
    """A document to hand over: what the record says of it, and its original bytes."""

    document: Document
    chunks: Callable[[], Iterator[bytes]]
    """Gives the original bytes from the start, each time it is called."""
    author: Depositor | None = None
    """Who deposited it with the sender, where they are known; the metadata say so."""


@dataclass(frozen=True, slots=True)
class Contents:
    """What is sealed."""

    kind: Kind
    subject: Identity | None = None
    """The person that the documents are about; None for the kinds without documents."""
    documents: tuple[SourceDocument, ...] = ()
    body: Body | None = None
    """What the kinds without documents say."""
    record: bytes = b""
    """`RECORD.json` of a handover: canonical JSON."""
    purpose: str = ""
    expires: datetime | None = None
    supersedes: str | None = None
    """Id of an earlier bundle that this one replaces."""
    institution: Institution | None = None
    """Where who deposits them works; the metadata say so."""
    specialty: str = ""
    """What who deposits them is qualified in, a code of `interop.professions`; the metadata say so."""

    @property
    def about(self) -> str | None:
        """Id of the earlier bundle that this one speaks of, or None."""
        return self.body.bundle if isinstance(self.body, Receipt | Revocation) else self.supersedes


@dataclass(frozen=True, slots=True)
class Place:
    """Where a bundle stands among what this sender sent this recipient; chosen and recorded before it is made."""

    bundle: str
    """Its id: random, 32 hexadecimal digits."""
    stream: Stream


@dataclass(frozen=True, slots=True)
class Sealed:
    """What the maker of a bundle keeps of it."""

    manifest: Manifest
    header: str
    """What its encrypted form is known by again (:func:`age.header_digest`); only its recipient opens it."""


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


def seal(sink: BinaryIO, contents: Contents, place: Place, *, sender: Sender, to: Destination, now: datetime, random: Random) -> Sealed:
    """Write a bundle to `sink` and return what its maker keeps of it. After an exception what was written opens nowhere.

    Raises:
        UsageError: no document or too many, one of a type that bundles do not carry, more than 4 GiB, an end in the past, no key to
            encrypt to, or a kind that this sender may not sign.
        IntegrityError: a document's bytes are not those that its record names.
    """
    _check(contents, sender, now)
    recipient = _age_recipient(to)
    contents = _fit(contents)
    manifest = _draft(contents, place, sender=sender, to=to, now=now)
    manifest, parts = _with_documents(manifest, contents, sender) if contents.kind.rule.has_documents else _with_body(manifest, contents)
    with age.encrypt(sink, [recipient], random=random) as writer:
        files = _signed(manifest, sender, parts)
        with behind(writer.write, stored_zip.archive_size(files)) as write:
            for chunk in stored_zip.archive_chunks(files):
                write(chunk)
    return Sealed(manifest, writer.header_digest)


@dataclass(frozen=True, slots=True)
class _Measured:
    """A document that was read once: what the manifest, the metadata and the zip say of it."""

    file: File
    entry: DocumentEntry
    part: Part


def _check(contents: Contents, sender: Sender, now: datetime) -> None:
    rule = contents.kind.rule
    if sender.card.role not in rule.signers:
        raise UsageError(_("a bundle of this kind is signed by somebody else"))
    if len(contents.documents) > LIMITS.documents or (rule.content is Content.DOCUMENTS and not contents.documents):
        raise UsageError(_("a bundle carries 1 to {most} documents").format(most=LIMITS.documents))
    if any(source.document.media_type not in MEDIA_TYPES for source in contents.documents):
        raise UsageError(_("a document is of a type that bundles do not carry"), hint=_("share PDF, JPEG, PNG, TIFF or text"))
    if contents.expires and contents.expires <= now:
        raise UsageError(_("the end of the bundle is not in the future"))


def _age_recipient(to: Destination) -> age.Recipient:
    if isinstance(to, ToPassphrase):
        return age.ScryptRecipient(to.passphrase, to.work_factor)
    newest = to.card.recipient(to.type)
    if newest is None:
        raise UsageError(_("the card has no key of type {type}").format(type=to.type), hint=_("ask its owner for a new card"))
    return age_recipient(newest)


def _fit(contents: Contents) -> Contents:
    """Return the contents with every text inside the bounds of the format: a title read from paper may hold anything."""
    subject = _fit_subject(contents.subject) if contents.subject else None
    documents = tuple(replace(source, document=_fit_document(source.document)) for source in contents.documents)
    return replace(contents, subject=subject, documents=documents, purpose=plain(contents.purpose, LIMITS.purpose))


def _fit_subject(subject: Identity) -> Identity:
    names = tuple(plain(name, LIMITS.name) for name in subject.given_names[: LIMITS.given_names])
    ins = subject.ins.upper() if subject.ins else None
    return replace(subject, family_name=plain(subject.family_name, LIMITS.name), given_names=names, ins=ins)


def _fit_document(document: Document) -> Document:
    title = plain(document.title, LIMITS.title) or "Document"
    return replace(document, title=title, practitioner=plain(document.practitioner, LIMITS.title))


def _measure(source: SourceDocument, number: int) -> _Measured:
    document = source.document
    size = crc32 = 0
    sha1, sha256 = hashlib.sha1(usedforsecurity=False), hashlib.sha256()  # XDS's hash is SHA-1; SHA-256 is what is signed

    def rest(chunk: bytes) -> None:
        nonlocal crc32
        sha256.update(chunk)
        crc32 = zlib.crc32(chunk, crc32)

    with behind(rest, document.size) as do_rest:  # two threads with as much to do each
        for chunk in source.chunks():
            do_rest(chunk)
            sha1.update(chunk)
            size += len(chunk)
    if (size, sha256.hexdigest()) != (document.size, document.sha256):
        raise IntegrityError(_("a stored document is not the one that was put in"), hint=_("restore the vault from a backup"))
    path = xdm.document_path(number, document.media_type)
    entry = DocumentEntry(document, sha1.hexdigest(), path.removeprefix(xdm.FOLDER), source.author)
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


def _draft(contents: Contents, place: Place, *, sender: Sender, to: Destination, now: datetime) -> Manifest:
    """Return the manifest without its files."""
    return Manifest(
        bundle=place.bundle,
        kind=contents.kind,
        sender=sender.card.fingerprint,
        sender_card=card_text(sender.card, sender.keys.signing).decode(),
        recipient=PASSPHRASE if isinstance(to, ToPassphrase) else to.card.fingerprint,
        stream=place.stream,
        created=now.replace(microsecond=0),
        expires=contents.expires.replace(microsecond=0) if contents.expires else None,
        supersedes=contents.supersedes,
        purpose=contents.purpose,
        subject=contents.subject,
        files=(),
    )


def _with_documents(manifest: Manifest, contents: Contents, sender: Sender) -> tuple[Manifest, list[Part]]:
    """Return the manifest with all its files, and the parts of the outer zip that come before it."""
    assert contents.subject is not None, "documents are about somebody"
    measured = [_measure(source, number) for number, source in enumerate(contents.documents, start=1)]
    listed = replace(manifest, files=tuple(item.file for item in measured))
    page = layout.index_page(listed, sender.card, [item.file.path for item in measured])
    submission = Submission(manifest.bundle, manifest.sender, contents.subject, manifest.created, _depositor(contents, sender))
    package = xdm.package(submission, [xdm.PackagedDocument(item.entry, item.part) for item in measured], page)
    outer = [Part.of(INDEX, page)]
    if contents.kind.rule.content is Content.RECORD:
        outer.append(Part.of(RECORD, contents.record))
    head = [_file_of(part) for part in package[: len(package) - len(measured)]]
    files = (*head, *listed.files, *(_file_of(part) for part in outer))
    return replace(manifest, files=files), [_nested(package), *outer]


def _depositor(contents: Contents, sender: Sender) -> Depositor | None:
    if sender.card.role is Role.HOLDER:
        return None
    facility = SOCIAL_INSURANCE if sender.card.profession is Profession.INSURER else OWN_PRACTICE
    return Depositor(sender.card, contents.institution or Institution(sender.card.display_name, facility), contents.specialty)


def _with_body(manifest: Manifest, contents: Contents) -> tuple[Manifest, list[Part]]:
    assert contents.body is not None, "a kind without documents says something"
    part = Part.of(BODY, body_bytes(contents.body))
    return replace(manifest, files=(_file_of(part),)), [part]


def _nested(package: Sequence[Part]) -> Part:
    size, crc32 = stored_zip.archive_size(package), stored_zip.archive_crc32(package)
    return Part(layout.PACKAGE, size, crc32, lambda: stored_zip.archive_chunks(package), is_archive=True)


def _file_of(part: Part) -> File:
    return File(part.name, part.size, hashlib.sha256(b"".join(part.chunks())).hexdigest())


def _signed(manifest: Manifest, sender: Sender, parts: Sequence[Part]) -> list[Part]:
    """Return every file of the outer zip."""
    data = manifest.to_bytes()
    read_manifest(data)  # nothing leaves that no reader would take
    signature = sshsig.sign(sender.keys.signing, data, manifest.kind.namespace)
    signed = [*parts, Part.of(layout.MANIFEST, data), Part.of(layout.SIGNATURE, signature)]
    return [*signed, layout.padding(signed)]
