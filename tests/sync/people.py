"""Two invented people with published keys, and bundles between them. Everything is fixed but what HPKE draws for itself."""

import hashlib
import io
import json
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

from monespace_cli.crypto import age, sshsig
from monespace_cli.interop.stored_zip import Part, archive_chunks, open_entry, read_archive
from monespace_cli.record.card import RecipientType
from monespace_cli.record.document import Document, DocumentId
from monespace_cli.record.identity import Identity, PractitionerIdentity, Profession, Sex
from monespace_cli.sync import layout
from monespace_cli.sync.canonical import to_canonical
from monespace_cli.sync.keys import DecryptionKey, OwnKeys
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Stream
from monespace_cli.sync.opening import OpenedBundle, Opener, Policy, Seen, Standing, open_bundle
from monespace_cli.sync.sealing import Contents, Destination, Place, Sender, SourceDocument, ToContact, seal

PLACE = Place("b40711a88c7039756fb8a73827eabe2c", Stream("ab" * 16, 1))
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
PDF = b"%PDF-1.7\nordonnance\n"
JPEG = b"\xff\xd8\xff\xe0photo"

ZOE = Identity("MARTIN", ("Zoé", "Anne"), date(1980, 5, 17), Sex.FEMALE, "280057511122220")
LUC = PractitionerIdentity("DURAND", ("Luc",), Profession.PHYSICIAN, "10001234567")


def own_keys(letter: bytes) -> OwnKeys:
    """Keys that anybody can know."""
    hybrid = DecryptionKey(RecipientType.HYBRID, letter.upper() * 32, NOW)
    return OwnKeys(letter * 32, (hybrid, DecryptionKey(RecipientType.X25519, letter * 32, NOW)))


ZOE_KEYS, LUC_KEYS, EVE_KEYS = own_keys(b"z"), own_keys(b"l"), own_keys(b"e")
ZOE_CARD, LUC_CARD = ZOE_KEYS.card(ZOE, NOW), LUC_KEYS.card(LUC, NOW)
SENDER = Sender(ZOE_KEYS, ZOE_CARD)
FROM_LUC = Sender(LUC_KEYS, LUC_CARD)
TO_LUC = ToContact(LUC_CARD)
TO_ZOE = ToContact(ZOE_CARD, RecipientType.X25519)
TO_LUC_COMPAT = ToContact(LUC_CARD, RecipientType.X25519)
LUC_RECIPIENT = age.X25519Identity(b"l" * 32).recipient
KNOWN = Policy(
    standing_of=lambda _card: Standing.VERIFIED,
    seen=lambda _manifest: Seen.NEVER,
    is_signer=lambda _card, _bundle: None,
    is_recipient=lambda _card, _receipt: False,
    is_self=lambda _subject: True,
    accepts_unverified=False,
)


class Dice:
    """Randomness that is the same each time: SHA-256 of a counter."""

    def __init__(self) -> None:
        self._rolled = 0

    def __call__(self, size: int) -> bytes:
        self._rolled += 1
        return hashlib.sha256(self._rolled.to_bytes(4)).digest()[:size]


def document(content: bytes = PDF, **changes: Any) -> SourceDocument:
    """A document as the vault has it."""
    plain = Document(
        id=DocumentId("0123456789"),
        title="Ordonnance",
        type_code="DOCPAT02",
        media_type="application/pdf",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        page_count=1,
        confidence=1.0,
        imported_at=NOW,
        date=date(2026, 3, 2),
        practitioner="Dr Luc DURAND",
    )
    return SourceDocument(replace(plain, **changes), lambda: iter((content,)))


def photo() -> SourceDocument:
    return document(JPEG, title="Résultats", media_type="image/jpeg", type_code="DOCPAT05", date=None, practitioner="")


def share(*documents: SourceDocument, **changes: Any) -> Contents:
    end = NOW + timedelta(days=30)
    plain = Contents(Kind.SHARE, ZOE, documents or (document(), photo()), purpose="avis", expires=end)
    return replace(plain, **changes)


def sealed(what: Contents | None = None, *, sender: Sender = SENDER, to: Destination = TO_LUC_COMPAT) -> bytes:
    sink = io.BytesIO()
    seal(sink, what or share(), PLACE, sender=sender, to=to, now=NOW, random=Dice())
    return sink.getvalue()


def opened(data: bytes, *, opener: Opener = LUC_KEYS, policy: Policy = KNOWN, now: datetime = NOW) -> OpenedBundle:
    return open_bundle(io.BytesIO(data), opener=opener, policy=policy, now=now)


def decrypted(data: bytes, identities: Iterable[age.Identity] = LUC_KEYS.identities) -> bytes:
    return age.decrypt(io.BytesIO(data), list(identities)).read()


def encrypted(plain: bytes, recipient: age.Recipient = LUC_RECIPIENT) -> bytes:
    sink = io.BytesIO()
    with age.encrypt(sink, [recipient], random=Dice()) as writer:
        writer.write(plain)
    return sink.getvalue()


def unzipped(archive: bytes) -> dict[str, bytes]:
    source = io.BytesIO(archive)
    return {entry.name: open_entry(source, entry).read() for entry in read_archive(source, max_directory=1 << 20)}


def zipped(files: dict[str, bytes]) -> bytes:
    return b"".join(archive_chunks([Part.of(name, content) for name, content in files.items()]))


def with_files(change: Callable[[dict[str, bytes]], None], data: bytes | None = None) -> bytes:
    """A bundle whose outer files somebody changed who could encrypt to Luc."""
    files = unzipped(decrypted(data or sealed()))
    change(files)
    return encrypted(zipped(files))


def with_manifest(
    change: Callable[[dict[str, Any]], None], keys: OwnKeys = ZOE_KEYS, namespace: str = "monespace-share-v1", data: bytes | None = None
) -> bytes:
    """A bundle whose manifest was changed and signed again by `keys`."""

    def resign(files: dict[str, bytes]) -> None:
        manifest = json.loads(files[layout.MANIFEST])
        change(manifest)
        files[layout.MANIFEST] = to_canonical(manifest)
        files[layout.SIGNATURE] = sshsig.sign(keys.signing, files[layout.MANIFEST], namespace)

    return with_files(resign, data)
