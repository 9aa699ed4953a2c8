"""How lines of print lie on a page, and setting them level. Pure functions on grey images.

Summed along the lines of print, ink gives sharp steps from line to gap; along any other direction it blurs. So the slope is the one whose
sums differ most from each to the next. The same along the columns tells pages that lie on their side: there are more steps in them.
"""

from dataclasses import dataclass
from math import atan, degrees
from typing import Final

import cv2
import numpy as np

from monespace_cli.ingest.straighten.pixels import Floats, Grey, within

_LOOKING_SIZE: Final = 800
"""Pixels of the longer side of the copy that is measured: a line of print has 7 on an A4 page."""

_NEIGHBOURHOOD: Final = (31, 31)
_FAINT, _FULL = 12, 60
"""Ink is darker than its neighbourhood by more than this; beyond the second figure it counts no more, so that pictures do not outweigh
print."""

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


def lay_of(image: Grey) -> Lay:
    """Return how the lines of print lie on a page; level and upright where there are none."""
    ink = _ink(image)
    turned = np.ascontiguousarray(ink.T)
    upright, sideways = _roughly(ink), _roughly(turned)
    is_sideways = sideways.energy > upright.energy
    slope = _finely(turned, sideways.slope) if is_sideways else _finely(ink, upright.slope)
    return Lay(degrees(atan(-slope if is_sideways else slope)), is_sideways)


def turn_quarter(image: Grey) -> Grey:
    """Return the image turned clockwise by a quarter."""
    return np.ascontiguousarray(np.rot90(image, -1))


def turn(image: Grey, angle: float) -> Grey:
    """Return the image turned counter-clockwise by a few degrees, its border drawn out where the canvas is larger than it."""
    height, width = image.shape
    matrix = cv2.getRotationMatrix2D(((width - 1) / 2, (height - 1) / 2), angle, 1.0)
    turned = cv2.warpAffine(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(turned, np.uint8)


def _ink(image: Grey) -> Floats:
    small, _ = within(image, _LOOKING_SIZE)
    darker = cv2.blur(small, _NEIGHBOURHOOD).astype(np.float32) - small
    ink = np.clip(darker - _FAINT, 0, _FULL)
    return np.asarray(cv2.GaussianBlur(ink, (0, 0), 0.8), np.float32)  # else a slope of 0, the only one not interpolated, wins too often


@dataclass(frozen=True, slots=True)
class _Steepest:
    slope: float
    energy: float


def _roughly(ink: Floats) -> _Steepest:
    """Return the slope along which sums of ink differ most from row to row, within half a coarse step, and by how much.

    Half the size is enough for that, and a quarter of the work.
    """
    half = cv2.resize(ink, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    return _steepest(np.asarray(half, np.float32), np.arange(-_REACH, _REACH + _COARSE / 2, _COARSE, dtype=np.float32))


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


def _energy(ink: Floats, slope: float) -> float:
    height, width = ink.shape
    matrix = np.array(((1, 0, 0), (slope, 1, -slope * (width - 1) / 2)), np.float32)
    sheared = cv2.warpAffine(ink, matrix, (width, height), flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    rows = cv2.reduce(sheared, 1, cv2.REDUCE_AVG).ravel()
    return float(np.square(np.diff(rows)).sum())
