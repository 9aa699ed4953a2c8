"""Hostile files through the real child: each costs bounded time and memory and gets a code or a page, and the next file is read."""

import os
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.candidates import to_json
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.problems import Code
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.ingest.walk import FoundFile, Problem, printable, read_bounded, walk
from tests.ingest.papers import encoded, page, pdf_with_text
from tests.ingest.samples import CT, RTF, code, heic, page_with, raw_pdf, stream

SMALL = page(["one"], size=(240, 120), mode="RGB")

SAMPLES = {
    "jpeg": encoded(SMALL, "JPEG"),
    "png": encoded(SMALL, "PNG"),
    "tiff": encoded(SMALL, "TIFF", compression="tiff_lzw", save_all=True, append_images=[SMALL]),
    "webp": encoded(SMALL, "WEBP"),
    "heic": heic(SMALL),
    "scan": encoded(SMALL, "PDF"),
    "pdf": pdf_with_text("Laboratory report"),
    "code": encoded(page_with(code("code", scale=3), size=(400, 300)), "PNG"),
    "dicom": CT,
    "rtf": RTF,
}


def fonts(count: int) -> bytes:
    names = b"".join(b"/F%d<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>" % number for number in range(count))
    return raw_pdf(stream(b"".join(b"BT /F%d 9 Tf (a) Tj ET " % number for number in range(count))), b"<</Font<<" + names + b">>>>")


def picture_bomb() -> bytes:
    packed = zlib.compress(bytes(12_000 * 12_000), 9)
    words = b"/Type/XObject/Subtype/Image/Width 12000/Height 12000/BitsPerComponent 8/ColorSpace/DeviceGray/Filter/FlateDecode"
    return raw_pdf(stream(b"q 595 0 0 842 0 0 cm /I Do Q"), b"<</XObject<</I 5 0 R>>>>", stream(packed, words))


def forms_in_themselves() -> bytes:
    words = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F 5 0 R>>>>"
    return raw_pdf(stream(b"/F Do"), b"<</XObject<</F 5 0 R>>>>", stream(b"/F Do", words))


PAGE = raw_pdf(stream(b""), b"<<>>")

HOSTILE: dict[str, Callable[[], bytes]] = {
    "a hundred thousand pages, stated": lambda: raw_pdf(stream(b""), b"<<>>", pages=b"/Count 100000"),
    "less than no pages": lambda: raw_pdf(stream(b""), b"<<>>", pages=b"/Count -5"),
    "pages that are their own pages": lambda: PAGE.replace(b"/Kids[3 0 R]", b"/Kids[2 0 R]"),
    "objects in objects": lambda: raw_pdf(stream(b""), b"[" * 100_000 + b"]" * 100_000),
    "operators in operators": lambda: raw_pdf(stream(b"q " * 100_000 + b"[" * 100_000), b"<<>>"),
    "fonts without end": lambda: fonts(3_000),
    "a picture of 144 megapixels in 140 kB": picture_bomb,
    "a form in itself": forms_in_themselves,
    "a page as large as the world": lambda: raw_pdf(stream(b""), b"<<>>", page=b"/MediaBox[0 0 1e30 1e30]"),
    "a page without size": lambda: raw_pdf(stream(b""), b"<<>>", page=b"/MediaBox[0 0 0 0]"),
    "one row of pixels": lambda: encoded(Image.new("L", (60_000, 1)), "PNG"),
    "groups without end": lambda: rb"{\rtf1" + b"{" * 1_000_000,
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_file_costs_itself(reader: Reader, make: Callable[[], bytes]) -> None:
    started = time.monotonic()
    try:
        assert reader.read(make(), IngestOptions()).pages
    except UnreadableInputError as error:
        assert error.code in set(Code)
    assert time.monotonic() - started < 30
    assert reader.read(b"good", IngestOptions()).pages[0].text == "good"


def test_a_run_over_a_folder_of_all_kinds_goes_on(reader: Reader, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "zero").symlink_to("/dev/zero")
    (tmp_path / "empty").touch()
    (tmp_path / "sparse").touch()
    os.truncate(tmp_path / "sparse", 2 << 30)
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xe9t\xe9\n")).write_bytes(b"good")
    (tmp_path / "z.pdf").write_bytes(HOSTILE["pages that are their own pages"]())
    became = {printable(item.path.name): outcome(reader, item) for item in walk([tmp_path])}
    assert became == {
        "pipe": "not-a-file",
        "empty": "empty-file",
        "sparse": "file-too-large",
        "\\xe9t\\xe9\\n": "good",
        "z.pdf": "damaged-file",
    }


def test_a_hundred_thousand_pages_are_refused_at_once(reader: Reader) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        reader.read(HOSTILE["a hundred thousand pages, stated"](), IngestOptions())
    assert caught.value.code == "too-many-pages"


def test_the_child_stays_within_its_memory(reader: Reader) -> None:
    reader.read(picture_bomb(), IngestOptions())
    process = reader._worker._process
    assert process is not None
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
    peak = int(status.split("VmHWM:")[1].split()[0])
    assert peak < 1024 * 1024


@pytest.mark.parametrize("data", SAMPLES.values(), ids=SAMPLES)
@pytest.mark.parametrize("keep", [0.02, 0.3, 0.7, 0.98])
@pytest.mark.filterwarnings("ignore")
def test_a_truncated_file_has_a_code_or_pages(data: bytes, keep: float) -> None:
    read_all(data[: int(len(data) * keep)])


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(sorted(SAMPLES)), st.data())
def test_a_corrupted_file_has_a_code_or_pages(name: str, draw: st.DataObject) -> None:
    data = bytearray(SAMPLES[name])
    for _ in range(draw.draw(st.integers(1, 8))):
        data[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    read_all(bytes(data))


def outcome(reader: Reader, item: FoundFile | Problem) -> str:
    """Return a file's text, or the code with which it was refused."""
    if isinstance(item, Problem):
        return item.code
    try:
        return reader.read(read_bounded(item), IngestOptions()).pages[0].text
    except UnreadableInputError as error:
        return error.code


def read_all(data: bytes) -> None:
    """Read everything that a file has, in this process; nothing but our errors may come out."""
    try:
        document = open_document(data)
        for number in range(1, min(document.page_count, 3) + 1):
            assert isinstance(document.text(number), str)
            assert len(to_json(document.candidates(number))) >= 0
            if not document.text(number):
                assert document.image(number).width > 0
    except UnreadableInputError as error:
        assert error.code in set(Code)
