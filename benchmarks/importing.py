"""What the import costs: CPU time a page, pages a second on one and two CPUs, and runs of thousands of files, new and known."""

import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.measure import Figure, child_cpu

SAMPLES = Path(__file__).parents[1] / "samples" / "papers"
IMAGES = (".jpg", ".png", ".tif", ".tiff")
TRIES = 3
MANY = 5_000
KNOWN_PER_SECOND = 300
MEMORY_MIB = 400
OCRMYPDF = "ocrmypdf"
OWNER = ("--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
WORDS = "paracétamol amoxicilline tension glycémie repos contrôle séance bilan radiographie vaccin semaine matin soir comprimé avis"


def figures(work: Path) -> Iterator[Figure]:
    """Measure importing in `work`, an empty directory."""
    images = sorted(path for path in SAMPLES.rglob("*") if path.suffix in IMAGES)
    yield Figure(f"CPU of `import` / bare tesseract, {len(images)} shipped images", *_ratio(work, images))
    pages = _copies(images, 40, work / "pages")
    one, two = (min(_seconds(work, pages, cpus) for _try in range(2)) for cpus in (1, 2))
    rates = f"{len(pages) / two:.1f} pages/s / {len(pages) / one:.1f} pages/s"
    yield Figure(f"pages a second on two CPUs / on one, {len(pages)} images", one / two, 1.8, rates, at_least=True)
    other = _ocrmypdf(work, pages)
    yield Figure(
        "time of ocrmypdf / `import`, the same images on two CPUs", other / two, 2.0, f"{other:.1f} s / {two:.1f} s", at_least=True
    )
    yield from _many(work)


def _ratio(work: Path, images: list[Path]) -> tuple[float, float, str]:
    ours, bare = float("inf"), float("inf")
    for number in range(TRIES):
        vault = _new_vault(work, f"vault-{number}")
        ours = min(ours, child_cpu(lambda vault=vault: _monespace(work, vault, "import", *map(str, images))))  # type: ignore[misc]
        bare = min(bare, child_cpu(lambda: _tesseract(images)))
    return ours / bare, 1.0, f"{ours:.1f} s / {bare:.1f} s"


def _seconds(work: Path, pages: Sequence[Path], cpus: int) -> float:
    """Return how long pages take on that many CPUs, a process for each."""
    vault = _new_vault(work, f"vault-on-{cpus}")
    start = time.perf_counter()
    _monespace(work, vault, "import", "--jobs", str(cpus), *map(str, pages), bound_to=cpus)
    return time.perf_counter() - start


def _ocrmypdf(work: Path, pages: Sequence[Path]) -> float:
    """Return how long ocrmypdf takes for the same images on two CPUs, in one file, so that its start-up counts once.

    It straightens by its own means, as we do; its archive format and smaller pictures, which we do not make, are left out.
    """
    if not shutil.which(OCRMYPDF):
        sys.exit("ocrmypdf is not here: `scripts/install-system.sh bench` installs it")
    from PIL import Image

    first, *rest = (Image.open(page).convert("L") for page in pages)
    first.save(work / "pages.pdf", save_all=True, append_images=rest, resolution=150)
    options = ["--output-type", "pdf", "--optimize", "0", "--rotate-pages", "--deskew", "--jobs", "2", "-l", "fra", "--quiet"]
    start = time.perf_counter()
    subprocess.run([*_on(2), OCRMYPDF, *options, work / "pages.pdf", work / "read.pdf"], check=True)
    return time.perf_counter() - start


def _many(work: Path) -> Iterator[Figure]:
    """Take in thousands of small papers, then the same ones again."""
    papers = work / "papers"
    papers.mkdir()
    words = WORDS.split()
    for number in range(MANY):
        lines = (" ".join(words[(number * step + place) % len(words)] for place in range(12)) for step in range(1, 9))
        (papers / f"{number:05}.txt").write_text(f"Compte rendu {number} du {number % 28 + 1} mars 2024\n" + "\n".join(lines), "utf-8")
    vault = _new_vault(work, "vault-of-many")
    moments, memory = _watched(work, vault, papers)
    fifth = MANY // 5
    begin, end = (fifth / (moments[place + fifth - 1] - moments[place]) for place in (100, MANY - fifth))
    rates = f"{end:.0f}/s at the end, {begin:.0f}/s at the start"
    yield Figure(f"rate at the end / at the start, {MANY} small papers", end / begin, 0.95, rates, at_least=True)
    yield Figure("memory of all processes / 400 MiB in that run", memory / MEMORY_MIB, 1.0, f"{memory:.0f} MiB at most")
    start = time.perf_counter()
    _monespace(work, vault, "import", str(papers))
    rate = MANY / (time.perf_counter() - start)
    yield Figure(f"known files a second / {KNOWN_PER_SECOND}, {MANY} files", rate / KNOWN_PER_SECOND, 1.0, f"{rate:.0f}/s", at_least=True)


def _watched(work: Path, vault: Path, papers: Path) -> tuple[list[float], float]:
    """Import a folder; return when each paper was told, in seconds, and the most memory that all processes shared out, in MiB."""
    moments: list[float] = []
    most, over = 0.0, threading.Event()
    with subprocess.Popen(_program("import", "--json", str(papers)), env=_environment(work, vault), stdout=subprocess.PIPE) as process:

        def watch() -> None:
            nonlocal most
            while not over.wait(0.2):
                most = max(most, _memory_of(process.pid))

        watcher = threading.Thread(target=watch)
        watcher.start()
        assert process.stdout is not None
        moments += [time.perf_counter() for line in process.stdout if json.loads(line)["type"] == "item"]
        over.set()
        watcher.join()
    assert process.returncode == 0
    return moments, most


def _memory_of(process: int) -> float:
    """Return the memory of a process and its children in MiB, what they share counted once (PSS; Linux)."""
    total = 0.0
    for each in (process, *_children_of(process)):
        try:
            lines = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
        except OSError:  # it has just ended
            continue
        total += sum(int(line.split()[1]) / 1024 for line in lines if line.startswith("Pss:"))
    return total


def _children_of(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(child) for task in tasks for child in task.read_text().split()]


def _copies(images: Sequence[Path], count: int, folder: Path) -> list[Path]:
    """Return files with the same pictures again and again; bytes after a picture's end make each a file of its own."""
    folder.mkdir()
    copies = []
    for number, image in zip(range(count), itertools.cycle(images), strict=False):
        copies.append(folder / f"{number:03}{image.suffix}")
        copies[-1].write_bytes(image.read_bytes() + b"%d" % number)
    return copies


def _new_vault(work: Path, name: str) -> Path:
    shutil.rmtree(work / name, ignore_errors=True)
    _monespace(work, work / name, "init", *OWNER)
    return work / name


def _monespace(work: Path, vault: Path, *arguments: str, bound_to: int = 0) -> None:
    argv: list[Any] = [*(_on(bound_to) if bound_to else []), *_program(*arguments, "--quiet")]
    subprocess.run(argv, env=_environment(work, vault), stdout=subprocess.DEVNULL, check=True)


def _program(*arguments: str) -> list[str]:
    return [str(Path(sys.executable).with_name("monespace")), *arguments]


def _environment(work: Path, vault: Path) -> dict[str, str]:
    secret = work / "passphrase"
    secret.write_text("bien long et facile à retenir")
    return {
        **os.environ,
        "MONESPACE_VAULT": str(vault),
        "MONESPACE_PASSPHRASE_FILE": str(secret),
        "XDG_STATE_HOME": str(work / "state"),
    }


def _on(cpus: int) -> list[str]:
    """Return what binds a program to that many CPUs."""
    return ["taskset", "--cpu-list", ",".join(map(str, sorted(os.sched_getaffinity(0))[:cpus]))]


def _tesseract(images: list[Path]) -> None:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    for image in images:
        subprocess.run(["tesseract", str(image), "stdout", "-l", "fra"], env=environment, capture_output=True, check=True)
