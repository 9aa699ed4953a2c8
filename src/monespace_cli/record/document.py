"""A document and its pages: original bytes kept bit for bit, described in the vocabulary of IHE XDS (`DocumentEntry`).

Source: IHE ITI TF-3 §4.2 (XDS metadata); CI-SIS volet Partage de documents de santé.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import NewType

from monespace_cli.record.codes import Kind, type_codes

DocumentId = NewType("DocumentId", str)
"""Ten characters of Crockford's base 32 in lower case, random; any unique prefix names the document."""

HARD_TO_READ = 0.60
"""A page read with less confidence than this is listed as hard to read."""


class TextSource(StrEnum):
    """Where the text of a page came from."""

    TEXT_LAYER = "text-layer"
    OCR = "ocr"
    PLAIN = "plain"
    TYPED = "typed"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it was read, and where: a box in pixels of the page's picture (:attr:`Page.size`), from its top left."""

    text: str
    left: int
    top: int
    width: int
    height: int
    confidence: float
    """0 to 1."""

    @property
    def percent(self) -> int:
        """The confidence as it is kept."""
        return round(self.confidence * 100)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one page, as read. `confidence` is 0 to 1 for recognised text and 1 for text that was text already."""

    number: int
    """Counted from 1."""
    text: str
    confidence: float
    source: TextSource
    steps: tuple[str, ...] = ()
    """What was done to its picture before it was read, in order: stable words such as `cut-out` or `levelled`."""
    words: tuple[Word, ...] = ()
    """Where the words of `text` stand, in its order; the last ones of a very long page are missing. Empty for text without places."""
    size: tuple[int, int] = (0, 0)
    """Width and height, in pixels, of the straightened picture that was read; of a PDF's own text, of the page drawn at 200 dpi."""

    @property
    def is_hard_to_read(self) -> bool:
        """Whether a person should look at the page itself: it was recognised with little confidence, or not at all."""
        return self.source is TextSource.NONE or self.confidence < HARD_TO_READ


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field as a machine understood it: never final, so it keeps how sure it is and where it stood."""

    field: str
    """`kind`, `date`, `practitioner`, `title`, `patient`, `birth-date`, `medicine`, `analyte`, and what codes say: `ins`, `cip13` …"""
    value: str
    """Dates in ISO 8601; kinds as :class:`Kind` values."""
    confidence: float
    page: int = 1
    line: int = 0
    """Where it stands on its page, counted from 1; 0 where that is not known."""
    details: tuple[tuple[str, str], ...] = ()
    """What belongs to the value, by name, as printed: of a medicine its `strength` and `substance`, of a vaccine also `lot` and `date`; of
    a practitioner `rpps` and `specialty`; of an analyte (whose value is its name) its `value`, `unit`, and the `low` and `high` of its
    reference range. What the paper does not say is left out."""


@dataclass(frozen=True, slots=True)
class ExtractedDocument:
    """What `ingest` makes of a file: its media type, its pages, and candidates for its fields."""

    media_type: str
    pages: tuple[Page, ...]
    candidates: tuple[Candidate, ...] = ()
    notices: tuple[str, ...] = ()
    """Stable codes of what a person should know, such as `ocr-missing` or `page-unreadable`."""

    def best(self, field_name: str) -> Candidate | None:
        """Return the most confident candidate for a field, or None."""
        found = [c for c in self.candidates if c.field == field_name]
        return max(found, key=lambda c: c.confidence, default=None)

    @property
    def confidence(self) -> float:
        """Mean confidence of the pages, 0 to 1; 0 without pages."""
        return mean_confidence(self.pages)


class CandidateState(StrEnum):
    """What became of a candidate."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"


PROPOSABLE = ("kind", "date", "practitioner", "title")
"""The fields of a document itself that a machine may propose; what else it finds stays a candidate until somebody uses it."""


def mean_confidence(pages: Sequence[Page]) -> float:
    """Return how surely pages were read together, 0 to 1; 0 without pages."""
    return sum(page.confidence for page in pages) / len(pages) if pages else 0.0


class Author(StrEnum):
    """Who put an item there."""

    HOLDER = "holder"
    PRACTITIONER = "practitioner"
    INSURER = "insurer"
    DELEGATE = "delegate"
    UNVERIFIED = "unverified"
    """Nobody knows: it was put in while the vault was locked, as anybody can who may write to its folder."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who put an item there, and how that is known. `signer` is the fingerprint of the key that signed the bundle it came in."""

    author: Author = Author.HOLDER
    signer: str | None = None
    bundle: str | None = None
    source_name: str = ""
    """The file's name when it was imported; never used as a path."""
    source_path: str = ""
    """Where the file lay, as whoever sealed it says."""
    modified_at: datetime | None = None
    """When the file was last changed, as whoever sealed it says."""
    sealed_at: datetime | None = None
    """When it was put into the locked vault, by the clock of whoever did."""
    manifest: tuple[tuple[str, str], ...] = ()
    """What the manifest of its import said that monespace has no field for, as (column, value)."""


@dataclass(frozen=True, slots=True)
class Document:
    """One document of a space: an XDS DocumentEntry with the words that people use for it."""

    id: DocumentId
    title: str
    type_code: str
    media_type: str
    size: int
    """Bytes of the original."""
    sha256: str
    """Of the original bytes, lower-case hex."""
    page_count: int
    confidence: float
    """Mean over the pages, 0 to 1."""
    imported_at: datetime
    space: int = 1
    """The space it belongs to; 1 is that of the vault's owner."""
    date: "date | None" = None
    """The day the document bears (XDS serviceStartTime), not that of its import."""
    practitioner: str = ""
    """Author as printed on the document (XDS authorPerson), in free words."""
    tags: tuple[str, ...] = ()
    confidentiality: tuple[str, ...] = ("N",)
    """XDS confidentialityCode, JDV_J08: N, R or V, and masks such as MASQUE_PS."""
    provenance: Provenance = field(default_factory=Provenance)
    deleted_at: datetime | None = None
    """When it went to the trash, or None."""
    proposed: tuple[str, ...] = ()
    """Which of PROPOSABLE a machine read, and nobody has confirmed."""
    notices: tuple[str, ...] = ()
    """Stable codes of what a person should know of it, such as `other-patient`."""

    @property
    def kind(self) -> Kind:
        """The everyday word for the typeCode."""
        return kind_of(self.type_code)


def kind_of(type_code: str) -> Kind:
    """Return the everyday kind of an XDS typeCode: by the code itself, else by its class, else `other`."""
    for kind in Kind:
        if kind.type_code == type_code:
            return kind
    if type_code in _KIND_BY_TYPE:
        return _KIND_BY_TYPE[type_code]
    known = type_codes().get(type_code)
    return _KIND_BY_CLASS.get(known.class_code, Kind.OTHER) if known else Kind.OTHER


_KIND_BY_TYPE = {"11502-2": Kind.BIOLOGY, "87273-9": Kind.VACCINATION, "96874-3": Kind.VACCINATION, "REMB": Kind.INVOICE}
_KIND_BY_CLASS = {"42": Kind.PRESCRIPTION, "31": Kind.IMAGING, "10": Kind.LETTER, "11": Kind.LETTER, "52": Kind.CERTIFICATE}
