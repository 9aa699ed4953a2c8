"""How well papers are read and understood: word errors, recall and fields on fresh papers of the generator, in every profile.

Word errors are bounded by what bare tesseract (`-l fra`) makes of the same papers as printed, or, of blurred ones, of the same pictures.
Words are compared in reading order, case and punctuation between words aside; recall ignores accents as the search does.
"""

import json
import os
import re
import subprocess
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from typing import Any

from rapidfuzz.distance import Levenshtein

from benchmarks.measure import Figure
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.record.document import ExtractedDocument
from monespace_cli.record.text import fold

MAKER = Path(__file__).parents[1] / "samples" / "make.py"
PROFILES = (
    "clean", "scan", "phone", "phone_hard", "phone_rot", "rot90", "rot180", "skew7", "light", "shadow", "faded", "lowcontrast",
    "blur", "motion", "lowres150",
)  # fmt: skip
PAPERS = 14
SEED = 2026
ABOVE_PRINTED = {"clean": 0.0, "faded": 0.04, "phone_hard": 0.12}
"""Word errors allowed above bare tesseract's on the printed page; 0.02 for the other profiles."""

BLURRED = ("blur", "motion")
RECALL_NOT_BOUND = ("clean", "faded", "phone_hard", *BLURRED)
KINDS = {
    "ordonnance": "prescription", "biologie": "biology", "lab-report": "biology", "imagerie": "imaging", "courrier": "letter",
    "certificat": "certificate", "vaccination": "vaccination",
}  # fmt: skip
FIELD_BOUNDS = {"kind": 0.97, "date": 0.95, "practitioner": 0.90}
MEDICINE_BOUNDS = {"clean": 0.95, "phone": 0.90}

WORD = re.compile(r"[\w%µ]+(?:[.,]\w+)*")


@dataclass(slots=True)
class Scores:
    """What was measured in one profile, a figure for each paper."""

    errors: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    fields: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    medicines: Counter[str] = field(default_factory=Counter)


def figures(work: Path) -> list[Figure]:
    """Make papers in `work`, an empty directory, read them and measure."""
    options = {"out": str(work), "count": str(PAPERS), "seed": str(SEED), "profiles": ",".join(PROFILES)}
    argv = [sys.executable, str(MAKER), *(part for name, value in options.items() for part in (f"--{name}", value))]
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
    papers = _papers(work)
    scores: dict[str, Scores] = defaultdict(Scores)
    with Reader(lambda: datetime.now(UTC)) as reader:
        for (profile, name), pictures in papers.items():
            pages = [reader.read(picture.read_bytes(), IngestOptions()) for picture in pictures]
            _score(scores[profile], json.loads((work / "gt" / f"{name}.json").read_text("utf-8")), pages)
    printed = mean(_bare(work, "clean", papers))
    bounds = {profile: printed + ABOVE_PRINTED.get(profile, 0.02) for profile in PROFILES}
    bounds |= {profile: mean(_bare(work, profile, papers)) * 2 / 3 for profile in BLURRED}
    return [*_text_figures(scores, bounds), *_field_figures(scores)]


def words(text: str) -> list[str]:
    """Return the words of a text as they are compared."""
    plain = unicodedata.normalize("NFKC", text).replace("’", "'").replace("`", "'").lower()
    return WORD.findall(re.sub("[‐‑–—_]", "-", plain))


def word_errors(truth: str, read: str) -> float:
    """Return the word error rate: words wrong, missing or too many, per word on the paper."""
    expected = words(truth)
    return Levenshtein.distance(expected, words(read)) / max(1, len(expected))


def recall(truth: str, read: str) -> float:
    """Return the share of a paper's words that a search would find."""
    expected, found = Counter(words(fold(truth))), Counter(words(fold(read)))
    return sum((expected & found).values()) / max(1, sum(expected.values()))


def _papers(work: Path) -> dict[tuple[str, str], list[Path]]:
    """Return the pictures of each paper in each profile, in the order of its pages."""
    papers: dict[tuple[str, str], list[Path]] = defaultdict(list)
    for row in map(json.loads, (work / "manifest.jsonl").read_text("utf-8").splitlines()):
        papers[row["profile"], row["doc"]].append(work / row["path"])
    return papers


def _score(scores: Scores, truth: dict[str, Any], pages: list[ExtractedDocument]) -> None:
    text = "\n".join(page.text for document in pages for page in document.pages)
    scores.errors.append(word_errors(truth["text"], text))
    scores.recall.append(recall(truth["text"], text))
    first = pages[0]
    best = {name: found.value if (found := first.best(name)) else "" for name in FIELD_BOUNDS}
    scores.fields["kind"].append(best["kind"] == KINDS[truth["kind"]])
    scores.fields["date"].append(best["date"] == truth["date"])
    scores.fields["practitioner"].append(_name(best["practitioner"]) == _name(truth["practitioner"]))
    named = {fold(medicine["name"]) for medicine in truth["medicines"]}
    proposed = {fold(candidate.value) for document in pages for candidate in document.candidates if candidate.field == "medicine"}
    scores.medicines += Counter(right=len(named & proposed), wrong=len(named ^ proposed))


def _name(name: str) -> list[str]:
    return sorted(re.findall("[a-z]+", fold(name)))


def _bare(work: Path, profile: str, papers: dict[tuple[str, str], list[Path]]) -> Iterator[float]:
    for (own, name), pictures in papers.items():
        if own == profile:
            truth = json.loads((work / "gt" / f"{name}.json").read_text("utf-8"))["text"]
            yield word_errors(truth, "\n".join(map(_tesseract, pictures)))


def _tesseract(picture: Path) -> str:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(["tesseract", str(picture), "stdout", "-l", "fra"], env=environment, capture_output=True, check=True)
    return done.stdout.decode("utf-8", errors="replace")


def _text_figures(scores: dict[str, Scores], bounds: dict[str, float]) -> Iterator[Figure]:
    for profile, measured in scores.items():
        detail = f"{len(measured.errors)} papers; recall {mean(measured.recall):.1%}"
        yield Figure(f"word error rate, {profile}", mean(measured.errors), bounds[profile], detail)
        if profile not in RECALL_NOT_BOUND:
            yield Figure(f"recall, {profile}", mean(measured.recall), 0.97, detail, at_least=True)


def _field_figures(scores: dict[str, Scores]) -> Iterator[Figure]:
    for name, bound in FIELD_BOUNDS.items():
        right = [hit for profile in MEDICINE_BOUNDS for hit in scores[profile].fields[name]]
        yield Figure(f"{name} right, {' and '.join(MEDICINE_BOUNDS)}", mean(right), bound, f"{sum(right)} of {len(right)}", at_least=True)
    for profile, bound in MEDICINE_BOUNDS.items():
        count = scores[profile].medicines
        f1 = 2 * count["right"] / max(1, 2 * count["right"] + count["wrong"])
        yield Figure(
            f"medicine names, F1, {profile}", f1, bound, f"{count['right']} right, {count['wrong']} missed or wrong", at_least=True
        )
