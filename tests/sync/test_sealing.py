"""Sealing: what is refused before anything is written, what is cleaned, and memory that stays constant."""

import hashlib
import io
import os
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from monespace_cli.crypto import age
from monespace_cli.errors import BundleError, IntegrityError, UsageError
from monespace_cli.interop import xdm
from monespace_cli.record.card import RecipientType
from monespace_cli.sync import layout
from monespace_cli.sync.behind import BATCH, DEPTH
from monespace_cli.sync.opening import Passphrase, open_bundle
from monespace_cli.sync.sealing import Contents, SourceDocument, ToContact, ToPassphrase, seal
from tests.sync.people import (
    JPEG,
    KNOWN,
    LUC_CARD,
    LUC_KEYS,
    NOW,
    PDF,
    PLACE,
    SENDER,
    TO_LUC_COMPAT,
    ZOE,
    Dice,
    decrypted,
    document,
    opened,
    sealed,
    share,
    unzipped,
)


@pytest.mark.parametrize(
    "what",
    [
        replace(share(), documents=()),
        share(*[document()] * 2001),
        share(document(media_type="application/x-executable")),
        share(expires=NOW),
    ],
)
def test_what_cannot_be_shared_writes_nothing(what: Contents) -> None:
    sink = io.BytesIO()
    with pytest.raises(UsageError):
        seal(sink, what, PLACE, sender=SENDER, to=TO_LUC_COMPAT, now=NOW, random=Dice())
    assert sink.getvalue() == b""


@pytest.mark.parametrize("wrong", [{"sha256": "0" * 64}, {"size": 1}])
def test_a_document_that_is_not_what_its_record_says_writes_nothing(wrong: dict[str, Any]) -> None:
    sink = io.BytesIO()
    with pytest.raises(IntegrityError):
        seal(sink, share(document(**wrong)), PLACE, sender=SENDER, to=TO_LUC_COMPAT, now=NOW, random=Dice())
    assert sink.getvalue() == b""


def test_a_document_that_changes_while_it_is_sealed_opens_nowhere() -> None:
    contents = iter([PDF, PDF.swapcase()])
    changing = replace(document(), chunks=lambda: iter((next(contents),)))
    sink = io.BytesIO()
    with pytest.raises(BundleError, match="changed"):
        seal(sink, share(changing), PLACE, sender=SENDER, to=TO_LUC_COMPAT, now=NOW, random=Dice())
    with pytest.raises(BundleError):
        opened(sink.getvalue())


def test_a_card_without_a_key_of_the_type_is_refused() -> None:
    card = replace(LUC_CARD, recipients=tuple(r for r in LUC_CARD.recipients if r.type is RecipientType.X25519))
    with pytest.raises(UsageError):
        sealed(to=ToContact(card))


def test_texts_are_made_fit() -> None:
    odd = document(title="  Facture\x00\u202efdp.exe\n" + "a" * 300, practitioner="Dr\tLuc", page_count=0)
    (found,) = opened(sealed(share(odd, purpose="a\r\nb", subject=replace(ZOE, given_names=("Zoé\u200f",) * 12)))).documents
    assert found.info.title.startswith("Facture fdp.exe aaa")
    assert (len(found.info.title), found.info.practitioner, found.info.page_count) == (200, "Dr Luc", 1)
    assert opened(sealed(share(document(title="\x01")))).documents[0].info.title == "Document"


def test_the_ins_is_written_in_capitals() -> None:
    subject = opened(sealed(share(subject=replace(ZOE, ins="2790312a1518989")))).manifest.subject
    assert subject
    assert subject.ins == "2790312A1518989"


def test_a_supersedes_and_its_stream_are_signed() -> None:
    manifest = opened(sealed(share(supersedes="cd" * 16))).manifest
    assert (manifest.supersedes, manifest.stream.id) == ("cd" * 16, "ab" * 16)


def test_moments_are_whole_seconds() -> None:
    late = NOW.replace(microsecond=999_999)
    sink = io.BytesIO()
    made = seal(sink, share(expires=late + timedelta(days=1)), PLACE, sender=SENDER, to=TO_LUC_COMPAT, now=late, random=Dice())
    assert (made.manifest.created, made.manifest.expires) == (NOW, NOW + timedelta(days=1))
    assert opened(sink.getvalue()).manifest == made.manifest


def test_the_metadata_name_each_document_by_its_sha1() -> None:
    package = unzipped(unzipped(decrypted(sealed()))[layout.PACKAGE])
    for content in (PDF, JPEG):
        assert hashlib.sha1(content).hexdigest().encode() in package[xdm.METADATA]


def test_who_made_a_bundle_knows_it_again() -> None:
    sink = io.BytesIO()
    made = seal(sink, share(), PLACE, sender=SENDER, to=TO_LUC_COMPAT, now=NOW, random=os.urandom)
    assert made.header == age.header_digest(io.BytesIO(sink.getvalue()))
    assert made.header != age.header_digest(io.BytesIO(sealed()))
    assert made.manifest.bundle == PLACE.bundle


def test_a_passphrase_is_not_shown() -> None:
    assert "geheim" not in repr(ToPassphrase("geheim")) + repr(Passphrase("geheim"))


def test_memory_stays_constant_for_any_size(tmp_path: Path) -> None:
    megabyte = b"%PDF-" + bytes((1 << 20) - 5)

    def large(count: int) -> SourceDocument:
        def chunks() -> Iterator[bytes]:
            return (megabyte for _number in range(count))

        digest = hashlib.sha256()
        for chunk in chunks():
            digest.update(chunk)
        return replace(document(size=count << 20, sha256=digest.hexdigest()), chunks=chunks)

    what = share(large(48))
    with (tmp_path / "bundle.age").open("w+b") as file:
        tracemalloc.start()
        seal(file, what, PLACE, sender=SENDER, to=ToContact(LUC_CARD), now=NOW, random=os.urandom)
        sealing = tracemalloc.get_traced_memory()[1]
        tracemalloc.reset_peak()
        file.seek(0)
        open_bundle(file, opener=LUC_KEYS, policy=KNOWN, now=NOW)
        opening = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    most = (DEPTH + 4) * BATCH  # what waits for the second core, and the pieces on their way
    assert sealing < most
    assert opening < most
