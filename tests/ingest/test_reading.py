"""A page is read once where that is enough, the other way up where it is not, and as it came where straightening did harm."""

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from monespace_cli.ingest.engine import EngineInfo, RecognisedPage
from monespace_cli.ingest.reading import read_image
from monespace_cli.ingest.straighten.step import Step
from monespace_cli.ingest.tesseract import find_engine
from tests.ingest.papers import PRESCRIPTION, page
from tests.ingest.straighten.pictures import bent, print_page


class Counting:
    """An engine that reads nothing well, and counts."""

    def __init__(self, *confidences: float) -> None:
        self.confidences, self.images = list(confidences), list[Image.Image]()

    def recognise(self, image: Image.Image) -> RecognisedPage:
        self.images.append(image)
        return RecognisedPage(f"reading {len(self.images)}", self.confidences[len(self.images) - 1])

    def info(self) -> EngineInfo:
        return EngineInfo("counting", "0", (), "")


@pytest.mark.parametrize(
    ("confidences", "text"),
    [
        ((0.70,), "reading 1"),
        ((0.69, 0.9), "reading 2"),
        ((0.65, 0.3), "reading 1"),
        ((0.3, 0.65), "reading 2"),
        ((0.3, 0.2, 0.25), "reading 1"),
        ((0.3, 0.2, 0.4), "reading 3"),
    ],
)
def test_the_surest_of_as_few_readings_as_needed_counts(confidences: tuple[float, ...], text: str) -> None:
    engine = Counting(*confidences)
    read = read_image(engine, Image.new("L", (2480, 3508), 200))
    assert (read.page.text, len(engine.images)) == (text, len(confidences))
    expected = {
        "reading 1": (Step.RESIZED, Step.LIGHT_EVENED),
        "reading 2": (Step.RESIZED, Step.LIGHT_EVENED, Step.TURNED_HALF),
        "reading 3": (),
    }
    assert read.steps == expected[text]


def test_what_was_not_straightened_is_not_read_as_it_came() -> None:
    engine = Counting(0.1, 0.1)
    assert read_image(engine, Image.new("L", (300, 300), 255)).steps == ()
    assert len(engine.images) == 2


def test_the_second_reading_is_of_the_page_upside_down() -> None:
    engine = Counting(0.1, 0.1, 0.1)
    read_image(engine, Image.fromarray(np.tile(np.arange(100, dtype=np.uint8) * 2, (100, 1))))
    assert np.array_equal(np.asarray(engine.images[1]), np.asarray(engine.images[0])[::-1, ::-1])


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_set_upright(angle: int) -> None:
    engine = find_engine(["fra"])
    assert engine is not None
    assert read_image(engine, page(size=(1240, 760)).rotate(-angle, expand=True)).page.text.splitlines() == list(PRESCRIPTION)


def test_a_bent_page_is_read_as_if_it_were_flat() -> None:
    engine = find_engine(["fra"])
    assert engine is not None
    crooked = Image.fromarray(bent(print_page(), np.array(((0, 0.04, 0), (0, 0.01, 0)), np.float32)))
    read = read_image(engine, crooked)
    assert Step.FLATTENED in read.steps
    whole_lines = [text.count("sachet le soir au coucher, DDN 22/12/1967") for text in (engine.recognise(crooked).text, read.page.text)]
    assert whole_lines[0] < 18
    assert whole_lines[1] == 24


def test_a_single_line_is_not_laid_on_its_side() -> None:
    """One line of print holds more steps from column to column than from row to row, as a page on its side does."""
    engine = find_engine(["fra"])
    assert engine is not None
    picture = Image.new("L", (1000, 300), 255)
    ImageDraw.Draw(picture).text((40, 90), "Ordonnance : amoxicilline 500 mg", fill=0, font=ImageFont.load_default(48))
    assert read_image(engine, picture).page.text.strip() == "Ordonnance : amoxicilline 500 mg"
