"""The interface to whatever recognises text in an image; the engines behind it know nothing of documents.

A page that is read with little confidence may lie on its side or upside down: then its orientation is asked for, which costs as much as
reading half a page, and the better of both readings counts. Everything else that straightens a page comes before.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from monespace_cli.record.document import HARD_TO_READ

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """The text of an image, line by line as printed, and the mean confidence of its words, 0–1 (0 without words)."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """Which engine reads, for `doctor`: its name, version, the languages it has and where their data lies."""

    name: str
    version: str
    languages: tuple[str, ...]
    language_data: str


class OcrEngine(Protocol):
    """Recognises text in grey images (mode `L`)."""

    def recognise(self, image: "Image") -> RecognisedPage:
        """Return the text of an image that stands upright.

        Raises:
            UnreadableInputError: `reader-failed`: the engine could not work on it.
        """

    def orientation(self, image: "Image") -> int:
        """Return by how many degrees the image must be turned counter-clockwise to stand upright: 0, 90, 180 or 270; 0 if unknown."""

    def info(self) -> EngineInfo:
        """Return which engine this is."""


def recognise_upright(engine: OcrEngine, image: "Image") -> RecognisedPage:
    """Return the text of an image, turned to stand upright where it could hardly be read as it lies."""
    page = engine.recognise(image)
    if page.confidence >= HARD_TO_READ:
        return page
    angle = engine.orientation(image)
    if angle == 0:
        return page
    turned = engine.recognise(image.rotate(angle, expand=True))
    return max(page, turned, key=lambda reading: reading.confidence)
