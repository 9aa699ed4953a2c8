"""Lines of print that run in arcs are set straight; pages that lie flat are left alone, and so is whatever has no lines."""

import cv2
import numpy as np
import pytest

from monespace_cli.ingest.straighten.curl import Bend, find_bend, flatten
from monespace_cli.ingest.straighten.pixels import Grey
from tests.ingest.straighten.pictures import bent, letter, on_a_table, print_page

ARC = np.array(((0, 0.02, 0), (0, 0.005, 0)), np.float32)
"""As in a book: 47 pixels at the top corners, 12 at the bottom ones."""

BOOK = np.array(((0.002, 0.008, 0.006), (0.002, -0.004, 0.004)), np.float32)
"""Flat at the left and steep at the right, the other way round below the lens."""


def strayed(one: Grey, other: Grey) -> float:
    return float(cv2.absdiff(one, other).mean())


@pytest.mark.parametrize(
    ("page", "bend"),
    [
        *((page, bend) for page in (print_page(), letter()) for bend in (ARC, -ARC, ARC[::-1])),
        *((print_page(), bend) for bend in (BOOK, -BOOK)),
    ],
)
def test_a_bent_page_is_flattened(page: Grey, bend: Bend) -> None:
    crooked = bent(page, bend)
    found = find_bend(crooked)
    assert found is not None
    assert strayed(flatten(crooked, found), page) < 0.6 * strayed(crooked, page)


def test_the_bend_found_is_that_of_the_page() -> None:
    found = find_bend(bent(print_page(), ARC))
    assert found == pytest.approx(ARC, abs=0.003)


@pytest.mark.parametrize("page", [print_page(), letter(), np.ascontiguousarray(print_page()[::-1, ::-1])])
def test_a_flat_page_is_left_alone(page: Grey) -> None:
    assert find_bend(page) is None


def test_a_page_bent_about_a_level_axis_keeps_its_lines() -> None:
    rows = 2338 * np.linspace(0, 1, 2339, dtype=np.float32) ** 1.3
    across, down = np.meshgrid(np.arange(1654, dtype=np.float32), rows)
    squeezed = cv2.remap(print_page(), across, down, cv2.INTER_LINEAR)
    assert find_bend(np.asarray(squeezed, np.uint8)) is None


def test_what_has_no_lines_has_no_bend() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (2339, 1654), np.uint8)
    blob = cv2.circle(np.full((2339, 1654), 255, np.uint8), (800, 1000), 600, 0, 40)
    for page in (np.full((2339, 1654), 255, np.uint8), noise, np.asarray(blob, np.uint8), on_a_table(np.full((900, 700), 250, np.uint8))):
        assert find_bend(page) is None


@pytest.mark.parametrize("shape", [(64, 64), (65, 700), (40_000, 100), (100, 40_000)])
def test_what_is_too_narrow_for_lines_is_not_measured(shape: tuple[int, int]) -> None:
    assert find_bend(np.random.default_rng(1).integers(0, 256, shape, np.uint8)) is None


def test_where_there_was_nothing_is_paper() -> None:
    flat = flatten(np.full((400, 300), 230, np.uint8), np.array(((0, 0.1, 0), (0, 0.1, 0)), np.float32))
    assert (flat.min(), flat.max()) == (230, 230)
