"""What reaches the engine: grey, of a size that is read well, with nothing lost that can be seen."""

import pytest
from PIL import Image

from monespace_cli.ingest.prepare import prepare, to_grey


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((1654, 2339), (1654, 2339)),
        ((1700, 2400), (1700, 2400)),
        ((2480, 3508), (1654, 2339)),
        ((4000, 3000), (2271, 1703)),
        ((900, 12000), (539, 7182)),
        ((1, 1), (1, 1)),
    ],
)
def test_a_page_has_at_most_the_pixels_of_a4_at_200_dpi(size: tuple[int, int], expected: tuple[int, int]) -> None:
    prepared = prepare(Image.new("L", size))
    assert prepared.size == expected
    assert prepared.mode == "L"


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "YCbCr", "LAB", "LA", "RGBA", "I", "I;16", "F"])
def test_every_mode_becomes_grey(mode: str) -> None:
    assert to_grey(Image.new(mode, (3, 3))).mode == "L"


def test_transparent_is_paper() -> None:
    image = Image.new("RGBA", (2, 1), (0, 0, 0, 0))
    image.putpixel((1, 0), (0, 0, 0, 255))
    assert [to_grey(image).getpixel((x, 0)) for x in (0, 1)] == [255, 0]


def test_a_palette_may_be_transparent_too() -> None:
    image = Image.new("P", (1, 1))
    image.putpalette([0, 0, 0])
    image.info["transparency"] = 0
    assert to_grey(image).getpixel((0, 0)) == 255


@pytest.mark.parametrize(("sample", "grey"), [(0, 0), (40_000, 156), (65_535, 255)])
def test_sixteen_bits_are_scaled_not_cut(sample: int, grey: int) -> None:
    assert to_grey(Image.new("I;16", (1, 1), sample)).getpixel((0, 0)) == grey
