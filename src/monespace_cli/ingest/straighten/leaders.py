"""Erases dotted leaders: rows of dots that lead the eye from a name to its value, and an engine from words to nonsense. Pure functions."""

from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.pixels import Grey, erased

_DARK: Final = 160
"""Brightness below which a pixel of evenly lit paper is ink."""

_FAINT: Final = 200
"""The same at half the size, where a dot is blurred into the paper around it."""

_DOT: Final = 6
"""Pixels of a dot's sides at most: 0.75 mm."""

_HALF_DOT: Final = 4
"""The same at half the size, with the blur around a dot."""

_GAP: Final = 17
"""Pixels between two dots of a leader at most."""

_ROW: Final = 70
"""Pixels of the shortest leader: 9 mm; three dots that end a sentence are shorter."""


def find_leaders(image: Grey) -> Grey | None:
    """Return a mask of the dots that are leaders, 255 on them; None if there are none."""
    if not _may_have_leaders(image):
        return None
    ink = np.asarray(image < _DARK, np.uint8)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(ink, connectivity=8)
    is_dot = (stats[:, cv2.CC_STAT_WIDTH] <= _DOT) & (stats[:, cv2.CC_STAT_HEIGHT] <= _DOT)
    dots = np.asarray(is_dot[labels], np.uint8)
    rows = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, np.ones((1, _GAP), np.uint8))
    _, row_labels, row_stats, _ = cv2.connectedComponentsWithStats(rows, connectivity=8)
    is_leader = (row_stats[:, cv2.CC_STAT_WIDTH] >= _ROW) & (row_stats[:, cv2.CC_STAT_HEIGHT] <= 2 * _DOT)
    is_leader[0] = False
    return np.asarray(dots * is_leader[row_labels] * 255, np.uint8) if is_leader.any() else None


def _may_have_leaders(image: Grey) -> bool:
    """Whether there are rows of something small at half the size; most pages have none, and labelling all ink takes 30 times as long."""
    half = cv2.resize(image, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    ink = np.asarray(half < _FAINT, np.uint8)
    longer = _HALF_DOT + 1
    level, upright = (cv2.morphologyEx(ink, cv2.MORPH_OPEN, np.ones(shape, np.uint8)) for shape in ((1, longer), (longer, 1)))
    dots = cv2.subtract(ink, cv2.dilate(cv2.max(level, upright), np.ones((longer, longer), np.uint8)))
    rows = cv2.morphologyEx(dots, cv2.MORPH_CLOSE, np.ones((1, _GAP // 2 + 2), np.uint8))
    return bool(cv2.morphologyEx(rows, cv2.MORPH_OPEN, np.ones((1, _ROW // 2 - 4), np.uint8)).any())


def erase(image: Grey, dots: Grey) -> Grey:
    """Return the image with paper where the mask has dots, and where they fade into it."""
    return erased(image, np.asarray(cv2.dilate(dots, np.ones((5, 5), np.uint8)), np.uint8))
