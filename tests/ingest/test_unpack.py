"""Archives give their files within bounds, in this process: what is opened, refused and passed over."""

import stat
import struct
import zipfile
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.problems import Code
from monespace_cli.ingest.unpack import Desk, unpack
from tests.ingest.samples import zipped

MIB = 1024 * 1024


def unpacked(data: bytes) -> list[tuple[str, bytes | str]]:
    return [(file.name, file.refused or file.data) for file in unpack(data)]


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        unpacked(data)
    return caught.value.code


def patched(data: bytes, name: bytes, offset: int, value: bytes) -> bytes:
    """Return an archive with a field of a file's directory entry changed; offsets are those of APPNOTE §4.3.12."""
    changed = bytearray(data)
    start = data.rindex(name) - 46 + offset
    changed[start : start + len(value)] = value
    return bytes(changed)


@pytest.mark.parametrize("compression", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_files_come_in_the_order_of_the_directory(compression: int) -> None:
    files = {"b.txt": b"two", "a.txt": b"one", "folder/c.txt": b"x" * 1000, "../../etc/passwd": b"no path", "./scan": b"dot", "empty": b""}
    assert unpacked(zipped(files, compression=compression)) == list(files.items())


def test_archives_in_archives_are_opened_as_deep_as_allowed() -> None:
    third = zipped({"c.txt": b"three"})
    second = zipped({"b.txt": b"two", "third.zip": third})
    assert unpacked(zipped({"a.txt": b"one", "second.zip": second, "z.txt": b"last"})) == [
        ("a.txt", b"one"),
        ("second.zip/b.txt", b"two"),
        ("second.zip/third.zip", "too-deep"),
        ("z.txt", b"last"),
    ]


def test_what_nobody_put_there_is_passed_over() -> None:
    link = zipfile.ZipInfo("link")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.mkdir("folder")
        archive.writestr(link, "/etc/passwd")
        for name in ("__MACOSX/._scan.jpg", "folder/.DS_Store", "Thumbs.db", "folder/kept.txt"):
            archive.writestr(name, b"data")
    assert unpacked(out.getvalue()) == [("folder/kept.txt", b"data")]


@pytest.mark.parametrize("first", ["mimetype", "[Content_Types].xml"])
def test_an_office_document_is_no_archive_of_documents(first: str) -> None:
    assert code_of(zipped({first: b"", "content.xml": b"<x/>"})) == "unsupported-type"
    assert unpacked(zipped({"letter.docx": zipped({first: b""}), "a.txt": b"a"})) == [("letter.docx", "unsupported-type"), ("a.txt", b"a")]


def test_a_file_that_cannot_be_had_does_not_cost_the_others() -> None:
    data = zipped({"secret.pdf": b"data", "odd.pdf": b"data", "torn.pdf": b"data" * 50, "huge.pdf": b"data", "a.txt": b"one"})
    data = patched(data, b"secret.pdf", 8, b"\x01\x00")
    data = patched(data, b"odd.pdf", 10, struct.pack("<H", zipfile.ZIP_LZMA))
    data = patched(data, b"torn.pdf", 16, b"\0\0\0\0")
    data = patched(data, b"huge.pdf", 24, struct.pack("<I", limits.MAX_FILE_BYTES + 1))
    assert unpacked(data) == [
        ("secret.pdf", "encrypted-archive"),
        ("odd.pdf", "unsupported-type"),
        ("torn.pdf", "damaged-file"),
        ("huge.pdf", "file-too-large"),
        ("a.txt", b"one"),
    ]


def test_a_damaged_archive_inside_does_not_cost_the_others() -> None:
    assert unpacked(zipped({"inner.zip": b"PK\x03\x04 broken", "a.txt": b"one"})) == [("inner.zip", "damaged-file"), ("a.txt", b"one")]


def test_a_bomb_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    bomb = zipped({"bomb": bytes(17 * MIB), "a.txt": b"one"})
    assert len(bomb) < 20_000
    assert unpacked(bomb) == [("bomb", "archive-too-large"), ("a.txt", b"one")]
    monkeypatch.setattr(limits, "ARCHIVE_RATIO_FROM", 17 * MIB)
    assert [len(content) for _, content in unpacked(bomb)] == [17 * MIB, 3]


def test_a_file_larger_than_it_states_is_not_unpacked_further() -> None:
    bomb = patched(zipped({"bomb": bytes(MIB)}), b"bomb", 24, struct.pack("<I", 100))
    assert unpacked(bomb) == [("bomb", "damaged-file")]


def test_all_files_together_are_bounded_in_archives_inside_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ARCHIVE_BYTES", 1000)
    inner = zipped({"x": bytes(600), "y": bytes(600)})
    files = unpack(zipped({"a": bytes(100), "inner.zip": inner, "b": bytes(100)}))
    assert next(files).name == "a"
    with pytest.raises(UnreadableInputError) as caught:
        list(files)
    assert caught.value.code == "archive-too-large"


def test_the_number_of_files_is_bounded_before_the_directory_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ARCHIVE_FILES", 4)
    three = zipped({"a": b"", "b": b"", "c": b""})
    assert len(unpacked(three)) == 3
    assert code_of(zipped({"one.zip": three, "two.zip": three})) == "too-many-files"
    monkeypatch.setattr(zipfile, "ZipFile", None)
    assert code_of(zipped_five) == "too-many-files"


zipped_five = zipped(dict.fromkeys("abcde", b""))


def test_a_directory_larger_than_its_number_of_files_is_damage() -> None:
    lying = bytearray(zipped(dict.fromkeys(map(str, range(200)), b"")))
    end = lying.rindex(b"PK\x05\x06")
    lying[end + 8 : end + 12] = struct.pack("<HH", 1, 1)
    assert code_of(bytes(lying)) == "damaged-file"
    lying[end + 8 : end + 12] = b"\xff" * 4
    assert code_of(bytes(lying)) == "too-many-files"


@pytest.mark.parametrize("data", [b"PK\x03\x04", b"PK\x05\x06", zipped({"a": b"x"})[:-10]], ids=["start", "end", "most"])
def test_what_is_cut_off_is_damaged(data: bytes) -> None:
    assert code_of(data) == "damaged-file"


def test_requests_are_answered_one_by_one() -> None:
    desk = Desk()
    assert desk.handle({"do": "next"}, b"") == ({}, b"")
    desk.handle({"do": "open"}, zipped({"n" * 2000: b"data", "inner.zip": b"PK\x03\x04"}))
    assert desk.handle({"do": "next"}, b"") == ({"name": "n" * limits.MAX_MEMBER_NAME}, b"data")
    assert desk.handle({"do": "next"}, b"") == ({"name": "inner.zip", "refused": Code.DAMAGED}, b"")
    assert desk.handle({"do": "next"}, b"") == ({}, b"")
    with pytest.raises(UnreadableInputError):
        desk.handle({"do": "dance"}, b"")


SAMPLE = zipped({"a.txt": b"one" * 50, "inner.zip": zipped({"b.txt": b"two" * 50})})


@given(st.data())
def test_corrupted_archives_raise_nothing_but_ours(draw: st.DataObject) -> None:
    corrupted = bytearray(SAMPLE)
    for _ in range(draw.draw(st.integers(1, 6))):
        corrupted[draw.draw(st.integers(0, len(SAMPLE) - 1))] = draw.draw(st.integers(0, 255))
    try:
        assert all(file.refused is None or file.refused in Code for file in unpack(bytes(corrupted)))
    except UnreadableInputError as error:
        assert error.code in set(Code)
