"""A sheet on a table is found by its border, whatever the light; print, rules and shadows are no border."""

import cv2
import numpy as np
import pytest

from monespace_cli.ingest.straighten.outline import cut_out, find_sheet
from tests.ingest.straighten.pictures import CORNERS, on_a_table, print_page


def test_the_corners_of_a_sheet_are_found() -> None:
    found = find_sheet(on_a_table(print_page()))
    assert found is not None
    assert np.abs(found - CORNERS).max() < 16


def test_a_shadow_across_sheet_and_table_hides_no_border() -> None:
    photo = on_a_table(print_page()).astype(np.float32)
    photo[:, 600:] *= 0.3  # the sheet's dark part is now as dark as the table
    found = find_sheet(cv2.GaussianBlur(photo, (0, 0), 12).astype(np.uint8))
    assert found is not None
    assert np.abs(found - CORNERS).max() < 25


@pytest.mark.parametrize("table", [190, 255])
def test_a_table_as_bright_as_paper_shows_no_sheet(table: int) -> None:
    assert find_sheet(on_a_table(np.full((1000, 700), 200, np.uint8), table=table)) is None


def test_print_and_rules_are_no_sheet() -> None:
    page = print_page().copy()
    cv2.rectangle(page, (100, 100), (1500, 2200), 0, 5)
    assert find_sheet(page) is None


def test_a_label_is_no_sheet() -> None:
    small = np.array(((500, 500), (800, 500), (800, 900), (500, 900)), np.float32)
    assert find_sheet(on_a_table(print_page(), small)) is None


def test_a_sheet_cut_out_is_straight_and_as_large_as_it_was() -> None:
    sheet = np.full((400, 300), 255, np.uint8)
    sheet[180:220, 130:170] = 0
    cut = cut_out(on_a_table(sheet), CORNERS)
    assert abs(cut.shape[0] - 1151) < 3
    assert abs(cut.shape[1] - 921) < 3
    dark = np.argwhere(cut < 100).mean(axis=0) / cut.shape
    assert dark == pytest.approx((0.5, 0.5), abs=0.02)
