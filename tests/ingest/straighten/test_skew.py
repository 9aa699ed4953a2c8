"""How lines of print lie is told to a tenth of a degree, also on pages that lie on their side."""

import numpy as np
import pytest

from monespace_cli.ingest.straighten.skew import lay_of, turn, turn_half, turn_quarter
from tests.ingest.straighten.pictures import letter, print_page


@pytest.mark.parametrize("angle", [-8.0, -1.3, -0.4, 0.0, 0.7, 5.5])
def test_print_is_set_level(angle: float) -> None:
    lay = lay_of(turn(print_page(), -angle))
    assert lay.degrees == pytest.approx(angle, abs=0.12)
    assert not lay.is_sideways


@pytest.mark.parametrize("angle", [-3.0, 0.0, 2.0])
def test_print_that_lies_on_its_side_is_turned_and_set_level(angle: float) -> None:
    sideways = np.ascontiguousarray(np.rot90(turn(print_page(), -angle)))
    lay = lay_of(sideways)
    assert lay.is_sideways
    assert lay.degrees == pytest.approx(angle, abs=0.12)
    upright = lay_of(turn(turn_quarter(sideways), lay.degrees))
    assert not upright.is_sideways
    assert upright.degrees == pytest.approx(0, abs=0.12)


@pytest.mark.parametrize("shade", [0, 128, 255])
def test_a_page_without_print_stays_as_it_is(shade: int) -> None:
    lay = lay_of(np.full((400, 300), shade, np.uint8))
    assert (lay.degrees, lay.is_sideways) == (0.0, False)


@pytest.mark.parametrize("angle", [-4.0, 0.0, 1.5])
def test_print_on_its_head_is_told_by_the_feet_of_its_letters(angle: float) -> None:
    upright = turn(letter(), angle)
    assert not lay_of(upright).is_on_its_head
    assert lay_of(turn_half(upright)).is_on_its_head


def test_rules_and_the_edge_of_a_sheet_do_not_tell_how_print_lies() -> None:
    page = letter().copy()
    page[:, :20] = 40  # what is left of a table
    page[300:2000:60, 200:1500] = 0
    page[300:2000, 200:1500:90] = 0
    lay = lay_of(turn(page, -2.0))
    assert (lay.is_sideways, lay.is_on_its_head) == (False, False)
    assert lay.degrees == pytest.approx(2.0, abs=0.12)
