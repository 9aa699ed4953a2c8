"""Opening: a numbered list of checks that raises at the first failure (docs/formats/bundle-v1.md §6), and documents only after the last.

What the caller must still do: keep `source` open while documents are read; compare a document's SHA-256 once more as it copies it, because
whoever sealed the file could change it in the meantime; record the bundle as seen when it was taken in.
"""

import hashlib
import io
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import BinaryIO

from monespace_cli.bounds.json import UnfitJsonError, check_json
from monespace_cli.bounds.xml import UnfitXmlError, check_xml
from monespace_cli.crypto import age, sshsig
from monespace_cli.errors import (
    BundleError,
    ExpiredError,
    NotMadeHereError,
    ReplayedError,
    RevokedIdentityError,
    UnreadableInputError,
    UnverifiedError,
)
from monespace_cli.i18n import _
from monespace_cli.interop import stored_zip, xdm
from monespace_cli.interop.media import FHIR_JSON, HEAD_SIZE, MEDIA_TYPES
from monespace_cli.interop.stored_zip import Entry
from monespace_cli.record.card import Card, fingerprint
from monespace_cli.record.identity import Identity, is_same_name
from monespace_cli.sync import layout
from monespace_cli.sync.behind import behind
from monespace_cli.sync.body import Body, Receipt, Renewal, Revocation, read_body
from monespace_cli.sync.card import read_card
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.kinds import Binding, Content, Kind
from monespace_cli.sync.limits import LIMITS
from monespace_cli.sync.manifest import BODY, PASSPHRASE, RECORD, DocumentInfo, File, Manifest, read_manifest

_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|COM\d|LPT\d)(\..*)?", re.IGNORECASE)
"""What Windows takes for a device, whatever stands behind a dot (Microsoft, Naming Files, Paths, and Namespaces)."""
_ABOUT_WHAT_IS_KNOWN = (Kind.RECEIPT, Kind.REVOCATION, Kind.RENEWAL, Kind.IDENTITY_REVOCATION)


class Standing(StrEnum):
    """What the receiver knows of a sender's key."""

    VERIFIED = "verified"
    UNVERIFIED = "unverified"
    """A contact whose words nobody compared."""
    UNKNOWN = "unknown"
    CHANGED = "changed"
    """Another key than the one known for this person, or nobody decided yet which is theirs: never accepted."""
    REVOKED = "revoked"
    """Its owner said that it counts no more: never accepted."""


class Seen(StrEnum):
    """What the receiver knows of a bundle's id."""

    NEVER = "never"
    SAME = "same"
    """This very bundle was taken in before."""
    OTHER = "other"
    """Another bundle had this id: its sender or its manifest was another."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What the receiver knows and decides. There is no default: each caller says it."""

    standing_of: Callable[[Card], Standing]
    """How far the sender's key is trusted here."""
    seen: Callable[[Manifest], Seen]
    """Whether a bundle of this id was taken in before."""
    is_signer: Callable[[Card, str], bool | None]
    """Whether this person signed the received bundle of that id; None where no such bundle came."""
    is_recipient: Callable[[Card, Receipt], bool | None]
    """Whether the bundle that a receipt names was made here for this person, with this manifest; None where none of that id was."""
    is_self: Callable[[Identity], bool]
    """Whether this may be whom the receiver's vault belongs to."""
    accepts_unverified: bool
    """Whether a person accepted a sender whose words nobody compared."""


@dataclass(frozen=True, slots=True)
class Passphrase:
    """Opens a bundle that was sealed with a passphrase."""

    value: str = field(repr=False)


Opener = OwnKeys | Passphrase


@dataclass(frozen=True, slots=True)
class OpenedDocument:
    """A document of an opened bundle, all checks passed."""

    file: File
    info: DocumentInfo
    open: Callable[[], BinaryIO]
    """Gives the original bytes as a seekable file, each time it is called, as long as the bundle is open."""


@dataclass(frozen=True, slots=True)
class OpenedBundle:
    """A bundle that passed every check."""

    manifest: Manifest
    sender: Card
    documents: tuple[OpenedDocument, ...]
    warnings: tuple[str, ...]
    """Stable codes of what a person should know: `sender-unverified`, `sender-unknown`, `by-representative`."""
    body: Body | None = None
    """What a bundle without documents says."""
    record: bytes = b""
    """`RECORD.json` of a handover: canonical JSON, its form for the caller to read."""


@dataclass(frozen=True, slots=True)
class Peeked:
    """What can be said of a bundle without a key, and so without proof."""

    recipient_types: tuple[str, ...]
    """`mlkem768x25519`, `X25519` or `scrypt`; another program may have added types of its own."""
    size: int
    """Bytes of the file."""
    header: str
    """What its maker knows it by (:func:`age.header_digest`)."""

    @property
    def needs_passphrase(self) -> bool:
        """Whether a passphrase opens it, rather than a key."""
        return age.ScryptRecipient.type in self.recipient_types


def peek(source: BinaryIO) -> Peeked:
    """Return what a bundle shows without keys.

    Raises:
        BundleError: too large, or not an age file.
    """
    size = _check_bounds(source)
    types = age.recipient_types(source)
    source.seek(0)
    return Peeked(types, size, age.header_digest(source))


def require_for(source: BinaryIO, opener: Opener) -> None:
    """See by a bundle's first bytes alone whether `opener` opens it: the header is enough to tell.

    Raises:
        BundleError: not an age file.
        NotForYouError: it is for somebody else.
    """
    age.require_recipient(source, _identities(opener))


def _identities(opener: Opener) -> Sequence[age.Identity]:
    return opener.identities if isinstance(opener, OwnKeys) else [age.ScryptIdentity(opener.value)]


def open_bundle(source: BinaryIO, *, opener: Opener, policy: Policy, now: datetime) -> OpenedBundle:
    """Check a bundle from end to end, in constant memory, and return it. `source` is seekable and read from its start.

    Raises:
        BundleError: damaged, cut short, not in the format, badly signed, signed by a changed key, or not for the opener.
        NewerFormatError: a version or kind that this release does not know.
        UnverifiedError: the sender is unknown or unverified, and that was not accepted.
        ExpiredError: its end has passed.
        ReplayedError: it was taken in before.
    """
    # 1 bounds
    _check_bounds(source)
    # 2 age
    content = age.decrypt(source, _identities(opener))
    # 3 zip safety
    entries = _outer_entries(content)
    # 4 manifest
    manifest_bytes = _small(content, entries[layout.MANIFEST], LIMITS.manifest)
    manifest = read_manifest(manifest_bytes)
    if tuple(entries) != layout.NAMES[manifest.kind.rule.content]:
        raise _damaged(_("it has other files than a bundle of its kind"))
    # 5 signature and policy
    signature = _small(content, entries[layout.SIGNATURE], LIMITS.signature)
    sender = _check_signature(manifest_bytes, manifest, signature)
    standing = _check_signer(manifest, sender, policy)
    # 6 recipient
    if not (opener.is_meant(manifest.recipient) if isinstance(opener, OwnKeys) else manifest.recipient == PASSPHRASE):
        raise BundleError(_("the bundle is not for you"), hint=_("it was made for somebody else and passed on: ask its sender"))
    # 7 expiry
    if manifest.expires and now >= manifest.expires:
        raise ExpiredError(_("the bundle has expired"), hint=_("ask the sender for a new one"))
    # 8 replay
    _check_replay(policy.seen(manifest))
    # 9 files
    documents = _check_files(content, entries, manifest)
    # 10 content
    _check_content(documents)
    body, record = _read_small(content, entries, manifest)
    # 11 binding: what speaks of an earlier bundle is signed by whom that bundle names
    _check_binding(manifest, body, sender, standing, policy)
    # 12 trust: last, so that damage is told as such whoever the sender is
    warnings = _check_trust(manifest, sender, standing, policy)
    return OpenedBundle(manifest, sender, documents, warnings, body, record)


def _check_bounds(source: BinaryIO) -> int:
    size = source.seek(0, io.SEEK_END)
    if size > LIMITS.archive + LIMITS.age_overhead:
        raise BundleError(_("the file is larger than any bundle"))
    source.seek(0)
    return size


def _outer_entries(content: BinaryIO) -> Mapping[str, Entry]:
    entries = stored_zip.read_archive(content, max_directory=LIMITS.directory)
    names = tuple(entry.name for entry in entries)
    if names not in layout.NAMES.values():
        raise _damaged(_other_files(names))
    return {entry.name: entry for entry in entries}


def _other_files(names: Sequence[str]) -> str:
    """Say what is wrong with names that no bundle has. None is used, nor shown: it may be made to mislead."""
    if any("\x00" in name for name in names):
        return _("it has other files than a bundle has: a name ends before its end")
    if any("/" in name or "\\" in name for name in names):
        return _("it has other files than a bundle has: a name leads out of its folder")
    if any(_DEVICE.fullmatch(name) for name in names):
        return _("it has other files than a bundle has: a name is that of a device")
    return _("it has other files than a bundle has")


def _small(content: BinaryIO, entry: Entry, limit: int) -> bytes:
    """Return a file that is small enough to hold."""
    if entry.size > limit:
        raise _damaged(_("its manifest or signature is too large"))
    data = stored_zip.open_entry(content, entry).read()
    if zlib.crc32(data) != entry.crc32:
        raise _damaged(_("a checksum is wrong"))
    return data


def _check_signature(manifest_bytes: bytes, manifest: Manifest, signature: bytes) -> Card:
    """Return the card of who signed, having checked that the key, the manifest and the card are of one person."""
    public = sshsig.signer(signature)
    if fingerprint(public) != manifest.sender:
        raise BundleError(_("the bundle is signed by somebody else than its sender"))
    sshsig.verify(signature, manifest_bytes, manifest.kind.namespace, public)
    try:
        card = read_card(manifest.sender_card.encode())
    except UnreadableInputError:
        raise _damaged(_("the sender's card cannot be read")) from None
    if card.fingerprint != manifest.sender:
        raise BundleError(_("the bundle carries the card of somebody else than its sender"))
    return card


def _check_signer(manifest: Manifest, sender: Card, policy: Policy) -> Standing:
    """Apply who may sign this kind, and return what the receiver knows of the key; one that changed is never accepted."""
    if sender.role not in manifest.kind.rule.signers:
        raise BundleError(_("the bundle is signed by somebody who may not sign one of its kind"))
    standing = policy.standing_of(sender)
    if manifest.kind is Kind.IDENTITY_REVOCATION:
        return standing  # whoever holds a key may say that it counts no more, and that is heard in any case
    if standing is Standing.REVOKED:
        raise RevokedIdentityError(
            _("the sender has revoked the key that signed this"),
            hint=_("ask them over another way for their new card, and compare its words"),
        )
    if standing is Standing.CHANGED:
        raise BundleError(
            _("the sender's key is not the one you know"),
            hint=_("ask them over another way whether they have a new key; do not go on before"),
        )
    return standing


def is_about_sender(sender: Card, subject: Identity) -> bool:
    """Tell whether a share is about the person who signed it, by the names that a card carries; otherwise they represent that person."""
    return is_same_name(sender.family_name, subject.family_name) and is_same_name(sender.given_name, subject.given_names[0])


def _check_replay(seen: Seen) -> None:
    if seen is Seen.OTHER:
        raise BundleError(_("another bundle had this one's id"), hint=_("take neither for granted: ask the sender for a new one"))
    if seen is Seen.SAME:
        raise ReplayedError(_("this bundle was taken in before"))


def _check_binding(manifest: Manifest, body: Body | None, sender: Card, standing: Standing, policy: Policy) -> None:
    match manifest.kind.rule.binding, body:
        case Binding.RECIPIENT, Receipt():
            is_recipient = policy.is_recipient(sender, body)
            if is_recipient is None:
                raise NotMadeHereError(_("the receipt is for a bundle that was not made in this vault; perhaps in another copy of it"))
            if not is_recipient:
                raise BundleError(_("the receipt is for no bundle that you made for its signer"))
        case Binding.SELF, _:
            if manifest.subject is None or not policy.is_self(manifest.subject):
                raise BundleError(
                    _("the record in this bundle is that of another person"), hint=_("it goes into the vault of the person it is about")
                )
        case Binding.CONTACT, Renewal():
            _check_renewal(sender, body.new_card, standing)
        case Binding.SIGNER, _:
            original = body.bundle if isinstance(body, Revocation) else manifest.supersedes
            # One that did not come yet may still: what is said of it then binds its signer alone.
            if original and policy.is_signer(sender, original) is False:
                raise BundleError(_("only who signed the earlier bundle may correct or revoke it"))


def _check_renewal(known: Card, new: Card, standing: Standing) -> None:
    """See that somebody who is known speaks of themselves: a name may change, what they are and their number may not."""
    if standing is Standing.UNKNOWN:
        raise BundleError(_("the renewal is signed by a key that you do not know"), hint=_("ask the sender for their card"))
    if (known.role, known.profession, known.rpps) != (new.role, new.profession, new.rpps):
        raise BundleError(_("the renewed card is that of somebody else"), hint=_("ask the sender over another way what this is"))
    if new.issued < known.issued:
        raise BundleError(_("the renewed card is older than the one before"), hint=_("ask the sender for a new one"))


def _check_trust(manifest: Manifest, sender: Card, standing: Standing, policy: Policy) -> tuple[str, ...]:
    """Apply whom the receiver accepts; return warnings. A receipt, a revocation or a renewal says nothing but of what is known."""
    represented = manifest.kind is Kind.SHARE and manifest.subject and not is_about_sender(sender, manifest.subject)
    warnings = ("by-representative",) if represented else ()
    if standing is Standing.VERIFIED or manifest.kind in _ABOUT_WHAT_IS_KNOWN:
        return warnings
    if not policy.accepts_unverified:
        raise UnverifiedError(
            _("nobody has compared the sender's key"),
            hint=_("take their card in (`contact add`) and compare its words (`contact verify`), or accept it with --accept-unverified"),
        )
    return (f"sender-{standing}", *warnings)


def _check_files(content: BinaryIO, entries: Mapping[str, Entry], manifest: Manifest) -> tuple[OpenedDocument, ...]:
    """Check every file against the manifest; together with the zips' fixed form this covers each byte of the bundle."""
    outer = [file for file in manifest.files if file.path in entries]
    inner = manifest.files[: len(manifest.files) - len(outer)]
    documents = _check_package(content, entries[layout.PACKAGE], inner) if inner else ()
    for file in outer:
        _check_file(content, entries[file.path], file)
    _check_padding(content, entries[layout.PADDING])
    return documents


def _check_package(content: BinaryIO, package: Entry, files: Sequence[File]) -> tuple[OpenedDocument, ...]:
    archive = stored_zip.open_entry(content, package)
    inner = stored_zip.read_archive(archive, max_directory=LIMITS.directory)
    if [entry.name for entry in inner] != [file.path for file in files]:
        raise _damaged(_("it has other files than its manifest lists"))
    if stored_zip.entries_crc32(inner) != package.crc32:
        raise _damaged(_("a checksum is wrong"))
    documents = []
    for entry, file in zip(inner, files, strict=True):
        _check_file(archive, entry, file)
        if entry.name == xdm.METADATA:
            _check_metadata(stored_zip.entry_chunks(archive, entry))
        if file.document:
            documents.append(OpenedDocument(file, file.document, _opener_of(archive, entry)))
    return tuple(documents)


def _opener_of(archive: BinaryIO, entry: Entry) -> Callable[[], BinaryIO]:
    return lambda: stored_zip.open_entry(archive, entry)


def _check_file(archive: BinaryIO, entry: Entry, file: File) -> None:
    if entry.size != file.size:
        raise _damaged(_("a file is not as large as its manifest says"))
    sha256, crc32 = hashlib.sha256(), 0
    with behind(sha256.update, entry.size) as to_sha256:
        for chunk in stored_zip.entry_chunks(archive, entry):
            to_sha256(chunk)
            crc32 = zlib.crc32(chunk, crc32)
    if sha256.hexdigest() != file.sha256:
        raise _damaged(_("a file is not the one that its manifest names"))
    if crc32 != entry.crc32:
        raise _damaged(_("a checksum is wrong"))


def _check_metadata(chunks: Iterator[bytes]) -> None:
    """See that what other programs will parse is fit to be parsed; nothing is taken from it here."""
    try:
        check_xml(chunks)
    except UnfitXmlError as error:
        raise _damaged(_("its metadata is no XML that may be read ({reason})").format(reason=error)) from None


def _check_padding(content: BinaryIO, entry: Entry) -> None:
    crc32 = 0
    for chunk in stored_zip.entry_chunks(content, entry):
        crc32 = zlib.crc32(chunk, crc32)
        if chunk.count(0) != len(chunk):
            raise _damaged(_("something is hidden in its padding"))
    if crc32 != entry.crc32:
        raise _damaged(_("a checksum is wrong"))


def _check_content(documents: Sequence[OpenedDocument]) -> None:
    for document in documents:
        head = document.open().read(HEAD_SIZE)
        if not MEDIA_TYPES[document.info.media_type].fits(head):
            raise BundleError(_("a document is not of the type that the bundle says"), hint=_("ask the sender for a new one"))
        if document.info.media_type == FHIR_JSON:
            _check_fhir(document.open())


def _check_fhir(source: BinaryIO) -> None:
    """See that data which other programs will parse is fit to be parsed; nothing is taken from it here."""
    try:
        check_json(iter(lambda: source.read(stored_zip.CHUNK), b""))
    except UnfitJsonError as error:
        raise _damaged(_("its FHIR data is no JSON that may be read ({reason})").format(reason=error)) from None


def _read_small(content: BinaryIO, entries: Mapping[str, Entry], manifest: Manifest) -> tuple[Body | None, bytes]:
    """Return the body and the record, where the kind has them."""
    match manifest.kind.rule.content:
        case Content.BODY:
            return read_body(manifest.kind, _small(content, entries[BODY], LIMITS.body)), b""
        case Content.RECORD:
            return None, _small(content, entries[RECORD], LIMITS.record)  # its form: sync.record
        case Content.DOCUMENTS:
            return None, b""


def _damaged(reason: str) -> BundleError:
    return BundleError(
        _("the bundle is damaged, or not in the form that it must have: {reason}").format(reason=reason),
        hint=_("ask the sender for a new one"),
    )
