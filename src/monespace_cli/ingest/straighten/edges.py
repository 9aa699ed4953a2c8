"""Erases what is left of a table around a sheet: slivers where the sheet's sides are not straight, which an engine takes for words.

Pure functions on grey images.
"""

from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.pixels import Grey, within

_LOOKING_SIZE: Final = 640
"""Pixels of the longer side of the copy that is looked at."""

_STROKE: Final = np.ones((3, 3), np.uint8)
"""Dark things narrower than this are print."""

_DARK: Final = 190
"""Brightness below which evenly lit paper is none; a fold's shadow is brighter."""

_DEPTH: Final = 0.05
"""Of the shorter side: what reaches further in from the page's edge is printed on it."""

_AROUND: Final = np.ones((5, 5), np.uint8)
"""How far a sliver fades into the paper."""


def find_slivers(image: Grey) -> Grey | None:
    """Return a mask of the slivers along the edges of an evenly lit page, 255 on them; None if there are none."""
    small, _ = within(image, _LOOKING_SIZE)
    depth = max(1, round(_DEPTH * min(small.shape)))
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, _STROKE, borderType=cv2.BORDER_REPLICATE)
    count, labels = cv2.connectedComponents(np.asarray(closed < _DARK, np.uint8), connectivity=8)
    is_sliver = np.zeros(count, np.bool_)
    for edge in (labels[0], labels[-1], labels[:, 0], labels[:, -1]):
        is_sliver[edge] = True
    is_sliver[labels[depth:-depth, depth:-depth]] = False
    is_sliver[0] = False
    if not is_sliver.any():
        return None
    slivers = cv2.dilate(np.asarray(is_sliver[labels] * np.uint8(255)), _AROUND)
    return np.asarray(cv2.resize(slivers, image.shape[::-1], interpolation=cv2.INTER_NEAREST), np.uint8)
