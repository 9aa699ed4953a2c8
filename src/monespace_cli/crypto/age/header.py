"""The textual header of an age file: from bytes and back (C2SP age.md, "Header").

What parses is canonical: writing it again gives the same bytes. No key is used here; until the MAC was checked, all of it is hearsay.
"""

import re
from binascii import Error as Base64Error
from binascii import a2b_base64, b2a_base64
from dataclasses import dataclass

from monespace_cli.errors import BundleError
from monespace_cli.i18n import _

MAX_HEADER_SIZE = 65_536
"""Bytes of the longest header read; one hybrid stanza takes about 1.6 KiB."""
MAX_STANZAS = 32
MAX_LINE = 4096
"""Bytes of the longest line read, without its end."""

VERSION_LINE = b"age-encryption.org/v1"
ARMOR_BEGIN = b"-----BEGIN AGE ENCRYPTED FILE-----"
BODY_COLUMNS = 64
MAC_SIZE = 32
_ARGUMENT = re.compile(rb"[!-~]+")


@dataclass(frozen=True, slots=True)
class Stanza:
    """One recipient's copy of the file key: what kind it is, its arguments, and the wrapped key."""

    type: str
    arguments: tuple[str, ...]
    body: bytes


@dataclass(frozen=True, slots=True)
class Header:
    """A parsed header; nothing in it is authenticated."""

    stanzas: tuple[Stanza, ...]
    mac: bytes
    """32 bytes."""

    @property
    def mac_input(self) -> bytes:
        """The bytes that the MAC covers: the header up to and including `---`."""
        return serialise_stanzas(self.stanzas)

    def serialise(self) -> bytes:
        """Return the header as it stands in a file, with its last line feed."""
        return self.mac_input + b" " + to_base64(self.mac) + b"\n"


def to_base64(data: bytes) -> bytes:
    """Return standard base64 without padding (RFC 4648 section 4)."""
    return b2a_base64(data, newline=False).rstrip(b"=")


def from_base64(text: bytes) -> bytes:
    """Decode unpadded base64.

    Raises:
        BundleError: not canonical (RFC 4648 section 3.5), padded, or not base64.
    """
    try:
        data = a2b_base64(text + b"=" * (-len(text) % 4))
    except Base64Error:
        raise damaged_header() from None
    if to_base64(data) != text:
        raise damaged_header()
    return data


def damaged_header() -> BundleError:
    """Return the error for a header that does not follow the format."""
    return BundleError(_("the header of the encrypted file is damaged"), hint=_("ask the sender for the file again"))


def serialise_stanzas(stanzas: tuple[Stanza, ...]) -> bytes:
    """Return the header up to and including `---`, which is what the MAC covers."""
    lines = [VERSION_LINE]
    for stanza in stanzas:
        lines.append(" ".join(("->", stanza.type, *stanza.arguments)).encode("ascii"))
        body = to_base64(stanza.body)
        # One line more than the full ones: a body ends with a short line, an empty one if need be.
        lines += [body[i : i + BODY_COLUMNS] for i in range(0, len(body) + 1, BODY_COLUMNS)]
    return b"\n".join([*lines, b"---"])


def parse(data: bytes) -> tuple[Header, int]:
    """Read the header that `data` begins with; return it and its size in bytes.

    Args:
        data: the first :data:`MAX_HEADER_SIZE` bytes of the file, or all of it if it is shorter.

    Raises:
        BundleError: not an age v1 file, ASCII-armored, damaged, or over a limit (:data:`MAX_STANZAS`, :data:`MAX_LINE`).
    """
    lines = _Lines(data)
    _check_version(lines.next())
    stanzas: list[Stanza] = []
    while (line := lines.next()).startswith(b"-> "):
        if len(stanzas) == MAX_STANZAS:
            raise BundleError(_("the encrypted file names too many recipients"))
        stanzas.append(_stanza(line, lines))
    mark, space, mac = line.partition(b" ")
    header = Header(tuple(stanzas), from_base64(mac))
    if mark != b"---" or not space or len(header.mac) != MAC_SIZE or not stanzas:
        raise damaged_header()
    return header, lines.position


class _Lines:
    """Walks over lines that end with a line feed, none of them too long."""

    def __init__(self, data: bytes) -> None:
        self._data = data[:MAX_HEADER_SIZE]
        self.position = 0

    def next(self) -> bytes:
        end = self._data.find(b"\n", self.position, self.position + MAX_LINE + 1)
        if end < 0:
            raise damaged_header()
        line = self._data[self.position : end]
        self.position = end + 1
        return line


def _check_version(line: bytes) -> None:
    if line.rstrip(b"\r") == ARMOR_BEGIN:
        raise BundleError(_("this is an ASCII-armored age file"), hint=_("ask for it as a binary .age file"))
    if line != VERSION_LINE:
        raise BundleError(_("this is not an age v1 file"), hint=_("ask the sender for the file again"))


def _stanza(line: bytes, lines: _Lines) -> Stanza:
    words = line.split(b" ")[1:]
    if not all(_ARGUMENT.fullmatch(word) for word in words):
        raise damaged_header()
    body = b""
    while True:
        part = lines.next()
        body += part
        if len(part) < BODY_COLUMNS:
            break
        if len(part) > BODY_COLUMNS:
            raise damaged_header()
    kind, *arguments = (word.decode("ascii") for word in words)
    return Stanza(kind, tuple(arguments), from_base64(body))
