"""The canonical zip: other programs read it, and only the one byte string of its contents is read back."""

import io
import os
import stat
import struct
import zipfile
import zlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import BundleError, UsageError
from monespace_cli.interop.stored_zip import (
    MAX_SIZE,
    Part,
    archive_chunks,
    archive_crc32,
    archive_size,
    entries_crc32,
    entry_chunks,
    open_entry,
    read_archive,
)

CONTENTS = st.dictionaries(st.text("abcdef/.", min_size=1, max_size=8), st.binary(max_size=200), max_size=5)
TWO = {"a": b"first", "b/c.txt": b"second"}


def parts(contents: dict[str, bytes]) -> list[Part]:
    return [Part.of(name, content) for name, content in contents.items()]


def archive(contents: dict[str, bytes]) -> bytes:
    return b"".join(archive_chunks(parts(contents)))


def read(data: bytes, max_directory: int = 10_000) -> dict[str, bytes]:
    source = io.BytesIO(data)
    return {entry.name: open_entry(source, entry).read() for entry in read_archive(source, max_directory=max_directory)}


@given(CONTENTS)
def test_what_goes_in_comes_out(contents: dict[str, bytes]) -> None:
    data = archive(contents)
    assert read(data) == contents
    assert len(data) == archive_size(parts(contents))
    with zipfile.ZipFile(io.BytesIO(data)) as theirs:
        assert {name: theirs.read(name) for name in theirs.namelist()} == contents


@given(CONTENTS)
def test_the_checksum_is_known_without_reading(contents: dict[str, bytes]) -> None:
    data = archive(contents)
    source = io.BytesIO(data)
    entries = read_archive(source, max_directory=10_000)
    assert archive_crc32(parts(contents)) == entries_crc32(entries) == zlib.crc32(data)


def test_archives_nest() -> None:
    inner = parts(TWO)
    outer = [Part("inner.zip", archive_size(inner), archive_crc32(inner), lambda: archive_chunks(inner)), Part.of("z", b"last")]
    with zipfile.ZipFile(io.BytesIO(b"".join(archive_chunks(outer)))) as theirs:
        assert theirs.testzip() is None
        assert zipfile.ZipFile(theirs.open("inner.zip")).read("a") == b"first"


def test_an_entry_is_a_seekable_file() -> None:
    source = io.BytesIO(archive(TWO))
    entry = read_archive(source, max_directory=1000)[1]
    reader = open_entry(source, entry)
    assert (reader.seek(2), reader.read(2), reader.read()) == (2, b"co", b"nd")
    assert (reader.seek(-1, io.SEEK_END), reader.read(), reader.read()) == (5, b"d", b"")
    assert (reader.seek(100), reader.read()) == (100, b"")
    assert b"".join(entry_chunks(source, entry)) == b"second"
    with pytest.raises(ValueError, match="position"):
        reader.seek(-7, io.SEEK_END)


def test_a_part_that_is_not_what_it_says_is_refused() -> None:
    for wrong in (Part("a", 5, 0, lambda: iter((b"first",))), Part("a", 4, zlib.crc32(b"first"), lambda: iter((b"first",)))):
        with pytest.raises(BundleError):
            b"".join(archive_chunks([wrong]))


def test_what_needs_zip64_is_not_written() -> None:
    with pytest.raises(UsageError):
        next(archive_chunks([Part("a", MAX_SIZE, 0, lambda: iter(()))]))


@given(st.integers(0, len(archive(TWO)) - 1), st.integers(0, 7))
def test_a_flipped_bit_is_in_a_content_or_refused(position: int, bit: int) -> None:
    data = bytearray(archive(TWO))
    data[position] ^= 1 << bit
    try:
        found = read(bytes(data))
    except BundleError:
        return
    # Contents are for the caller's hash to check, and names in both headers cannot change together by one bit.
    assert list(found) == list(TWO)
    assert found != TWO


@given(st.integers(0, len(archive(TWO)) - 1))
def test_an_archive_cut_short_is_refused(size: int) -> None:
    with pytest.raises(BundleError):
        read(archive(TWO)[:size])


@given(st.binary(max_size=200))
def test_anything_else_is_refused_or_canonical(data: bytes) -> None:
    try:
        found = read(data)
    except BundleError:
        return
    assert archive(found) == data


def made(write: Callable[[zipfile.ZipFile], object], *, prefix: bytes = b"", suffix: bytes = b"") -> bytes:
    sink = io.BytesIO(prefix)
    sink.seek(0, io.SEEK_END)
    with zipfile.ZipFile(sink, "a") as theirs:
        write(theirs)
    return sink.getvalue() + suffix


def info(name: str, **changes: object) -> zipfile.ZipInfo:
    made_info = zipfile.ZipInfo(name)
    for key, value in changes.items():
        setattr(made_info, key, value)
    return made_info


def comment(theirs: zipfile.ZipFile) -> None:
    theirs.writestr(info("a"), b"x")
    theirs.comment = b"hidden"


def bomb(theirs: zipfile.ZipFile) -> None:
    theirs.writestr("a", bytes(50_000_000), zipfile.ZIP_DEFLATED)


@pytest.mark.parametrize(
    "data",
    [
        made(lambda z: z.writestr("a", b"x")),
        made(lambda z: z.writestr(info("a"), b"x"), prefix=b"#!/bin/sh\n"),
        made(lambda z: z.writestr(info("a"), b"x"), suffix=b"tail"),
        made(lambda z: z.writestr(info("link", external_attr=(stat.S_IFLNK | 0o777) << 16), b"/etc/passwd")),
        made(lambda z: z.writestr(info("a", extra=b"\x00\x00\x00\x00"), b"x")),
        made(lambda z: z.writestr(info("a", comment=b"hidden"), b"x")),
        made(lambda z: z.writestr("é", b"x")),
        made(comment),
        made(bomb),
    ],
)
def test_other_zips_are_refused(data: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(data)) as theirs:
        assert len(theirs.namelist()) == 1
    with pytest.raises(BundleError):
        read(data)


def patched(offset: int, value: bytes) -> bytes:
    data = bytearray(archive(TWO))
    data[offset : offset + len(value)] = value
    return bytes(data)


DIRECTORY = archive(TWO).index(b"PK\x01\x02")
END = len(archive(TWO)) - 22


@pytest.mark.parametrize(
    "data",
    [
        archive({"a": b"1", "A": b"2"}),
        patched(DIRECTORY + 46, b"b"),
        patched(DIRECTORY + 24, struct.pack("<I", 6)),
        patched(DIRECTORY + 24, struct.pack("<I", 2**32 - 1)),
        patched(DIRECTORY + 42, struct.pack("<I", 2**32 - 1)),
        patched(DIRECTORY + 42, struct.pack("<I", 1)),
        patched(DIRECTORY + 28, struct.pack("<H", 65_535)),
        patched(DIRECTORY + 47 + 42, struct.pack("<I", 0)),
        patched(END + 8, struct.pack("<HH", 65_535, 65_535)),
        patched(END + 8, struct.pack("<HH", 1, 1)),
        patched(END + 12, struct.pack("<I", 2**32 - 1)),
        patched(END + 16, struct.pack("<I", 0)),
        patched(6, b"\x01"),
        patched(6, b"\x08"),
        patched(8, b"\x08"),
    ],
)
def test_lies_in_the_headers_are_refused(data: bytes) -> None:
    with pytest.raises(BundleError):
        read(data)


def test_bytes_between_a_header_and_its_content_are_refused() -> None:
    data = archive({"a": b"first"})
    content, directory = data.index(b"first"), data.index(b"PK\x01\x02")
    hidden = bytearray(data[:content] + b"hidden" + data[content:])
    struct.pack_into("<I", hidden, directory + 6 + 42, 6)
    struct.pack_into("<I", hidden, len(hidden) - 6, directory + 6)
    with pytest.raises(BundleError):
        read(bytes(hidden))


def test_a_size_that_reaches_past_the_archive_is_refused() -> None:
    data = bytearray(archive({"a": b"first"}))
    for header in (14 + 4, data.index(b"PK\x01\x02") + 20):
        struct.pack_into("<II", data, header, 2**32 - 1, 2**32 - 1)
    with pytest.raises(BundleError):
        read(bytes(data))


class Frugal(io.BytesIO):
    """A file that does not like to be read in large pieces."""

    def read(self, size: int | None = -1, /) -> bytes:
        assert size is not None
        assert 0 <= size <= 1000
        return super().read(size)


def test_an_empty_directory_does_not_fill_the_memory() -> None:
    data = bytearray(archive({"a": bytes(1_000_000)}))
    struct.pack_into("<HHII", data, len(data) - 14, 0, 0, 0, 0)
    with pytest.raises(BundleError):
        read_archive(Frugal(bytes(data)), max_directory=1000)


def test_names_that_occur_twice_are_refused() -> None:
    twice = b"".join(archive_chunks([Part.of("a", b"1"), Part.of("a", b"2")]))
    with pytest.raises(BundleError):
        read(twice)


def test_a_directory_too_large_is_refused_unread() -> None:
    many = archive({str(number): b"" for number in range(100)})
    assert len(read(many, max_directory=100 * 50)) == 100
    with pytest.raises(BundleError):
        read(many, max_directory=100)


def test_an_archive_that_shrinks_while_it_is_read_is_refused() -> None:
    data = archive({"a": os.urandom(100)})
    (entry,) = read_archive(io.BytesIO(data), max_directory=100)
    with pytest.raises(BundleError):
        list(entry_chunks(io.BytesIO(data[:50]), entry))
