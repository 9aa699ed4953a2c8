"""Pictures of every format, within bounds and with whatever they say of themselves."""

import io
import struct
import zlib

import cv2
import numpy as np
import pytest
from PIL import Image, ImageChops, PngImagePlugin, TiffImagePlugin

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.reader import IngestOptions, Reader
from tests.ingest.papers import PRESCRIPTION, encoded, page
from tests.ingest.samples import CIP13, code, heic, page_with

SMALL = page(["one"], size=(300, 200), mode="RGB")


def code_of(data: bytes) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        open_document(data).image(1)
    return caught.value.code


@pytest.mark.parametrize("data", [encoded(SMALL, "WEBP"), encoded(SMALL, "WEBP", lossless=True), encoded(SMALL.convert("RGBA"), "WEBP")])
def test_webp(data: bytes) -> None:
    document = open_document(data)
    assert (document.media_type, document.page_count, document.text(1)) == ("image/webp", 1, "")
    assert document.image(1).size == (300, 200)


@pytest.mark.parametrize("mode", ["RGB", "L", "RGBA"])
def test_heic(mode: str) -> None:
    document = open_document(heic(SMALL.convert(mode)))
    assert (document.media_type, document.page_count) == ("image/heic", 1)
    image = document.image(1).convert("L")
    assert image.size == (300, 200)
    assert image.getextrema() == pytest.approx((0, 255), abs=12)


def test_a_photo_of_a_phone_that_was_held_upright() -> None:
    photo = Image.new("RGB", (320, 240), "white")
    photo.paste("black", (0, 0, 80, 80))
    exif = Image.Exif()
    exif[0x0112] = 6
    turned = open_document(heic(photo, exif=exif.tobytes())).image(1).convert("L")
    assert turned.size == (240, 320)
    assert turned.getpixel((220, 20)) == pytest.approx(0, abs=12)


def test_an_animation_is_one_page() -> None:
    data = encoded(SMALL, "WEBP", save_all=True, append_images=[Image.new("RGB", (300, 200))])
    assert open_document(data).page_count == 1


def test_one_page_is_decoded_once_for_its_text_and_its_codes() -> None:
    document = open_document(encoded(page_with(code(f"[01]0{CIP13}", gs1=True)), "JPEG"))
    assert document.image(1) is document.image(1)
    assert [(found.field, found.value) for found in document.candidates(1)] == [("code", f"DataMatrix 010{CIP13}"), ("cip13", CIP13)]


def test_pages_of_a_tiff_have_their_own_codes() -> None:
    first, second = page_with(code("first")), page_with(code("second"))
    document = open_document(encoded(first, "TIFF", save_all=True, append_images=[second]))
    assert [document.candidates(number)[0].value for number in (2, 1)] == ["DataMatrix second", "DataMatrix first"]


@pytest.mark.parametrize("dpi", [(0, 0), (1, 1), (72, 300), (1_000_000, 1_000_000)])
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF"])
def test_dots_per_inch_that_cannot_be_are_no_error(kind: str, dpi: tuple[int, int]) -> None:
    data = encoded(SMALL, kind, **({} if kind == "JPEG" and dpi[0] > 65535 else {"dpi": dpi}))
    assert open_document(data).image(1).size == (300, 200)


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "WEBP"])
def test_a_bomb_is_refused_before_it_is_decoded(kind: str) -> None:
    options: dict[str, dict[str, object]] = {"TIFF": {"compression": "group4"}, "WEBP": {"lossless": True}}
    image = Image.new("1", (20_001, 10_000)) if kind != "WEBP" else Image.new("RGB", (16, 16))
    data = encoded(image, kind, **options.get(kind, {}))
    if kind == "WEBP":
        sizes = struct.pack("<I", 0x3FFF | 0x3FFF << 14 | 1 << 28)  # RFC 9649 §3.4: 14 bits of width and of height, less one
        data = data[:21] + sizes + data[25:]
    assert len(data) < 60_000
    assert code_of(data) == "too-many-pixels"


def test_a_heic_that_states_a_bomb_is_refused() -> None:
    stated = struct.pack(">II", 300, 200)
    data = heic(SMALL)
    assert stated in data
    assert code_of(data.replace(stated, struct.pack(">II", 30_000, 20_000))) in {"too-many-pixels", "damaged-file"}


def test_remarks_in_a_png_that_unpack_to_much_are_damage() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", "x" * (PngImagePlugin.MAX_TEXT_CHUNK + 1), zip=True)
    assert code_of(encoded(SMALL, "PNG", pnginfo=info)) == "damaged-file"


def test_a_tiff_whose_pages_never_end_is_refused() -> None:
    data = bytearray(encoded(SMALL, "TIFF"))
    start = struct.unpack_from("<I", data, 4)[0]
    entries = struct.unpack_from("<H", data, start)[0]
    directory = bytes(data[start : start + 2 + 12 * entries])
    for _ in range(limits.MAX_PAGES + 1):
        struct.pack_into("<I", data, start + 2 + 12 * entries, len(data))
        start = len(data)
        data += directory + bytes(4)
    assert code_of(bytes(data)) == "too-many-pages"


def test_a_tiff_whose_pages_run_in_a_circle_ends() -> None:
    data = bytearray(encoded(SMALL, "TIFF", save_all=True, append_images=[SMALL]))
    first = struct.unpack_from("<I", data, 4)[0]
    second = struct.unpack_from("<I", data, first + 2 + 12 * struct.unpack_from("<H", data, first)[0])[0]
    struct.pack_into("<I", data, second + 2 + 12 * struct.unpack_from("<H", data, second)[0], first)
    try:
        assert open_document(bytes(data)).page_count <= limits.MAX_PAGES
    except UnreadableInputError as error:
        assert error.code in {"damaged-file", "too-many-pages"}


def test_a_png_with_a_wrong_sum_is_damaged() -> None:
    data = bytearray(encoded(SMALL, "PNG"))
    data[29:33] = struct.pack(">I", zlib.crc32(b"other"))
    assert code_of(bytes(data)) == "damaged-file"


def test_sixteen_bits_are_read() -> None:
    out = io.BytesIO()
    Image.new("I;16", (40, 30), 60_000).save(out, "PNG")
    assert open_document(out.getvalue()).image(1).size == (40, 30)


PAPER = page()
INK = ImageChops.invert(PAPER)
DEEP = np.asarray(PAPER).astype(np.uint16) * 257
SEEN_THROUGH = Image.merge("RGBA", (*[Image.new("L", PAPER.size)] * 3, INK))
"""Black ink on nothing."""

WHITE_IS_ZERO = TiffImagePlugin.ImageFileDirectory_v2()
WHITE_IS_ZERO[TiffImagePlugin.PHOTOMETRIC_INTERPRETATION] = 0


def palette(transparent: int) -> bytes:
    """Return the paper as a PNG of two colours, both nearly black, one of them transparent."""
    image = Image.fromarray((np.asarray(INK) > 128).astype(np.uint8) ^ np.uint8(transparent))
    image.putpalette([0, 0, 0, 10, 10, 10])
    return encoded(image, "PNG", transparency=transparent)


def turned(orientation: int, degrees: int, kind: str) -> bytes:
    """Return the paper as a phone stores it: turned, with a note of how to turn it back (in HEIC its own box, `irot`)."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    photo = PAPER.convert("RGB").rotate(degrees, expand=True)
    return heic(photo, exif=exif.tobytes()) if kind == "HEIC" else encoded(photo, kind, exif=exif)


def pages_coded_differently() -> bytes:
    out = io.BytesIO()
    with TiffImagePlugin.AppendingTiffWriter(out, new=True) as writer:
        for mode, compression in (("1", "group4"), ("RGB", "jpeg"), ("L", "tiff_lzw"), ("1", "group3"), ("L", "packbits")):
            PAPER.convert(mode).save(writer, "TIFF", compression=compression)
            writer.newFrame()
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        *(turned(*way, kind) for kind in ("HEIC", "JPEG", "WEBP") for way in ((6, 90), (3, 180), (8, 270))),
        encoded(PAPER, "WEBP", quality=80),
        encoded(SEEN_THROUGH, "WEBP", lossless=True),
        encoded(SEEN_THROUGH.convert("LA"), "PNG"),
        palette(transparent=0),
        encoded(PAPER.convert("P"), "PNG"),
        encoded(PAPER.convert("1"), "PNG"),
        encoded(Image.fromarray(DEEP), "PNG"),
        encoded(Image.fromarray(DEEP // 16), "PNG"),
        cv2.imencode(".png", np.dstack([DEEP] * 3))[1].tobytes(),
        encoded(PAPER.convert("CMYK"), "JPEG", quality=90),
        encoded(PAPER.convert("CMYK"), "TIFF"),
        encoded(PAPER, "TIFF", tiffinfo=WHITE_IS_ZERO),
        encoded(PAPER.convert("RGB").convert("LAB"), "TIFF"),
        encoded(Image.fromarray(DEEP), "TIFF"),
        *(encoded(PAPER, kind, dpi=dpi) for kind in ("JPEG", "PNG", "TIFF") for dpi in ((1, 1), (1200, 1200))),
    ],
)
def test_pictures_of_every_kind_are_read_to_the_last_word(data: bytes, reader: Reader) -> None:
    assert [page.text.splitlines() for page in reader.read(data, IngestOptions()).pages] == [list(PRESCRIPTION)]


def test_the_pages_of_a_tiff_may_be_coded_each_in_its_way(reader: Reader) -> None:
    pages = reader.read(pages_coded_differently(), IngestOptions()).pages
    assert [page.text.splitlines() for page in pages] == [list(PRESCRIPTION)] * 5


@pytest.mark.parametrize(
    "data",
    [
        encoded(SEEN_THROUGH, "WEBP", lossless=True),
        palette(transparent=1),
        encoded(Image.fromarray(DEEP), "PNG"),
        encoded(PAPER.convert("CMYK"), "JPEG", quality=90),
        encoded(PAPER.convert("1"), "TIFF", compression="group4"),
    ],
    ids=["transparent", "palette", "deep", "cmyk", "black-and-white"],
)
def test_a_preview_is_black_on_white_whatever_the_picture_is_made_of(data: bytes, reader: Reader) -> None:
    shown = Image.open(io.BytesIO(reader.preview(data, 1, IngestOptions()))).convert("L")
    assert np.abs(np.asarray(shown).astype(int) - np.asarray(PAPER)).mean() < 3
