"""What a file is, told by its content alone: a name can lie, and scanners call everything `.pdf`.

Plain text is what decodes as text without control characters; markup that needs a reader of its own (XML, HTML, PostScript) is not plain
text. Pure functions on bytes: nothing is decoded here but text.
"""

import codecs
from enum import StrEnum
from typing import Final

from monespace_cli.ingest.problems import Code, unreadable


class MediaType(StrEnum):
    """The types that can be taken in (RFC 6838 names)."""

    JPEG = "image/jpeg"
    PNG = "image/png"
    TIFF = "image/tiff"
    WEBP = "image/webp"
    HEIC = "image/heic"
    PDF = "application/pdf"
    DICOM = "application/dicom"
    RTF = "text/rtf"
    TEXT = "text/plain"
    PAGES = "application/zip"
    """A zip whose files are the pages of one document; any other zip is an archive of several."""


PAGE_TYPES: Final = frozenset((MediaType.JPEG, MediaType.PNG, MediaType.TIFF, MediaType.WEBP, MediaType.HEIC, MediaType.PDF))
"""What a set of pages may be made of: pictures, and text that has its place on a page."""

_SIGNATURES: Final = (
    (b"\xff\xd8\xff", MediaType.JPEG),  # ITU-T T.81, SOI and the next marker
    (b"\x89PNG\r\n\x1a\n", MediaType.PNG),  # W3C PNG §5.2
    (b"II*\x00", MediaType.TIFF),  # TIFF 6.0 §2
    (b"MM\x00*", MediaType.TIFF),
    (b"II+\x00", MediaType.TIFF),  # BigTIFF
    (b"MM\x00+", MediaType.TIFF),
    (b"%PDF-", MediaType.PDF),  # ISO 32000-1 §7.5.2
    (b"{\\rtf", MediaType.RTF),  # RTF 1.9.1, "Contents of an RTF File"
)

_BLANK: Final = b"\t\n\r \0" + codecs.BOM_UTF8

_ARCHIVES: Final = (b"PK\x03\x04", b"PK\x05\x06")  # APPNOTE.TXT §4.3.7, and §4.3.16 for an empty one

PAGES_BEGIN: Final = b"0001."
"""What the name of the first file in a set of pages begins with."""

_ZIP_NAME: Final = 30  # §4.3.7: where the first file's name stands; its method, 0 for stored, is the word at 8

_DICOM_MARK: Final = slice(128, 132)  # DICOM PS3.10 §7.1: "DICM" behind a preamble of anything

_HEIC_BRANDS: Final = frozenset({b"heic", b"heix", b"heim", b"heis"})  # ISO/IEC 23008-12 annex B.4: pictures coded by HEVC
_HEIF_BRANDS: Final = _HEIC_BRANDS | {b"mif1", b"msf1"}  # §10.2: pictures, however they are coded

_PDF_WINDOW: Final = 1024  # readers accept the header within the first 1,024 bytes: ISO 32000-1 Annex H.3, note 13

_MARKUP: Final = ("<?xml", "<!doctype", "<html", "%!ps")

_FILE_TYPE_BOX: Final = 256  # bytes of it that are looked at: cameras write less than 64

_CONTROL: Final = frozenset(map(chr, [*range(0x20), *range(0x7F, 0xA0)])) - frozenset("\t\n\r\f")

_BOMS: Final = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def media_type(data: bytes) -> MediaType:
    """Return what `data` is.

    Raises:
        UnreadableInputError: `empty-file`, or `unsupported-type` for everything not in :class:`MediaType`.
    """
    if not data:
        raise unreadable(Code.EMPTY)
    for signature, found in _SIGNATURES:
        if data.startswith(signature):
            return found
    if is_page_set(data):
        return MediaType.PAGES
    if data[_DICOM_MARK] == b"DICM":
        return MediaType.DICOM
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":  # RFC 9649 §2.4
        return MediaType.WEBP
    if _is_heic(data):
        return MediaType.HEIC
    if data[:_PDF_WINDOW].lstrip(_BLANK).startswith(b"%PDF-"):  # some PDF files have nothing in them that is no text
        return MediaType.PDF
    text = _decoded(data)
    if text is not None and not text.lstrip().lower().startswith(_MARKUP):
        return MediaType.TEXT
    if b"%PDF-" in data[:_PDF_WINDOW]:
        return MediaType.PDF
    raise unreadable(Code.UNSUPPORTED)


def is_archive(data: bytes) -> bool:
    """Tell whether `data` is a zip archive, whose files are documents of their own. Office documents are zip archives as well."""
    return data.startswith(_ARCHIVES) and not is_page_set(data)


def is_page_set(data: bytes) -> bool:
    """Tell whether `data` is a zip that `import --as-one` made: its first file is page 1, and nothing is packed."""
    return data.startswith(_ARCHIVES[0]) and data[8:10] == b"\0\0" and data[_ZIP_NAME:].startswith(PAGES_BEGIN)


def decode_text(data: bytes) -> str:
    """Return plain text: UTF-8 with or without a byte order mark, UTF-16 with one, else Windows-1252.

    Raises:
        UnreadableInputError: `unsupported-type`: it is no text in any of these.
    """
    text = _decoded(data)
    if text is None:
        raise unreadable(Code.UNSUPPORTED)
    return text


def _is_heic(data: bytes) -> bool:
    """Tell a HEIF file with pictures coded by HEVC, by the brands it names (ISO/IEC 14496-12 §4.3, FileTypeBox)."""
    box = data[8 : min(int.from_bytes(data[:4], "big"), _FILE_TYPE_BOX)]
    brands = {box[start : start + 4] for start in range(0, len(box), 4) if start != 4}  # the second word is a version
    return data[4:8] == b"ftyp" and box[:4] in _HEIF_BRANDS and not _HEIC_BRANDS.isdisjoint(brands)


def _decoded(data: bytes) -> str | None:
    marked = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    for encoding in marked or ("utf-8", "cp1252"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _CONTROL.isdisjoint(text):
            return text
    return None
