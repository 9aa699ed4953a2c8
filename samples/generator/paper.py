"""A paper before it is drawn: blocks in reading order, and the facts that a reader should find in it.

The ground truth is made here, from the blocks, so it depends neither on typefaces nor on drawing.
Lengths are in millimetres, text sizes in points.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date
from enum import StrEnum

Colour = tuple[int, int, int]
"""Red, green and blue, 0–255."""

BLACK: Colour = (24, 24, 26)
GREY: Colour = (105, 105, 105)

A4 = (210.0, 297.0)
A5 = (148.0, 210.0)


class Style(StrEnum):
    """The styles each typeface has."""

    REGULAR = "regular"
    BOLD = "bold"
    ITALIC = "italic"


class Align(StrEnum):
    """Where a line stands between the margins."""

    LEFT = "left"
    CENTRE = "centre"
    RIGHT = "right"


@dataclass(frozen=True, slots=True)
class Ink:
    """How words are set: size in points, style and colour."""

    size: float = 10.5
    style: Style = Style.REGULAR
    colour: Colour = BLACK


@dataclass(frozen=True, slots=True)
class Text:
    """One paragraph, broken into lines where it does not fit."""

    words: str
    ink: Ink = Ink()
    align: Align = Align.LEFT
    indent: float = 0.0
    after: float = 1.5

    @property
    def reading(self) -> str:
        """The paragraph as read aloud."""
        return self.words


@dataclass(frozen=True, slots=True)
class Cell:
    """Words at a place in a row, `x` counted from the left margin; `leader` fills the way to the next cell with dots."""

    x: float
    words: str
    ink: Ink = Ink()
    leader: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells on one line: a table row, or the two columns of a header. `shade` lays a band of colour behind it."""

    cells: tuple[Cell, ...]
    after: float = 1.5
    shade: Colour | None = None

    @property
    def reading(self) -> str:
        """The cells from left to right; leaders are not words."""
        return " ".join(cell.words for cell in self.cells if cell.words)


@dataclass(frozen=True, slots=True)
class Footer:
    """A paragraph at the foot of the page, whatever stands above it."""

    words: str
    ink: Ink = Ink(7.5, Style.REGULAR, GREY)
    align: Align = Align.LEFT

    @property
    def reading(self) -> str:
        """The footer as read aloud."""
        return self.words


@dataclass(frozen=True, slots=True)
class Rule:
    """A line from margin to margin, `weight` thick."""

    weight: float = 0.3
    after: float = 3.0
    reading = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """Empty height."""

    height: float
    reading = ""


@dataclass(frozen=True, slots=True)
class PageBreak:
    """What follows stands on the next page."""

    reading = ""


@dataclass(frozen=True, slots=True)
class Signature:
    """A scribble, drawn from its own seed. It is no text, and no part of the ground truth."""

    seed: int
    x: float
    reading = ""


@dataclass(frozen=True, slots=True)
class Stamp:
    """A tilted rubber stamp with a frame. Like a barcode it is in the way, and no part of the ground truth."""

    lines: tuple[str, ...]
    x: float
    angle: float
    """Degrees, counter-clockwise."""
    colour: Colour
    reading = ""


@dataclass(frozen=True, slots=True)
class Bars:
    """A linear bar code, drawn from its own seed, beside what follows: like a stamp no text, and no part of the ground truth."""

    seed: int
    x: float
    width: float
    height: float
    reading = ""


Block = Text | Row | Footer | Rule | Gap | PageBreak | Signature | Stamp | Bars


@dataclass(frozen=True, slots=True)
class Medicine:
    """A medicine as prescribed; a vaccine has a name and the form `vaccin`."""

    name: str
    dci: str
    """International nonproprietary name, in the paper's language."""
    strength: str
    form: str
    posology: str


@dataclass(frozen=True, slots=True)
class Analyte:
    """One result, written as on the paper. `low` or `high` is empty where the reference has one bound."""

    name: str
    value: str
    unit: str
    low: str
    high: str
    flag: str
    """`H` above the reference, `B` below it, else empty."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A composed paper. `kind` and the other facts have the names and values that OCR results are scored against."""

    kind: str
    template: str
    date: date
    patient: str
    practitioner: str
    blocks: tuple[Block, ...]
    medicines: tuple[Medicine, ...] = ()
    analytes: tuple[Analyte, ...] = ()
    size_mm: tuple[float, float] = A4
    lang: str = "fra"

    @property
    def text(self) -> str:
        """All words in reading order, one line a block."""
        return "\n".join(block.reading for block in self.blocks if block.reading)

    @property
    def pages(self) -> tuple[tuple[Block, ...], ...]:
        """The blocks of each page."""
        return tuple(self._split())

    def _split(self) -> Iterator[tuple[Block, ...]]:
        page: list[Block] = []
        for block in self.blocks:
            if isinstance(block, PageBreak):
                yield tuple(page)
                page = []
            else:
                page.append(block)
        yield tuple(page)

    def truth(self) -> dict[str, object]:
        """Return the ground truth as plain data for JSON."""
        return {
            "kind": self.kind,
            "date": self.date.isoformat(),
            "patient": self.patient,
            "practitioner": self.practitioner,
            "medicines": [asdict(medicine) for medicine in self.medicines],
            "analytes": [asdict(analyte) for analyte in self.analytes],
            "barcodes": [],
            "template": self.template,
            "lang": self.lang,
            "size_mm": list(self.size_mm),
            "pages": len(self.pages),
            "text": self.text,
        }
