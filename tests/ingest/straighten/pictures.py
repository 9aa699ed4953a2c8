"""Pages and photographs of them for the tests, as pixels."""

from functools import cache

import cv2
import numpy as np
from numpy.typing import NDArray

from monespace_cli.ingest.straighten.curl import Bend
from monespace_cli.ingest.straighten.pixels import Grey, with_area
from tests.ingest.papers import page

CORNERS = np.array(((260, 190), (1180, 240), (1130, 1390), (210, 1340)), np.float32)


@cache
def print_page() -> Grey:
    """Return a page of print, 1654 × 2339: A4 at 200 dpi, of 8 points."""
    lines = ["Docteur Thierry CLERMONT", "31000 TOULOUSE", "Toulouse, le 10 juin 2019", "ORDONNANCE"]
    doses = [f"{' ' * (7 * count % 5)}DOLIPRANE 500 mg, {count} sachet le soir au coucher, DDN 22/12/1967 TOULOUSE" for count in range(24)]
    large = page([*lines, *doses], size=(2480, 3508))
    drawn = with_area(np.asarray(large), 1654 * 2339)
    drawn.setflags(write=False)
    return drawn


@cache
def letter() -> Grey:
    """Return a page of sentences, 1654 × 2339: of 12 points."""
    sentence = "je vous adresse ce patient pour un bilan de sa tension ; les résultats lui seront remis"
    drawn = np.asarray(page([sentence] * 24, size=(1654, 2339))).copy()
    drawn.setflags(write=False)
    return drawn


def bent(page: Grey, bend: Bend) -> Grey:
    """Return a page whose lines of print run off the level as `bend` says."""
    height, width = page.shape
    x, y = np.meshgrid(np.linspace(-1, 1, width, dtype=np.float32), np.linspace(0, 1, height, dtype=np.float32))
    top, bottom = (sum(factor * x**power for power, factor in enumerate(end, 1)) for end in bend)
    flat_y = (y - top) / (1 + bottom - top)  # where y = flat_y + top + flat_y · (bottom − top)
    across, down = ((x + 1) / 2 * (width - 1)).astype(np.float32), (flat_y * (height - 1)).astype(np.float32)
    return np.asarray(cv2.remap(page, across, down, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.uint8)


def on_a_table(sheet: Grey, corners: NDArray[np.float32] = CORNERS, *, table: int = 70) -> Grey:
    """Return a photograph, 1400 × 1600, of a sheet whose corners fall at these places."""
    height, width = sheet.shape
    matrix = cv2.getPerspectiveTransform(np.array(((0, 0), (width, 0), (width, height), (0, height)), np.float32), corners)
    photo = np.full((1600, 1400), table, np.uint8)
    return np.asarray(cv2.warpPerspective(sheet, matrix, (1400, 1600), photo, borderMode=cv2.BORDER_TRANSPARENT), np.uint8)
