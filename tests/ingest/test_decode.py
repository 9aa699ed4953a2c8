"""Files are opened by content and within bounds; whatever is wrong with them has a code."""

import sys
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import run
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import OpenDocument, open_document
from monespace_cli.record.document import TextSource
from tests.ingest.papers import encoded, page, pdf, pdf_with_text
from tests.ingest.samples import CT, RTF

SMALL = page(["one"], size=(300, 200), mode="RGB")
FILES = [encoded(SMALL, kind) for kind in ("JPEG", "PNG", "TIFF", "PDF")]


def code_of(data: bytes, number: int = 1) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        open_document(data).image(number)
    return caught.value.code


def summary(document: OpenDocument) -> tuple[str, int, TextSource]:
    return document.media_type, document.page_count, document.own_text


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_images_have_one_page_without_text(kind: str) -> None:
    document = open_document(encoded(SMALL, kind))
    assert summary(document) == (f"image/{kind.lower()}", 1, TextSource.NONE)
    assert document.text(1) == ""
    assert document.image(1).size == (300, 200)


def test_a_tiff_has_all_its_pages_in_any_order() -> None:
    sizes = [(300, 200), (20, 30), (40, 50)]
    first, *more = [page([], size=size) for size in sizes]
    document = open_document(encoded(first, "TIFF", save_all=True, append_images=more))
    assert document.page_count == 3
    assert [document.image(number).size for number in (3, 1, 2)] == [sizes[2], sizes[0], sizes[1]]


def test_an_animated_png_is_one_page() -> None:
    assert open_document(encoded(SMALL, "PNG", save_all=True, append_images=[page([], size=(300, 200), mode="RGB")])).page_count == 1


@pytest.mark.parametrize(("orientation", "corner"), [(1, (0, 0)), (3, (29, 19)), (6, (19, 0)), (8, (0, 29))])
@pytest.mark.parametrize("kind", ["JPEG", "TIFF"])
def test_exif_orientation_is_applied(kind: str, orientation: int, corner: tuple[int, int]) -> None:
    image = Image.new("L", (30, 20), 255)
    image.paste(0, (0, 0, 8, 8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned = open_document(encoded(image, kind, exif=exif)).image(1)
    value = turned.getpixel(corner)
    assert isinstance(value, int)
    assert value < 60


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_a_broken_exif_block_does_not_cost_the_picture() -> None:
    assert open_document(encoded(SMALL, "JPEG", exif=b"Exif\0\0MM\0*\xff\xff\xff\xff")).image(1).size == (300, 200)


def test_a_decompression_bomb_is_refused_before_it_is_decoded() -> None:
    data = encoded(Image.new("1", (20_001, 10_000)), "PNG")
    assert len(data) < 40_000
    assert code_of(data) == "too-many-pixels"


def test_a_bomb_on_the_second_page_is_refused_too() -> None:
    data = encoded(SMALL.convert("1"), "TIFF", compression="group4", save_all=True, append_images=[Image.new("1", (20_001, 10_000))])
    assert open_document(data).image(1).size == (300, 200)
    assert code_of(data, number=2) == "too-many-pixels"


def test_a_pdf_page_of_any_stated_size_is_drawn_within_bounds() -> None:
    image = open_document(pdf(1, width=14_000, height=14_000)).image(1)
    assert 0.9 * limits.MAX_RENDER_PIXELS < image.width * image.height <= limits.MAX_RENDER_PIXELS * 1.01


def test_an_a4_page_is_drawn_at_200_dpi() -> None:
    image = open_document(pdf(1)).image(1)
    assert (image.mode, image.size) == ("L", (1653, 2339))


def test_a_text_layer_is_read_page_by_page() -> None:
    document = open_document(pdf_with_text("Hemoglobin 13.5 g/dL\nsecond line", "page two"))
    assert summary(document) == ("application/pdf", 2, TextSource.TEXT_LAYER)
    assert [document.text(2), document.text(1)] == ["page two", "Hemoglobin 13.5 g/dL\nsecond line"]


def test_too_many_pages_are_refused() -> None:
    assert open_document(pdf(limits.MAX_PAGES)).page_count == limits.MAX_PAGES
    assert code_of(pdf(limits.MAX_PAGES + 1)) == "too-many-pages"


def test_a_pdf_without_pages_is_damaged() -> None:
    assert code_of(pdf(0)) == "damaged-file"
    assert code_of(pdf_with_text("text", password="secret")) == "encrypted-pdf"
    assert code_of(pdf(0)) == "damaged-file"  # whatever PDFium said of the file before


def test_a_pdf_with_a_password_says_so() -> None:
    assert code_of(pdf_with_text("text", password="secret")) == "encrypted-pdf"


def test_plain_text_has_pages_between_form_feeds() -> None:
    document = open_document("première\fsecond\f".encode("cp1252"))
    assert summary(document) == ("text/plain", 2, TextSource.PLAIN)
    assert document.text(1) == "première"


@pytest.mark.parametrize("data", FILES, ids=["jpeg", "png", "tiff", "pdf"])
@pytest.mark.parametrize("keep", [0.05, 0.5, 0.8])
def test_a_truncated_file_is_damaged_or_still_whole(data: bytes, keep: float) -> None:
    try:
        size = open_document(data[: int(len(data) * keep)]).image(1).size
    except UnreadableInputError as error:
        assert error.code in {"damaged-file", "no-pages"}
    else:
        assert data.startswith(b"%PDF"), size


def test_a_truncated_jpeg_is_damaged() -> None:
    assert code_of(FILES[0][:-200]) == "damaged-file"


@given(st.sampled_from(FILES), st.data())
def test_corrupted_files_raise_nothing_but_ours(data: bytes, draw: st.DataObject) -> None:
    corrupted = bytearray(data)
    for _ in range(draw.draw(st.integers(1, 8))):
        corrupted[draw.draw(st.integers(0, len(data) - 1))] = draw.draw(st.integers(0, 255))
    try:
        document = open_document(bytes(corrupted))
        document.text(1)
        assert document.image(1).width > 0
    except UnreadableInputError as error:
        assert error.code != "unreadable-input"


def test_random_bytes_behind_a_signature_are_damaged() -> None:
    for data in FILES:
        assert code_of(data[:12] + BytesIO(bytes(range(256)) * 8).read()) == "damaged-file"


@pytest.mark.parametrize(
    ("data", "loaded"),
    [
        (b"text", []),
        (RTF, []),
        (FILES[0], ["PIL"]),
        (FILES[3], ["PIL", "pypdfium2"]),
        (CT, ["PIL", "pydicom"]),
    ],
    ids=["text", "rtf", "jpeg", "pdf", "dicom"],
)
def test_only_the_decoder_that_is_needed_is_loaded(data: bytes, loaded: list[str]) -> None:
    program = f"""
import sys
from monespace_cli.ingest.decode import open_document
open_document({data!r})
print(sorted({{"PIL", "pillow_heif", "pydicom", "pypdfium2", "zxingcpp"}} & set(sys.modules)))
"""
    assert run([sys.executable, "-"], input=program.encode(), timeout=60).output.decode() == f"{loaded}\n"
