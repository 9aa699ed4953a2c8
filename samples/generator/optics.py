"""What light, lenses, sensors and hands do to a page, one function each.

Every function takes pixels (height × width × RGB, 0–255) and returns new ones; lengths are pixels at 300 dots an inch, angles degrees.
Shadows and light are fields of factors: 1 leaves a pixel as it is, 0 makes it black.
"""

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from generator.raster import PAPER_WHITE, Pixels

Field = NDArray[np.float32]
"""A factor for each pixel, height × width."""


def turn(page: Pixels, angle: float) -> Pixels:
    """Turn a page by a small angle on a canvas that grows so that nothing is cut off."""
    height, width = page.shape[:2]
    radians = np.radians(abs(angle))
    wide = round(width * np.cos(radians) + height * np.sin(radians))
    high = round(height * np.cos(radians) + width * np.sin(radians))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    matrix[:, 2] += ((wide - width) / 2, (high - height) / 2)
    return _pixels(cv2.warpAffine(page, matrix, (wide, high), flags=cv2.INTER_CUBIC, borderValue=PAPER_WHITE))


def blur(page: Pixels, sigma: float) -> Pixels:
    """Put a page out of focus."""
    return _pixels(cv2.GaussianBlur(page, (0, 0), sigma))


def shake(page: Pixels, length: float, angle: float) -> Pixels:
    """Move the camera by `length` pixels in direction `angle` while the shutter is open."""
    size = int(length) * 2 + 1
    kernel = np.zeros((size, size), np.float32)
    half = np.array((np.cos(np.radians(angle)), np.sin(np.radians(angle)))) * length / 2
    middle = np.array((size // 2, size // 2))
    start, end = np.round(middle - half).astype(int), np.round(middle + half).astype(int)
    cv2.line(kernel, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 1.0)
    return _pixels(cv2.filter2D(page, -1, kernel / kernel.sum()))


def noise(page: Pixels, rng: Generator, sigma: float) -> Pixels:
    """Add a sensor's noise, mostly of brightness and a little of colour; `sigma` in steps of 0–255."""
    grain = rng.normal(0, sigma, page.shape[:2]).astype(np.float32)
    colour = rng.normal(0, sigma * 0.35, (page.shape[0] // 4 + 1, page.shape[1] // 4 + 1, 3)).astype(np.float32)
    tint = cv2.resize(colour, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_LINEAR)
    return _clip(page + grain[:, :, None] + tint)


def contrast(page: Pixels, dark: float, bright: float) -> Pixels:
    """Bring black up to `dark` and white down to `bright`, both 0–255."""
    return _clip(dark + page.astype(np.float32) * ((bright - dark) / 255))


def expose(page: Pixels, light: Field, tint: tuple[float, float, float] = (1.0, 1.0, 1.0)) -> Pixels:
    """Light a page unevenly: multiply it by a field, and by a factor for red, green and blue."""
    factors: Field = light[:, :, None] * np.array(tint, np.float32)
    return _clip(page.astype(np.float32) * factors)


def fade(page: Pixels, rng: Generator, strength: float) -> Pixels:
    """Let ink fade in patches, as thermal paper and dying cartridges do; `strength` is the share of ink lost at most."""
    lost = (0.45 + 0.55 * _clouds(page, rng, 40)) * strength
    ink = page.astype(np.float32)
    return _clip(ink + (255 - ink) * lost[:, :, None])


def slope(page: Pixels, rng: Generator, darkest: float) -> Field:
    """Return light from one side: 1 there, `darkest` at the far corner."""
    y, x = _grid(page)
    angle = rng.uniform(0, 2 * np.pi)
    along = np.cos(angle) * (x - 0.5) + np.sin(angle) * (y - 0.5)
    return _field(1 - (1 - darkest) * np.clip(along + 0.5, 0, 1) ** 1.2)


def lamp(page: Pixels, rng: Generator, darkest: float) -> Field:
    """Return the light of one near lamp: bright spot near an edge, `darkest` far from it."""
    y, x = _grid(page)
    spot_x, spot_y = rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.7)
    away = np.hypot(x - spot_x, (y - spot_y) * 1.3)
    return _field(darkest + (1 - darkest) * np.exp(-((away / 0.7) ** 2)))


def hand(page: Pixels, rng: Generator, depth: float) -> Field:
    """Return the soft shadow of a hand and arm that reaches in from an edge; `depth` 0–1 is the light it takes."""
    height, width = 500, 380
    mask = np.zeros((height, width), np.float32)
    tip = np.array((rng.uniform(0.25, 0.55) * width, rng.uniform(0.25, 0.5) * height))
    root = np.array((width * 1.2, rng.uniform(0.6, 1.0) * height))
    across = np.array((-(root - tip)[1], (root - tip)[0])) / np.linalg.norm(root - tip)
    corners = np.array((tip - across * 25, tip + across * 25, root + across * 110, root - across * 110))
    cv2.fillConvexPoly(mask, corners.astype(np.int32), 1.0)
    soft = cv2.GaussianBlur(mask, (0, 0), 12)
    return _field(1 - depth * cv2.resize(soft, (page.shape[1], page.shape[0])))


def folds(page: Pixels, rng: Generator, depth: float) -> Field:
    """Return the shading of a sheet that was folded in three."""
    y, _ = _grid(page)
    light = np.ones(page.shape[:2], np.float32)
    for third in (1 / 3, 2 / 3):
        away = (y - third - rng.uniform(-0.02, 0.02)) / 0.006
        light *= 1 - depth * np.exp(-(away**2)) - 0.25 * depth * np.exp(-np.abs(away) / 6)
    return _field(light)


def table(shape: tuple[int, int], rng: Generator) -> Pixels:
    """Return a wooden table top of `shape` (height, width)."""
    height, width = shape
    grain = cv2.resize(rng.normal(0, 1, (height // 6 + 1, 24)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    boards = cv2.resize(rng.normal(0, 1, (9, 3)).astype(np.float32), (width, height), interpolation=cv2.INTER_CUBIC)
    shade = rng.uniform(45, 120) + 7 * grain + 8 * boards
    warmth = np.array((rng.uniform(1.0, 1.25), 1.0, rng.uniform(0.7, 0.95)), np.float32)
    return _clip(shade[:, :, None] * warmth)


def bend(page: Pixels, rng: Generator, rise: float) -> tuple[Pixels, Field]:
    """Bend a page about an upright axis, and look at it from a phone above; `rise` is how high it lifts, a share of its width.

    Some pages lift at one side or both, as in a book, others in their middle, as a sheet that was rolled. Return what a lens above sees of
    it, projected on the table, and where in that the page is (1) and the table (0).
    """
    height, width = page.shape[0] / page.shape[1], 1.0
    flat, steepness, is_arch = rng.uniform(0, 1), rng.uniform(2, 3.5), rng.random() < 0.5
    distance, lens_x, lens_y = rng.uniform(1.9, 2.7), rng.uniform(0.2, 0.8), rng.uniform(-0.1, 1.1) * height
    x = np.linspace(0, width, 1000)
    z = rise * (np.abs(x - flat) / max(flat, 1 - flat)) ** steepness
    z = rise - z if is_arch else z
    along = np.concatenate(([0.0], np.cumsum(np.hypot(np.diff(x), np.diff(z)))))
    x, z, along = x / along[-1], z / along[-1], along / along[-1]  # paper does not stretch
    nearer = distance / (distance - z)
    seen_x = lens_x + (x - lens_x) * nearer
    top, bottom = (lens_y + (edge - lens_y) * nearer for edge in (0.0, height))
    scale = page.shape[1]
    columns = np.arange(seen_x[0], seen_x[-1], 1 / scale)
    rows = np.arange(top.min(), bottom.max(), 1 / scale)
    from_x = np.interp(columns, seen_x, along) * scale
    from_y = (lens_y + (rows[:, None] - lens_y) / np.interp(columns, seen_x, nearer)) * scale
    map_x, map_y = _field(np.broadcast_to(from_x, from_y.shape)), _field(from_y)
    lean = np.interp(columns, seen_x, np.gradient(z, x))
    light = (1 - lean * rng.uniform(-0.6, 0.6)) / np.sqrt(1 + lean**2)
    bent = cv2.remap(page, map_x, map_y, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return expose(_pixels(bent), _field(np.broadcast_to(light, from_y.shape))), _field((map_y >= 0) & (map_y < page.shape[0]))


def photograph(page: Pixels, cover: Field, ground: Pixels, corners: NDArray[np.float32]) -> Pixels:
    """Lay a page on the ground with its corners (clockwise from the top left) at these places, and a narrow shadow around it.

    `cover` tells where in `page` the page is (1): what is not, is ground.
    """
    height, width = page.shape[:2]
    source = np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32)
    matrix = cv2.getPerspectiveTransform(source, corners)
    size = (ground.shape[1], ground.shape[0])
    laid = cv2.warpPerspective(page, matrix, size, flags=cv2.INTER_CUBIC)
    mask = cv2.warpPerspective(cover, matrix, size)[:, :, None]
    shadow = cv2.GaussianBlur(mask, (0, 0), size[0] / 150)[:, :, None]
    return _clip(np.asarray(ground * (1 - 0.6 * shadow) * (1 - mask) + laid * mask, np.float32))


def _clouds(page: Pixels, rng: Generator, cells: int) -> Field:
    """Return smooth random patches, 0–1, `cells` of them down the page."""
    coarse = rng.uniform(0, 1, (cells, cells)).astype(np.float32)
    return _field(np.clip(cv2.resize(coarse, (page.shape[1], page.shape[0]), interpolation=cv2.INTER_CUBIC), 0, 1))


def _grid(page: Pixels) -> tuple[Field, Field]:
    """Return each pixel's place down and across the page, 0–1."""
    height, width = page.shape[:2]
    y, x = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    return _field(y), _field(x)


def _clip(values: NDArray[np.floating]) -> Pixels:
    return np.asarray(np.clip(values + 0.5, 0, 255), np.uint8)


def _pixels(values: object) -> Pixels:
    return np.asarray(values, np.uint8)


def _field(values: object) -> Field:
    return np.asarray(values, np.float32)
