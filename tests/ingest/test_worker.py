"""What the child does with a page, here in this process: which of a page's texts counts, and what is cut."""

from pathlib import Path

import pytest

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.problems import Notice
from monespace_cli.ingest.worker import Desk, ReadPage, read_page
from monespace_cli.record.document import TextSource
from tests.ingest.papers import encoded, page, pdf_with_text
from tests.ingest.test_reading import Counting

OPTIONS = {"ocr": True, "languages": ["fra"], "language_data": None, "engine": ""}


def test_the_engine_reads_only_what_is_no_text() -> None:
    texts = pdf_with_text("Laboratory report of somebody who does not exist", "stamp")
    engine = Counting(0.9, 0.9)
    document = open_document(texts)
    words, size = document.words(1)
    assert read_page(document, 1, engine, ocr=True) == ReadPage(document.text(1), TextSource.TEXT_LAYER, 1.0, words=words, size=size)
    recognised = read_page(document, 2, engine, ocr=True)
    assert (recognised.text, recognised.source, recognised.confidence) == ("reading 1", TextSource.OCR, 0.9)
    assert recognised.size == engine.images[0].size
    assert len(engine.images) == 1


def test_the_engine_gets_a_page_of_a_size_that_is_read_well() -> None:
    engine = Counting(0.9)
    read_page(open_document(encoded(page(size=(3000, 4000), mode="RGB"), "JPEG")), 1, engine, ocr=True)
    assert [image.size for image in engine.images] == [(1703, 2271)]


@pytest.mark.parametrize(("ocr", "notice"), [(True, Notice.OCR_MISSING), (False, Notice.OCR_OFF)])
def test_without_an_engine_a_notice_says_why(ocr: bool, notice: Notice) -> None:
    picture, stamp = open_document(encoded(page(), "PNG")), open_document(pdf_with_text("stamp"))
    assert read_page(picture, 1, None, ocr=ocr) == ReadPage("", TextSource.NONE, 0.0, (notice,))
    words, size = stamp.words(1)
    assert read_page(stamp, 1, None, ocr=ocr) == ReadPage("stamp", TextSource.TEXT_LAYER, 1.0, (notice,), words=words, size=size)


def test_requests_are_answered(tmp_path: Path) -> None:
    desk = Desk()
    assert desk.handle({"do": "open"}, "é".encode() * (limits.MAX_TEXT_PER_PAGE + 1)) == ({"media_type": "text/plain", "pages": 1}, b"")
    header, payload = desk.handle({"do": "page", "number": 1, **OPTIONS}, b"")
    said = {"source": "plain", "confidence": 1.0, "notices": ["text-cut"], "steps": (), "candidates": []}
    assert header == {**said, "text_size": 400_000, "size": (0, 0)}
    assert payload == "é".encode() * limits.MAX_TEXT_PER_PAGE + b"[]"
    assert desk.handle({"do": "probe", **OPTIONS}, b"")[0]["name"] in {"tesserocr", "tesseract"}
    assert desk.handle({"do": "probe", **OPTIONS, "language_data": str(tmp_path)}, b"") == ({}, b"")


@pytest.mark.parametrize("request_header", [{"do": "dance"}, {"do": "page", "number": 1, **OPTIONS}])
def test_a_request_out_of_turn_is_refused(request_header: dict[str, object]) -> None:
    with pytest.raises(UnreadableInputError):
        Desk().handle(request_header, b"")
