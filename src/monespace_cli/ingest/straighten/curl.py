"""Flattens a sheet that bends, as a page in a thick book or a letter that was rolled: sets lines of print that run in arcs straight.

Pure functions on grey images. Leptonica (`dewarp`) and page-dewarp trace each line of print and fit a model to the traces. Here nothing is
traced, so that tables and short lines count as well: as for slopes (`skew`), the measure is how sharply the sums of ink along the lines
step from line to gap. The model is theirs: how far a line runs off the level is a polynomial of the third degree across the page, whose
coefficients change evenly from top to bottom. A sheet bent about an upright axis looks like that; one bent about a level axis keeps its
lines straight, and is read as it is.
"""

from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.ink import MARGIN, ink_of, strips_of
from monespace_cli.ingest.straighten.pixels import Floats, Grey, paper_of

_STRIP: Final = 16
"""Pixels side by side that are taken together before anything is summed."""

_LEAST_STRIPS: Final = 8
"""Across a page, and in its height: what is narrower than this is no page of print."""

_BANDS: Final = 32
"""Parts of a page's height whose steps are told apart, since a page bends more at one end than at the other."""

_STEPS: Final = (0.005, 0.0025, 0.00125, 0.000625)
"""By how much the bend is changed at a time, as a share of the page's height: from 1.5 mm, a third of a line, down to 0.2 mm."""

_TRIED: Final = np.arange(-3, 4, dtype=np.float32)
"""Multiples of a step that are tried."""

_POWERS: Final = (2, 1, 3)
"""Of x, in the order in which they are looked for: arcs first, then what perspective leaves, then arcs that are steeper at one side."""

_WORTH: Final = 1.08
"""How much more the rows must step when the page is flat. Measured on flat papers: at most 1.072."""

Bend = Floats
"""How far lines run off the level, as shares of the page's height: 2 × 3, at the top and at the bottom of the page the coefficients of
x, x² and x³, with x from −1 at the left side to 1 at the right."""


def find_bend(image: Grey) -> Bend | None:
    """Return how the lines of print on a level page bend, or None if they do not, or hardly."""
    strips = strips_of(ink_of(image), _STRIP)
    if strips.shape[1] < _LEAST_STRIPS or strips.shape[0] < _LEAST_STRIPS * _STRIP:
        return None
    bend = np.zeros((2, 3), np.float32)
    level = _steepness(strips, bend).sum()
    for step in _STEPS:
        for power in _POWERS:
            bend = _improved(strips, bend, power, step)
        if not bend.any():
            return None
    return bend if _steepness(strips, bend).sum() > _WORTH * level else None


def flatten(image: Grey, bend: Bend) -> Grey:
    """Return the image with lines that bend so set straight, paper where there is nothing of it."""
    height, width = image.shape
    down = height * _run(bend, np.linspace(-1, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32))
    down += np.arange(height, dtype=np.float32)[:, None]
    across = np.broadcast_to(np.arange(width, dtype=np.float32), image.shape)
    flat = cv2.remap(image, across.copy(), down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT, borderValue=paper_of(image))
    return np.asarray(flat, np.uint8)


def _run(bend: Bend, x: Floats, y: Floats) -> Floats:
    """Return how far lines run off the level at x (−1 to 1) and y (0 to 1), y × x."""
    top, bottom = bend @ np.stack((x, x**2, x**3))
    return np.asarray(top + y[:, None] * (bottom - top), np.float32)


def _steepness(strips: Floats, bend: Bend) -> Floats:
    """Return how sharply the sums of ink along lines that bend so step from row to row, in each band of the page."""
    height, width = strips.shape
    inner = 1 - 2 * MARGIN
    x, y = inner * np.linspace(-1, 1, width, dtype=np.float32), MARGIN + inner * np.linspace(0, 1, height, dtype=np.float32)
    down = height / inner * _run(bend, x, y) + np.arange(height, dtype=np.float32)[:, None]
    across = np.broadcast_to(np.arange(width, dtype=np.float32), strips.shape)
    rows = cv2.reduce(cv2.remap(strips, across.copy(), down, cv2.INTER_LINEAR), 1, cv2.REDUCE_AVG).ravel()
    starts = np.linspace(0, height - 1, _BANDS, endpoint=False).astype(np.intp)
    return np.asarray(np.add.reduceat(np.square(np.diff(rows)), starts), np.float32)


def _improved(strips: Floats, bend: Bend, power: int, step: float) -> Bend:
    """Return the bend with the coefficients of one power changed so that rows step most; the two at the ends of the page apart.

    Between the ends a coefficient is between theirs: what the bands step by is measured once for each coefficient tried, and looked up for
    each pair of them.
    """
    change = np.zeros((len(_TRIED), *bend.shape), np.float32)
    change[:, :, power - 1] = _TRIED[:, None] * step
    tried = np.stack([_steepness(strips, bend + each) for each in change])
    number, band = np.arange(len(_TRIED)), np.arange(_BANDS)
    place = (band + 0.5) / _BANDS
    between = number[:, None, None] * (1 - place) + number[:, None] * place
    lower = np.minimum(between.astype(np.intp), len(_TRIED) - 2)
    share = between - lower
    sums = ((1 - share) * tried[lower, band] + share * tried[lower + 1, band]).sum(axis=2)
    top, bottom = np.unravel_index(int(sums.argmax()), sums.shape)
    middle = len(_TRIED) // 2
    if sums[top, bottom] <= sums[middle, middle]:
        return bend
    improved = bend.copy()
    improved[:, power - 1] += np.array((_TRIED[top], _TRIED[bottom])) * step
    return improved
