"""Whatever light fell on a page, its paper is equally bright afterwards and its print as dark as it was beside it."""

import numpy as np

from monespace_cli.ingest.straighten.light import flatten, needs_light
from tests.ingest.straighten.pictures import print_page


def test_a_lamp_and_a_shadow_are_evened_out() -> None:
    page = print_page()
    light = np.linspace(1.0, 0.3, page.shape[1], dtype=np.float32)
    dim = (page * light).astype(np.uint8)
    assert needs_light(dim)
    even = flatten(dim)
    paper, ink = even[page == 255], even[page == 0]
    assert paper.std() < 5
    assert np.median(paper) > 235
    assert np.percentile(ink, 95) < 60


def test_grey_paper_becomes_white() -> None:
    grey = (100 + print_page() * 0.3).astype(np.uint8)
    assert needs_light(grey)
    assert np.median(flatten(grey)) == 245


def test_a_clean_scan_needs_nothing() -> None:
    assert not needs_light(print_page())
