"""The interface to whatever recognises text in an image; the engines behind it know nothing of documents.

How an image is straightened before, and what happens when it is hardly read, is `reading`'s.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from monespace_cli.record.document import Word

if TYPE_CHECKING:
    from PIL.Image import Image


@dataclass(frozen=True, slots=True)
class RecognisedPage:
    """The text of an image, line by line as printed, the mean confidence of its words, 0–1 (0 without words), and where they stand."""

    text: str
    confidence: float
    words: tuple[Word, ...] = ()
    """Those of the text, in its order: none has a space in it."""


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

    def info(self) -> EngineInfo:
        """Return which engine this is."""
