"""Only the steps that a page needs are done, they are named, and no picture whatever makes them fail."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from monespace_cli.ingest.straighten.pipeline import half_turned, straighten
from monespace_cli.ingest.straighten.skew import lay_of, turn, turn_half
from monespace_cli.ingest.straighten.step import Step
from tests.ingest.straighten.pictures import bent, letter, on_a_table, print_page

READING_SIZE = (1654, 2339)

ARC = np.array(((0, 0.02, 0), (0, 0.005, 0)), np.float32)
"""How a page bends that lies in a book."""


def test_a_clean_page_of_the_right_size_is_left_alone() -> None:
    straight = straighten(Image.fromarray(print_page()))
    assert straight.steps == ()
    assert np.array_equal(np.asarray(straight.image), print_page())


def test_a_photo_of_a_sheet_becomes_a_page() -> None:
    straight = straighten(Image.fromarray(np.asarray(on_a_table(print_page()) * 0.7, np.uint8)).convert("RGB"))
    assert straight.steps[:1] == (Step.CUT_OUT,)
    assert Step.LIGHT_EVENED in straight.steps
    assert straight.image.mode == "L"
    assert abs(lay_of(np.asarray(straight.image)).degrees) < 0.2


@pytest.mark.parametrize(("size", "expected"), [((2480, 3508), READING_SIZE), ((1240, 1754), READING_SIZE), ((4000, 3000), (2271, 1703))])
def test_a_page_is_brought_to_the_size_that_is_read_best(size: tuple[int, int], expected: tuple[int, int]) -> None:
    straight = straighten(Image.new("L", size, 255))
    assert straight.steps == (Step.RESIZED,)
    assert straight.image.size == expected


def test_a_part_of_a_page_is_not_blown_up() -> None:
    assert straighten(Image.new("L", (900, 700), 255)).image.size == (900, 700)


def test_a_sideways_and_skewed_scan_is_turned_and_levelled() -> None:
    scan = Image.fromarray(np.ascontiguousarray(np.rot90(turn(print_page(), 4.0))))
    straight = straighten(scan)
    assert {Step.TURNED_QUARTER, Step.LEVELLED} <= set(straight.steps)
    lay = lay_of(np.asarray(straight.image))
    assert (abs(lay.degrees) < 0.2, lay.is_sideways) == (True, False)


def test_a_bent_page_is_flattened() -> None:
    steps = straighten(Image.fromarray(bent(print_page(), ARC))).steps
    assert Step.FLATTENED in steps
    assert set(steps) <= {Step.FLATTENED, Step.LEVELLED}


def test_what_is_left_of_the_table_along_a_bent_sheet_is_erased() -> None:
    sheet = np.pad(print_page(), ((40, 40), (0, 0)), constant_values=60)
    assert {Step.EDGES_ERASED, Step.FLATTENED} <= set(straighten(Image.fromarray(bent(sheet, ARC))).steps)


def test_a_half_turn_is_noted() -> None:
    straight = straighten(Image.fromarray(print_page()))
    turned = half_turned(straight)
    assert turned.steps == (*straight.steps, Step.TURNED_HALF)
    assert np.array_equal(np.asarray(turned.image), np.asarray(straight.image)[::-1, ::-1])
    assert half_turned(turned).steps == straight.steps


def test_a_page_on_its_head_is_turned_before_it_is_read() -> None:
    straight = straighten(Image.fromarray(turn_half(letter())))
    assert straight.steps == (Step.TURNED_HALF,)
    assert np.array_equal(np.asarray(straight.image), letter())


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F"])
@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (64, 64), (700, 65)])
def test_every_mode_and_size_is_straightened(mode: str, size: tuple[int, int]) -> None:
    for shade in (0, 255):
        assert straighten(Image.new("L", size, shade).convert("I" if mode == "I;16" else mode).convert(mode)).image.mode == "L"


@settings(max_examples=25, deadline=None)
@given(st.integers(1, 260), st.integers(1, 260), st.integers(0, 2**32 - 1), st.sampled_from([1, 3, 4]))
def test_noise_is_straightened_into_some_image(width: int, height: int, seed: int, channels: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, channels), np.uint8)
    straight = straighten(Image.fromarray(noise.squeeze(2) if channels == 1 else noise))
    assert straight.image.mode == "L"
    assert min(straight.image.size) >= 1
