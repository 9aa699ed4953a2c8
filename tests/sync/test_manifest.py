"""The manifest: frozen data and canonical JSON, each from the other; nothing out of bounds."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import BundleError, NewerFormatError
from monespace_cli.interop import xdm
from monespace_cli.interop.ebrim import CONFIDENTIALITY_LABELS
from monespace_cli.interop.media import MEDIA_TYPES
from monespace_cli.record.codes import Kind as DocumentKind
from monespace_cli.record.document import Author
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.sync.canonical import to_canonical
from monespace_cli.sync.fields import plain
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import PASSPHRASE, DocumentInfo, File, Manifest, Stream, read_manifest
from tests.sync.people import decrypted, sealed, unzipped

PLAIN = json.loads(unzipped(decrypted(sealed()))["MANIFEST.json"])

HEX32, HEX64 = st.text("0123456789abcdef", min_size=32, max_size=32), st.text("0123456789abcdef", min_size=64, max_size=64)
MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(9998, 1, 1)).map(lambda m: m.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001
DAYS = st.none() | st.dates()
SHOWN = st.text(max_size=60).map(lambda text: plain(text, 60))
NAMES = SHOWN.filter(bool)
SUBJECTS = st.builds(
    Identity,
    NAMES,
    st.lists(NAMES, min_size=1, max_size=3).map(tuple),
    st.dates(date(1900, 1, 1)),
    st.sampled_from(Sex),
    st.none() | st.just("279035121518989") | st.just("2790312A1518989"),
)
INFOS = st.builds(
    DocumentInfo,
    title=NAMES,
    type_code=st.sampled_from([kind.type_code for kind in DocumentKind]),
    media_type=st.sampled_from(sorted(MEDIA_TYPES)),
    date=DAYS,
    practitioner=SHOWN,
    author=st.sampled_from(Author),
    page_count=st.integers(1, 100_000),
    confidentiality=st.lists(st.sampled_from(sorted(CONFIDENTIALITY_LABELS)), min_size=1, max_size=4, unique=True).map(tuple),
)


@st.composite
def manifests(draw: st.DrawFn) -> Manifest:
    infos: list[DocumentInfo | None] = draw(st.lists(INFOS, min_size=1, max_size=3))
    paths = xdm.package_paths([info.media_type for info in infos if info])
    size = st.integers(0, 1000)
    files = [
        File(path, draw(size), draw(HEX64), info)
        for path, info in zip([*paths, "index.html"], [None, None, None, *infos, None], strict=True)
    ]
    return Manifest(
        bundle=draw(HEX32),
        kind=Kind.SHARE,
        sender=draw(HEX64),
        sender_card=draw(SHOWN),
        recipient=draw(HEX64 | st.just(PASSPHRASE)),
        stream=Stream(draw(HEX32), draw(st.integers(1, 2**53 - 1))),
        created=draw(MOMENTS),
        expires=None,
        supersedes=draw(st.none() | HEX32),
        purpose=draw(SHOWN),
        subject=draw(SUBJECTS),
        files=tuple(files),
    )


@given(manifests())
def test_what_goes_in_comes_out(manifest: Manifest) -> None:
    assert read_manifest(manifest.to_bytes()) == manifest


@given(manifests(), MOMENTS)
def test_the_end_is_after_the_beginning(manifest: Manifest, expires: datetime) -> None:
    data = replace(manifest, expires=expires).to_bytes()
    if expires > manifest.created:
        assert read_manifest(data).expires == expires
    else:
        with pytest.raises(BundleError):
            read_manifest(data)


def refused(change: Callable[[dict[str, Any]], Any]) -> type[Exception] | None:
    value = json.loads(json.dumps(PLAIN))
    change(value)
    try:
        read_manifest(to_canonical(value))
    except (BundleError, NewerFormatError) as error:
        return type(error)
    return None


def test_the_untouched_manifest_is_read() -> None:
    assert refused(lambda _v: None) is None


@pytest.mark.parametrize("member", sorted(PLAIN))
def test_every_member_must_be_there(member: str) -> None:
    assert refused(lambda v: v.pop(member)) is BundleError


@pytest.mark.parametrize("member", sorted(set(PLAIN) - {"expires", "supersedes"}))
@pytest.mark.parametrize("value", [None, [], {}, True, -1])
def test_every_member_has_its_type(member: str, value: object) -> None:
    assert refused(lambda v: v.update({member: value})) is BundleError


def set_file(index: int, **changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda v: v["files"][index].update(changes)


def set_document(**changes: object) -> Callable[[dict[str, Any]], None]:
    return lambda v: v["files"][3]["document"].update(changes)


def swap_roles(value: dict[str, Any]) -> None:
    files = value["files"]
    files[0]["document"], files[3]["document"] = files[3]["document"], None


@pytest.mark.parametrize(
    "change",
    [
        lambda v: v.update(extra=1),
        lambda v: v.update(format="other"),
        lambda v: v.update(bundle="AB" * 16),
        lambda v: v.update(bundle="ab" * 15),
        lambda v: v.update(sender="ab" * 31),
        lambda v: v.update(recipient="everybody"),
        lambda v: v.update(created="23/11/2026"),
        lambda v: v.update(expires=v["created"]),
        lambda v: v.update(supersedes=""),
        lambda v: v.update(purpose="a" * 501),
        lambda v: v.update(purpose="a\x1b[2J"),
        lambda v: v.update(sender_card="a" * 40_000),
        lambda v: v["stream"].update(counter=0),
        lambda v: v["stream"].update(extra=0),
        lambda v: v["subject"].update(sex="f"),
        lambda v: v["subject"].update(given_names=[]),
        lambda v: v["subject"].update(given_names=["a"] * 11),
        lambda v: v["subject"].update(birth_date="1980-02-30"),
        lambda v: v["subject"].update(ins="279035121518989"),
        lambda v: v["subject"].update(ins={"matricule": "279035121518989", "oid": "1.2.3"}),
        lambda v: v["subject"].update(ins={"matricule": "2790351215189", "oid": "1.2.250.1.213.1.4.8"}),
        lambda v: v["subject"]["ins"].update(extra=1),
        lambda v: v["subject"].update(extra=1),
        lambda v: v.update(files=[]),
        lambda v: v.update(files=v["files"][:3] + v["files"][5:]),
        lambda v: v.update(files=v["files"] * 500),
        lambda v: v["files"].reverse(),
        lambda v: v["files"].append(v["files"][4]),
        swap_roles,
        set_file(3, path="../../etc/passwd"),
        set_file(3, path="/etc/passwd"),
        set_file(3, path="IHE_XDM/SUBSET01/CON.PDF"),
        set_file(3, path="IHE_XDM/SUBSET01/doc00001.pdf"),
        set_file(3, path="IHE_XDM\\SUBSET01\\DOC00001.PDF"),
        set_file(3, path="IHE_XDM/SUBSET01/DOC00002.PDF"),
        set_file(3, size=-1),
        set_file(3, size=2**32),
        set_file(3, sha256="0" * 63),
        set_file(3, extra=1),
        set_file(0, size=8 * 1024 * 1024 + 1),
        set_file(2, size=32 * 1024 * 1024 + 1),
        set_document(title=""),
        set_document(title="a" * 201),
        set_document(title="facture\u202efdp.exe"),
        set_document(type_code="../x"),
        set_document(media_type="text/html"),
        set_document(author="me"),
        set_document(page_count=0),
        set_document(confidentiality=[]),
        set_document(confidentiality=["N", "N"]),
        set_document(confidentiality=["SECRET"]),
        set_document(date="2026"),
        set_document(extra=1),
    ],
)
def test_a_member_out_of_bounds_is_refused(change: Callable[[dict[str, Any]], Any]) -> None:
    assert refused(change) is BundleError


def test_a_member_at_its_bound_is_read() -> None:
    assert refused(set_file(0, size=8 * 1024 * 1024)) is None
    assert refused(set_file(3, size=2**32 - 1)) is None


def test_as_many_documents_as_a_bundle_carries_are_read() -> None:
    head, document, page = PLAIN["files"][:3], PLAIN["files"][3], PLAIN["files"][5]
    paths = xdm.package_paths([document["document"]["media_type"]] * 2_000)[len(head) :]
    full = [*head, *({**document, "path": path} for path in paths), page]
    assert refused(lambda v: v.update(files=full)) is None


@pytest.mark.parametrize("change", [{"version": 2}, {"kind": "message"}, {"kind": "unheard-of"}])
def test_what_this_release_does_not_know_is_newer(change: dict[str, Any]) -> None:
    assert refused(lambda v: v.update(change)) is NewerFormatError


def test_a_manifest_too_large_is_refused() -> None:
    with pytest.raises(BundleError):
        read_manifest(b" " * (8 * 1024 * 1024 + 1))
