"""What the import costs: CPU time of taking in the shipped photos and scans, against bare tesseract on the same pages."""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.measure import Figure, child_cpu

SAMPLES = Path(__file__).parents[1] / "samples" / "papers"
IMAGES = (".jpg", ".png", ".tif", ".tiff")
TRIES = 3


def figures(work: Path) -> list[Figure]:
    """Measure importing in `work`, an empty directory."""
    images = sorted(path for path in SAMPLES.rglob("*") if path.suffix in IMAGES)
    return [
        Figure(
            f"CPU of `import` / bare tesseract, {len(images)} shipped images",
            *_ratio(work, images),
        )
    ]


def _ratio(work: Path, images: list[Path]) -> tuple[float, float, str]:
    ours, bare = float("inf"), float("inf")
    for number in range(TRIES):
        vault = work / f"vault-{number}"
        _monespace(work, vault, "init", "--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
        ours = min(ours, child_cpu(lambda vault=vault: _monespace(work, vault, "import", *map(str, images))))  # type: ignore[misc]
        bare = min(bare, child_cpu(lambda: _tesseract(images)))
    return ours / bare, 1.0, f"{ours:.1f} s / {bare:.1f} s"


def _monespace(work: Path, vault: Path, *arguments: str) -> None:
    secret = work / "passphrase"
    secret.write_text("bien long et facile à retenir")
    environment = {**os.environ, "MONESPACE_VAULT": str(vault), "MONESPACE_PASSPHRASE_FILE": str(secret)}
    program = str(Path(sys.executable).with_name("monespace"))
    subprocess.run([program, *arguments, "--quiet"], env=environment, stdout=subprocess.DEVNULL, check=True)


def _tesseract(images: list[Path]) -> None:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    for image in images:
        subprocess.run(["tesseract", str(image), "stdout", "-l", "fra"], env=environment, capture_output=True, check=True)
