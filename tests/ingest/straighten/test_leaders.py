"""Rows of dots are erased, and nothing else: no full stop, no dot on an i, no rule."""

import cv2
import numpy as np

from monespace_cli.ingest.straighten.leaders import erase, find_leaders
from monespace_cli.ingest.straighten.pixels import Grey
from tests.ingest.straighten.pictures import print_page


def dotted(page: Grey, count: int) -> Grey:
    """Return the page with a row of so many dots in its margin at the bottom."""
    drawn = page.copy()
    for index in range(count):
        cv2.circle(drawn, (200 + 9 * index, 2300), 1, 0, -1)
    return drawn


def test_a_row_of_dots_is_erased() -> None:
    page = dotted(print_page(), 40)
    dots = find_leaders(page)
    assert dots is not None
    assert np.array_equal(erase(page, dots), print_page())


def test_print_and_three_dots_stay() -> None:
    assert find_leaders(print_page()) is None
    assert find_leaders(dotted(print_page(), 3)) is None


def test_a_rule_stays() -> None:
    page = print_page().copy()
    page[2300:2303, 200:900] = 0
    assert find_leaders(page) is None
