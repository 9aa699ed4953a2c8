"""A moved camera is noticed, its line measured and undone; a soft page is told from a sharp one."""

import cv2
import numpy as np
import pytest
from PIL import Image

from monespace_cli.ingest.straighten.pixels import Grey
from monespace_cli.ingest.straighten.sharpness import find_motion, is_soft, sharpen, undo_motion
from monespace_cli.ingest.tesseract import find_engine
from tests.ingest.straighten.pictures import print_page


def moved(page: Grey, length: int, angle: float) -> Grey:
    """Return a page whose points are lines of so many pixels."""
    kernel = np.zeros((41, 41), np.float32)
    away = np.array((np.cos(np.radians(angle)), np.sin(np.radians(angle)))) * (length - 1) / 2
    start, end = (np.round(20 + sign * away).astype(int) for sign in (-1, 1))
    cv2.line(kernel, (int(start[0]), int(start[1])), (int(end[0]), int(end[1])), 1.0)
    return np.asarray(cv2.filter2D(page, -1, kernel / kernel.sum(), borderType=cv2.BORDER_REPLICATE), np.uint8)


@pytest.mark.parametrize(("length", "angle"), [(9, 0), (9, 40), (11, -60), (8, 90)])
def test_the_line_that_a_camera_moved_along_is_found_and_undone(length: int, angle: int) -> None:
    smeared = moved(print_page(), length, angle)
    motion = find_motion(smeared)
    assert motion is not None
    assert abs((np.degrees(motion.angle) - angle + 90) % 180 - 90) <= 10
    assert motion.length == pytest.approx(length, abs=2)
    engine = find_engine(["fra"])
    assert engine is not None
    smear, still = (engine.recognise(Image.fromarray(image)) for image in (smeared, undo_motion(smeared, motion)))
    assert still.text.count("DOLIPRANE 500 mg") > smear.text.count("DOLIPRANE 500 mg") + 8
    assert still.confidence > smear.confidence


def test_a_still_camera_did_not_move() -> None:
    page = print_page()
    assert find_motion(page) is None
    assert find_motion(np.asarray(cv2.GaussianBlur(page, (0, 0), 2.5), np.uint8)) is None


@pytest.mark.parametrize("shade", [0, 255])
def test_a_page_without_print_did_not_move_and_is_not_soft(shade: int) -> None:
    empty = np.full((300, 200), shade, np.uint8)
    assert find_motion(empty) is None
    assert not is_soft(empty)


def test_a_soft_page_is_told_and_sharpened() -> None:
    page = print_page()
    soft = np.asarray(cv2.GaussianBlur(page, (0, 0), 2.3), np.uint8)
    assert not is_soft(page)
    assert is_soft(soft)
    steepest = [float(np.abs(np.diff(image.astype(np.float32))).max()) for image in (soft, sharpen(soft))]
    assert steepest[1] > 1.5 * steepest[0]
