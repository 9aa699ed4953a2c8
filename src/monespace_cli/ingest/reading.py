"""Reads the image of a page: straightened, the other way up where that reads better, or as it came where straightening did harm.

One reading is enough for nearly every page. A second one is tried where the first is not sure of itself: print that stands on its head
gives words too, with a confidence below `_SURE`. A third one, of the image as it came, only where neither could be read.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from monespace_cli.ingest.engine import OcrEngine, RecognisedPage
from monespace_cli.ingest.prepare import prepare
from monespace_cli.ingest.straighten.pipeline import Straightened, half_turned, straighten
from monespace_cli.ingest.straighten.step import Step
from monespace_cli.record.document import HARD_TO_READ

if TYPE_CHECKING:
    from PIL.Image import Image

_SURE: Final = 0.70
"""Confidence of a page that stands upright, however bad. Measured on the sample papers: 0.14–0.45 upside down."""


@dataclass(frozen=True, slots=True)
class ReadImage:
    """What an engine read, and the steps that made the image it read."""

    page: RecognisedPage
    steps: tuple[str, ...]
    size: tuple[int, int]
    """Width and height of the image that was read, in pixels; the boxes of the words are in it."""


def read_image(engine: OcrEngine, image: "Image") -> ReadImage:
    """Return the reading of an image that is surest of itself.

    Raises:
        UnreadableInputError: `reader-failed`: the engine could not work on it.
    """
    straight = straighten(image)
    best = _read(engine, straight)
    if best.page.confidence < _SURE:
        best = max(best, _read(engine, half_turned(straight)), key=_sureness)
    # A line or two of print hold more steps across than along, and look as if they lay on their side: there, doubt comes sooner.
    doubtful = _SURE if Step.TURNED_QUARTER in straight.steps else HARD_TO_READ
    if best.page.confidence < doubtful and straight.steps:
        plain = prepare(image)
        best = max(best, ReadImage(engine.recognise(plain), (), plain.size), key=_sureness)
    return best


def _read(engine: OcrEngine, page: Straightened) -> ReadImage:
    return ReadImage(engine.recognise(page.image), page.steps, page.image.size)


def _sureness(read: ReadImage) -> float:
    return read.page.confidence
