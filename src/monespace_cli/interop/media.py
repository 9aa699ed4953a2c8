"""The media types that documents have: what their files are called, how they begin, and their XDS formatCode.

Source: ANS ASS_A12 (media type -> formatCode, TRE_A11-IheFormatCode); IHE ITI TF-3 §4.2.3.2.9 (formatCode).
"""

from dataclasses import dataclass

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
    slack: int = 0
    """Bytes of anything that may stand before that."""

    def fits(self, head: bytes) -> bool:
        """Tell whether a file that begins with `head` can be of this type. Text is whatever is no other type and has no zero byte."""
        if self.starts:
            return any(0 <= head.find(start) <= self.slack for start in self.starts)
        return b"\x00" not in head and not any(other.starts and other.fits(head) for other in MEDIA_TYPES.values())


HEAD_SIZE = 1024
"""Bytes of a file that :meth:`MediaType.fits` wants to see."""

# PNG has no code of its own; this one says that the media type is all there is to know (IHE formatcode value set).
_SUFFICIENT = "urn:ihe:iti:xds:2017:mimeTypeSufficient"

MEDIA_TYPES = {
    media.name: media
    for media in (
        # ISO 32000-1 annex H.3.4.1: readers accept the header anywhere in the first 1024 bytes.
        MediaType(
            "application/pdf", "pdf", "urn:ihe:iti:xds-sd:pdf:2008", "Document à corps non structuré en Pdf/A-1", (b"%PDF-",), HEAD_SIZE
        ),
        MediaType(
            "image/jpeg", "jpg", "urn:ihe:iti-fr:xds-sd:jpeg:2010", "Document à corps non structuré en format jpeg", (b"\xff\xd8\xff",)
        ),
        MediaType("image/png", "png", _SUFFICIENT, "mimeType Sufficient", (b"\x89PNG\r\n\x1a\n",)),
        MediaType(
            "image/tiff",
            "tif",
            "urn:ihe:iti-fr:xds-sd:tiff:2010",
            "Document à corps non structuré en format tiff",
            (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+"),
        ),
        MediaType("text/plain", "txt", "urn:ihe:iti:xds-sd:text:2008", "Document à corps non structuré en texte brut"),
    )
}
