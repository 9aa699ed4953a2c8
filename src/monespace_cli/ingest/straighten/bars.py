"""Erases linear bar codes: an engine takes their bars for letters of the line beside them, and loses that line. Pure functions.

On prescriptions the prescriber's number stands so beside their name (Code 128), on laboratory results the file's.
"""

from collections.abc import Iterable
from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.pixels import Grey, paper_of

_DARK: Final = 0.8
"""Share of the paper's brightness below which a pixel is ink: bars are solid, and stay darker than this in faded print."""

_HEIGHT: Final = 40
"""Pixels of the lowest bar: 5 mm, taller than the strokes of any heading."""

_GAP: Final = 15
"""Pixels between two bars at most: 2 mm."""

_WIDTH: Final = 120
"""Pixels of the narrowest code: 15 mm."""

_BARS: Final = 15
"""Bars of the shortest code, some of which a photo runs together; a table's rules and a frame are fewer."""

_AROUND: Final = 8
"""Pixels around a code in which its bars fade into the paper, or end unevenly."""

Box = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels, the latter two just outside."""


def find_bars(image: Grey) -> list[Box]:
    """Return the areas that linear bar codes take on a level page."""
    ink = np.asarray(image < _DARK * paper_of(image), np.uint8)
    strokes = np.asarray(cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones((_HEIGHT, 1), np.uint8)), np.uint8)
    rows = cv2.morphologyEx(strokes, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    outlines, _ = cv2.findContours(rows, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    boxes = [(left, top, left + width, top + height) for left, top, width, height in map(cv2.boundingRect, outlines)]
    return [box for box in boxes if _is_code(strokes, box)]


def erase(image: Grey, boxes: Iterable[Box]) -> Grey:
    """Return the image with paper in and just around the boxes."""
    mended, paper = image.copy(), round(paper_of(image))
    for left, top, right, bottom in boxes:
        mended[max(0, top - _AROUND) : bottom + _AROUND, max(0, left - _AROUND) : right + _AROUND] = paper
    return mended


def _is_code(strokes: Grey, box: Box) -> bool:
    """Tell whether what is in a box is wide and has many bars side by side in its middle."""
    left, top, right, bottom = box
    if right - left < _WIDTH or bottom - top > 2 * (right - left):
        return False
    middle = strokes[(top + bottom) // 2, left:right].astype(np.int8)
    return int((np.diff(middle) == 1).sum()) + 1 >= _BARS
