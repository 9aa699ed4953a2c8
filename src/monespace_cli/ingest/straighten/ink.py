"""Where the ink is on a page: what tells how its lines of print lie (`skew`) and bend (`curl`). Pure functions on grey images."""

from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.pixels import Floats, Grey, within

_LOOKING_SIZE: Final = 800
"""Pixels of the longer side of the copy that is measured: a line of print has 7 on an A4 page."""

MARGIN: Final = 0.04
"""Of a page's sides: what is left of a table, and the shadow at the edge of a sheet, are no print."""

_RULE: Final = 30
"""Pixels of the shortest line that is a rule or a frame and no stroke of a letter: a centimetre."""

_NEIGHBOURHOOD: Final = (31, 31)
_FAINT, _FULL = 12, 60
"""Ink is darker than its neighbourhood by more than this; beyond the second figure it counts no more, so that pictures do not outweigh
print."""


def ink_of(image: Grey) -> Floats:
    """Return how much darker than its neighbourhood each place of a small copy is, without rules, and without the page's margins."""
    small, _ = within(image, _LOOKING_SIZE)
    bottom, right = (round(side * MARGIN) for side in small.shape)
    darker = cv2.subtract(cv2.blur(small, _NEIGHBOURHOOD), small)
    print_only = _without_rules(np.asarray(darker, np.uint8))[bottom : -bottom or None, right : -right or None]
    ink = (np.maximum(np.minimum(print_only, _FULL), _FAINT) - np.uint8(_FAINT)).astype(np.float32)
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.8), np.float32)  # else a slope of 0, the only one not interpolated, wins too often


def strips_of(ink: Floats, width: int) -> Floats:
    """Return the mean of each `width` pixels along each row: lines of print hardly rise within so few, and there is less to move."""
    height, whole = ink.shape
    return np.asarray(cv2.resize(ink, (max(1, whole // width), height), interpolation=cv2.INTER_AREA), np.float32)


def _without_rules(darker: Grey) -> Grey:
    level, upright = (cv2.morphologyEx(darker, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) for shape in ((1, _RULE), (_RULE, 1)))
    _, rules = cv2.threshold(cv2.dilate(cv2.max(level, upright), np.ones((5, 5), np.uint8)), _FAINT, 255, cv2.THRESH_BINARY)
    return np.asarray(cv2.subtract(darker, rules), np.uint8)
