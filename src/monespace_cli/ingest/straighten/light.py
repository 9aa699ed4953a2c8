"""Evens out the light on a page: the paper becomes equally bright everywhere. Pure functions on grey images.

The light is what is left of a small copy when the print on it is closed (a dilation, then an erosion, larger than a letter). Dividing by it
undoes lamps, shadows and grey paper alike, since ink takes the same share of whatever light there is.
"""

from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.pixels import Grey, within

_LOOKING_SIZE: Final = 320
"""Pixels of the longer side of the copy: an A4 page at 27 dpi, where a letter has 3 pixels and a shadow's edge a dozen."""

_LETTER: Final = np.ones((9, 9), np.uint8)

_PAPER: Final = 245
"""The brightness that paper is given."""

_EVEN: Final = 235
"""The least brightness of paper that needs no light."""


def needs_light(image: Grey) -> bool:
    """Whether the paper is darker somewhere than a clean scan is."""
    return bool(np.percentile(paper_light(image), 2) < _EVEN)


def flatten(image: Grey) -> Grey:
    """Return the image as if the same light fell on all of it."""
    light = cv2.resize(np.maximum(paper_light(image), 1), image.shape[::-1], interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.divide(image, light, scale=_PAPER), np.uint8)


def paper_light(image: Grey) -> Grey:
    """Return how bright the paper is in each place, at a small size."""
    small, _ = within(image, _LOOKING_SIZE)
    closed = cv2.morphologyEx(small, cv2.MORPH_CLOSE, _LETTER, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(cv2.GaussianBlur(closed, (0, 0), 2), np.uint8)
