"""Slivers of a table along a sheet's edges are erased; print is not, whatever it touches."""

import numpy as np
import pytest

from monespace_cli.ingest.straighten.edges import find_slivers
from monespace_cli.ingest.straighten.pixels import Grey, erased
from tests.ingest.straighten.pictures import print_page


def with_wedge(depth: int) -> Grey:
    """Return a page with a dark wedge along half of its top edge."""
    page = print_page().copy()
    for x in range(800):
        page[: depth * (800 - x) // 800, x] = 60
    return page


def test_a_sliver_is_erased_and_the_print_is_not() -> None:
    slivers = find_slivers(with_wedge(60))
    assert slivers is not None
    mended = erased(with_wedge(60), slivers)
    assert np.array_equal(mended[70:], print_page()[70:])
    assert mended[:45, :600].min() > 200  # towards its tip it is as thin as a stroke of a letter


def test_a_band_that_reaches_into_the_page_is_printed_on_it() -> None:
    assert find_slivers(with_wedge(200)) is None


@pytest.mark.parametrize("page", [print_page(), np.full((64, 64), 255, np.uint8), np.zeros((64, 3000), np.uint8)])
def test_a_page_without_slivers_has_none(page: Grey) -> None:
    assert find_slivers(page) is None
