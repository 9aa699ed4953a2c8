"""The papers that are part of the repository: small files for the demo and the tests, all of Zoé MARTIN, who does not exist.

They lie where a person might have them, under names a person might give. `samples/README.md` lists them; a test keeps it in step.
"""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path, PurePosixPath
from textwrap import fill

from PIL import Image

from generator import pdf
from generator.chance import DURAND, ZOE, Practitioner
from generator.flow import lay_out
from generator.fonts import typeface
from generator.output import PDF_PROFILE, pictures, truth_bytes
from generator.paper import Paper
from generator.raster import DPI
from generator.templates import compose

PLAIN_PROFILE = "plain"
"""Typed text: neither drawn nor spoilt."""


@dataclass(frozen=True, slots=True)
class Shipped:
    """One shipped file and everything it is made from."""

    path: str
    """Under `samples/papers`; the suffix says the format."""
    template: str
    seed: int
    font: str
    profile: str
    purpose: str
    share: float = 0.6
    """Width kept of the picture's pixels."""
    quality: int = 50
    """Of JPEG."""
    practitioner: Practitioner | None = None

    @property
    def doc(self) -> str:
        """The file's name without suffix, by which its ground truth is found."""
        return str(PurePosixPath(self.path).with_suffix(""))

    def compose(self) -> Paper:
        """Return the paper, for the demo's person."""
        return compose(self.template, f"shipped/{self.seed}", ZOE, self.practitioner)

    def truth(self) -> bytes:
        """Return the ground truth as JSON."""
        return truth_bytes(self.compose(), doc=self.doc, seed=self.seed, font=self.font)


SHIPPED = (
    Shipped("ordonnance.jpg", "rx_city", 55, "liberation-sans", "phone", "the demo's prescription, a phone photo", 0.7, 45, DURAND),
    Shipped("resultats.pdf", "bio_long", 3, "carlito", PDF_PROFILE, "born digital, two pages, “Hémoglobine” on the first"),
    Shipped("certificat.txt", "certificate", 9, "dejavu-sans", PLAIN_PROFILE, "plain text"),
    Shipped("compte-rendu-irm.pdf", "imaging", 6, "lato", PDF_PROFILE, "born digital, one page"),
    Shipped("attestation-vaccins.jpg", "vaccines_list", 4, "open-sans", "phone", "a second phone photo, sentences", 0.7, 45),
    Shipped("scans/courrier.jpg", "letter", 17, "liberation-serif", "scan", "running text"),
    Shipped("scans/echographie.tiff", "imaging_pair", 10, "dejavu-serif", "scan", "black and white TIFF of two pages", 0.667),
    Shipped("scans/vaccins.png", "vaccines", 3, "dejavu-sans", "scan", "a table as grey PNG", 0.5),
    Shipped("scans/ordonnance-sortie.pdf", "rx_hospital", 16, "liberation-serif", "scan", "scanned PDF without text layer"),
    Shipped("scans/ordonnance-ald.jpg", "rx_bizone", 17, "carlito", "scan", "two columns, two zones, a birth date as decoy"),
    Shipped("scans/analyses.jpg", "bio_dots", 3, "liberation-sans", "scan", "dotted leaders"),
    Shipped("scans/certificat-couche.jpg", "certificate", 6, "lato", "rot90", "lying on its side", 0.5),
    Shipped("scans/lab-report.jpg", "en_lab", 14, "liberation-sans", "scan", "English, decimal points", 0.5),
)


def write_shipped(folder: Path, tell: Callable[[str], object]) -> None:
    """Write every shipped file, its ground truth and the manifest under `samples/`.

    Raises:
        MissingFontError: if a typeface is not installed.
    """
    for item in SHIPPED:
        for target, content in ((folder / "papers" / item.path, render(item)), (folder / "gt" / f"{item.doc}.json", item.truth())):
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
        tell(item.path)
    (folder / "manifest.jsonl").write_text(manifest(), encoding="utf-8")


def manifest() -> str:
    """Return a JSON line for each file: its path, the name of its ground truth, its profile."""
    rows = ({"path": f"papers/{item.path}", "doc": item.doc, "profile": item.profile} for item in SHIPPED)
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def provenance() -> Iterable[str]:
    """Yield a row of the table in `samples/README.md` for each file."""
    for item in SHIPPED:
        kind = item.compose().kind
        yield f"| `{item.path}` | {kind} | `{item.template}` | {item.seed} | {item.profile} | {item.font} | {item.purpose} |"


def render(item: Shipped) -> bytes:
    """Return the bytes of one shipped file.

    Raises:
        MissingFontError: if its typeface is not installed.
    """
    paper = item.compose()
    if item.profile == PLAIN_PROFILE:
        return "\n\n".join(fill(line, 80) for line in paper.text.splitlines()).encode() + b"\n"
    face = typeface(item.font)
    sheets = lay_out(paper, face)
    if item.profile == PDF_PROFILE:
        return pdf.born_digital(sheets, face, paper.kind)
    images = [_shrunk(Image.fromarray(picture), item.share) for picture in pictures(sheets, face, item.profile, f"shipped/{item.seed}")]
    return _encode(images, item, paper.size_mm)


def _shrunk(image: Image.Image, share: float) -> Image.Image:
    return image.resize((round(image.width * share), round(image.height * share)), Image.Resampling.LANCZOS)


def _encode(images: list[Image.Image], item: Shipped, size_mm: tuple[float, float]) -> bytes:
    """Encode pictures in the format that the file's suffix names; scans are grey and note their resolution, photos are not and do not."""
    first = images[0]
    target, dpi = BytesIO(), round(DPI * item.share)
    match PurePosixPath(item.path).suffix:
        case ".pdf":
            return pdf.scanned([(image.convert("L"), size_mm) for image in images], item.quality)
        case ".tiff":
            black, *following = (image.convert("L").point(lambda level: 255 * (level > 190)).convert("1") for image in images)
            black.save(target, "TIFF", save_all=True, append_images=following, compression="group4", dpi=(dpi, dpi))
        case ".png":
            # Scanners whiten the paper; without that its noise would fill the file.
            first.convert("L").point(lambda level: min(255, level + 24)).quantize(12).save(target, "PNG", dpi=(dpi, dpi), optimize=True)
        case _ if item.profile == "phone":
            first.save(target, "JPEG", quality=item.quality)
        case _:
            first.convert("L").save(target, "JPEG", quality=item.quality, dpi=(dpi, dpi))
    return target.getvalue()
