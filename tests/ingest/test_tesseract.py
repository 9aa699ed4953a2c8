"""Both ways to tesseract, on real pages; and what is found where one or both are missing."""

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.ingest import tesseract
from monespace_cli.ingest.engine import OcrEngine, RecognisedPage
from monespace_cli.ingest.tesseract import TesseractLibrary, TesseractProgram, find_engine, parse_words
from monespace_cli.record.document import Word
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


def test_it_says_who_reads(engine: OcrEngine) -> None:
    info = engine.info()
    assert info.name == ("tesserocr" if isinstance(engine, TesseractLibrary) else "tesseract")
    assert info.version[0].isdigit()
    assert {"fra", "eng"} <= set(info.languages)
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


def test_language_data_is_looked_for_in_the_usual_places() -> None:
    assert next(iter(tesseract._system_folders())).joinpath("fra.traineddata").is_file()


def test_noise_counts_for_the_confidence_but_is_no_text() -> None:
    rows = [("1", "96.5", "Docteur"), ("1", "95.5", "CLÉMENT"), ("1", "8", "|‖|"), ("2", "100", "1\tcomprimé"), ("2", "0", " ")]
    table = "level\tpage\n" + "\n".join(f"5\t1\t1\t1\t{line}\t1\t0\t0\t9\t9\t{sure}\t{word}" for line, sure, word in rows)
    read = parse_words(table)
    assert read.text == "Docteur CLÉMENT\n1comprimé"  # a word has nothing in it that parts words
    assert read.confidence == pytest.approx(0.75)
    assert read.words[1] == Word("CLÉMENT", 0, 0, 9, 9, 0.955)


def test_a_word_knows_where_it_stands(engine: OcrEngine) -> None:
    first = engine.recognise(page()).words[0]
    assert first.text == "Docteur"
    assert (first.left, first.top) == pytest.approx((80, 85), abs=12)
    assert first.width > 4 * first.height / 2 > 20


@given(st.text())
def test_a_table_that_is_none_is_an_empty_page(table: str) -> None:
    assert parse_words(table) == RecognisedPage("", 0.0)


def test_a_word_that_looks_like_those_beside_it_is_text_though_it_was_hardly_read() -> None:
    def text(height: int, word: str, beside: int = 96) -> str:
        rows = [(30, beside, "Docteur"), (32, beside, "Thierry"), (height, 1, word)]
        return parse_words("\n".join(f"5\t1\t1\t1\t1\t1\t0\t0\t90\t{high}\t{sure}\t{each}" for high, sure, each in rows)).text

    assert text(30, "CLÉMENT") == "Docteur Thierry CLÉMENT"
    assert text(60, "CLÉMENT") == text(30, "LIU") == text(30, "CL|MENT") == "Docteur Thierry"
    assert text(30, "CLÉMENT", beside=60) == "Docteur Thierry"
