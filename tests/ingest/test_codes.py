"""Codes are found on pages, turned and photographed, within bounds; a page they spoil is still a page."""

import time

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from monespace_cli.bounds import limits
from monespace_cli.ingest.codes import read_codes
from monespace_cli.ingest.payloads import PrintedCode
from tests.ingest.papers import page
from tests.ingest.samples import BOX, CIP13, PERSON, code, page_with

QR = zxingcpp.BarcodeFormat.QRCode
ADDRESS = "https://example.org/rendez-vous"


def test_codes_of_all_kinds_are_found() -> None:
    paper = page_with(code(BOX, gs1=True), code(PERSON), code(ADDRESS, QR))
    assert set(read_codes(paper)) == {
        PrintedCode("DataMatrix", f"010{CIP13}1728020010AB12\x1d21S0001", is_gs1=True),
        PrintedCode("DataMatrix", PERSON),
        PrintedCode("QRCode", ADDRESS),
    }


def test_a_page_without_codes_has_none() -> None:
    assert read_codes(page()) == ()


@pytest.mark.parametrize("angle", [7, 90, 180, 263])
def test_turned(angle: int) -> None:
    paper = page_with(code(ADDRESS, QR), code(PERSON)).rotate(angle, expand=True, fillcolor=255)
    assert {found.text for found in read_codes(paper)} == {ADDRESS, PERSON}


@pytest.mark.parametrize("mode", ["RGB", "L", "1", "P", "RGBA", "I;16"])
def test_any_mode(mode: str) -> None:
    paper = page_with(code(ADDRESS, QR))
    if mode == "I;16":
        paper = Image.fromarray(np.asarray(paper, dtype=np.uint16) * 257)
    assert [found.text for found in read_codes(paper if mode == "I;16" else paper.convert(mode))] == [ADDRESS]


def test_a_large_photo_is_made_small_first_and_costs_little() -> None:
    photo = page_with(code(ADDRESS, QR)).resize((3000, 4243)).filter(ImageFilter.GaussianBlur(2)).convert("RGB")
    started = time.process_time()
    assert [found.text for found in read_codes(photo)] == [ADDRESS]
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("size", "seen"), [((3024, 4032), (1008, 1344)), ((2480, 3508), (1240, 1754)), ((1654, 2339), (1654, 2339)), ((9, 9), (9, 9))]
)
def test_a_page_is_looked_at_in_a_size_that_costs_little(
    monkeypatch: pytest.MonkeyPatch, size: tuple[int, int], seen: tuple[int, int]
) -> None:
    sizes = []

    def look(image: Image.Image, **_options: object) -> list[zxingcpp.Barcode]:
        sizes.append(image.size)
        return []

    monkeypatch.setattr(zxingcpp, "read_barcodes", look)
    assert read_codes(Image.new("RGB", size)) == ()
    assert sizes == [seen]


def test_number_and_length_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    paper = page_with(code("A" * 20), code("B" * 20), code("C" * 20))
    monkeypatch.setattr(limits, "MAX_CODES_PER_PAGE", 2)
    assert len(read_codes(paper)) == 2
    monkeypatch.setattr(limits, "MAX_CODE_TEXT", 30)
    assert len(read_codes(paper)) == 1


def test_a_failing_library_costs_the_codes_and_not_the_page(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(zxingcpp, "read_barcodes", fail)
    assert read_codes(page()) == ()
