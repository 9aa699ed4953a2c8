"""The generator end to end: the same seed gives the same bytes, and each degradation spoils a page without losing it."""

import json
from pathlib import Path

import numpy as np
import pypdfium2
import pytest

from generator.degrade import CANVAS, CURL_HARD, PHONE, PROFILES, Camera, take_photo
from generator.flow import lay_out
from generator.fonts import typeface
from generator.optics import bend
from generator.output import rng_for
from generator.raster import Pixels, draw
from generator.templates import compose
from make import main

PHOTOS = ("phone", "phone_hard", "phone_rot", "curl", "curl_hard")
ON_PAGE = [name for name in PROFILES if name not in (*PHOTOS, "clean")]


@pytest.fixture(scope="module")
def page() -> Pixels:
    face = typeface("vera")
    return draw(lay_out(compose("rx_city", "3"), face)[0], face, dpi=100)


def files(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def test_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name in ("first", "second"):
        assert main(["--out", str(tmp_path / name), "--count", "1", "--seed", "4", "--profiles", "pdf,scan", "--fonts", "vera"]) == 0
    first = files(tmp_path / "first")
    assert first == files(tmp_path / "second")
    assert list(first) == ["gt/000-rx_city.json", "manifest.jsonl", "papers/pdf/000-rx_city.pdf", "papers/scan/000-rx_city.jpg"]


def test_set_has_a_manifest_line_for_each_file_and_words_in_its_pdf(tmp_path: Path) -> None:
    main(["--out", str(tmp_path), "--count", "6", "--seed", "1", "--profiles", "pdf", "--fonts", "vera"])
    rows = [json.loads(line) for line in (tmp_path / "manifest.jsonl").read_text("utf-8").splitlines()]
    assert len({row["doc"].split("-")[1] for row in rows}) == 6
    for row in rows:
        truth = json.loads((tmp_path / "gt" / f"{row['doc']}.json").read_text("utf-8"))
        pages = pypdfium2.PdfDocument(tmp_path / row["path"])
        layer = "".join(pages[index].get_textpage().get_text_bounded() for index in range(len(pages)))
        assert set(truth["text"].split()) <= set(layer.split())


def test_unknown_profile_is_a_usage_error(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main(["--out", str(tmp_path), "--profiles", "telepathy"])


@pytest.mark.parametrize("profile", ON_PAGE)
def test_degradation_changes_pixels_and_keeps_the_page(page: Pixels, profile: str) -> None:
    spoilt = PROFILES[profile].degrade(page, rng_for("1", profile, 0))
    assert spoilt.dtype == np.uint8
    assert spoilt.shape != page.shape or not np.array_equal(spoilt, page)
    assert page.shape[0] * page.shape[1] / 4.1 <= spoilt.shape[0] * spoilt.shape[1] <= page.shape[0] * page.shape[1] * 1.4
    assert spoilt.std() > 3


@pytest.mark.parametrize("profile", ON_PAGE)
def test_degradation_is_pure(page: Pixels, profile: str) -> None:
    before = page.copy()
    degrade = PROFILES[profile].degrade
    assert np.array_equal(degrade(page, rng_for("1", profile, 0)), degrade(page, rng_for("1", profile, 0)))
    assert np.array_equal(page, before)


def test_a_bent_page_runs_in_arcs_and_one_that_does_not_rise_is_flat() -> None:
    ruled = np.full((400, 300, 3), 255, np.uint8)
    ruled[40:44], ruled[356:360] = 0, 0
    flat, _ = bend(ruled, rng_for("1", "curl", 0), 0.0)
    bent, cover = bend(ruled, rng_for("1", "curl", 0), 0.12)
    heights = [max(np.ptp(part[:, 5:-5, 0].argmin(axis=0)) for part in (picture[:200], picture[200:])) for picture in (flat, bent)]
    assert heights[0] == 0
    assert heights[1] > 4
    assert cover[[0, -1]].min() == 0
    assert cover[20:-20].min() == 1


@pytest.mark.parametrize("camera", [PHONE, CURL_HARD], ids=["flat", "bent"])
def test_photo_has_the_size_of_its_canvas_and_the_page_in_it(page: Pixels, camera: Camera) -> None:
    canvas = (CANVAS[0] // 6, CANVAS[1] // 6)
    photo = take_photo(page, rng_for("1", "phone", 0), camera, canvas)
    assert photo.shape == (*canvas, 3)
    middle, edge = photo[canvas[0] // 2, canvas[1] // 3 : -canvas[1] // 3], photo[:, :6]
    assert np.median(middle) > np.median(edge) + 20


def test_pages_of_one_paper_are_spoilt_differently(page: Pixels) -> None:
    scan = PROFILES["scan"].degrade
    assert not np.array_equal(scan(page, rng_for("1", "scan", 0)), scan(page, rng_for("1", "scan", 1)))
