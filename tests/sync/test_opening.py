"""Opening: each of the twelve checks refuses what it is for, with its own error, and nothing slips past them all."""

import io
import json
import tracemalloc
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.crypto import age, sshsig
from monespace_cli.errors import (
    BundleError,
    ExitCode,
    ExpiredError,
    MonespaceError,
    NewerFormatError,
    ReplayedError,
    UnverifiedError,
    UsageError,
)
from monespace_cli.interop.stored_zip import CHUNK
from monespace_cli.record.card import RecipientType
from monespace_cli.sync import layout
from monespace_cli.sync.card import card_text
from monespace_cli.sync.kinds import Content
from monespace_cli.sync.manifest import RECORD
from monespace_cli.sync.opening import Opener, Passphrase, Seen, Standing, open_bundle, peek
from monespace_cli.sync.sealing import ToContact, ToPassphrase
from tests.sync.people import (
    EVE_KEYS,
    FROM_LUC,
    JPEG,
    KNOWN,
    LUC,
    LUC_CARD,
    LUC_KEYS,
    NOW,
    PDF,
    TO_LUC,
    TO_LUC_COMPAT,
    ZOE,
    ZOE_CARD,
    ZOE_KEYS,
    decrypted,
    document,
    encrypted,
    opened,
    sealed,
    share,
    unzipped,
    with_files,
    with_manifest,
    zipped,
)

PASSPHRASE = ToPassphrase("quatre mots de passe", work_factor=2)
BUNDLES = {"hybrid": sealed(to=TO_LUC), "x25519": sealed(to=TO_LUC_COMPAT), "passphrase": sealed(to=PASSPHRASE)}
OPENERS: dict[str, Opener] = {"hybrid": LUC_KEYS, "x25519": LUC_KEYS, "passphrase": Passphrase("quatre mots de passe")}
COMPAT = BUNDLES["x25519"]


@pytest.mark.parametrize("kind", BUNDLES)
def test_what_goes_in_comes_out(kind: str) -> None:
    bundle = opened(BUNDLES[kind], opener=OPENERS[kind])
    assert [document.open().read() for document in bundle.documents] == [PDF, JPEG]
    assert [document.info.title for document in bundle.documents] == ["Ordonnance", "Résultats"]
    assert bundle.sender == ZOE_CARD
    assert bundle.warnings == ()
    assert (bundle.manifest.subject, bundle.manifest.purpose, bundle.manifest.stream.counter) == (ZOE, "avis", 1)


@given(st.lists(st.binary(max_size=2 * CHUNK // 1000).map(lambda tail: b"%PDF-" + tail), min_size=1, max_size=5))
def test_any_documents_come_out_as_they_went_in(contents: list[bytes]) -> None:
    bundle = opened(sealed(share(*(document(content) for content in contents))))
    assert [document.open().read() for document in bundle.documents] == contents


def test_large_documents_come_out_as_they_went_in() -> None:
    content = PDF + bytes(range(256)) * 4096
    (found,) = opened(sealed(share(document(content)))).documents
    reader = found.open()
    assert reader.read() == content
    assert reader.seek(-300, io.SEEK_END) == len(content) - 300
    assert reader.read() == content[-300:]


# 1 and 2: any damage


@pytest.mark.parametrize("kind", BUNDLES)
@given(data=st.data())
def test_one_flipped_bit_anywhere_is_refused(kind: str, data: st.DataObject) -> None:
    damaged = bytearray(BUNDLES[kind])
    damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(BundleError) as caught:
        opened(bytes(damaged), opener=OPENERS[kind])
    assert caught.value.exit_code is ExitCode.BAD_BUNDLE


def test_every_byte_of_the_header_counts() -> None:
    for position in range(COMPAT.index(b"\n---") + 60):
        damaged = bytearray(COMPAT)
        damaged[position] ^= 0x01
        with pytest.raises(BundleError):
            opened(bytes(damaged))


@given(st.integers(0, len(COMPAT) - 1))
def test_a_bundle_cut_short_anywhere_is_refused(size: int) -> None:
    with pytest.raises(BundleError):
        opened(COMPAT[:size])


@given(st.binary(min_size=1, max_size=40))
def test_a_bundle_with_more_at_its_end_is_refused(tail: bytes) -> None:
    with pytest.raises(BundleError):
        opened(COMPAT + tail)


@given(st.binary(max_size=300))
def test_anything_else_is_refused(data: bytes) -> None:
    for attempt in (data, encrypted(data)):
        with pytest.raises(BundleError):
            opened(attempt)


class Huge(io.BytesIO):
    """A file that claims to be larger than any bundle."""

    def seek(self, offset: int, whence: int = 0, /) -> int:
        return 2**33 if whence == io.SEEK_END else super().seek(offset, whence)


def test_a_file_too_large_is_refused_unread() -> None:
    with pytest.raises(BundleError, match="larger"):
        open_bundle(Huge(COMPAT), opener=LUC_KEYS, policy=KNOWN, now=NOW)
    with pytest.raises(BundleError, match="larger"):
        peek(Huge(COMPAT))


@pytest.mark.parametrize("kind", ["hybrid", "x25519"])
def test_who_has_no_key_opens_nothing(kind: str) -> None:
    with pytest.raises(BundleError):
        opened(BUNDLES[kind], opener=EVE_KEYS)


def test_another_passphrase_opens_nothing() -> None:
    with pytest.raises(BundleError):
        opened(BUNDLES["passphrase"], opener=Passphrase("trois mots de passe"))


# 3: zip safety of the outer zip; what a zip may be at all is tests/interop_xdm/test_stored_zip.py


@pytest.mark.parametrize(
    "change",
    [
        lambda files: files.pop(layout.PADDING),
        lambda files: files.pop(layout.MANIFEST),
        lambda files: files.pop(layout.SIGNATURE),
        lambda files: files.update(extra=b""),
        lambda files: files.update({layout.PACKAGE: files.pop(layout.PACKAGE)}),
        lambda files: files.update({"../evil": files.pop(layout.PADDING)}),
        lambda files: files.update({layout.PADDING: b"\x00\x01"}),
        lambda files: files.update({"index.html": b"<html/>"}),
        lambda files: files.update({layout.SIGNATURE: bytes(5000)}),
        lambda files: files.update({layout.SIGNATURE: b""}),
        lambda files: files.update({layout.PACKAGE: b""}),
        lambda files: files.update({layout.PACKAGE: files[layout.PACKAGE][:-1]}),
        lambda files: files.update({layout.PACKAGE: b"x" + files[layout.PACKAGE]}),
        lambda files: files.update({layout.MANIFEST: files[layout.MANIFEST] + b"\n"}),
    ],
)
def test_other_files_are_refused(change: Callable[[dict[str, bytes]], Any]) -> None:
    with pytest.raises(BundleError):
        opened(with_files(change))


def test_a_file_of_another_kind_is_not_carried_along() -> None:
    """No check looks at a file that the manifest does not list: a share with a record beside its page would hide it."""

    def add_record(files: dict[str, bytes]) -> None:
        plain = {**files, RECORD: b"{}"}
        files.clear()
        files.update({name: plain[name] for name in layout.NAMES[Content.RECORD]})

    with pytest.raises(BundleError, match="other files than a bundle of its kind"):
        opened(with_files(add_record))


def test_the_padding_may_have_any_length() -> None:
    assert opened(with_files(lambda files: files.update({layout.PADDING: bytes(CHUNK + 5)}))).sender == ZOE_CARD


# 4: the manifest itself is tests/sync/test_manifest.py


def test_a_newer_bundle_says_so() -> None:
    with pytest.raises(NewerFormatError):
        opened(with_manifest(lambda m: m.update(version=2)))


# 5: signature and policy


def test_a_changed_manifest_is_refused() -> None:
    def change(files: dict[str, bytes]) -> None:
        files[layout.MANIFEST] = files[layout.MANIFEST].replace(b'"avis"', b'"visa"')

    with pytest.raises(BundleError, match="signature"):
        opened(with_files(change))


def test_a_signature_by_another_key_is_refused() -> None:
    with pytest.raises(BundleError, match="somebody else"):
        opened(with_manifest(lambda _m: None, keys=EVE_KEYS))


@pytest.mark.parametrize("namespace", ["monespace-card-v1", "monespace-deposit-v1", "file"])
def test_a_signature_for_another_purpose_is_refused(namespace: str) -> None:
    with pytest.raises(BundleError, match="purpose"):
        opened(with_manifest(lambda _m: None, namespace=namespace))


def test_the_card_of_somebody_else_is_refused() -> None:
    eve_card = card_text(EVE_KEYS.card(ZOE, NOW), EVE_KEYS.signing).decode()
    with pytest.raises(BundleError, match="card of somebody else"):
        opened(with_manifest(lambda m: m.update(sender_card=eve_card)))


@pytest.mark.parametrize("card", ["", "hello", "{}\n"])
def test_a_bundle_without_a_card_is_refused(card: str) -> None:
    with pytest.raises(BundleError):
        opened(with_manifest(lambda m: m.update(sender_card=card)))


def test_a_card_with_a_broken_signature_is_refused() -> None:
    with pytest.raises(BundleError):
        opened(with_manifest(lambda m: m.update(sender_card=m["sender_card"].replace("MARTIN", "MARTEN"))))


def test_a_practitioner_does_not_sign_shares() -> None:
    with pytest.raises(UsageError):
        sealed(sender=FROM_LUC)
    luc = {"sender": LUC_CARD.fingerprint, "sender_card": card_text(LUC_CARD, LUC_KEYS.signing).decode()}
    with pytest.raises(BundleError, match="may not sign"):
        opened(with_manifest(lambda m: m.update(luc), keys=LUC_KEYS))


@pytest.mark.parametrize("standing", [Standing.UNVERIFIED, Standing.UNKNOWN])
def test_an_unverified_sender_must_be_accepted(standing: Standing) -> None:
    with pytest.raises(UnverifiedError):
        opened(COMPAT, policy=replace(KNOWN, standing_of=lambda _card: standing))
    bundle = opened(COMPAT, policy=replace(KNOWN, standing_of=lambda _card: standing, accepts_unverified=True))
    assert bundle.warnings == (f"sender-{standing}",)


def test_a_changed_key_is_never_accepted() -> None:
    with pytest.raises(BundleError, match="not the one you know"):
        opened(COMPAT, policy=replace(KNOWN, standing_of=lambda _card: Standing.CHANGED, accepts_unverified=True))


def test_the_policy_is_asked_about_the_card_that_signed() -> None:
    standings = {ZOE_CARD: Standing.VERIFIED}
    assert opened(COMPAT, policy=replace(KNOWN, standing_of=standings.__getitem__)).sender == ZOE_CARD


# 6: recipient


def test_a_bundle_for_somebody_else_cannot_be_passed_on() -> None:
    forwarded = encrypted(decrypted(COMPAT), EVE_KEYS.decryption[1].identity.recipient)
    with pytest.raises(BundleError, match="not for you"):
        opened(forwarded, opener=EVE_KEYS)


def test_a_passphrase_bundle_cannot_be_passed_on_as_if_for_a_recipient() -> None:
    plain = decrypted(BUNDLES["passphrase"], [age.ScryptIdentity("quatre mots de passe")])
    with pytest.raises(BundleError, match="not for you"):
        opened(encrypted(plain))


def test_a_recipients_bundle_cannot_be_passed_on_under_a_passphrase() -> None:
    forwarded = encrypted(decrypted(COMPAT), age.ScryptRecipient("secret", 2))
    with pytest.raises(BundleError, match="not for you"):
        opened(forwarded, opener=Passphrase("secret"))


# 7 and 8: expiry and replay


def test_an_expired_bundle_is_refused() -> None:
    end = NOW + timedelta(days=30)
    assert opened(COMPAT, now=end - timedelta(seconds=1)).manifest.expires == end
    with pytest.raises(ExpiredError):
        opened(COMPAT, now=end)
    assert opened(sealed(share(expires=None)), now=end).manifest.expires is None


def test_a_bundle_seen_before_is_refused() -> None:
    seen = set()
    policy = replace(KNOWN, seen=lambda manifest: Seen.SAME if manifest.bundle in seen else Seen.NEVER)
    seen.add(opened(COMPAT, policy=policy).manifest.bundle)
    with pytest.raises(ReplayedError):
        opened(COMPAT, policy=policy)


# 9: files


@pytest.mark.parametrize("name", ["INDEX.HTM", "README.TXT", "IHE_XDM/SUBSET01/METADATA.XML", "IHE_XDM/SUBSET01/DOC00001.PDF"])
@pytest.mark.parametrize("change", [lambda content: content + b" ", lambda content: content[:-1], lambda content: content[:-1] + b"\x01"])
def test_a_changed_file_is_refused(name: str, change: Callable[[bytes], bytes]) -> None:
    def tamper(files: dict[str, bytes]) -> None:
        package = unzipped(files[layout.PACKAGE])
        package[name] = change(package[name])
        files[layout.PACKAGE] = zipped(package)

    with pytest.raises(BundleError):
        opened(with_files(tamper))


@pytest.mark.parametrize(
    "change",
    [
        lambda package: package.update(EXTRA=b""),
        lambda package: package.pop("README.TXT"),
        lambda package: package.update({"README.TXT": package.pop("README.TXT")}),
        lambda package: package.update({"IHE_XDM/SUBSET01/DOC00009.PDF": package.pop("IHE_XDM/SUBSET01/DOC00001.PDF")}),
    ],
)
def test_other_files_in_the_package_are_refused(change: Callable[[dict[str, bytes]], Any]) -> None:
    def tamper(files: dict[str, bytes]) -> None:
        package = unzipped(files[layout.PACKAGE])
        change(package)
        files[layout.PACKAGE] = zipped(package)

    with pytest.raises(BundleError):
        opened(with_files(tamper))


@given(st.data())
def test_one_flipped_bit_inside_the_encryption_is_refused(data: st.DataObject) -> None:
    """Whoever can encrypt to the recipient, but not sign, changes nothing: not a header, not a date, not the padding."""
    plain = bytearray(decrypted(COMPAT))
    plain[data.draw(st.integers(0, len(plain) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(MonespaceError):
        opened(encrypted(bytes(plain)))


@pytest.mark.parametrize("name", layout.NAMES[Content.DOCUMENTS])
def test_a_checksum_that_lies_is_refused(name: str) -> None:
    """Other programs would call the archive broken: a bundle has one meaning for all of them."""
    plain = decrypted(COMPAT)
    right = zlib.crc32(unzipped(plain)[name]).to_bytes(4, "little")
    before, content, after = plain.rsplit(right, 2)  # the local and the central header
    with pytest.raises(BundleError):
        opened(encrypted(before + b"lies" + content + b"lies" + after))


def test_a_checksum_that_lies_inside_the_package_is_refused() -> None:
    files = unzipped(decrypted(COMPAT))
    right = zlib.crc32(PDF).to_bytes(4, "little")
    assert files[layout.PACKAGE].count(right) == 2
    files[layout.PACKAGE] = files[layout.PACKAGE].replace(right, b"lies")
    with pytest.raises(BundleError):
        opened(encrypted(zipped(files)))


def test_a_size_that_lies_is_refused() -> None:
    with pytest.raises(BundleError):
        opened(with_manifest(lambda m: m["files"][3].update(size=len(PDF) + 1)))


@pytest.mark.parametrize("name", [layout.MANIFEST, layout.SIGNATURE])
def test_what_is_too_large_to_hold_is_not_held(name: str) -> None:
    data = with_files(lambda files: files.update({name: bytes(20 << 20)}))
    tracemalloc.start()
    with pytest.raises(BundleError):
        opened(data)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak - len(data) < 4 << 20


# 10: content


@pytest.mark.parametrize("content", [b"<html><script>", b"MZ\x90", b"", b"\xff\xd8\xff"])
def test_a_document_of_another_type_than_it_says_is_refused(content: bytes) -> None:
    with pytest.raises(BundleError, match="type"):
        opened(sealed(share(document(content))))


# order, and what is told without keys


def test_the_first_failure_is_told() -> None:
    stranger = replace(KNOWN, standing_of=lambda _card: Standing.UNKNOWN, seen=lambda _m: Seen.SAME)
    late = NOW + timedelta(days=365)
    with pytest.raises(BundleError):
        opened(with_manifest(lambda _m: None, keys=EVE_KEYS), policy=stranger, now=late)
    with pytest.raises(ExpiredError):
        opened(COMPAT, policy=stranger, now=late)
    with pytest.raises(ReplayedError):
        opened(COMPAT, policy=stranger)
    with pytest.raises(UnverifiedError):
        opened(COMPAT, policy=replace(stranger, seen=lambda _m: Seen.NEVER))


def test_damage_is_told_as_damage_whoever_the_sender_is() -> None:
    stranger = replace(KNOWN, standing_of=lambda _card: Standing.UNKNOWN)
    for position in range(0, len(COMPAT), 97):
        with pytest.raises(BundleError):
            opened(COMPAT[:position] + bytes([COMPAT[position] ^ 1]) + COMPAT[position + 1 :], policy=stranger)


@pytest.mark.parametrize(("kind", "types"), [("hybrid", "mlkem768x25519"), ("x25519", "X25519"), ("passphrase", "scrypt")])
def test_peeking_tells_how_it_is_encrypted(kind: str, types: str) -> None:
    peeked = peek(io.BytesIO(BUNDLES[kind]))
    assert (peeked.recipient_types, peeked.size) == ((types,), len(BUNDLES[kind]))
    assert peeked.needs_passphrase is (kind == "passphrase")


def test_nothing_readable_is_outside_the_encryption() -> None:
    for data in BUNDLES.values():
        for word in (b"MARTIN", b"Ordonnance", b"monespace", ZOE_CARD.fingerprint.encode(), LUC_CARD.fingerprint.encode()):
            assert word not in data


def test_the_signature_says_what_the_manifest_says() -> None:
    files = unzipped(decrypted(COMPAT))
    sshsig.verify(files[layout.SIGNATURE], files[layout.MANIFEST], "monespace-share-v1", ZOE_KEYS.signing.public)
    assert json.loads(files[layout.MANIFEST])["recipient"] == LUC_KEYS.card(LUC, NOW).fingerprint


def test_the_newest_key_of_the_type_is_used() -> None:
    older = replace(LUC_CARD.recipients[1], public=EVE_KEYS.decryption[1].recipient.public, created=NOW - timedelta(days=1))
    card = replace(LUC_CARD, recipients=(*LUC_CARD.recipients, older))
    assert opened(sealed(to=ToContact(card, RecipientType.X25519))).sender == ZOE_CARD
