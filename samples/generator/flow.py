"""Places a paper's blocks on sheets: blocks in, marks with positions out.

Millimetres from the top left corner; text stands on its baseline.
Nothing flows over to a next page by itself: a composer that fills a page too full is told so.
"""

import cmath
import math
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from PIL import ImageFont

from generator.fonts import Typeface
from generator.paper import Align, Bars, Block, Cell, Colour, Footer, Gap, Ink, Paper, Row, Rule, Signature, Stamp, Style, Text

MM_PER_POINT = 25.4 / 72
LINE_HEIGHT = 1.25
"""Of the text size."""
MARGIN = 18.0
FULL_WIDTH = 174.0
"""Between the margins of an A4 page, for which composers place their columns; narrower pages bring them closer."""
FOOT = 12.0
BLUE: Colour = (26, 44, 130)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Words on a baseline that starts at `x`, `y`, turned by `angle` degrees counter-clockwise."""

    x: float
    y: float
    words: str
    ink: Ink
    angle: float = 0.0


@dataclass(frozen=True, slots=True)
class Stroke:
    """A pen's line through points."""

    points: tuple[tuple[float, float], ...]
    width: float
    colour: Colour


@dataclass(frozen=True, slots=True)
class Band:
    """A filled rectangle."""

    x: float
    y: float
    width: float
    height: float
    colour: Colour


Mark = Glyphs | Stroke | Band


@dataclass(frozen=True, slots=True)
class Sheet:
    """One side of paper and the marks on it, in drawing order."""

    size_mm: tuple[float, float]
    marks: tuple[Mark, ...]


class PageOverflowError(Exception):
    """The blocks of a page do not fit on it."""


def lay_out(paper: Paper, face: Typeface) -> tuple[Sheet, ...]:
    """Return the sheets of a paper set in a typeface.

    Raises:
        PageOverflowError: if a page is too full.
        MissingFontError: if the typeface is not installed.
    """
    return tuple(_Page(paper.size_mm, face).fill(blocks) for blocks in paper.pages)


class _Page:
    """A page being filled from top to bottom."""

    def __init__(self, size_mm: tuple[float, float], face: Typeface) -> None:
        self._size = size_mm
        self._face = face
        self._margin = MARGIN if size_mm[0] > 150 else MARGIN * 0.7
        self._width = size_mm[0] - 2 * self._margin
        self._y = self._margin
        self._marks: list[Mark] = []

    def fill(self, blocks: tuple[Block, ...]) -> Sheet:
        for block in blocks:
            self._place(block)
        if self._y > self._size[1] - FOOT - 4:
            raise PageOverflowError(f"the page is {self._y:.0f} mm long, of {self._size[1]:.0f}")
        return Sheet(self._size, tuple(self._marks))

    def _place(self, block: Block) -> None:
        match block:
            case Text():
                self._place_text(block)
            case Row():
                self._place_row(block)
            case Footer():
                self._line(block.words, block.ink, block.align, self._size[1] - FOOT)
            case Rule():
                self._marks.append(Stroke(((self._margin, self._y), (self._margin + self._width, self._y)), block.weight, (60, 60, 60)))
                self._y += block.after
            case Gap():
                self._y += block.height
            case Signature():
                self._marks.append(Stroke(_scribble(block.seed, self._fit(block.x, 40), self._y), 0.5, BLUE))
                self._y += 18
            case Stamp():
                self._place_stamp(block)
            case Bars():
                self._place_bars(block)

    def _place_text(self, text: Text) -> None:
        for line in _wrap(text.words, self._face, text.ink, self._width - text.indent):
            self._y += _height(text.ink)
            self._line(line, text.ink, text.align, self._y - 0.25 * _height(text.ink), text.indent)
        self._y += text.after

    def _line(self, words: str, ink: Ink, align: Align, y: float, indent: float = 0.0) -> None:
        spare = self._width - width(words, self._face, ink)
        shift = {Align.LEFT: indent, Align.CENTRE: spare / 2, Align.RIGHT: spare}[align]
        self._marks.append(Glyphs(self._margin + shift, y, words, ink))

    def _place_row(self, row: Row) -> None:
        height = max(_height(cell.ink) for cell in row.cells)
        if row.shade:
            self._marks.append(Band(self._margin, self._y - 0.8, self._width, height + 1.6, row.shade))
        self._y += height
        scale = self._width / FULL_WIDTH
        ends = [self._margin + cell.x * scale for cell in row.cells[1:]] + [self._margin + self._width]
        for cell, end in zip(row.cells, ends, strict=True):
            x, y = self._margin + cell.x * scale, self._y - 0.25 * height
            ink = self._shrunk(cell, end - x)
            self._marks.append(Glyphs(x, y, cell.words, ink))
            if cell.leader:
                self._leader(x + width(cell.words + " ", self._face, ink), end, y, ink)
        self._y += row.after

    def _shrunk(self, cell: Cell, room: float) -> Ink:
        """Return the cell's ink, smaller where its words would run into the next cell."""
        needed = width(cell.words + " ", self._face, cell.ink)
        return replace(cell.ink, size=cell.ink.size * min(1.0, room / needed))

    def _leader(self, start: float, end: float, y: float, ink: Ink) -> None:
        count = int((end - start) / width(".", self._face, ink)) - 1
        self._marks.append(Glyphs(start, y, "." * max(0, count), ink))

    def _place_stamp(self, stamp: Stamp) -> None:
        """Draw a stamp beside what follows: it takes no height of its own."""
        left, top = self._fit(stamp.x, 44), self._y + 2
        corners = ((0, 0), (42, 0), (42, 15), (0, 15), (0, 0))
        frame = tuple(_turn(left + x, top + y, left, top, stamp.angle) for x, y in corners)
        self._marks.append(Stroke(frame, 0.6, stamp.colour))
        for place, line in enumerate(stamp.lines):
            x, y = _turn(left + 5, top + 6 + 6 * place, left, top, stamp.angle)
            self._marks.append(Glyphs(x, y, line, Ink(11, Style.BOLD, stamp.colour), stamp.angle))

    def _place_bars(self, code: Bars) -> None:
        """Draw a bar code beside what follows: modules of 0.33 mm, bars and spaces of one to four of them, as in Code 128."""
        random, x = Random(code.seed), self._fit(code.x, code.width)
        end = x + code.width
        while x < end:
            bar, space = 0.33 * random.randint(1, 4), 0.33 * random.randint(1, 3)
            self._marks.append(Band(x, self._y, bar, code.height, (20, 20, 20)))
            x += bar + space

    def _fit(self, x: float, needed: float) -> float:
        """Return where `x` lies on the page, moved left where the margin is too near."""
        return self._margin + max(0.0, min(x, self._width - needed))


def width(words: str, face: Typeface, ink: Ink) -> float:
    """Return the length of words in millimetres."""
    return _metrics(face, ink.style).getlength(words) / 1000 * ink.size * MM_PER_POINT


@cache
def _metrics(face: Typeface, style: Style) -> ImageFont.FreeTypeFont:
    # The basic layout engine is always there; raqm is not, and places glyphs otherwise.
    return ImageFont.truetype(str(face.file(style)), 1000, layout_engine=ImageFont.Layout.BASIC)


def _height(ink: Ink) -> float:
    return ink.size * MM_PER_POINT * LINE_HEIGHT


def _wrap(words: str, face: Typeface, ink: Ink, room: float) -> list[str]:
    """Break words into lines no longer than `room`, where one word alone is not."""
    lines: list[str] = []
    for word in words.split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width(longer, face, ink) <= room:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _turn(x: float, y: float, centre_x: float, centre_y: float, angle: float) -> tuple[float, float]:
    turned = complex(x - centre_x, y - centre_y) * cmath.exp(-1j * math.radians(angle))
    return centre_x + turned.real, centre_y + turned.imag


def _scribble(seed: int, x: float, y: float) -> tuple[tuple[float, float], ...]:
    """Return a smooth wandering line some 35 mm long, like a signature."""
    random = Random(seed)
    knots = [(x + 3.2 * step + random.uniform(-2, 2), y + 8 + random.uniform(-6, 6)) for step in range(11)]
    return tuple(
        ((1 - t) ** 2 * (a[0] + b[0]) / 2 + 2 * t * (1 - t) * b[0] + t * t * (b[0] + c[0]) / 2,
         (1 - t) ** 2 * (a[1] + b[1]) / 2 + 2 * t * (1 - t) * b[1] + t * t * (b[1] + c[1]) / 2)
        for a, b, c in zip(knots, knots[1:], knots[2:], strict=False)
        for t in (0.0, 0.2, 0.4, 0.6, 0.8)
    )  # fmt: skip
