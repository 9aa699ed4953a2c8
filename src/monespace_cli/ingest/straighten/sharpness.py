"""Undoes blur: of a lens out of focus a little, of a hand that moved nearly all. Pure functions on grey images.

A camera that moves in a straight line draws each point as a line. Differences along that line then repeat, with the other sign, at the
distance of its length: the autocorrelation of the derivative in that direction has its deepest point there (Yitzhaky and Kopeika,
"Identification of Blur Parameters from Motion Blurred Images", 1997). One Fourier transform of a part of the page gives all directions.
With the line known, a Wiener filter takes it back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import cv2
import numpy as np
from numpy.typing import NDArray

from monespace_cli.ingest.straighten.pixels import Floats, Grey, within

_WINDOW: Final = 1024
"""Pixels of the sides of the part that is measured."""

_LOOKING_SIZE: Final = 600
"""Pixels of the longer side of the copy that tells where on the page that part is: print is a grey there, paper is white."""

_FINEST: Final = 0.25
"""Cycles per pixel above which there is more noise than print."""

_LENGTHS: Final = np.arange(5, 15, 0.5)
_ANGLES: Final = np.radians(np.arange(-90, 90, 3.0))
_LAGS: Final = 20

_UPRIGHT_STROKES: Final = 1 - 0.3 * np.sin(_ANGLES) ** 2
"""How print is when nothing moved: upright strokes make more of its differences than level ones."""

_SMEARED: Final = 0.42
"""Differences along the motion, as a share of those across it. Measured on moved pages: 0.08–0.38; on others: 0.49 and more."""

_REPEATED: Final = -0.25
"""Autocorrelation at the motion's length. Measured on moved pages: below −0.30."""

_NEAR: Final = np.radians(12)
"""By how much the direction of the least differences may err."""

_OVERLAP: Final = 0.3
"""Pixels by which the distance found exceeds the line's length. Measured: print is read best with this, as too long a line echoes."""

_NOISE: Final = 0.005
"""Of the Wiener filter: noise power over print power."""

_MARGIN: Final = 32

_DETAILS: Final = (1.0, 5.0)
"""Fine detail and the print as a whole: standard deviations, in pixels, of the blurs that take them away."""

_SOFT: Final = 0.14
"""Fine detail's share of the contrast below which a page is soft. Measured: printed 0.16–0.26, phones 0.08–0.24, out of focus 0.03."""

_MASK: Final = 2.0
_STRENGTH: Final = 1.5


@dataclass(frozen=True, slots=True)
class Motion:
    """The line that each point was drawn as: its length in pixels, and its angle in radians, clockwise from the right."""

    length: float
    angle: float


def find_motion(image: Grey) -> Motion | None:
    """Return how the camera moved while it took the picture, or None if it did not, or by less than 5 pixels."""
    part = _busiest(image).astype(np.float32)
    along = _autocorrelation(part - part.mean())
    none_moved = along[:, 0] / _UPRIGHT_STROKES
    if none_moved.max() <= 0 or none_moved.min() > _SMEARED * none_moved.max():
        return None
    direction = _ANGLES[none_moved.argmin()]
    away = np.abs((_ANGLES - direction + np.pi / 2) % np.pi - np.pi / 2)
    repeated = np.where((away <= _NEAR)[:, None], along[:, 1:] / np.maximum(along[:, :1], 1e-9), 1)
    angle, length = np.unravel_index(int(repeated.argmin()), repeated.shape)
    if repeated[angle, length] > _REPEATED:
        return None
    return Motion(float(_LENGTHS[length]) - _OVERLAP, float(_ANGLES[angle]))


def undo_motion(image: Grey, motion: Motion) -> Grey:
    """Return the image as if the camera had been still: a Wiener filter for a line, whose transfer function is a sinc."""
    height, width = image.shape
    size = tuple(cv2.getOptimalDFTSize(side + 2 * _MARGIN) for side in image.shape)
    bottom, right = size[0] - height - _MARGIN, size[1] - width - _MARGIN
    framed = cv2.copyMakeBorder(image, _MARGIN, bottom, _MARGIN, right, cv2.BORDER_REPLICATE)
    right, down = np.fft.rfftfreq(size[1])[None, :], np.fft.fftfreq(size[0])[:, None]
    along = motion.length * (np.cos(motion.angle) * right + np.sin(motion.angle) * down)
    spread = np.sinc(along.astype(np.float32))
    seen = np.fft.rfft2(framed.astype(np.float32))
    still = np.fft.irfft2(seen * (spread / (spread * spread + _NOISE)), s=size)
    return np.clip(still[_MARGIN : _MARGIN + height, _MARGIN : _MARGIN + width], 0, 255).astype(np.uint8)


def is_soft(image: Grey) -> bool:
    """Whether a lens out of focus or a scaled-up scan left little of the finest detail."""
    part = _busiest(image)
    fine, coarse = (float(np.square(part.astype(np.float32) - cv2.GaussianBlur(part, (0, 0), size)).mean()) for size in _DETAILS)
    return fine < _SOFT * coarse


def sharpen(image: Grey) -> Grey:
    """Return the image with its edges made steeper: an unsharp mask."""
    soft = cv2.GaussianBlur(image, (0, 0), _MASK)
    return np.asarray(cv2.addWeighted(image, 1 + _STRENGTH, soft, -_STRENGTH, 0), np.uint8)


def _busiest(image: Grey) -> Grey:
    """Return the part of the page with the most print on it; a small copy tells where that is."""
    small, scale = within(image, _LOOKING_SIZE)
    height, width = (min(side, round(_WINDOW * scale)) for side in small.shape)
    ink = cv2.integral(cv2.absdiff(small, cv2.blur(small, (5, 5))))
    sums = ink[height:, width:] - ink[:-height, width:] - ink[height:, :-width] + ink[:-height, :-width]
    top, left = (round(int(place) / scale) for place in np.unravel_index(int(sums.argmax()), sums.shape))
    return image[top : top + _WINDOW, left : left + _WINDOW]


def _autocorrelation(part: Floats) -> Floats:
    """Return, for each angle, the autocorrelation of the derivative in its direction: at no distance, then at each of `_LENGTHS`."""
    lengths = np.concatenate(([0.0], _LENGTHS))
    cosine, sine = np.cos(_ANGLES)[:, None], np.sin(_ANGLES)[:, None]
    x, y = (_LAGS + cosine * lengths).astype(np.float32), (_LAGS + sine * lengths).astype(np.float32)
    factors = (cosine**2, 2 * cosine * sine, sine**2)
    return np.asarray(sum(factor * cv2.remap(lags, x, y, cv2.INTER_LINEAR) for factor, lags in zip(factors, _lags(part), strict=True)))


def _lags(part: Floats) -> Iterator[Floats]:
    """Yield the correlations of the derivatives to the right with themselves, with those down, and of these with themselves.

    Each up to `_LAGS` pixels in each direction, no distance in the middle: the inverse transform of the power spectrum, weighted. Of its
    lines a few are wanted, and the weights of a row do not depend on its column; so it is a product of matrices.
    """
    rows, columns = part.shape
    spectrum = cv2.dft(part, flags=cv2.DFT_COMPLEX_OUTPUT)[:, : columns // 2 + 1]
    power = spectrum[..., 0] ** 2 + spectrum[..., 1] ** 2
    down, right = np.fft.fftfreq(rows), np.fft.rfftfreq(columns)
    vertical, level = _waves(down), _waves(right)
    level[:, 1 : (columns + 1) // 2] *= 2  # the other half of the spectrum, which is the mirror of this one
    for to_the_right in (2, 1, 0):
        along = (vertical * down ** (2 - to_the_right)).astype(np.complex64)
        across = (level * right**to_the_right).astype(np.complex64)
        lags = (along.real @ power) @ across.real.T - (along.imag @ power) @ across.imag.T
        yield np.asarray(lags, np.float32)


def _waves(frequencies: NDArray[np.floating[Any]]) -> NDArray[np.complex128]:
    """Return the wave of each frequency at each lag, those weakened that have more noise than print."""
    lags = np.arange(-_LAGS, _LAGS + 1)
    return np.asarray(np.exp(2j * np.pi * np.outer(lags, frequencies)) * np.exp(-(frequencies**2) / (2 * _FINEST**2)))
