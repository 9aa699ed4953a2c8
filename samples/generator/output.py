"""Writes papers, ground truth and the manifest of a set: `papers/PROFILE/NNN-template.*`, `gt/NNN-template.json`, `manifest.jsonl`."""

import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from io import BytesIO
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image

from generator import pdf
from generator.degrade import PROFILES
from generator.flow import Sheet, lay_out
from generator.fonts import Typeface, typeface
from generator.paper import Paper
from generator.raster import DPI, Pixels, draw
from generator.templates import TEMPLATES, compose

PDF_PROFILE = "pdf"
"""Born digital: the one profile that is no picture."""


def rng_for(seed: str, profile: str, page: int) -> np.random.Generator:
    """Return the generator of one picture: the same for the same seed, profile and page (counted from 0)."""
    return np.random.default_rng([zlib.crc32(seed.encode()), zlib.crc32(profile.encode()), page])


def pictures(sheets: Sequence[Sheet], face: Typeface, profile: str, seed: str) -> list[Pixels]:
    """Return the sheets drawn and spoilt as the profile says."""
    degrade = PROFILES[profile].degrade
    return [degrade(draw(sheet, face), rng_for(seed, profile, page)) for page, sheet in enumerate(sheets)]


def encode_png(picture: Pixels, dpi: int = DPI) -> bytes:
    """Return a picture as PNG."""
    target = BytesIO()
    Image.fromarray(picture).save(target, "PNG", dpi=(dpi, dpi), optimize=True)
    return target.getvalue()


def encode_jpeg(picture: Pixels, quality: int, dpi: int | None = None) -> bytes:
    """Return a picture as JPEG; phones note no resolution, scanners do."""
    target = BytesIO()
    options = {"dpi": (dpi, dpi)} if dpi else {}
    Image.fromarray(picture).save(target, "JPEG", quality=quality, **options)
    return target.getvalue()


def truth_bytes(paper: Paper, **extra: object) -> bytes:
    """Return the ground truth as JSON, one key a line in a fixed order."""
    return (json.dumps({**paper.truth(), **extra}, ensure_ascii=False, indent=1) + "\n").encode()


def write_set(folder: Path, count: int, seed: int, profiles: Sequence[str], faces: Sequence[str], tell: Callable[[str], object]) -> None:
    """Write `count` papers, each in every profile; templates and typefaces take turns.

    Raises:
        MissingFontError: if a typeface is not installed.
    """
    truths = folder / "gt"
    truths.mkdir(parents=True, exist_ok=True)
    with (folder / "manifest.jsonl").open("w", encoding="utf-8") as manifest:
        for index in range(count):
            template = list(TEMPLATES)[index % len(TEMPLATES)]
            name, own_seed = f"{index:03}-{template}", f"{seed}/{index}"
            face = typeface(Random(own_seed).choice(list(faces)))
            paper = compose(template, own_seed)
            (truths / f"{name}.json").write_bytes(truth_bytes(paper, doc=name, seed=seed, font=face.name))
            for row in _write_paper(folder, name, paper, face, profiles, own_seed):
                manifest.write(json.dumps(row, ensure_ascii=False) + "\n")
            tell(name)


def _write_paper(folder: Path, name: str, paper: Paper, face: Typeface, profiles: Sequence[str], seed: str) -> Iterator[dict[str, object]]:
    """Write one paper in every profile and yield a manifest line for each file."""
    sheets = lay_out(paper, face)
    for profile in profiles:
        for page, (suffix, content) in enumerate(_files(sheets, face, profile, seed), 1):
            number = f"-p{page}" if len(sheets) > 1 and profile != PDF_PROFILE else ""
            path = f"papers/{profile}/{name}{number}.{suffix}"
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(content)
            yield {"path": path, "doc": name, "profile": profile, "page": page}


def _files(sheets: Sequence[Sheet], face: Typeface, profile: str, seed: str) -> Iterator[tuple[str, bytes]]:
    """Yield suffix and content of each file: one PDF, or one picture a page."""
    if profile == PDF_PROFILE:
        yield "pdf", pdf.born_digital(sheets, face, "Document")
        return
    quality = PROFILES[profile].quality
    for picture in pictures(sheets, face, profile, seed):
        yield ("jpg", encode_jpeg(picture, quality)) if quality else ("png", encode_png(picture))
