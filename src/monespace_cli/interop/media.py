"""The media types that documents have: what their files are called, how they begin, and their XDS formatCode.

Source: ANS ASS_A12 (media type -> formatCode, TRE_A11-IheFormatCode); IHE ITI TF-3 §4.2.3.2.9 (formatCode);
IHE PCC, International Patient Summary, X.6.1 (that of an IPS).
"""

from dataclasses import dataclass
from typing import Final

FORMAT_CODE_OID = "1.3.6.1.4.1.19376.1.2.3"
"""IHE's format code system, which TRE_A11-IheFormatCode repeats."""


@dataclass(frozen=True, slots=True)
class MediaType:
    """One media type."""

    name: str
    extension: str
    """Lower case, without the dot."""
    format_code: str
    format_label: str
    starts: tuple[bytes, ...] = ()
    """What its files begin with; empty where anything may."""
    offset: int = 0
    """Bytes of anything that stand before that."""
    slack: int = 0
    """Bytes of anything that may stand there as well."""
    is_text: bool = False
    """Whether such a file is plain text as well, for who does not know the type."""

    @property
    def extension_8_3(self) -> str:
        """The extension as in names of 8.3 (ISO 9660 level 1): upper case, cut to three letters."""
        return self.extension[:3].upper()

    def fits(self, head: bytes) -> bool:
        """Tell whether a file that begins with `head` can be of this type. Text is whatever is no other type and has no zero byte."""
        if self.starts:
            return any(0 <= head.find(start, self.offset) <= self.offset + self.slack for start in self.starts)
        others = (other for other in MEDIA_TYPES.values() if other.starts and not other.is_text)
        return b"\x00" not in head and not any(other.fits(head) for other in others)


HEAD_SIZE = 1024
"""Bytes of a file that :meth:`MediaType.fits` wants to see."""

_SUFFICIENT = ("urn:ihe:iti:xds:2017:mimeTypeSufficient", "mimeType Sufficient")
"""Code and label for a type without a code of its own: the media type is all there is to know (IHE formatcode value set)."""

FHIR_JSON: Final = "application/fhir+json"
"""An International Patient Summary (HL7 IPS), in the layout that `interop.fhir.ips` writes."""

HEIC_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"mif1", b"msf1")
"""Major brands of HEIF files (ISO/IEC 23008-12 annex B.4, §10.2)."""

MEDIA_TYPES = {
    media.name: media
    for media in (
        # ISO 32000-1 annex H.3.4.1: readers accept the header anywhere in the first 1024 bytes.
        MediaType(
            "application/pdf",
            "pdf",
            "urn:ihe:iti:xds-sd:pdf:2008",
            "Document à corps non structuré en Pdf/A-1",
            (b"%PDF-",),
            slack=HEAD_SIZE,
        ),
        MediaType(
            "image/jpeg", "jpg", "urn:ihe:iti-fr:xds-sd:jpeg:2010", "Document à corps non structuré en format jpeg", (b"\xff\xd8\xff",)
        ),
        MediaType("image/png", "png", *_SUFFICIENT, (b"\x89PNG\r\n\x1a\n",)),
        MediaType(
            "image/tiff",
            "tif",
            "urn:ihe:iti-fr:xds-sd:tiff:2010",
            "Document à corps non structuré en format tiff",
            (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
        ),
        MediaType("image/webp", "webp", *_SUFFICIENT, (b"WEBP",), offset=8),
        MediaType("image/heic", "heic", *_SUFFICIENT, tuple(b"ftyp" + brand for brand in HEIC_BRANDS), offset=4),
        MediaType("application/zip", "zip", *_SUFFICIENT, (b"PK\x03\x04",)),
        MediaType("application/dicom", "dcm", *_SUFFICIENT, (b"DICM",), offset=128),
        MediaType("text/rtf", "rtf", "urn:ihe:iti-fr:xds-sd:rtf:2010", "Document à corps non structuré en format rtf", (b"{\\rtf",)),
        MediaType(FHIR_JSON, "json", "urn:ihe:pcc:ips:2020", "Synthèse médicale", (b'{\n "resourceType": "Bundle"',), is_text=True),
        MediaType("text/plain", "txt", "urn:ihe:iti:xds-sd:text:2008", "Document à corps non structuré en texte brut"),
    )
}
