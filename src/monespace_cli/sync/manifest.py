"""The manifest of a bundle: frozen data to canonical JSON and back (docs/formats/bundle-v1.md §3). Signatures and policy are elsewhere.

What parses is inside every bound of the format, and writing it again gives the same bytes.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from monespace_cli.errors import BundleError, NewerFormatError
from monespace_cli.i18n import _
from monespace_cli.interop import xdm
from monespace_cli.interop.ebrim import CONFIDENTIALITY_LABELS
from monespace_cli.interop.media import FHIR_JSON, MEDIA_TYPES
from monespace_cli.record.card import Role
from monespace_cli.record.codes import Kind as DocumentKind
from monespace_cli.record.document import Author, kind_of
from monespace_cli.record.identity import INS_OIDS, Identity, Sex
from monespace_cli.sync.canonical import FormatError, Json, from_canonical, to_canonical
from monespace_cli.sync.fields import Fields, moment_text
from monespace_cli.sync.kinds import Content, Kind
from monespace_cli.sync.limits import LIMITS

FORMAT: Final = "monespace-bundle"
VERSION: Final = 1
PASSPHRASE: Final = "passphrase"
INDEX: Final = "index.html"
RECORD: Final = "RECORD.json"
BODY: Final = "BODY.json"

_DEPOSITORS = (Author.PRACTITIONER, Author.INSURER)
_ID_DIGITS = 32
_SHA256_DIGITS = 64


@dataclass(frozen=True, slots=True)
class DocumentInfo:
    """What a receiver needs to file a document, as its sender described it."""

    title: str
    type_code: str
    media_type: str
    date: "date | None"
    """The day the document bears."""
    practitioner: str
    """Author as printed on the document, may be empty."""
    author: Author
    """Who put it into the sender's record."""
    page_count: int
    confidentiality: tuple[str, ...]

    @property
    def kind(self) -> DocumentKind:
        """The everyday word for the typeCode."""
        return kind_of(self.type_code)


@dataclass(frozen=True, slots=True)
class File:
    """One file of a bundle, and what it is if it is a document."""

    path: str
    size: int
    """Bytes."""
    sha256: str
    """Lower-case hex."""
    document: DocumentInfo | None = None


@dataclass(frozen=True, slots=True)
class Stream:
    """Where a bundle stands among those of one sender to one recipient. A restored vault begins a new stream."""

    id: str
    """Random, 32 hexadecimal digits."""
    counter: int
    """From 1 on."""


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a bundle is, from whom, to whom, about whom, and the hash of every file in it."""

    bundle: str
    """Its id: random, 32 hexadecimal digits."""
    kind: Kind
    sender: str
    """Fingerprint of the signing key, 64 hexadecimal digits."""
    sender_card: str
    """The sender's card file."""
    recipient: str
    """Fingerprint of the recipient, or :data:`PASSPHRASE`."""
    stream: Stream
    created: datetime
    expires: datetime | None
    supersedes: str | None
    purpose: str
    subject: Identity | None
    """None for the kinds that hold no document."""
    files: tuple[File, ...]

    @property
    def documents(self) -> tuple[tuple[File, DocumentInfo], ...]:
        """The files that are documents, in order."""
        return tuple((file, file.document) for file in self.files if file.document)

    @property
    def digest(self) -> str:
        """SHA-256 of `MANIFEST.json`, lower-case hex: what receipts and revocations name, since it stands for every byte of the bundle."""
        return hashlib.sha256(self.to_bytes()).hexdigest()

    def to_bytes(self) -> bytes:
        """Return `MANIFEST.json`."""
        files: list[Json] = [_file_json(file) for file in self.files]
        return to_canonical(
            {
                "bundle": self.bundle,
                "created": moment_text(self.created),
                "expires": moment_text(self.expires) if self.expires else None,
                "files": files,
                "format": FORMAT,
                "kind": self.kind.value,
                "purpose": self.purpose,
                "recipient": self.recipient,
                "sender": self.sender,
                "sender_card": self.sender_card,
                "stream": {"counter": self.stream.counter, "id": self.stream.id},
                "subject": _subject_json(self.subject) if self.subject else None,
                "supersedes": self.supersedes,
                "version": VERSION,
            }
        )


def read_manifest(data: bytes) -> Manifest:
    """Return the manifest in `MANIFEST.json`; nothing in it is proved.

    Raises:
        BundleError: not in the format, or a member out of its bounds.
        NewerFormatError: a version or a kind that this release does not know.
    """
    try:
        return _manifest(Fields(from_canonical(data, max_size=LIMITS.manifest)))
    except FormatError as error:
        raise BundleError(
            # The reason names a member of the format, never its value.
            _("the bundle's manifest is not in the form that it must have: {reason}").format(reason=error),
            hint=_("ask the sender for a new one"),
        ) from None


def _manifest(fields: Fields) -> Manifest:
    _check_version(fields)
    manifest = Manifest(
        bundle=fields.hex("bundle", _ID_DIGITS),
        kind=_kind(fields),
        sender=fields.hex("sender", _SHA256_DIGITS),
        sender_card=fields.raw_text("sender_card", longest=LIMITS.card),
        recipient=fields.matching("recipient", f"{PASSPHRASE}|[0-9a-f]{{{_SHA256_DIGITS}}}"),
        stream=_stream(fields.fields("stream")),
        created=fields.moment("created"),
        expires=None if fields.is_null("expires") else fields.moment("expires"),
        supersedes=None if fields.is_null("supersedes") else fields.hex("supersedes", _ID_DIGITS),
        purpose=fields.text("purpose", longest=LIMITS.purpose, shortest=0),
        subject=None if fields.is_null("subject") else _subject(fields.fields("subject")),
        files=tuple(_file(Fields(item)) for item in fields.array("files", most=LIMITS.documents + len(_FIXED))),
    )
    fields.end()
    if manifest.expires and manifest.expires <= manifest.created:
        raise FormatError("expires before it was created")
    _check_kind(manifest)
    _check_files(manifest.kind.rule.content, manifest.files)
    return manifest


def _check_kind(manifest: Manifest) -> None:
    """Make sure that there is what this kind needs, and nothing else."""
    rule = manifest.kind.rule
    if (manifest.subject is not None) is not rule.has_documents:
        raise FormatError("about a person or not, other than its kind")
    if manifest.recipient == PASSPHRASE and not rule.by_passphrase:
        raise FormatError("a kind that needs somebody with a card")
    if manifest.kind is Kind.CORRECTION and manifest.supersedes is None:
        raise FormatError("a correction of nothing")
    if Role.HOLDER not in rule.signers and any(info.author not in _DEPOSITORS for _file, info in manifest.documents):
        raise FormatError("another author than its kind has")


def _check_version(fields: Fields) -> None:
    if fields.matching("format", ".{1,64}") != FORMAT:
        raise FormatError("another format")
    if fields.integer("version", least=1, most=LIMITS.counter) > VERSION:
        raise _newer()


def _kind(fields: Fields) -> Kind:
    value = fields.matching("kind", "[a-z-]{1,32}")
    if value not in set(Kind):
        raise _newer()
    return Kind(value)


def _newer() -> NewerFormatError:
    return NewerFormatError(_("this bundle was written by a newer monespace"), hint=_("update monespace"))


def _stream(fields: Fields) -> Stream:
    stream = Stream(fields.hex("id", _ID_DIGITS), fields.integer("counter", least=1, most=LIMITS.counter))
    fields.end()
    return stream


def _subject(fields: Fields) -> Identity:
    identity = Identity(
        family_name=fields.text("family_name", longest=LIMITS.name),
        given_names=fields.texts("given_names", most=LIMITS.given_names, longest=LIMITS.name),
        birth_date=fields.day("birth_date"),
        sex=fields.choice("sex", Sex),
    )
    if not fields.is_null("ins"):
        ins = fields.fields("ins")
        oid = ins.matching("oid", "[0-9.]{1,64}")
        identity = replace(identity, ins=ins.matching("matricule", "[0-9AB]{15}"), ins_oid=oid)
        ins.end()
        if oid not in INS_OIDS:
            raise FormatError("an identifier of another kind")
    fields.end()
    return identity


def _subject_json(subject: Identity) -> Json:
    given_names: list[Json] = [*subject.given_names]
    return {
        "birth_date": subject.birth_date.isoformat(),
        "family_name": subject.family_name,
        "given_names": given_names,
        "ins": {"matricule": subject.ins, "oid": subject.ins_oid} if subject.ins else None,
        "sex": subject.sex.value,
    }


def _file(fields: Fields) -> File:
    file = File(
        path=fields.matching("path", "[A-Za-z0-9_./]{1,64}"),
        size=fields.integer("size", least=0, most=LIMITS.archive),
        sha256=fields.hex("sha256", _SHA256_DIGITS),
        document=None if fields.is_null("document") else _document(fields.fields("document")),
    )
    fields.end()
    return file


def _file_json(file: File) -> Json:
    document = _document_json(file.document) if file.document else None
    return {"document": document, "path": file.path, "sha256": file.sha256, "size": file.size}


def _document(fields: Fields) -> DocumentInfo:
    info = DocumentInfo(
        title=fields.text("title", longest=LIMITS.title),
        type_code=fields.matching("type_code", "[A-Za-z0-9_-]{1,32}"),
        media_type=fields.matching("media_type", "[a-z/+]{1,32}"),
        date=None if fields.is_null("date") else fields.day("date"),
        practitioner=fields.text("practitioner", longest=LIMITS.title, shortest=0),
        author=fields.choice("author", Author),
        page_count=fields.integer("page_count", least=1, most=LIMITS.pages),
        confidentiality=fields.texts("confidentiality", most=4, longest=LIMITS.name),
    )
    fields.end()
    codes = set(info.confidentiality)
    if info.media_type not in MEDIA_TYPES or not codes <= CONFIDENTIALITY_LABELS.keys() or len(codes) != len(info.confidentiality):
        raise FormatError("a code that the format does not know")
    return info


def _document_json(info: DocumentInfo) -> Json:
    confidentiality: list[Json] = [*info.confidentiality]
    return {
        "author": info.author.value,
        "confidentiality": confidentiality,
        "date": info.date.isoformat() if info.date else None,
        "media_type": info.media_type,
        "page_count": info.page_count,
        "practitioner": info.practitioner,
        "title": info.title,
        "type_code": info.type_code,
    }


_FIXED = {
    xdm.INDEX: LIMITS.page,
    xdm.README: LIMITS.page,
    xdm.METADATA: LIMITS.metadata,
    INDEX: LIMITS.page,
    RECORD: LIMITS.record,
    BODY: LIMITS.body,
}
"""The files that are not documents, and how large they may be."""


def paths_of(content: Content, media_types: Sequence[str]) -> list[str]:
    """Return the paths of a manifest's files in their order, given what the bundle holds and the media types of its documents."""
    if content is Content.BODY:
        return [BODY]
    outer = [INDEX, RECORD] if content is Content.RECORD else [INDEX]
    return [*xdm.package_paths(media_types), *outer]


def _check_files(content: Content, files: Sequence[File]) -> None:
    """Make sure that the files are exactly those of the kind, in their order, under names that follow from their number and media type."""
    documents = [file.document.media_type for file in files if file.document]
    if [file.path for file in files] != paths_of(content, documents) or (content is Content.DOCUMENTS and not documents):
        raise FormatError("other files than those of its kind")
    for file in files:
        is_fhir = file.document is not None and file.document.media_type == FHIR_JSON
        most = _FIXED.get(file.path, LIMITS.fhir if is_fhir else LIMITS.archive)
        if (file.document is None) is not (file.path in _FIXED) or file.size > most:
            raise FormatError("a file that cannot be so large, or is no document")
