"""The steps that straighten a page, in their order; each is left out where it is not needed.

The sheet first, since everything else is measured on it: cut out and seen from above. Then the size that print is read best at, the light,
the blur, how the lines lie, which takes even light to tell, and how they bend once they lie level; last what only misleads the engine.
Which way up a page stands is a good guess: reading tells.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image

from monespace_cli.ingest.prepare import READING_AREA, to_grey
from monespace_cli.ingest.straighten import bars, curl, edges, leaders, light, outline, sharpness, skew
from monespace_cli.ingest.straighten.pixels import Grey, erased, with_area
from monespace_cli.ingest.straighten.step import Step

_SMALLEST: Final = 64
"""Pixels of the shorter side below which there is nothing to measure: a stamp, an icon."""

_WORTH_RESIZING: Final = (0.9, 1.1)
"""Shares of the reading size between which resampling costs more than it gains."""

_WORTH_ENLARGING: Final = 0.4
"""Share of the reading size below which an image is a part of a page, and its print may be large enough as it is."""


@dataclass(frozen=True, slots=True)
class Straightened:
    """A grey image (mode `L`) to be read, and the steps that made it."""

    image: Image.Image
    steps: tuple[Step, ...]


def straighten(image: Image.Image) -> Straightened:
    """Return a page of any mode as the engine reads it best, the other way up on a few of them."""
    pixels = np.asarray(to_grey(image))
    steps: list[Step] = []
    if min(pixels.shape) >= _SMALLEST:
        for look in (_cut_out, _resized, _lit, _sharp, _level, _flat, _without_leaders, _without_bars):
            for step, mend in look(pixels):
                pixels = mend(pixels)
                steps.append(step)
    return Straightened(Image.fromarray(pixels), tuple(steps))


def half_turned(page: Straightened) -> Straightened:
    """Return a straightened page the other way up."""
    others = tuple(step for step in page.steps if step is not Step.TURNED_HALF)
    steps = others if Step.TURNED_HALF in page.steps else (*others, Step.TURNED_HALF)
    return Straightened(page.image.transpose(Image.Transpose.ROTATE_180), steps)


_Mends = Iterator[tuple[Step, Callable[[Grey], Grey]]]
"""What a page needs, each with the function that does it."""


def _cut_out(page: Grey) -> _Mends:
    corners = outline.find_sheet(page)
    if corners is not None:
        yield Step.CUT_OUT, lambda image: outline.cut_out(image, corners)


def _resized(page: Grey) -> _Mends:
    share = page.size / READING_AREA
    least, most = _WORTH_RESIZING
    if _WORTH_ENLARGING < share < least or share > most:
        yield Step.RESIZED, lambda image: with_area(image, READING_AREA)


def _lit(page: Grey) -> _Mends:
    if light.needs_light(page):
        yield Step.LIGHT_EVENED, light.flatten


def _sharp(page: Grey) -> _Mends:
    if not sharpness.is_soft(page):  # motion, too, leaves little of the finest detail
        return
    motion = sharpness.find_motion(page)
    if motion is not None:
        yield Step.MOTION_UNDONE, lambda image: sharpness.undo_motion(image, motion)
    else:
        yield Step.SHARPENED, sharpness.sharpen


def _level(page: Grey) -> _Mends:
    lay = skew.lay_of(page)
    if lay.is_sideways:
        yield Step.TURNED_QUARTER, skew.turn_quarter
    if lay.is_on_its_head:
        yield Step.TURNED_HALF, skew.turn_half
    if abs(lay.degrees) >= skew.WORTH_TURNING:
        yield Step.LEVELLED, lambda image: skew.turn(image, lay.degrees)


def _flat(page: Grey) -> _Mends:
    bend = curl.find_bend(page)
    if bend is None:
        return
    slivers = edges.find_slivers(page)  # a sheet that lies flat leaves none, and to look for them harms pages that are hard to read
    if slivers is not None:
        yield Step.EDGES_ERASED, lambda image: erased(image, slivers)
    yield Step.FLATTENED, lambda image: curl.flatten(image, bend)


def _without_leaders(page: Grey) -> _Mends:
    dots = leaders.find_leaders(page)
    if dots is not None:
        yield Step.LEADERS_ERASED, lambda image: leaders.erase(image, dots)


def _without_bars(page: Grey) -> _Mends:
    boxes = bars.find_bars(page)
    if boxes:
        yield Step.BARS_ERASED, lambda image: bars.erase(image, boxes)
