"""The outer zip of a bundle: its file names, its padding, and the page in it (docs/formats/bundle-v1.md §1, §2)."""

import zlib
from collections.abc import Iterator, Sequence

from monespace_cli.crypto.words import fingerprint_words
from monespace_cli.interop import stored_zip
from monespace_cli.interop.stored_zip import Part
from monespace_cli.record.card import Card
from monespace_cli.render.index_html import IndexPage, Row, index_html
from monespace_cli.sync.kinds import Content
from monespace_cli.sync.manifest import BODY, INDEX, RECORD, Manifest

PACKAGE = "IHE_XDM.ZIP"
MANIFEST = "MANIFEST.json"
SIGNATURE = "MANIFEST.sig"
PADDING = "padding"
NAMES = {
    Content.DOCUMENTS: (PACKAGE, INDEX, MANIFEST, SIGNATURE, PADDING),
    Content.RECORD: (PACKAGE, INDEX, RECORD, MANIFEST, SIGNATURE, PADDING),
    Content.BODY: (BODY, MANIFEST, SIGNATURE, PADDING),
}
"""The files of the outer zip in their order, by what a bundle holds."""

_ZEROS = bytes(stored_zip.CHUNK)


def padme(size: int) -> int:
    """Return the size to pad to: at most 12 % more, so that only O(log log size) bits of it are told.

    Source: Nikitin et al., Reducing Metadata Leakage from Encrypted Files and Communication with PURBs (PoPETs 2019), §4, algorithm 1.
    """
    if size < 2:
        return size
    exponent = size.bit_length() - 1
    kept = exponent.bit_length()
    mask = (1 << (exponent - kept)) - 1
    return (size + mask) & ~mask


def padding(parts: Sequence[Part]) -> Part:
    """Return the part that brings the zip of `parts` to its padded size."""
    size = stored_zip.archive_size([*parts, Part.of(PADDING, b"")])
    missing = padme(size) - size
    crc32 = 0
    for chunk in _zeros(missing):
        crc32 = zlib.crc32(chunk, crc32)
    return Part(PADDING, missing, crc32, lambda: _zeros(missing))


def index_page(manifest: Manifest, sender: Card, hrefs: Sequence[str]) -> bytes:
    """Return the page that lists the documents of a manifest about a person, linking each to one of `hrefs`."""
    assert manifest.subject is not None, "kinds without documents have no page"
    rows = [
        Row(info.title, info.kind, info.date, info.practitioner, info.page_count, file.size, href)
        for (file, info), href in zip(manifest.documents, hrefs, strict=True)
    ]
    return index_html(
        IndexPage(
            subject=manifest.subject,
            sender=sender.display_name,
            fingerprint_words=fingerprint_words(sender.fingerprint),
            created=manifest.created,
            expires=manifest.expires,
            purpose=manifest.purpose,
            documents=rows,
        )
    )


def _zeros(size: int) -> Iterator[bytes]:
    for start in range(0, size, len(_ZEROS)):
        yield _ZEROS[: size - start]
