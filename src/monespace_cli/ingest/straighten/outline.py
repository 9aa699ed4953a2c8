"""Finds a sheet of paper on a darker table and cuts it out, seen from straight above. Pure functions on grey images.

A sheet's border is a long straight step from dark outside to bright inside. The *ratio* of the two does not change where a shadow falls
across both, so steps are measured in the logarithm of the brightness, with rules and letters taken away. Each side is searched for among
all straight lines that cross the image within `_MAX_SLOPE`; of the likeliest lines the combination is taken whose sides are borders along
most of their length, and of equally good ones the largest: a shadow's edge may look like a border, but lies on the sheet.
"""

from dataclasses import dataclass
from itertools import product
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from monespace_cli.ingest.straighten.pixels import Floats, Grey, within

_LOOKING_SIZE: Final = 320
"""Pixels of the longer side of the image that borders are searched in."""

_REACH: Final = 4
"""Pixels on either side of a border whose means are compared."""

_RULE: Final = np.ones((5, 5), np.uint8)
"""Dark things narrower than this are print on the paper: a frame around a form is no border."""

_STEP: Final = 0.15
"""A border: paper at least this much brighter than the table, as a natural logarithm (16 %)."""

_MAX_SLOPE: Final = 0.36
_SLOPES: Final = 49
_LINES_A_SIDE: Final = 5
_APART: Final = 6
"""Pixels between two lines that count as different ones."""

_MIN_SUPPORT: Final = 0.5
"""The share of a side that must look like a border."""

_MIN_AREA: Final = 0.20
"""Of the image: a smaller sheet would be a label on something, and has too few pixels to be read."""

_POINTS: Final = np.linspace(0.02, 0.98, 64, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class _Line:
    """A line that follows an axis of the image: its offset from it at the axis' start and end."""

    start: float
    end: float


def find_sheet(image: Grey) -> Floats | None:
    """Return the corners of the sheet in the image, 4 × (x, y), clockwise from the top left; None if there is no border around a sheet."""
    small, scale = within(image, _LOOKING_SIZE)
    if min(small.shape) < 8 * _REACH:
        return None
    small = np.asarray(cv2.morphologyEx(small, cv2.MORPH_CLOSE, _RULE), np.uint8)
    across, down = _steps(small), _steps(small.T).T
    sheets = _sheets(_likely(across), _likely(down.T), _likely(-across), _likely(-down.T), small.shape)
    support = _support(sheets, across, down)
    if not support.any():
        return None
    best = np.argmax(np.where(support > 0, support + _areas(sheets) / small.size, 0))
    return np.asarray(sheets[best] / scale, np.float32)


def cut_out(image: Grey, corners: Floats) -> Grey:
    """Return the part of the image between four corners as a rectangle, as large as it is in the image."""
    top, right, bottom, left = (float(np.linalg.norm(corners[a] - corners[b])) for a, b in ((0, 1), (1, 2), (2, 3), (3, 0)))
    width, height = max(1, round(max(top, bottom))), max(1, round(max(left, right)))
    target = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    matrix = cv2.getPerspectiveTransform(corners.astype(np.float32), target)
    cut = cv2.warpPerspective(image, matrix, (width, height), flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(cut, np.uint8)


def _steps(small: Grey) -> Floats:
    """Return by how much the mean of the pixels to the right exceeds that to the left, in logarithms of brightness."""
    light = np.log(small.astype(np.float32) + 6)
    means = cv2.blur(light, (_REACH, 3), anchor=(0, 1), borderType=cv2.BORDER_REPLICATE)
    shifted = np.roll(means, _REACH, axis=1)
    shifted[:, :_REACH] = means[:, :1]
    return means - shifted


def _likely(steps: Floats) -> list[_Line]:
    """Return the lines that follow the image's height with the most rising steps on them."""
    height, width = steps.shape
    rising = np.clip(steps / (2 * _STEP), 0, 1).astype(np.float32)
    slopes = np.linspace(-_MAX_SLOPE, _MAX_SLOPE, _SLOPES)
    middle = (height - 1) / 2
    votes = np.stack([_sheared(rising, slope, middle).mean(axis=0) for slope in slopes])
    lines = []
    offsets = slopes[:, None] * middle
    starts, ends = np.arange(width) - offsets, np.arange(width) + offsets
    for _ in range(_LINES_A_SIDE):
        slope, x = np.unravel_index(int(votes.argmax()), votes.shape)
        if votes[slope, x] <= 0:
            break
        line = _Line(float(starts[slope, x]), float(ends[slope, x]))
        lines.append(line)
        votes[(np.abs(starts - line.start) < _APART) & (np.abs(ends - line.end) < _APART)] = 0
    return lines


def _sheared(image: Floats, slope: float, middle: float) -> Floats:
    matrix = np.array(((1, slope, -slope * middle), (0, 1, 0)), np.float32)
    flags = cv2.INTER_NEAREST | cv2.WARP_INVERSE_MAP
    return np.asarray(
        cv2.warpAffine(image, matrix, image.shape[::-1], flags=flags, borderMode=cv2.BORDER_CONSTANT, borderValue=0), np.float32
    )


def _sheets(left: list[_Line], top: list[_Line], right: list[_Line], bottom: list[_Line], shape: tuple[int, ...]) -> Floats:
    """Return where the sides of every combination meet, n × 4 × (x, y), but for those that are no sheets."""
    height, width = shape
    meeting = {(a, b): _meet(a, b, height, width) for a, b in product((*left, *right), (*top, *bottom))}
    combined = [(meeting[a, b], meeting[c, b], meeting[c, d], meeting[a, d]) for a, b, c, d in product(left, top, right, bottom)]
    corners = np.array(combined, np.float32).reshape(-1, 4, 2)
    x, y = corners[..., 0], corners[..., 1]
    room = 0.03 * max(shape)
    is_inside = (corners >= -room).all(axis=(1, 2)) & (x <= width + room).all(axis=1) & (y <= height + room).all(axis=1)
    is_uncrossed = (x[:, 0] <= x[:, 2]) & (y[:, 0] <= y[:, 2]) & _is_convex(corners)
    is_sheet = is_inside & is_uncrossed & (_areas(corners) >= _MIN_AREA * width * height)
    return corners[is_sheet]


def _meet(upright: _Line, level: _Line, height: int, width: int) -> tuple[float, float]:
    rise_x, rise_y = (upright.end - upright.start) / (height - 1), (level.end - level.start) / (width - 1)
    x = (upright.start + rise_x * level.start) / (1 - rise_x * rise_y)
    return x, level.start + rise_y * x


def _is_convex(corners: Floats) -> NDArray[np.bool_]:
    """Whether each turn from side to side is clockwise."""
    sides = np.roll(corners, -1, axis=1) - corners
    following = np.roll(sides, -1, axis=1)
    turns = sides[..., 0] * following[..., 1] - sides[..., 1] * following[..., 0]
    return np.asarray((turns > 0).all(axis=1))


def _areas(corners: Floats) -> Floats:
    """Return the areas of quadrilaterals whose corners go clockwise: half the cross product of the diagonals."""
    first, second = corners[:, 2] - corners[:, 0], corners[:, 3] - corners[:, 1]
    return np.asarray((first[:, 0] * second[:, 1] - first[:, 1] * second[:, 0]) / 2, np.float32)


def _support(sheets: Floats, across: Floats, down: Floats) -> Floats:
    """Return how much of a border the four sides of each sheet are together; 0 if one is none."""
    shares = np.empty((len(sheets), 4), np.float32)
    for index, (steps, sign) in enumerate(((down, 1), (across, -1), (down, -1), (across, 1))):
        a, b = sheets[:, None, index], sheets[:, None, (index + 1) % 4]
        points = np.rint(a + (b - a) * _POINTS[:, None]).astype(np.intp)
        x, y = np.clip(points[..., 0], 0, steps.shape[1] - 1), np.clip(points[..., 1], 0, steps.shape[0] - 1)
        shares[:, index] = np.clip(sign * steps[y, x] / (2 * _STEP), 0, 1).mean(axis=1)
    return np.asarray(np.where((shares >= _MIN_SUPPORT).all(axis=1), shares.sum(axis=1), 0), np.float32)
