"""How lines of print lie on a page, and setting them level. Pure functions on grey images.

Summed along the lines of print, ink gives sharp steps from line to gap; along any other direction it blurs. So the slope is the one whose
sums differ most from each to the next. The same along the columns tells pages that lie on their side: there are more steps in them.
"""

from dataclasses import dataclass
from math import atan, degrees
from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.ink import ink_of, strips_of
from monespace_cli.ingest.straighten.pixels import Floats, Grey

_STRIP: Final = 8
"""Pixels side by side that are taken together before anything is summed."""

_COLUMNS: Final = 8
"""Parts of a page's width in which heads and feet of letters are told apart."""

_STEEPNESS: Final = 1.5
"""The power that makes few steep steps outweigh many small ones. With 2 or 3, single bold lines outweigh the rest of the page."""

_UNEVEN: Final = 0.01
"""How much more of steep beginnings than of steep endings, as a share of all, says that print stands on its head. Measured on upright
sample papers: below that on 94 of 100, and above it on most of them turned. Most papers are upright: less than this says nothing."""

_REACH: Final = 0.2
_COARSE: Final = 0.02
_FINE: Final = 0.0012
"""The largest slope looked for (11°), the first step, and the last (0.07°)."""

WORTH_TURNING: Final = 0.15
"""Degrees; engines read print that leans less as well as level print."""


@dataclass(frozen=True, slots=True)
class Lay:
    """How print lies: its lines slope by so many degrees, clockwise; `is_sideways` if they run up or down the page."""

    degrees: float
    is_sideways: bool
    is_on_its_head: bool


def lay_of(image: Grey) -> Lay:
    """Return how the lines of print lie on a page; level and upright where there are none."""
    ink = ink_of(image)
    along, down = (strips_of(turned, _STRIP) for turned in (ink, np.asarray(cv2.rotate(ink, cv2.ROTATE_90_CLOCKWISE), np.float32)))
    upright, sideways = _roughly(along), _roughly(down)
    is_sideways = sideways.energy > upright.energy
    strips, rough = (down, sideways) if is_sideways else (along, upright)
    slope = _finely(strips, rough.slope)
    return Lay(degrees(atan(slope)), is_sideways, _is_on_its_head(strips, slope))


def turn_quarter(image: Grey) -> Grey:
    """Return the image turned clockwise by a quarter."""
    return np.asarray(cv2.rotate(image, cv2.ROTATE_90_CLOCKWISE), np.uint8)


def turn_half(image: Grey) -> Grey:
    """Return the image the other way up."""
    return np.asarray(cv2.rotate(image, cv2.ROTATE_180), np.uint8)


def turn(image: Grey, angle: float) -> Grey:
    """Return the image turned counter-clockwise by a few degrees, its border drawn out where the canvas is larger than it."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


@dataclass(frozen=True, slots=True)
class _Steepest:
    slope: float
    energy: float


def _roughly(ink: Floats) -> _Steepest:
    """Return the slope along which sums of ink differ most from row to row, within half a coarse step, and by how much."""
    return _steepest(ink, np.arange(-_REACH, _REACH + _COARSE / 2, _COARSE, dtype=np.float32))


def _finely(ink: Floats, slope: float) -> float:
    """Return that slope as closely as it can be told, from a rough one, in ever finer steps."""
    step = _COARSE
    while step >= _FINE:
        slope = _steepest(ink, slope + np.array((-0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75), np.float32) * step).slope
        step /= 4
    return slope


def _steepest(ink: Floats, slopes: Floats) -> _Steepest:
    energies = [_energy(ink, float(slope)) for slope in slopes]
    best = int(np.argmax(energies))
    return _Steepest(float(slopes[best]), energies[best]) if energies[best] > 0 else _Steepest(0.0, 0.0)


def _energy(strips: Floats, slope: float) -> float:
    rows = cv2.reduce(_sheared(strips, slope), 1, cv2.REDUCE_AVG).ravel()
    return float(np.square(np.diff(rows)).sum())


def _sheared(strips: Floats, slope: float) -> Floats:
    """Return strips moved up or down so that lines of that slope lie level."""
    height, width = strips.shape
    rise = slope * _STRIP
    matrix = np.array(((1, 0, 0), (rise, 1, -rise * (width - 1) / 2)), np.float32)
    return np.asarray(cv2.warpAffine(strips, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP), np.float32)


def _is_on_its_head(strips: Floats, slope: float) -> bool:
    """Whether print stands on its head.

    From top to bottom, ink ends sharply at the feet of letters, and begins bit by bit at their heads, since some are taller than others:
    the steepest steps are those at the feet. Summed in columns, since lines of print beside each other are not in step.
    """
    steps = np.diff(cv2.resize(_sheared(strips, slope), (_COLUMNS, strips.shape[0]), interpolation=cv2.INTER_AREA), axis=0)
    weights = np.abs(steps) ** _STEEPNESS
    return bool((np.sign(steps) * weights).sum() > _UNEVEN * weights.sum())
