"""Linear bar codes are erased, and nothing else: no print, no table, no frame."""

import numpy as np
import pytest

from monespace_cli.ingest.straighten.bars import erase, find_bars
from monespace_cli.ingest.straighten.pixels import Grey
from tests.ingest.straighten.pictures import print_page


def coded(page: Grey, bars: int, height: int = 60) -> Grey:
    """Return the page with so many bars of 3 to 9 pixels in its margin at the bottom."""
    drawn = page.copy()
    for index in range(bars):
        left = 200 + 14 * index
        drawn[2240 : 2240 + height, left : left + 3 + 3 * (index % 3)] = 20
    return drawn


def test_a_bar_code_is_erased_and_the_page_stays() -> None:
    page = coded(print_page(), 40)
    assert np.array_equal(erase(page, find_bars(page)), print_page())


@pytest.mark.parametrize(("bars", "height"), [(12, 60), (40, 30)])
def test_a_few_bars_and_low_ones_stay(bars: int, height: int) -> None:
    assert find_bars(coded(print_page(), bars, height)) == []


def test_print_a_table_and_a_dark_band_stay() -> None:
    page = print_page().copy()
    page[2240:2330, 200:1400:60] = 0
    page[2100:2200, 200:1400] = 0
    assert find_bars(page) == []
