"""Every bound on what comes from outside in a card or a bundle (docs/formats/bundle-v1.md §7, card-v1.md)."""

from dataclasses import dataclass

from monespace_cli.record.typed import GIVEN_NAMES, NAME_LENGTH, PURPOSE_LENGTH, TITLE_LENGTH

KIB = 1024
MIB = 1024 * KIB


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is accepted. Sizes in bytes, lengths in characters."""

    archive: int = 2**32 - 1
    """Of the outer zip: it has no zip64."""
    age_overhead: int = 2 * MIB
    """Header, and 16 bytes for each 64 KiB of a full archive."""
    directory: int = MIB
    """Of a zip's central directory."""
    manifest: int = 8 * MIB
    signature: int = 4 * KIB
    card: int = 32 * KIB
    page: int = 8 * MIB
    """`index.html`, `INDEX.HTM`, `README.TXT`."""
    metadata: int = 32 * MIB
    """`METADATA.XML`."""
    body: int = MIB
    """`BODY.json`."""
    record: int = 64 * MIB
    """`RECORD.json`."""
    fhir: int = 16 * MIB
    """A document of FHIR data."""
    documents: int = 2_000
    nesting: int = 8
    """Levels of arrays and objects in JSON."""
    name: int = NAME_LENGTH
    title: int = TITLE_LENGTH
    purpose: int = PURPOSE_LENGTH
    given_names: int = GIVEN_NAMES
    pages: int = 100_000
    """Pages of a document."""
    recipients: int = 8
    """Encryption keys on a card."""
    counter: int = 2**53 - 1
    """What JSON numbers hold exactly (RFC 8785 §3.2.2.3)."""


LIMITS = Limits()
