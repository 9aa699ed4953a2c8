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
    return resized(image, scale), scale


def with_area(image: Grey, area: int) -> Grey:
    """Return the image with about so many pixels in all."""
    return resized(image, sqrt(area / image.size))


def resized(image: Grey, scale: float) -> Grey:
    """Return the image with its sides multiplied by `scale`, at least one pixel each."""
    size = tuple(max(1, round(side * scale)) for side in image.shape[::-1])
    method = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return image if size == image.shape[::-1] else np.asarray(cv2.resize(image, size, interpolation=method), np.uint8)
