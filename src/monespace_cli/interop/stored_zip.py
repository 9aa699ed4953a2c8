"""The canonical zip: an archive whose bytes follow from its list of names and contents, and from nothing else.

Rules (docs/formats/bundle-v1.md §2; PKWARE APPNOTE 6.3): stored only, every header field fixed, headers and contents back to back.
Writing streams, so that an archive of any size costs constant memory, and archives nest: the chunks of one are the content of a
:class:`Part` of another. Reading builds every record again and compares bytes, which leaves no place for compression bombs, overlaps,
links, hidden bytes or a second meaning. What a name may be, and how large a file, is the caller's to bound.
"""

import io
import struct
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from monespace_cli.errors import BundleError, UsageError
from monespace_cli.i18n import _
from monespace_cli.interop.crc32 import combine

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

CHUNK = 1 << 18
MAX_SIZE = 2**32 - 1
"""Without zip64 every size and offset fits 32 bits."""

_VERSION = 10
_DOS_DATE = 0x0021  # 1980-01-01, the earliest a zip can say
_LOCAL = struct.Struct("<4sHHHHHIIIHH")
_CENTRAL = struct.Struct("<4sHHHHHHIIIHHHHHII")
_END = struct.Struct("<4sHHHHIIH")
_END_MARK = b"PK\x05\x06"
_FILE_KIND, _LINK = 0o170000, 0o120000
"""What a Unix system says that a file is, in the upper half of the external attributes (POSIX, sys/stat.h)."""


@dataclass(frozen=True, slots=True)
class Part:
    """A file that an archive will hold: what its header says, and where its bytes come from."""

    name: str
    size: int
    crc32: int
    chunks: Callable[[], Iterator[bytes]]
    """Gives the content from the start, each time it is called."""
    is_archive: bool = False
    """Whether these are :func:`archive_chunks`, which compare each of their own parts with what was measured."""

    @classmethod
    def of(cls, name: str, content: bytes) -> "Part":
        """Return the part for content that is in memory."""
        return cls(name, len(content), zlib.crc32(content), lambda: iter((content,)))


@dataclass(frozen=True, slots=True)
class Entry:
    """A file found in an archive. `offset` is where its content starts."""

    name: str
    size: int
    crc32: int
    offset: int


def archive_size(parts: Sequence[Part]) -> int:
    """Return the size in bytes of the archive of `parts`."""
    return sum(_LOCAL.size + _CENTRAL.size + 2 * len(part.name) + part.size for part in parts) + _END.size


def archive_crc32(parts: Sequence[Part]) -> int:
    """Return the CRC-32 of the archive of `parts` without reading their contents, so that it can stand in the header of an outer one."""
    return _crc32_of(parts, _offsets(parts))


def archive_chunks(parts: Sequence[Part]) -> Iterator[bytes]:
    """Yield the bytes of the archive of `parts`.

    Raises:
        UsageError: the archive would need zip64.
        BundleError: a content is not the one that its part describes.
    """
    if archive_size(parts) > MAX_SIZE:
        raise UsageError(_("the documents are too large for one bundle"), hint=_("share them in several bundles of less than 4 GiB"))
    for part in parts:
        yield _local_header(part)
        yield from _checked(part)
    yield _directory(parts, _offsets(parts))


def read_archive(source: BinaryIO, *, max_directory: int) -> tuple[Entry, ...]:
    """Return the entries of a canonical zip; contents are not read, only the records between them.

    Args:
        source: seekable; the archive is all of it.
        max_directory: bytes of central directory to accept.

    Raises:
        BundleError: it is not a canonical zip.
    """
    size = source.seek(0, io.SEEK_END)
    count, directory_size, directory_at = _read_end(source, size)
    if directory_size > max_directory:
        raise _bad_archive(_("its directory is too large"))
    if directory_at + directory_size + _END.size != size:
        raise _bad_archive(_("something stands before or behind it"))
    entries = _read_directory(_read_at(source, directory_at, directory_size), count)
    _check_layout(source, entries, directory_at)
    if _directory(entries, _header_offsets(entries)) != _read_at(source, directory_at, size - directory_at):
        raise _bad_archive(_("its directory says more than names and sizes"))
    return entries


def entries_crc32(entries: Sequence[Entry]) -> int:
    """Return the CRC-32 of a whole archive that :func:`read_archive` accepted, without reading it again."""
    return _crc32_of(entries, _header_offsets(entries))


class EntryReader(io.RawIOBase):
    """The content of one entry, as a seekable file of its own. The archive must stay open; nothing is checked against the CRC-32."""

    def __init__(self, archive: BinaryIO, entry: Entry) -> None:
        """Read `entry` of `archive`."""
        self._archive = archive
        self._entry = entry
        self._position = 0

    def readable(self) -> bool:
        """Say yes."""
        return True

    def seekable(self) -> bool:
        """Say yes."""
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Move, also past the end, as in a file; return the new position.

        Raises:
            ValueError: the position would be negative, or `whence` is none of the three.
        """
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._entry.size}.get(whence)
        if base is None or base + offset < 0:
            raise ValueError("no such position")
        self._position = base + offset
        return self._position

    def readinto(self, buffer: "WriteableBuffer", /) -> int:
        """Fill `buffer` with content; return the number of bytes, 0 at the end."""
        view = memoryview(buffer).cast("B")
        wanted = min(len(view), max(0, self._entry.size - self._position))
        self._archive.seek(self._entry.offset + self._position)
        data = self._archive.read(wanted)
        view[: len(data)] = data
        self._position += len(data)
        return len(data)


def open_entry(archive: BinaryIO, entry: Entry) -> BinaryIO:
    """Return the content of an entry as a seekable file, which serves as the archive of a nested one too."""
    return io.BufferedReader(EntryReader(archive, entry), CHUNK)


def entry_chunks(archive: BinaryIO, entry: Entry) -> Iterator[bytes]:
    """Yield the content of an entry in order.

    Raises:
        BundleError: the archive ends before the entry does.
    """
    for start in range(0, entry.size, CHUNK):
        yield _read_at(archive, entry.offset + start, min(CHUNK, entry.size - start))


def _read_end(source: BinaryIO, size: int) -> tuple[int, int, int]:
    end = _read_at(source, size - _END.size, _END.size) if size >= _END.size else b""
    if not end.startswith(_END_MARK):
        raise _bad_archive(_("it does not end as a zip does"))
    fields = _END.unpack(end)
    return fields[4], fields[5], fields[6]


def _read_directory(directory: bytes, count: int) -> tuple[Entry, ...]:
    entries: list[Entry] = []
    at = 0
    for _index in range(count):
        if at + _CENTRAL.size > len(directory):
            raise _bad_archive(_("its directory is cut short"))
        fields = _CENTRAL.unpack_from(directory, at)
        crc32, size, name_length, header_at = fields[7], fields[8], fields[10], fields[16]
        if fields[4]:
            raise _bad_archive(_("a file in it is compressed"))
        if fields[15] >> 16 & _FILE_KIND == _LINK:
            raise _bad_archive(_("a file in it is a link"))
        at += _CENTRAL.size
        name = directory[at : at + name_length]
        if not name.isascii():
            raise _bad_archive(_("a name has letters that no name has"))
        at += name_length
        entries.append(Entry(name.decode("ascii"), size, crc32, header_at + _LOCAL.size + name_length))
    if len({entry.name.casefold() for entry in entries}) != count:
        raise _bad_archive(_("two files have the same name"))
    return tuple(entries)


def _check_layout(source: BinaryIO, entries: Sequence[Entry], directory_at: int) -> None:
    at = 0
    for entry in entries:
        header = _local_header(entry)
        if entry.offset != at + len(header) or entry.offset + entry.size > directory_at:
            raise _bad_archive(_("its files overlap, or leave a gap"))
        if _read_at(source, at, len(header)) != header:
            raise _bad_archive(_("a file is not simply stored"))
        at = entry.offset + entry.size


def _read_at(source: BinaryIO, offset: int, size: int) -> bytes:
    source.seek(offset)
    data = source.read(size)
    if len(data) != size:
        raise _bad_archive(_("it is cut short"))
    return data


def _checked(part: Part) -> Iterator[bytes]:
    """Yield the content, and make sure that it is still the one that was measured."""
    if part.is_archive:
        yield from part.chunks()
        return
    size = crc32 = 0
    for chunk in part.chunks():
        size += len(chunk)
        crc32 = zlib.crc32(chunk, crc32)
        yield chunk
    if (size, crc32) != (part.size, part.crc32):
        raise BundleError(_("a document changed while it was being written"), hint=_("try again"))


def _crc32_of(items: Sequence[Part | Entry], offsets: Sequence[int]) -> int:
    crc32 = 0
    for item in items:
        crc32 = combine(zlib.crc32(_local_header(item), crc32), item.crc32, item.size)
    return zlib.crc32(_directory(items, offsets), crc32)


def _offsets(parts: Sequence[Part]) -> list[int]:
    """Return where each local header stands."""
    offsets = [0]
    for part in parts:
        offsets.append(offsets[-1] + _header_size(part) + part.size)
    return offsets[:-1]


def _header_offsets(entries: Sequence[Entry]) -> list[int]:
    return [entry.offset - _header_size(entry) for entry in entries]


def _header_size(item: Part | Entry) -> int:
    return _LOCAL.size + len(item.name)


def _local_header(item: Part | Entry) -> bytes:
    name = item.name.encode("ascii")
    return _LOCAL.pack(b"PK\x03\x04", _VERSION, 0, 0, 0, _DOS_DATE, item.crc32, item.size, item.size, len(name), 0) + name


def _central_header(item: Part | Entry, offset: int) -> bytes:
    name = item.name.encode("ascii")
    fixed = (b"PK\x01\x02", _VERSION, _VERSION, 0, 0, 0, _DOS_DATE)
    return _CENTRAL.pack(*fixed, item.crc32, item.size, item.size, len(name), 0, 0, 0, 0, 0, offset) + name


def _directory(items: Sequence[Part | Entry], offsets: Sequence[int]) -> bytes:
    """Return the central directory and the end record."""
    headers = b"".join(_central_header(item, offset) for item, offset in zip(items, offsets, strict=True))
    start = offsets[-1] + _header_size(items[-1]) + items[-1].size if items else 0
    return headers + _END.pack(_END_MARK, 0, 0, len(items), len(items), len(headers), start, 0)


def _bad_archive(reason: str) -> BundleError:
    return BundleError(
        _("the bundle's archive is not in the form that it must have: {reason}").format(reason=reason),
        hint=_("ask the sender for a new one"),
    )
