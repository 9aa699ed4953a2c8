r"""RTF to text: one pass over the bytes, with a stack for its groups.

Rules: groups that are not the document's words (fonts, colours, styles, pictures, embedded objects, `\*` extensions) are skipped whole;
hyperlinks and fields give their result, not their instruction. Nothing embedded is ever decoded.

Source: Microsoft, Rich Text Format Specification 1.9.1 (syntax: "RTF Syntax"; characters: "Unicode RTF", "Special Characters").
"""

import codecs
import re
from dataclasses import dataclass, field, replace
from typing import Final

from monespace_cli.ingest.problems import Code, unreadable

_TOKEN: Final = re.compile(
    rb"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?"
    rb"|\\'(?P<hex>[0-9a-fA-F]{2})"
    rb"|\\(?P<symbol>[^a-zA-Z])"
    rb"|(?P<brace>[{}])"
    rb"|[\r\n]+"
    rb"|(?P<text>[^\\{}\r\n]+)",
    re.DOTALL,
)

_SKIPPED: Final = frozenset(
    b"fonttbl colortbl stylesheet listtable listoverridetable rsidtbl revtbl info pict object objdata fldinst themedata colorschememapping"
    b" datastore latentstyles xmlnstbl filetbl generator header headerl headerr headerf footer footerl footerr footerf".split()
)
"""Destinations whose content is not the document's words; headers and footers would stand between its sentences."""

_SPOKEN: Final = {
    b"par": "\n", b"line": "\n", b"row": "\n", b"sect": "\n", b"page": "\f", b"tab": "\t", b"cell": "\t", b"nestcell": "\t",
    b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•",
}  # fmt: skip

_SYMBOLS: Final = {b"~": "\xa0", b"_": "-", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n", b"\r": "\n"}

_MAX_GROUPS: Final = 1_000
"""Groups inside each other: word processors nest some ten."""

_MAX_FALLBACK: Final = 16
r"""Characters that `\uc` may say to skip after a Unicode one; writers use 0 to 4."""


@dataclass(frozen=True, slots=True)
class _Group:
    """What a `{` saves and its `}` brings back."""

    skipped: bool = False
    fallback: int = 1
    r"""Bytes that stand after each `\u` for readers that do not know it (`\uc`)."""


@dataclass(slots=True)
class _Reading:
    group: _Group = field(default_factory=_Group)
    saved: list[_Group] = field(default_factory=list)
    encoding: str = "cp1252"
    to_skip: int = 0
    """Bytes of a fallback that are still to come."""
    raw: int = 0
    r"""Bytes after `\bin` that are no RTF."""
    waiting: bytearray = field(default_factory=bytearray)
    """Bytes of text, together until something else comes: one character may take several."""
    written: list[str] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.decode_waiting()
        if not self.group.skipped:
            self.written.append(text)

    def say_bytes(self, data: bytes) -> None:
        skipped = min(self.to_skip, len(data))
        self.to_skip -= skipped
        if not self.group.skipped:
            self.waiting += data[skipped:]

    def decode_waiting(self) -> None:
        self.written.append(self.waiting.decode(self.encoding, errors="replace"))
        self.waiting.clear()


def to_text(data: bytes) -> str:
    r"""Return the words of an RTF file; `\page` becomes a form feed. It is never longer than the file.

    Raises:
        UnreadableInputError: `damaged-file`: groups are nested without end, or more are closed than were opened.
    """
    reading, position = _Reading(), 0
    while token := _TOKEN.match(data, position):
        _take(reading, token)
        position = token.end() + reading.raw
        reading.raw = 0
    reading.decode_waiting()
    text = "".join(reading.written)
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")  # joins what stands as two halves of a pair


def _take(reading: _Reading, token: re.Match[bytes]) -> None:
    match token.lastgroup:
        case "brace":
            _take_brace(reading, token["brace"])
        case "word" | "number":
            _take_word(reading, token["word"], int(token["number"]) if token["number"] else None)
        case "hex":
            reading.say_bytes(bytes.fromhex(token["hex"].decode("ascii")))
        case "symbol":
            _take_symbol(reading, token["symbol"])
        case "text":
            reading.say_bytes(token["text"])


def _take_brace(reading: _Reading, brace: bytes) -> None:
    reading.to_skip = 0
    if brace == b"{":
        if len(reading.saved) >= _MAX_GROUPS:
            raise unreadable(Code.DAMAGED)
        reading.saved.append(reading.group)
    elif reading.saved:
        reading.group = reading.saved.pop()
    else:
        raise unreadable(Code.DAMAGED)


def _take_word(reading: _Reading, word: bytes, number: int | None) -> None:
    if word in _SKIPPED:
        reading.group = replace(reading.group, skipped=True)
    elif word in _SPOKEN:
        reading.say(_SPOKEN[word])
    elif word == b"u" and number is not None:
        reading.say(chr(number % 0x10000))
        reading.to_skip = reading.group.fallback
    elif word == b"uc" and number is not None:
        reading.group = replace(reading.group, fallback=max(0, min(number, _MAX_FALLBACK)))
    elif word == b"ansicpg" and number is not None:
        reading.encoding = _encoding(number)
    elif word == b"mac":
        reading.encoding = "mac_roman"
    elif word == b"bin":
        reading.raw = max(0, number or 0)


def _take_symbol(reading: _Reading, symbol: bytes) -> None:
    if symbol == b"*":
        reading.group = replace(reading.group, skipped=True)
    elif symbol in _SYMBOLS:
        reading.say(_SYMBOLS[symbol])


def _encoding(code_page: int) -> str:
    """Return Python's name for a Windows code page; what it does not know is read as Western European."""
    name = {65001: "utf-8", 10000: "mac_roman"}.get(code_page, f"cp{code_page}")
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"
