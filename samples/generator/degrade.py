"""The profiles: pure functions from a clean page to what a scanner or a phone makes of it, parameters drawn from the generator handed in.

Their strengths were set by how well bare tesseract reads what comes out; `samples/README.md` has the figures.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from generator import optics
from generator.raster import Pixels

CANVAS = (4032, 3024)
"""A phone's picture of 12 megapixels, height × width."""

Degradation = Callable[[Pixels, Generator], Pixels]


@dataclass(frozen=True, slots=True)
class Camera:
    """How a photograph is taken. Shares are of the picture's width."""

    fill: float
    """How wide the page lies in the picture."""
    tilt: float
    """How far a corner may be from where a straight view puts it."""
    turn: float
    """Degrees by which the page may be turned."""
    darkest: float
    """Light at the darkest corner, 0–1."""
    exposure: float
    """Light everywhere, 0–1."""
    shadow: float
    """Light that a hand's shadow takes, 0–1."""
    defocus: float
    """Blur, standard deviation in pixels."""
    noise: float
    """Sensor noise, standard deviation in steps of 0–255."""
    curl: float = 0.0
    """How high the page lifts off the table, a share of the page's width."""


PHONE = Camera(fill=0.85, tilt=0.035, turn=3.0, darkest=0.75, exposure=0.84, shadow=0.0, defocus=1.5, noise=6.5)
PHONE_HARD = Camera(fill=0.76, tilt=0.05, turn=10.0, darkest=0.5, exposure=0.7, shadow=0.42, defocus=2.0, noise=12.0)
CURL = replace(PHONE, curl=0.06)
CURL_HARD = replace(PHONE, curl=0.12)


def take_photo(page: Pixels, rng: Generator, camera: Camera, canvas: tuple[int, int] = CANVAS) -> Pixels:
    """Photograph a page that was folded in three and lies on a table; `canvas` is the picture's height and width in pixels."""
    sheet = optics.expose(page, optics.folds(page, rng, 0.25))
    cover = np.ones(page.shape[:2], np.float32)
    if camera.curl:
        sheet, cover = _bent(sheet, rng, camera.curl)
    picture = optics.photograph(sheet, cover, optics.table(canvas, rng), _corners(sheet, rng, camera, canvas))
    light = optics.slope(picture, rng, camera.darkest) * camera.exposure
    if camera.shadow:
        light = light * optics.hand(picture, rng, camera.shadow)
    tint = (rng.uniform(0.95, 1.0), 1.0, rng.uniform(0.88, 0.98))
    scale = canvas[1] / CANVAS[1]
    return optics.noise(optics.blur(optics.expose(picture, light, tint), camera.defocus * scale), rng, camera.noise)


def _bent(page: Pixels, rng: Generator, curl: float) -> tuple[Pixels, optics.Field]:
    """Bend a page about an upright axis, which makes arcs of its lines; one in four about a level one, which makes arcs of its sides."""
    if rng.random() < 0.75:
        return optics.bend(page, rng, curl)
    bent, cover = optics.bend(np.ascontiguousarray(np.rot90(page)), rng, curl)
    return np.ascontiguousarray(np.rot90(bent, -1)), np.ascontiguousarray(np.rot90(cover, -1))


def _corners(page: Pixels, rng: Generator, camera: Camera, canvas: tuple[int, int]) -> NDArray[np.float32]:
    """Return where the page's corners fall in the picture, clockwise from the top left, all within it."""
    height, width = canvas
    ratio = page.shape[0] / page.shape[1]
    half = np.array((1, ratio)) * min(camera.fill * width, 0.94 * height / ratio) / 2
    angle = np.radians(rng.uniform(-camera.turn, camera.turn))
    turned = np.array(((np.cos(angle), np.sin(angle)), (-np.sin(angle), np.cos(angle))))
    straight = np.array(((-1, -1), (1, -1), (1, 1), (-1, 1))) * half
    shifted = straight @ turned + rng.uniform(-camera.tilt, camera.tilt, (4, 2)) * width + np.array((width, height)) / 2
    return np.asarray(np.clip(shifted, 8, np.array((width, height)) - 8), np.float32)


def clean(page: Pixels, _rng: Generator) -> Pixels:
    """As printed."""
    return page.copy()


def scan(page: Pixels, rng: Generator) -> Pixels:
    """A flat-bed scanner: a slight skew, a little blur, noise."""
    turned = optics.turn(page, rng.uniform(-1.2, 1.2))
    return optics.noise(optics.blur(optics.contrast(turned, 12, 252), rng.uniform(0.9, 1.3)), rng, 5)


def phone(page: Pixels, rng: Generator) -> Pixels:
    """A photo taken with some care."""
    return take_photo(page, rng, PHONE)


def phone_hard(page: Pixels, rng: Generator) -> Pixels:
    """A photo taken in the evening, from too far, with a hand's shadow on it."""
    return take_photo(page, rng, PHONE_HARD)


def phone_rot(page: Pixels, rng: Generator) -> Pixels:
    """A photo taken with the phone held sideways or upside down, and no orientation noted."""
    return np.ascontiguousarray(np.rot90(take_photo(page, rng, PHONE), int(rng.integers(1, 4))))


def curl(page: Pixels, rng: Generator) -> Pixels:
    """A photo of a page that does not lie flat."""
    return take_photo(page, rng, CURL)


def curl_hard(page: Pixels, rng: Generator) -> Pixels:
    """A photo of a page that bends as much as one in a thick book."""
    return take_photo(page, rng, CURL_HARD)


def rot90(page: Pixels, _rng: Generator) -> Pixels:
    """Put into the scanner sideways: a quarter turn clockwise."""
    return np.ascontiguousarray(np.rot90(page, 3))


def rot180(page: Pixels, _rng: Generator) -> Pixels:
    """Put into the scanner upside down."""
    return np.ascontiguousarray(np.rot90(page, 2))


def skew7(page: Pixels, rng: Generator) -> Pixels:
    """Put into the scanner askew by seven degrees."""
    return optics.noise(optics.turn(page, float(rng.choice((-7.0, 7.0)))), rng, 3)


def light(page: Pixels, rng: Generator) -> Pixels:
    """Lit by one near lamp, most of the page in the dark."""
    return optics.noise(optics.expose(page, optics.lamp(page, rng, 0.4)), rng, 5)


def shadow(page: Pixels, rng: Generator) -> Pixels:
    """In the shadow of a hand."""
    return optics.noise(optics.expose(page, optics.slope(page, rng, 0.7) * optics.hand(page, rng, 0.78)), rng, 5)


def faded(page: Pixels, rng: Generator) -> Pixels:
    """Printed years ago: the ink is going."""
    return optics.noise(optics.fade(page, rng, 0.82), rng, 3)


def lowcontrast(page: Pixels, rng: Generator) -> Pixels:
    """Grey on grey."""
    return optics.noise(optics.contrast(page, rng.uniform(95, 115), rng.uniform(175, 190)), rng, 3)


def blur(page: Pixels, rng: Generator) -> Pixels:
    """Out of focus."""
    return optics.noise(optics.blur(page, rng.uniform(3.1, 3.9)), rng, 3)


def motion(page: Pixels, rng: Generator) -> Pixels:
    """Taken with a moving hand."""
    return optics.noise(optics.shake(page, rng.uniform(11, 15), rng.uniform(-60, 60)), rng, 3)


def lowres150(page: Pixels, rng: Generator) -> Pixels:
    """Scanned at 150 dots an inch."""
    half = (page.shape[1] // 2, page.shape[0] // 2)
    return optics.noise(np.asarray(cv2.resize(page, half, interpolation=cv2.INTER_AREA), np.uint8), rng, 3)


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to digitise paper, and the quality of the JPEG it ends in; without one it is kept as PNG."""

    degrade: Degradation
    quality: int | None = 85


PROFILES: dict[str, Profile] = {
    "clean": Profile(clean, None),
    "scan": Profile(scan, 75),
    "phone": Profile(phone, 75),
    "phone_hard": Profile(phone_hard, 60),
    "phone_rot": Profile(phone_rot, 75),
    "curl": Profile(curl, 75),
    "curl_hard": Profile(curl_hard, 75),
    "rot90": Profile(rot90),
    "rot180": Profile(rot180),
    "skew7": Profile(skew7),
    "light": Profile(light),
    "shadow": Profile(shadow),
    "faded": Profile(faded),
    "lowcontrast": Profile(lowcontrast),
    "blur": Profile(blur),
    "motion": Profile(motion),
    "lowres150": Profile(lowres150, 80),
}
