"""Writes the hostile bundles of format version 1: `PYTHONPATH=. python tests/vectors/bundle-v1/hostile/make.py`.

Each is named by its defect and begins with a header: `expect` is the code of the error, `message` a part of what is said, `comment` why
nobody may accept it; `standing`, `seen`, `owner` and `now` say what the receiver knows. Then a blank line, and the bundle. All
of them but `wrong-recipient` are encrypted to Luc (`luc-age-keys.txt`), most are signed by Zoé: their sender is who means harm.

A released vector is never written again: this script writes what is missing and leaves the rest alone.
"""

import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from monespace_cli.crypto import age, sshsig
from monespace_cli.interop import xdm
from monespace_cli.interop.media import FHIR_JSON
from monespace_cli.sync import layout
from monespace_cli.sync.body import Body, IdentityRevocation, Renewal, kind_of
from monespace_cli.sync.canonical import to_canonical
from monespace_cli.sync.card import card_text
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.kinds import Content, Kind
from monespace_cli.sync.sealing import Contents
from tests.sync.people import (
    EVE_KEYS,
    LUC,
    LUC_KEYS,
    NOW,
    ZOE,
    ZOE_KEYS,
    Dice,
    decrypted,
    document,
    encrypted,
    sealed,
    share,
    unzipped,
    with_files,
    with_manifest,
    zipped,
)

FOLDER = Path(__file__).parent
GOOD = sealed()
PLAIN = decrypted(GOOD)
DEEP = 200_000


@dataclass(frozen=True)
class Hostile:
    """A bundle with one defect, and what must happen."""

    data: bytes
    message: str
    comment: str
    expect: str = "bad-bundle"
    knows: dict[str, str] = field(default_factory=dict)

    def text(self) -> bytes:
        """Return the file."""
        header = {"expect": self.expect, "message": self.message, "comment": self.comment, **self.knows}
        return "".join(f"{key}: {value}\n" for key, value in header.items()).encode() + b"\n" + self.data


def manifest(**changes: Any) -> bytes:
    """Return a bundle that Zoé signed with other members."""
    return with_manifest(lambda members: members.update(changes))


def flipped(data: bytes, position: int) -> bytes:
    """Return the bytes with one bit changed."""
    return data[:position] + bytes([data[position] ^ 1]) + data[position + 1 :]


def packed(method: int = zipfile.ZIP_STORED, **files: bytes) -> bytes:
    """Return an ordinary zip, as other programs write it, in the place of a bundle's."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return encrypted(sink.getvalue())


def outer(change: Callable[[bytearray], None]) -> bytes:
    """Return the good bundle whose outer zip was changed byte by byte."""
    plain = bytearray(PLAIN)
    change(plain)
    return encrypted(bytes(plain))


def patched(old: bytes, new: bytes) -> bytes:
    """Return the good bundle with some bytes of its outer zip replaced wherever they stand."""
    assert old in PLAIN
    assert len(old) == len(new)
    return encrypted(PLAIN.replace(old, new))


def renamed(old: str, new: str) -> bytes:
    """Return the good bundle with a file of another name."""
    return with_files(lambda files: files.update({new: files.pop(old)}))


def package(change: Callable[[dict[str, bytes]], None]) -> bytes:
    """Return the good bundle whose inner zip somebody changed."""

    def tamper(files: dict[str, bytes]) -> None:
        inner = unzipped(files[layout.PACKAGE])
        change(inner)
        files[layout.PACKAGE] = zipped(inner)

    return with_files(tamper)


def metadata(content: bytes) -> bytes:
    """Return a bundle whose metadata is `content`, and whose manifest and signature say so: its sender made it."""

    def change(files: dict[str, bytes]) -> None:
        inner = unzipped(files[layout.PACKAGE])
        inner[xdm.METADATA] = content
        files[layout.PACKAGE] = zipped(inner)
        members = json.loads(files[layout.MANIFEST])
        for item in members["files"]:
            if item["path"] == xdm.METADATA:
                item.update(size=len(content), sha256=hashlib.sha256(content).hexdigest())
        files[layout.MANIFEST] = to_canonical(members)
        files[layout.SIGNATURE] = sshsig.sign(ZOE_KEYS.signing, files[layout.MANIFEST], "monespace-share-v1")

    return with_files(change)


NO_CDA = ("a code that the format does not know", "no bundle carries CDA, and nothing of it is parsed")


def cda(content: bytes) -> bytes:
    """Return a bundle with a CDA document, of a media type that the format does not have."""

    def change(members: dict[str, Any]) -> None:
        members["files"][3]["document"]["media_type"] = "text/xml"

    return with_manifest(change, data=sealed(share(document(content, media_type="text/plain"))))


def fhir(rest: bytes) -> bytes:
    """Return a bundle with FHIR data that begins well."""
    return sealed(share(document(b'{\n "resourceType": "Bundle",' + rest, media_type=FHIR_JSON)))


def picture() -> bytes:
    """Return a PNG that says to be 60,000 by 60,000 pixels, with a few bytes of picture."""
    parts = (
        (b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 1, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(bytes(1 << 16), 9)),
        (b"IEND", b""),
    )
    chunks = (struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in parts)
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def overlapping() -> bytes:
    """Return a zip all of whose names lead to the same bytes: David Fifield, A better zip bomb (WOOT 2019)."""
    content = bytes(1 << 16)
    local = zipped({"a": content})
    body = local[: local.index(b"PK\x01\x02")]
    central = struct.Struct("<4sHHHHHHIIIHHHHHII")
    names = [f"{number:05}".encode() for number in range(1000)]
    directory = b"".join(
        central.pack(b"PK\x01\x02", 10, 10, 0, 0, 0, 0x21, zlib.crc32(content), len(content), len(content), len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in names
    )
    end = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, len(names), len(names), len(directory), len(body), 0)
    return encrypted(body + directory + end)


def linked() -> bytes:
    """Return a zip with a symbolic link, as `zip --symlinks` writes it."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w") as archive:
        link = zipfile.ZipInfo(layout.PACKAGE)
        link.create_system = 3
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    return encrypted(sink.getvalue())


def scrypt(work_factor: int) -> bytes:
    """Return a header that asks for 2^work_factor rounds of scrypt; nothing that could be opened follows."""
    sink = io.BytesIO()
    with age.encrypt(sink, [age.ScryptRecipient("secret", 2)], random=Dice()) as writer:
        writer.write(PLAIN)
    return sink.getvalue().replace(b" 2\n", f" {work_factor}\n".encode(), 1)


def hostile() -> dict[str, Hostile]:
    """Return every hostile bundle by its name."""
    end = GOOD.index(b"\n---")
    return {
        **encryption(end),
        **archives(),
        **manifests(),
        **signatures(),
        **contents(),
        **identities(),
        **handovers(),
    }


def encryption(end: int) -> dict[str, Hostile]:
    """Return what is wrong with the age file; its header ends at `end`."""
    many = b"".join(b"-> grease-%d x\n\n" % number for number in range(5000))
    return {
        "empty": Hostile(b"", "header of the encrypted file is damaged", "nothing at all"),
        "not-age": Hostile(b"%PDF-1.7\n" + bytes(100), "not an age v1 file", "another kind of file"),
        "armored": Hostile(b"-----BEGIN AGE ENCRYPTED FILE-----\n", "ASCII-armored", "age's text form has no place in the format"),
        "truncated": Hostile(GOOD[:-1], "changed or damaged", "the last byte is missing: age authenticates each chunk"),
        "truncated-in-the-middle": Hostile(GOOD[: len(GOOD) // 2], "changed or damaged", "half of it is missing"),
        "truncated-in-the-header": Hostile(GOOD[: end - 10], "header of the encrypted file is damaged", "the header is cut"),
        "trailing-bytes": Hostile(GOOD + b"more", "changed or damaged", "something stands behind the last chunk"),
        "flipped": Hostile(flipped(GOOD, len(GOOD) - 100), "changed or damaged", "one bit of the content"),
        "flipped-in-the-header": Hostile(flipped(GOOD, end + 10), "header of the encrypted file is damaged", "one bit of the header's MAC"),
        "wrong-recipient": Hostile(
            encrypted(PLAIN, EVE_KEYS.decryption[1].identity.recipient),
            "not encrypted to you",
            "encrypted to Eve's key alone",
            expect="not-for-you",
        ),
        "many-stanzas": Hostile(b"age-encryption.org/v1\n" + many + b"--- x\n", "names too many recipients", "a header without an end"),
        "huge-kdf-cost": Hostile(
            scrypt(30), "more work to check its passphrase", "scrypt with N = 2^30 takes 1 TiB of memory", knows={"passphrase": "secret"}
        ),
    }


def archives() -> dict[str, Hostile]:
    """Return what is wrong with a zip; a canonical one has a single form, so all of it is found by its form."""
    usual = layout.NAMES[Content.DOCUMENTS]
    names = dict.fromkeys(usual, b"x")
    twice = bytearray(zipped({**dict.fromkeys(usual[:4], b"x"), "index.htmX": b"x"}).replace(b"index.htmX", b"index.html"))
    return {
        "not-a-zip": Hostile(encrypted(b"hello"), "does not end as a zip does", "the content is no zip"),
        "ratio-bomb": Hostile(
            packed(zipfile.ZIP_DEFLATED, **{**names, layout.PACKAGE: bytes(64 << 20)}),
            "a file in it is compressed",
            "64 MiB of zeros in 64 KiB: nothing is unpacked",
        ),
        "overlap-bomb": Hostile(overlapping(), "overlap", "a thousand names for the same 64 KiB"),
        "duplicate-name": Hostile(encrypted(bytes(twice)), "same name", "two programs would see two different files"),
        "case-clash": Hostile(
            with_files(lambda files: files.update({"INDEX.HTML": files.pop(layout.PADDING)})), "same name", "one file on Windows and macOS"
        ),
        "traversal-name": Hostile(
            renamed(layout.PADDING, "../../.bashrc"), "leads out of its folder", "a name that leads out of the folder"
        ),
        "absolute-name": Hostile(renamed(layout.PADDING, "/etc/cron.d/x"), "leads out of its folder", "a name that begins at the root"),
        "backslash-name": Hostile(
            renamed(layout.PADDING, "..\\..\\evil.exe"), "leads out of its folder", "leads out of the folder on Windows"
        ),
        "device-name": Hostile(renamed(layout.PADDING, "CON"), "that of a device", "a device on Windows"),
        "nul-in-name": Hostile(
            renamed(layout.PADDING, "padding\x00.exe"), "a name ends before its end", "a name that ends early for programs in C"
        ),
        "bidi-name": Hostile(
            patched(b"index.html", "ind\u202eth".encode() + b"ml"),
            "letters that no name has",
            "a name whose letters are shown in another order",
        ),
        "symlink": Hostile(linked(), "a file in it is a link", "a link in the place of a file"),
        "hidden-before": Hostile(encrypted(b"MZ" + PLAIN), "before or behind", "a program before the zip"),
        "hidden-behind": Hostile(encrypted(PLAIN + b"more"), "does not end as a zip does", "something behind the zip"),
        "comment": Hostile(encrypted(PLAIN[:-2] + b"\x04\x00evil"), "does not end as a zip does", "a comment of the archive"),
        "encrypted-flag": Hostile(outer(lambda plain: plain.__setitem__(6, 1)), "not simply stored", "a flag that no stored file has"),
        "compressed": Hostile(packed(zipfile.ZIP_DEFLATED, **names), "a file in it is compressed", "compressed files"),
        "lying-size": Hostile(
            with_manifest(lambda members: members["files"][3].update(size=21)),
            "not as large as its manifest says",
            "one byte less than there is",
        ),
        "missing-file": Hostile(with_files(lambda files: files.pop(layout.PADDING)), "other files", "one file less"),
        "extra-file": Hostile(with_files(lambda files: files.update(extra=b"x")), "other files", "one file more"),
        "extra-file-in-package": Hostile(package(lambda files: files.update(EXTRA=b"x")), "other files", "one file more in the inner zip"),
        "changed-document": Hostile(
            package(lambda files: files.update({xdm.FOLDER + "DOC00001.PDF": b"%PDF-1.7\nordonnanc3\n"})),
            "not the one that its manifest names",
            "the document is another one of the same size",
        ),
        "hidden-in-padding": Hostile(
            with_files(lambda files: files.update({layout.PADDING: b"\x00evil"})), "hidden in its padding", "padding is zeros"
        ),
    }


def manifests() -> dict[str, Hostile]:
    """Return what is wrong with the manifest, signed by Zoé all the same."""
    deep = b'{"a":' + b"[" * DEEP

    def with_bytes(data: bytes) -> bytes:
        return with_files(lambda files: files.update({layout.MANIFEST: data}))

    return {
        "newer-version": Hostile(manifest(version=2), "newer monespace", "a later version of the format", expect="newer-format"),
        "unknown-kind": Hostile(manifest(kind="future"), "newer monespace", "a kind that is not known", expect="newer-format"),
        "unknown-member": Hostile(manifest(evil=1), "an unknown member", "what is not in the format is not passed over"),
        "json-too-deep": Hostile(with_bytes(deep), "nested too deep", "200,000 arrays in each other"),
        "json-duplicate-member": Hostile(with_bytes(b'{"a":1,"a":1}'), "not canonical", "which of the two counts?"),
        "json-not-canonical": Hostile(
            with_files(lambda files: files.update({layout.MANIFEST: files[layout.MANIFEST].replace(b":", b": ", 1)})),
            "not canonical",
            "one space more than there may be",
        ),
        "json-huge-number": Hostile(with_bytes(b'{"a":' + b"9" * 5000 + b"}"), "not strict JSON", "an integer of 5,000 digits"),
        "json-fraction": Hostile(with_bytes(b'{"a":1.5}'), "not an integer", "fractions have many forms"),
        "json-not-unicode": Hostile(with_bytes(b'{"a":"\xff"}'), "not Unicode", "bytes that are no UTF-8"),
        "bidi-in-text": Hostile(
            manifest(purpose="avis \u202e txt.exe"),
            "purpose has characters that cannot be shown",
            "text whose letters are shown in another order",
        ),
        "escape-in-text": Hostile(
            manifest(purpose="\x1b[2J"), "purpose has characters that cannot be shown", "a terminal would be cleared"
        ),
        "long-text": Hostile(manifest(purpose="x" * 501), "purpose is not a text of that length", "one character more than there may be"),
        "traversal-in-manifest": Hostile(
            with_manifest(lambda members: members["files"][3].update(path="../../x")),
            "other files than those of its kind",
            "a path that leads out",
        ),
        "no-documents": Hostile(
            with_manifest(lambda members: members.update(files=[])), "other files than those of its kind", "a share of nothing"
        ),
        "birth-date-impossible": Hostile(
            with_manifest(lambda members: members["subject"].update(birth_date="2023-02-30")), "birth_date is no day", "30 February"
        ),
    }


def signatures() -> dict[str, Hostile]:
    """Return what is wrong with who signed it, for whom, or when."""
    return {
        "unsigned": Hostile(with_files(lambda files: files.update({layout.SIGNATURE: b""})), "not a signature", "an empty signature"),
        "changed-after-signing": Hostile(
            with_files(lambda files: files.update({layout.MANIFEST: files[layout.MANIFEST].replace(b'"avis"', b'"visa"')})),
            "signature",
            "the manifest was changed by somebody who can encrypt to Luc",
        ),
        "signed-by-another-key": Hostile(
            with_manifest(lambda _members: None, keys=EVE_KEYS),
            "signed by somebody else than its sender",
            "Eve signed what says to be from Zoé",
        ),
        "wrong-namespace": Hostile(
            with_manifest(lambda _members: None, namespace="monespace-card-v1"), "another purpose", "a signature that was made for a card"
        ),
        "unknown-key": Hostile(
            GOOD, "nobody has compared", "a sender who is no contact", expect="unverified", knows={"standing": "unknown"}
        ),
        "unverified-key": Hostile(
            GOOD, "nobody has compared", "a contact whose words nobody compared", expect="unverified", knows={"standing": "unverified"}
        ),
        "changed-key": Hostile(
            GOOD, "not the one you know", "another key than the one known for this person", knows={"standing": "changed"}
        ),
        "forwarded": Hostile(
            with_manifest(lambda members: members.update(recipient=EVE_KEYS.fingerprint)),
            "not for you",
            "meant for Eve, who encrypted it to Luc as if it had been for him",
        ),
        "expired": Hostile(GOOD, "has expired", "a day after its end", expect="expired", knows={"now": "2026-12-24T10:00:00+00:00"}),
        "replayed": Hostile(GOOD, "taken in before", "the same bundle once more", expect="replayed", knows={"seen": "yes"}),
        "card-of-somebody-else": Hostile(
            with_manifest(lambda members: members.update(sender_card="{}\n")), "card", "a card that cannot be read"
        ),
    }


def contents() -> dict[str, Hostile]:
    """Return what is wrong with the files themselves, as their sender made and signed them."""
    bomb = '<!DOCTYPE lolz [<!ENTITY a "lol">' + "".join(
        f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True)
    )
    return {
        "metadata-dtd": Hostile(metadata(b"<!DOCTYPE x><x/>"), "no XML that may be read (it has a DTD)", "a DTD"),
        "metadata-xxe": Hostile(
            metadata(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'),
            "no XML that may be read (it has a DTD)",
            "an entity that stands for a file of the reader's",
        ),
        "metadata-entity-bomb": Hostile(
            metadata(f"{bomb}]><lolz>&i;</lolz>".encode()),
            "no XML that may be read (it has a DTD)",
            "a billion laughs: 300 bytes that become gigabytes",
        ),
        "metadata-too-deep": Hostile(
            metadata(b"<a>" * DEEP), "no XML that may be read (nested too deep)", "200,000 elements in each other"
        ),
        "metadata-not-xml": Hostile(metadata(b"hello"), "no XML that may be read (not well formed)", "no XML at all"),
        "cda-entity-bomb": Hostile(cda(f"{bomb}]><ClinicalDocument>&i;</ClinicalDocument>".encode()), *NO_CDA),
        "cda-xxe": Hostile(cda(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><ClinicalDocument>&e;</ClinicalDocument>'), *NO_CDA),
        "cda-too-deep": Hostile(cda(b"<ClinicalDocument>" + b"<a>" * DEEP), *NO_CDA),
        "fhir-too-deep": Hostile(
            fhir(b'"a":[' + b"[" * DEEP), "no JSON that may be read (nested too deep)", "200,000 arrays in each other"
        ),
        "fhir-not-closed": Hostile(fhir(b'"a": ["}"]'), "no JSON that may be read (not one whole object)", "an object without an end"),
        "fhir-two-values": Hostile(
            fhir(b'"a": 1}{}'), "no JSON that may be read (not one whole object)", "something behind the object: which of the two counts?"
        ),
        "text-as-fhir": Hostile(
            sealed(share(document(b"Compte rendu", media_type=FHIR_JSON))), "not of the type", "text that says to be FHIR data"
        ),
        "huge-image": Hostile(
            sealed(share(document(picture(), media_type="image/png"))),
            "An image in the file is too large",
            "3.6 gigapixels in some 300 bytes: the file is kept, and its page is not drawn",
            expect="too-many-pixels",
        ),
        "program-as-pdf": Hostile(sealed(share(document(b"MZ\x90\x00 a program"))), "not of the type", "a program that says to be a PDF"),
        "html-as-text": Hostile(
            sealed(share(document(b"%PDF-1.7\n", media_type="text/plain"))), "not of the type", "a PDF that says to be plain text"
        ),
    }


def says(body: Body, keys: OwnKeys = ZOE_KEYS) -> bytes:
    """Return what Zoé, by name, says in a bundle without documents that `keys` signed."""

    def resign(files: dict[str, bytes]) -> None:
        files[layout.SIGNATURE] = sshsig.sign(keys.signing, files[layout.MANIFEST], kind_of(body).namespace)

    return with_files(resign, sealed(Contents(kind_of(body), body=body)))


def identities() -> dict[str, Hostile]:
    """Return what is wrong with who vouches for a new key, or ends one."""
    new, others = EVE_KEYS.card(ZOE, NOW), EVE_KEYS.card(LUC, NOW)
    renewal = Renewal(card_text(new, EVE_KEYS.signing))
    older = Renewal(card_text(replace(new, issued=NOW - timedelta(days=1)), EVE_KEYS.signing))
    return {
        "revoked-identity": Hostile(
            GOOD,
            "has revoked the key",
            "its sender said before that this key counts no more",
            expect="revoked-identity",
            knows={"standing": "revoked"},
        ),
        "renewal-by-a-revoked-key": Hostile(
            says(renewal),
            "has revoked the key",
            "a thief's way back: the stolen key vouches for another one",
            expect="revoked-identity",
            knows={"standing": "revoked"},
        ),
        "renewal-by-another-key": Hostile(
            says(renewal, EVE_KEYS), "signed by somebody else than its sender", "the new key vouches for itself in the name of the old"
        ),
        "renewal-by-an-unknown-key": Hostile(
            says(renewal), "a key that you do not know", "nobody who is known says that this key is theirs", knows={"standing": "unknown"}
        ),
        "renewal-while-questioned": Hostile(
            says(renewal), "not the one you know", "a person has not decided yet which key is theirs", knows={"standing": "changed"}
        ),
        "renewal-of-somebody-else": Hostile(
            says(Renewal(card_text(others, EVE_KEYS.signing))), "that of somebody else", "a patient's key vouches for a physician's card"
        ),
        "renewal-with-an-older-card": Hostile(says(older), "older than the one before", "a card that its owner replaced since"),
        "identity-revocation-by-another-key": Hostile(
            says(IdentityRevocation("volée"), EVE_KEYS),
            "signed by somebody else than its sender",
            "Eve says that Zoé's key counts no more: only whoever holds it may",
        ),
    }


def handovers() -> dict[str, Hostile]:
    """Return whole records that are not to be taken over."""
    record = to_canonical({"format": "monespace-record", "tables": {}, "version": 1})
    good = sealed(Contents(Kind.HANDOVER, ZOE, (document(),), record=record))

    def role(members: dict[str, Any]) -> None:
        members.update(sender=LUC_KEYS.fingerprint, sender_card=card_text(LUC_KEYS.card(LUC, NOW), LUC_KEYS.signing).decode())

    return {
        "handover-of-another-person": Hostile(
            good,
            "that of another person",
            "somebody else's record would be mixed into one's own",
            knows={"owner": "somebody else"},
        ),
        "handover-by-a-practitioner": Hostile(
            with_manifest(role, LUC_KEYS, Kind.HANDOVER.namespace, good),
            "who may not sign one of its kind",
            "who represented a person hands their record over, and a practitioner does not",
        ),
        "handover-without-its-record": Hostile(
            with_files(lambda files: files.pop("RECORD.json"), good), "other files than", "documents in the place of a whole record"
        ),
        "handover-with-another-record": Hostile(
            with_files(lambda files: files.update({"RECORD.json": record.replace(b"tables", b"tablet")}), good),
            "not the one that its manifest names",
            "the record is another one of the same size",
        ),
    }


if __name__ == "__main__":
    for name, vector in hostile().items():
        path = FOLDER / f"{name}.vector"
        if not path.exists():
            path.write_bytes(vector.text())
