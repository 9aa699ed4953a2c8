"""What the steps share: grey pixels, and making them smaller or larger."""

from math import sqrt

import cv2
import numpy as np
from numpy.typing import NDArray

Grey = NDArray[np.uint8]
"""Height × width, 0 black to 255 white."""

Floats = NDArray[np.float32]

cv2.setNumThreads(1)  # pages are spread over processes; a thread's stack also counts against the child's address space


def within(image: Grey, side: int) -> tuple[Grey, float]:
    """Return the image with its longer side at most `side` pixels, and the factor that it was made smaller by, 0–1."""
    scale = min(1.0, side / max(image.shape))
    size = _scaled(image, scale)
    return _to_size(_halved(image, size), size, cv2.INTER_AREA), scale


def with_area(image: Grey, area: int) -> Grey:
    """Return the image with about so many pixels in all."""
    return resized(image, sqrt(area / image.size))


def resized(image: Grey, scale: float) -> Grey:
    """Return the image with its sides multiplied by `scale`, at least one pixel each."""
    size = _scaled(image, scale)
    return _to_size(_halved(image, size), size, cv2.INTER_LINEAR if scale < 1 else cv2.INTER_CUBIC)


def paper_of(image: Grey) -> float:
    """Return the brightness of the paper, from every eighth pixel of every eighth row."""
    return float(np.percentile(image[::8, ::8], 75))


def erased(image: Grey, mask: Grey) -> Grey:
    """Return the image with paper where the mask is not 0."""
    return np.where(mask > 0, np.uint8(paper_of(image)), image)


def _scaled(image: Grey, scale: float) -> tuple[int, int]:
    height, width = image.shape
    return max(1, round(width * scale)), max(1, round(height * scale))


def _halved(image: Grey, size: tuple[int, int]) -> Grey:
    """Return the image halved until the next half would be smaller than `size`: exact halves take a tenth of the time of other shares."""
    while image.shape[1] >= 2 * size[0] and image.shape[0] >= 2 * size[1] and min(image.shape) > 1:
        even = image[: image.shape[0] // 2 * 2, : image.shape[1] // 2 * 2]
        image = np.asarray(cv2.resize(even, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA), np.uint8)
    return image


def _to_size(image: Grey, size: tuple[int, int], method: int) -> Grey:
    return image if size == image.shape[::-1] else np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)
