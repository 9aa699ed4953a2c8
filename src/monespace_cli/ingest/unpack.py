"""What the unpacking child does: take a zip archive once, then give one file of it after the other.

Requests, by their `do`: `open` (payload: the archive) answers nothing; `next` answers `name` with the file's bytes as payload, or `name`
and `refused` with a code, or nothing after the last one. Archives inside are opened, too, as deep as allowed.

Rules: names are only shown, never used as paths, and nothing is written; how many files there are, how large they are together and how
well they are packed is checked before and while each is unpacked; links, folders, hidden files and what systems leave behind are passed
over. Everything here runs inside `bounds.child`.

Source: PKWARE, APPNOTE.TXT 6.3 (zip).
"""

import stat
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any, Final

from monespace_cli.bounds import limits
from monespace_cli.bounds.child import serve
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.detect import is_archive
from monespace_cli.ingest.problems import Code, damage, unreadable
from monespace_cli.ingest.walk import is_dropping

_END_MARK: Final = b"PK\x05\x06"  # §4.3.16, end of central directory record
_END_WINDOW: Final = 22 + 0xFFFF  # its size, and the longest comment behind it

_ENCRYPTED: Final = 0x1  # §4.4.4, general purpose bit 0

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)

_OFFICE: Final = frozenset({"mimetype", "[Content_Types].xml"})
"""First files of an OpenDocument or Office Open XML file, which is a document and not an archive of some."""

_ENTRY: Final = 46 + 2 * limits.MAX_MEMBER_NAME  # §4.3.12: bytes that one file may take in the directory, name and remarks included


@dataclass(frozen=True, slots=True)
class Unpacked:
    """A file of an archive: its bytes, or the code with which it was refused."""

    name: str
    data: bytes = b""
    refused: Code | None = None


class _Budget:
    """What one archive may still give, those inside it included."""

    def __init__(self) -> None:
        self.files = limits.MAX_ARCHIVE_FILES
        self.bytes = limits.MAX_ARCHIVE_BYTES

    def take_files(self, count: int) -> None:
        self.files -= count
        if self.files < 0:
            raise unreadable(Code.TOO_MANY_FILES)

    def take_bytes(self, count: int) -> None:
        self.bytes -= count
        if self.bytes < 0:
            raise unreadable(Code.ARCHIVE_TOO_LARGE)


class Desk:
    """Holds the one archive that is being unpacked."""

    def __init__(self) -> None:
        self._files: Iterator[Unpacked] = iter(())

    def handle(self, header: Mapping[str, Any], payload: bytes) -> tuple[Mapping[str, object], bytes]:
        """Answer one request.

        Raises:
            UnreadableInputError: with the code that goes back to the parent; the archive is then at its end.
        """
        match header["do"]:
            case "open":
                self._files = unpack(payload)
                return {}, b""
            case "next":
                return self._next()
            case _:
                raise unreadable(Code.READER_FAILED)

    def _next(self) -> tuple[Mapping[str, object], bytes]:
        file = next(self._files, None)
        if file is None:
            return {}, b""
        refused = {"refused": file.refused} if file.refused else {}
        return {"name": file.name[: limits.MAX_MEMBER_NAME], **refused}, file.data


def unpack(data: bytes) -> Iterator[Unpacked]:
    """Yield the files of an archive, and of the archives in it, in the order of its directory.

    Raises:
        UnreadableInputError: while it is iterated: `damaged-file`, `unsupported-type` (an office document), `too-many-files`,
            `archive-too-large`.
    """
    return _files(data, "", limits.MAX_ARCHIVE_DEPTH, _Budget())


def _files(data: bytes, prefix: str, depth: int, budget: _Budget) -> Iterator[Unpacked]:
    budget.take_files(_stated_count(data))
    with damage():
        archive = zipfile.ZipFile(BytesIO(data))
    if archive.namelist()[:1] and archive.namelist()[0] in _OFFICE:
        raise unreadable(Code.UNSUPPORTED)
    for info in archive.infolist():
        if not _is_passed_over(info):
            yield from _file(archive, info, prefix + info.filename, depth, budget)


def _file(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, depth: int, budget: _Budget) -> Iterator[Unpacked]:
    try:
        data = _content(archive, info, budget)
    except UnreadableInputError as error:
        if budget.bytes < 0:
            raise
        yield Unpacked(name, refused=Code(error.code))
        return
    if not is_archive(data):
        yield Unpacked(name, data)
    elif depth == 1:
        yield Unpacked(name, refused=Code.TOO_DEEP)
    else:
        yield from _inner(data, name, depth - 1, budget)


def _inner(data: bytes, name: str, depth: int, budget: _Budget) -> Iterator[Unpacked]:
    """Yield the files of an archive in an archive; one that is damaged does not cost the others."""
    try:
        yield from _files(data, f"{name}/", depth, budget)
    except UnreadableInputError as error:
        if budget.files < 0 or budget.bytes < 0:
            raise
        yield Unpacked(name, refused=Code(error.code))


def _content(archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> bytes:
    if info.flag_bits & _ENCRYPTED:
        raise unreadable(Code.ENCRYPTED_ARCHIVE)
    if info.compress_type not in _METHODS:
        raise unreadable(Code.UNSUPPORTED)
    if info.file_size > limits.MAX_FILE_BYTES:
        raise unreadable(Code.TOO_LARGE)
    if info.file_size > max(limits.ARCHIVE_RATIO_FROM, limits.MAX_ARCHIVE_RATIO * info.compress_size):
        raise unreadable(Code.ARCHIVE_TOO_LARGE)
    budget.take_bytes(info.file_size)
    with damage(), archive.open(info) as file:
        return file.read(info.file_size + 1)  # never more than it states, which zipfile sees to; CRC-32 is checked at the end


def _stated_count(data: bytes) -> int:
    """Return how many files the end record states, before anything makes an object of each; zip64 archives state 65,535 here.

    Raises:
        UnreadableInputError: there is no such record; or its directory is larger than that number of files can make it.
    """
    start = data.rfind(_END_MARK, max(0, len(data) - _END_WINDOW))
    record = data[start : start + 22]
    if start < 0 or len(record) < 22:
        raise unreadable(Code.DAMAGED)
    count, directory = int.from_bytes(record[10:12], "little"), int.from_bytes(record[12:16], "little")
    if directory > _ENTRY * count:
        raise unreadable(Code.DAMAGED)
    return count


def _is_passed_over(info: zipfile.ZipInfo) -> bool:
    is_link = stat.S_ISLNK(info.external_attr >> 16)
    parts = (part for part in info.filename.split("/") if part not in {".", ".."})  # which some programs write, and which lead nowhere here
    return info.is_dir() or is_link or any(map(is_dropping, parts))


if __name__ == "__main__":
    serve(Desk().handle)
