"""Files through the real child and tesseract: what comes out, what faulty files and faulty children cost, and life without OCR."""

import os
import sys
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import Worker, run
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.problems import Code, Notice, unreadable
from monespace_cli.ingest.reader import PORTION_PAGES, IngestOptions, Reader
from monespace_cli.record.document import TextSource
from tests.ingest.conftest import NOW
from tests.ingest.papers import PRESCRIPTION, encoded, page, pdf, pdf_with_text

LAYER = "Laboratory report of somebody who does not exist\nHaemoglobin 13.5 g/dL"

CHILD = """
import os, signal, sys, time
from monespace_cli.bounds.child import serve
from monespace_cli.ingest.worker import Desk
desk = Desk()
GOOD = {'source': 'ocr', 'confidence': 1.0, 'notices': [], 'steps': [], 'candidates': [], 'text_size': 99, 'size': [0, 0]}
def handle(header, payload):
    if header["do"] == "page":
        FAULT
    return desk.handle(header, payload)
serve(handle)
"""

DEFAULT = IngestOptions()

STRIP = (273, 279)
"""TIFF 6.0 §8: StripOffsets, StripByteCounts."""

KILLED = "os.kill(os.getpid(), signal.SIGKILL)"


def code_of(reader: Reader, data: bytes, options: IngestOptions = DEFAULT) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        reader.read(data, options)
    return caught.value.code


@pytest.fixture
def faulty() -> Iterator[Callable[[str], Reader]]:
    """Return a maker of readers whose child does something else first when it is asked for a page."""
    made: list[Reader] = []

    def make(fault: str) -> Reader:
        reader = Reader(lambda: NOW, Worker(["-c", CHILD.replace("FAULT", fault)]))
        made.append(reader)
        return reader

    yield make
    for reader in made:
        reader.close()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "PDF"])
def test_a_picture_of_a_page_is_read(reader: Reader, kind: str) -> None:
    document = reader.read(encoded(page(), kind, resolution=150), IngestOptions())
    [first] = document.pages
    assert (first.number, first.source) == (1, TextSource.OCR)
    assert first.text.splitlines() == list(PRESCRIPTION)
    assert 0.85 < document.confidence <= 1.0
    assert document.notices == ()
    best = {name: found.value for name in ("kind", "date", "practitioner", "title") if (found := document.best(name))}
    assert best == {"kind": "prescription", "date": "2019-06-10", "practitioner": "Thierry CLERMONT", "title": "ORDONNANCE"}


def test_born_digital_text_is_taken_as_it_is(reader: Reader) -> None:
    document = reader.read(pdf_with_text(LAYER, LAYER), IngestOptions())
    assert document.media_type == "application/pdf"
    assert [(page.number, page.text, page.confidence, page.source) for page in document.pages] == [
        (number, LAYER, 1.0, TextSource.TEXT_LAYER) for number in (1, 2)
    ]


def test_a_page_with_little_text_is_recognised_unless_that_gives_nothing(reader: Reader) -> None:
    for ocr, source in ((True, TextSource.OCR), (False, TextSource.TEXT_LAYER)):
        [first] = reader.read(pdf_with_text("Page 1 of 1"), IngestOptions(languages=("eng",), ocr=ocr)).pages
        assert (first.text, first.source) == ("Page 1 of 1", source)


def test_plain_text_is_kept(reader: Reader) -> None:
    document = reader.read("Ordonnance\r\nà renouveler".encode("cp1252"), IngestOptions())
    assert document.media_type == "text/plain"
    assert document.pages[0].text == "Ordonnance\nà renouveler"
    assert document.pages[0].source is TextSource.PLAIN


def test_a_page_with_too_much_text_is_cut_and_says_so(reader: Reader) -> None:
    document = reader.read("é".encode() * (limits.MAX_TEXT_PER_PAGE + 1), IngestOptions())
    assert len(document.pages[0].text) == limits.MAX_TEXT_PER_PAGE
    assert document.notices == (Notice.TEXT_CUT,)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.EMPTY),
        (b"PK\x03\x04", Code.UNSUPPORTED),
        (encoded(page(), "JPEG")[:-500], Code.DAMAGED),
        (b"%PDF-1.7 nothing else", Code.DAMAGED),
        (pdf(0), Code.DAMAGED),
        (pdf(limits.MAX_PAGES + 1), Code.TOO_MANY_PAGES),
        (pdf_with_text("text", password="secret"), Code.ENCRYPTED_PDF),
        (bytes(limits.MAX_FILE_BYTES + 1), Code.TOO_LARGE),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_read_has_a_code(reader: Reader, data: bytes, code: Code) -> None:
    assert code_of(reader, data) == code


def test_one_damaged_page_does_not_cost_the_others(reader: Reader) -> None:
    data = bytearray(encoded(page(["page one"]), "TIFF", compression="tiff_lzw", save_all=True, append_images=[page(["page two"])]))
    with Image.open(BytesIO(data)) as image:
        image.seek(1)
        start, size = (image.getexif()[tag][0] for tag in STRIP)
    data[start : start + size] = b"\xff" * size
    document = reader.read(bytes(data), IngestOptions())
    assert [page.text for page in document.pages] == ["page one", ""]
    assert document.pages[1].source is TextSource.NONE
    assert document.notices == (Notice.PAGE_UNREADABLE,)


def test_without_language_data_all_but_ocr_works(reader: Reader, tmp_path: Path) -> None:
    bare = IngestOptions(language_data=tmp_path)
    assert reader.probe(bare) is None
    assert reader.read(pdf_with_text(LAYER), bare).pages[0].text == LAYER
    assert reader.read(b"text", bare).notices == ()
    for data in (encoded(page(), "JPEG"), pdf(1)):
        document = reader.read(data, bare)
        assert document.notices == (Notice.OCR_MISSING,)
        assert (document.pages[0].source, document.confidence) == (TextSource.NONE, 0.0)
    assert code_of(reader, b"\x00", bare) == Code.UNSUPPORTED


def test_without_the_library_the_program_reads_in_the_confined_child(faulty: Callable[[str], Reader]) -> None:
    document = faulty("sys.modules['tesserocr'] = None").read(encoded(page(), "PNG"), IngestOptions())
    assert document.pages[0].text.splitlines() == list(PRESCRIPTION)


def test_without_library_and_program_all_but_ocr_works(faulty: Callable[[str], Reader], tmp_path: Path) -> None:
    reader = faulty(f"sys.modules['tesserocr'] = None; os.environ['PATH'] = {str(tmp_path)!r}")
    assert reader.read(encoded(page(), "PNG"), IngestOptions()).notices == (Notice.OCR_MISSING,)
    assert reader.read(pdf_with_text(LAYER), IngestOptions()).pages[0].text == LAYER


def test_a_page_knows_what_was_done_to_it_and_where_its_words_stand(reader: Reader) -> None:
    [plain] = reader.read(encoded(page(size=(2480, 1800)), "PNG"), IngestOptions()).pages
    assert plain.steps == ("resized",)
    [boxed] = reader.read(encoded(page(), "PNG"), IngestOptions()).pages
    for read in (plain, boxed):
        assert [word.text for word in read.words] == read.text.split()
        assert all(word.width > 0 and word.confidence > 0.3 for word in read.words)
        assert all(word.left + word.width <= read.size[0] and word.top + word.height <= read.size[1] for word in read.words)
    assert boxed.size == page().size


def test_ocr_can_be_left_out(reader: Reader) -> None:
    document = reader.read(encoded(page(), "PNG"), IngestOptions(ocr=False))
    assert document.notices == (Notice.OCR_OFF,)


def test_it_says_which_engine_reads(reader: Reader) -> None:
    info = reader.probe(IngestOptions())
    assert info is not None
    assert info.name in {"tesserocr", "tesseract"}
    assert "fra" in info.languages


def test_a_page_that_kills_the_child_costs_that_page(faulty: Callable[[str], Reader]) -> None:
    document = faulty(f"if header['number'] == 2: {KILLED}").read(b"one\fhostile\fthree", IngestOptions())
    assert [page.text for page in document.pages] == ["one", "", "three"]
    assert document.notices == (Notice.PAGE_UNREADABLE,)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (KILLED, Code.READER_CRASHED),
        ("bytearray(1 << 40)", Code.READER_OUT_OF_MEMORY),
        ("1 / 0", Code.READER_FAILED),
        (
            "return {**GOOD, 'confidence': 2.0}, b''",
            Code.READER_GARBLED,
        ),
        (
            "return {**GOOD, 'confidence': float('nan')}, b''",
            Code.READER_GARBLED,
        ),
        (
            "return {**GOOD, 'source': 'elsewhere'}, b''",
            Code.READER_GARBLED,
        ),
        ("return {**GOOD, 'notices': ['\\x1b[2J']}, b''", Code.READER_GARBLED),
        ("return {**GOOD, 'notices': 7}, b''", Code.READER_GARBLED),
        (
            "return GOOD, b'\\xff'",
            Code.READER_GARBLED,
        ),
        (
            "return {**GOOD, 'candidates': [['rank', 'x', 1.0]]}, b''",
            Code.READER_GARBLED,
        ),
        (
            "return {**GOOD, 'candidates': [['lot', 'x']]}, b''",
            Code.READER_GARBLED,
        ),
        ("return {}, b''", Code.READER_GARBLED),
        ("return {'error': 'made-up'}, b''", Code.READER_FAILED),
    ],
)
def test_a_faulty_child_costs_one_file(faulty: Callable[[str], Reader], fault: str, code: Code) -> None:
    reader = faulty(f"if not desk._document.text(1).startswith('good'): {fault}")
    assert code_of(reader, b"hostile") == code
    assert reader.read(b"good", IngestOptions()).pages[0].text == "good"


def test_a_child_that_hangs_costs_its_time(faulty: Callable[[str], Reader], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PAGE_SECONDS", 0.3)
    assert code_of(faulty("time.sleep(60)"), b"hostile") == Code.READER_TIMED_OUT


def test_a_document_that_keeps_killing_the_child_is_given_up(faulty: Callable[[str], Reader]) -> None:
    reader = faulty(f"if header['number'] > 1: {KILLED}")
    assert code_of(reader, b"\f".join([b"page"] * 50)) == Code.READER_CRASHED
    assert reader._worker.ensure() <= limits.MAX_RESTARTS + PORTION_PAGES + 1


def test_control_characters_do_not_reach_the_terminal(faulty: Callable[[str], Reader]) -> None:
    reader = faulty(r"return GOOD, b'\x1b[2Ja\tb\nc\r\x00\xc2\x9bd'")
    assert reader.read(b"x", IngestOptions()).pages[0].text == "[2Ja\tb\ncd"


def test_a_child_ends_with_its_reader() -> None:
    with Reader(lambda: NOW) as reader:
        assert reader._worker._process is None
        reader.read(b"text", IngestOptions())
        assert reader._worker._process is not None
        pid = reader._worker._process.pid
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


def test_decoders_are_never_loaded_beside_the_keys() -> None:
    program = """
import sys
from monespace_cli.ingest import reader, walk
with reader.Reader(lambda: None) as opened:
    opened.probe(reader.IngestOptions())
print(sorted({"PIL", "pypdfium2", "tesserocr", "monespace_cli.ingest.decode"} & set(sys.modules)))
"""
    assert run([sys.executable, "-c", program], timeout=60).output == b"[]\n"


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_message_and_says_what_to_do(code: Code) -> None:
    error = unreadable(code)
    assert error.code == code
    assert error.message
    assert error.hint
