"""Both ways to tesseract, on real pages; and what is found where one or both are missing."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from monespace_cli.ingest import tesseract
from monespace_cli.ingest.engine import EngineInfo, OcrEngine, RecognisedPage, recognise_upright
from monespace_cli.ingest.tesseract import TesseractLibrary, TesseractProgram, find_engine, parse_words
from tests.ingest.papers import PRESCRIPTION, page


@pytest.fixture(params=["library", "program"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> OcrEngine:
    if request.param == "program":
        monkeypatch.setitem(sys.modules, "tesserocr", None)
    found = find_engine(["fra"])
    assert isinstance(found, TesseractLibrary if request.param == "library" else TesseractProgram), "install tesseract with French data"
    return found


def test_print_is_read_row_by_row(engine: OcrEngine) -> None:
    read = engine.recognise(page())
    assert read.text.splitlines() == list(PRESCRIPTION)
    assert 0.85 < read.confidence <= 1.0


def test_an_empty_page_has_no_text(engine: OcrEngine) -> None:
    assert engine.recognise(page([])) == RecognisedPage("", 0.0)


@pytest.mark.parametrize("angle", [90, 180, 270])
def test_a_turned_page_is_set_upright(engine: OcrEngine, angle: int) -> None:
    turned = page(size=(1240, 760)).rotate(-angle, expand=True)
    assert engine.orientation(turned) == angle
    assert recognise_upright(engine, turned).text.splitlines() == list(PRESCRIPTION)


def test_the_orientation_of_an_empty_page_is_unknown(engine: OcrEngine) -> None:
    assert engine.orientation(page([])) == 0


def test_it_says_who_reads(engine: OcrEngine) -> None:
    info = engine.info()
    assert info.name == ("tesserocr" if isinstance(engine, TesseractLibrary) else "tesseract")
    assert info.version[0].isdigit()
    assert {"fra", "eng", "osd"} <= set(info.languages)
    assert Path(info.language_data, "fra.traineddata").is_file()


def test_languages_without_data_are_left_out(tmp_path: Path) -> None:
    assert find_engine(["xyz"]) is None
    assert find_engine(["fra"], tmp_path) is None
    found = find_engine(["xyz", "eng"])
    assert found is not None
    assert found.recognise(page(["Discharge Summary"])).text == "Discharge Summary"


def test_without_library_and_program_there_is_no_engine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(sys.modules, "tesserocr", None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_engine(["fra"]) is None


@pytest.mark.parametrize("kind", [TesseractLibrary, TesseractProgram])
def test_without_orientation_data_pages_stay_as_they_are(tmp_path: Path, kind: type[TesseractLibrary | TesseractProgram]) -> None:
    assert kind(tmp_path, "fra").orientation(page()) == 0


def test_language_data_is_looked_for_in_the_usual_places() -> None:
    assert next(iter(tesseract._system_folders())).joinpath("fra.traineddata").is_file()


class Counting:
    """An engine that reads nothing well, and counts."""

    def __init__(self, *confidences: float, angle: int) -> None:
        self.confidences, self.angle, self.sizes = list(confidences), angle, list[tuple[int, int]]()

    def recognise(self, image: Image.Image) -> RecognisedPage:
        self.sizes.append(image.size)
        return RecognisedPage(f"reading {len(self.sizes)}", self.confidences[len(self.sizes) - 1])

    def orientation(self, image: Image.Image) -> int:
        return self.angle

    def info(self) -> EngineInfo:
        return EngineInfo("counting", "0", (), "")


@pytest.mark.parametrize(
    ("confidences", "angle", "text", "sizes"),
    [
        ((0.60, 0.9), 90, "reading 1", [(2, 3)]),
        ((0.59, 0.9), 90, "reading 2", [(2, 3), (3, 2)]),
        ((0.59, 0.5), 180, "reading 1", [(2, 3), (2, 3)]),
        ((0.10, 0.9), 0, "reading 1", [(2, 3)]),
    ],
)
def test_only_a_page_that_is_hard_to_read_is_turned(
    confidences: tuple[float, float], angle: int, text: str, sizes: list[tuple[int, int]]
) -> None:
    counting = Counting(*confidences, angle=angle)
    assert recognise_upright(counting, Image.new("L", (2, 3))).text == text
    assert counting.sizes == sizes


def test_noise_counts_for_the_confidence_but_is_no_text() -> None:
    rows = [("1", "96.5", "Docteur"), ("1", "95.5", "CLÉMENT"), ("1", "8", "|‖|"), ("2", "100", "1\tcomprimé"), ("2", "0", " ")]
    table = "level\tpage\n" + "\n".join(f"5\t1\t1\t1\t{line}\t1\t0\t0\t9\t9\t{sure}\t{word}" for line, sure, word in rows)
    read = parse_words(table)
    assert read.text == "Docteur CLÉMENT\n1\tcomprimé"
    assert read.confidence == pytest.approx(0.75)


@given(st.text())
def test_a_table_that_is_none_is_an_empty_page(table: str) -> None:
    assert parse_words(table) == RecognisedPage("", 0.0)
