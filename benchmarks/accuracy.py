"""How well papers are read and understood: word errors, recall and fields, profile by profile, against what monespace promises.

    python -m benchmarks accuracy                              # fresh papers of the project's own generator; some minutes
    python -m benchmarks.accuracy --papers DIR                 # any set with manifest.jsonl and gt/, such as the shared samples
    python -m benchmarks.accuracy --profiles clean,phone --count 24 --seed 7

Word errors are bounded by what bare tesseract (`-l fra`) makes of the same papers as printed, or, of blurred ones, of the same pictures.
Words are compared in reading order, case and punctuation between words aside; recall ignores accents as the search does. A paper whose
practitioner it does not name counts as wrong, and is told.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from queue import Queue
from statistics import mean
from typing import Any, TypeVar

from rapidfuzz.distance import Levenshtein

from benchmarks.measure import Figure
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.record.document import ExtractedDocument
from monespace_cli.record.text import fold

T = TypeVar("T")

THREADS = os.cpu_count() or 1
MAKER = Path(__file__).parents[1] / "samples" / "make.py"
UNDERSTOOD = ("clean", "phone")
"""Profiles whose fields are bounded, and which own papers are made in for all templates."""

PROFILES = (
    *UNDERSTOOD, "scan", "phone_hard", "phone_rot", "curl", "curl_hard", "rot90", "rot180", "skew7", "light", "shadow", "faded",
    "lowcontrast", "blur", "motion", "lowres150",
)  # fmt: skip
PAPERS = 30
SPOILT_PAPERS = 13
"""Own papers in the other profiles: one of each template whose words the bounds were set on."""

SEED = 2026
ABOVE_PRINTED = {"clean": 0.0, "faded": 0.04, "phone_hard": 0.12}
"""Word errors allowed above bare tesseract's on the printed page; 0.02 for the other profiles."""

BLURRED = ("blur", "motion")
RECALL_NOT_BOUND = ("clean", "faded", "phone_hard", *BLURRED)
KINDS = {
    "ordonnance": "prescription", "biologie": "biology", "lab-report": "biology", "imagerie": "imaging", "courrier": "letter",
    "discharge-letter": "letter", "certificat": "certificate", "facture": "invoice",
}  # fmt: skip
"""The kinds of the ground truth that are called otherwise here."""

FIELD_BOUNDS = {"kind": 0.97, "date": 0.95, "practitioner": 0.90}
MEDICINE_BOUNDS = {"clean": 0.95, "phone": 0.90}

WORD = re.compile(r"[\w%µ]+(?:[.,]\w+)*")

Papers = dict[tuple[str, str], list[Path]]
"""The pictures of each paper (by profile and name), in the order of its pages."""


@dataclass(slots=True)
class Scores:
    """What was measured in one profile, a figure for each paper."""

    errors: list[float] = field(default_factory=list)
    recall: list[float] = field(default_factory=list)
    bound: float | None = None
    """Word errors allowed; None where there is nothing to compare with."""
    fields: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    unnamed: int = 0
    """Papers that do not name their practitioner."""
    medicines: Counter[str] = field(default_factory=Counter)

    @property
    def f1(self) -> float:
        """Of the medicines' names; 1 where there are none."""
        right, wrong = self.medicines["right"], self.medicines["wrong"]
        return 2 * right / (2 * right + wrong) if right or wrong else 1.0


def figures(work: Path) -> list[Figure]:
    """Make papers in `work`, an empty directory, read them and measure."""
    scores = measure(make_papers(work / "all", UNDERSTOOD, PAPERS, SEED))
    rest = [profile for profile in PROFILES if profile not in UNDERSTOOD]
    scores |= {
        profile: measured
        for profile, measured in measure(make_papers(work / "spoilt", ["clean", *rest], SPOILT_PAPERS, SEED)).items()
        if profile not in scores
    }
    return [*_text_figures(scores), *_field_figures(scores)]


def make_papers(folder: Path, profiles: Sequence[str], count: int, seed: int) -> Path:
    """Have the project's generator make a set of papers; return its folder."""
    options = {"out": str(folder), "count": str(count), "seed": str(seed), "profiles": ",".join(profiles)}
    argv = [sys.executable, str(MAKER), *(part for name, value in options.items() for part in (f"--{name}", value))]
    subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
    return folder


def measure(folder: Path, profiles: Sequence[str] = (), names: Sequence[str] = ()) -> dict[str, Scores]:
    """Read the papers of a set, of some profiles or names only, and return what was measured in each profile."""
    papers = _papers(folder)
    wanted = {key for key in papers if (not profiles or key[0] in profiles) and (not names or any(name in key[1] for name in names))}
    truths = {name: json.loads((folder / "gt" / f"{name}.json").read_text("utf-8")) for _, name in wanted}
    scores: dict[str, Scores] = {}
    with _reading() as work:
        read = _in_threads(work, {key: papers[key] for key in wanted})
    for profile, name in (key for key in papers if key in wanted):
        _score(scores.setdefault(profile, Scores()), truths[name], read[profile, name])
    for profile, allowed in _bounds(papers, wanted, truths).items():
        scores[profile].bound = allowed
    return scores


def main(arguments: list[str]) -> int:
    """Print a table; return 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--papers", type=Path, metavar="DIR", help="a set with manifest.jsonl and gt/ (default: make own ones)")
    parser.add_argument("--profiles", type=lambda text: text.split(","), default=[], help="comma-separated (default: all there are)")
    parser.add_argument("--only", type=lambda text: text.split(","), default=[], help="comma-separated parts of papers' names")
    parser.add_argument("--count", type=int, default=PAPERS, help="own papers to make (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="of own papers (default: %(default)s)")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="monespace-bench-") as work:
        profiles = list(dict.fromkeys(["clean", *(options.profiles or UNDERSTOOD)]))  # what the others' words are compared with
        folder = options.papers or make_papers(Path(work), profiles, options.count, options.seed)
        scores = measure(folder, options.profiles, options.only)
    sys.stdout.write("".join(f"{line}\n" for line in _table(scores)))
    return 0 if all(figure.holds for figure in (*_text_figures(scores), *_field_figures(scores))) else 1


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


def _papers(work: Path) -> Papers:
    papers: Papers = defaultdict(list)
    for row in map(json.loads, (work / "manifest.jsonl").read_text("utf-8").splitlines()):
        papers[row["profile"], row["doc"]].append(work / row["path"])
    return papers


def _score(scores: Scores, truth: dict[str, Any], pages: list[ExtractedDocument]) -> None:
    text = "\n".join(page.text for document in pages for page in document.pages)
    scores.errors.append(word_errors(truth["text"], text))
    scores.recall.append(recall(truth["text"], text))
    first = pages[0]
    scores.unnamed += not set(_name(truth["practitioner"])) <= set(_name(truth["text"]))
    best = {name: found.value if (found := first.best(name)) else "" for name in FIELD_BOUNDS}
    scores.fields["kind"].append(best["kind"] == KINDS.get(truth["kind"], truth["kind"]))
    scores.fields["date"].append(best["date"] == truth["date"])
    scores.fields["practitioner"].append(_name(best["practitioner"]) == _name(truth["practitioner"]))
    named = {fold(medicine["name"]) for medicine in truth["medicines"]}
    proposed = {fold(candidate.value) for document in pages for candidate in document.candidates if candidate.field == "medicine"}
    scores.medicines += Counter(right=len(named & proposed), wrong=len(named ^ proposed))


def _name(name: str) -> list[str]:
    return sorted(re.findall("[a-z]+", fold(name)))


@contextmanager
def _reading() -> Iterator[Callable[[list[Path]], list[ExtractedDocument]]]:
    """Give a function that reads a paper's pictures, for as many threads as there are reading processes."""
    with ExitStack() as stack:
        idle: Queue[Reader] = Queue()
        for _ in range(THREADS):
            idle.put(stack.enter_context(Reader(lambda: datetime.now(UTC))))

        def read(pictures: list[Path]) -> list[ExtractedDocument]:
            reader = idle.get()
            try:
                return [reader.read(picture.read_bytes(), IngestOptions()) for picture in pictures]
            finally:
                idle.put(reader)

        yield read


def _bare(pictures: list[Path]) -> str:
    return "\n".join(map(_tesseract, pictures))


def _in_threads(work: Callable[[list[Path]], T], papers: Papers) -> dict[tuple[str, str], T]:
    with ThreadPoolExecutor(THREADS) as pool:
        return dict(zip(papers, pool.map(work, papers.values()), strict=True))


def _bounds(papers: Papers, wanted: set[tuple[str, str]], truths: dict[str, Any]) -> dict[str, float]:
    """Return the word errors allowed in each profile: from bare tesseract on the same papers as printed, or on the blurred pictures."""
    compared = {key: key if key[0] in BLURRED else ("clean", key[1]) for key in wanted}
    bare = _in_threads(_bare, {key: papers[key] for key in set(compared.values()) if key in papers})
    errors: dict[str, list[float]] = defaultdict(list)
    for (profile, name), other in compared.items():
        if other in bare:
            errors[profile].append(word_errors(truths[name]["text"], bare[other]))
    return {
        profile: mean(found) * 2 / 3 if profile in BLURRED else mean(found) + ABOVE_PRINTED.get(profile, 0.02)
        for profile, found in errors.items()
    }


def _tesseract(picture: Path) -> str:
    environment = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    done = subprocess.run(["tesseract", str(picture), "stdout", "-l", "fra"], env=environment, capture_output=True, check=True)
    return done.stdout.decode("utf-8", errors="replace")


def _text_figures(scores: dict[str, Scores]) -> Iterator[Figure]:
    for profile, measured in scores.items():
        detail = f"{len(measured.errors)} papers; recall {mean(measured.recall):.1%}"
        if measured.bound is not None:
            yield Figure(f"word error rate, {profile}", mean(measured.errors), measured.bound, detail)
        if profile not in RECALL_NOT_BOUND:
            yield Figure(f"recall, {profile}", mean(measured.recall), 0.97, detail, at_least=True)


def _field_figures(scores: dict[str, Scores]) -> Iterator[Figure]:
    """Yield each field's share right over all profiles, and the medicines' F1 where it is bounded."""
    for name, bound in FIELD_BOUNDS.items():
        right = [hit for measured in scores.values() for hit in measured.fields[name]]
        yield Figure(f"{name} right, all profiles", mean(right), bound, f"{sum(right)} of {len(right)}", at_least=True)
    for profile, bound in MEDICINE_BOUNDS.items():
        if profile in scores:
            count = scores[profile].medicines
            detail = f"{count['right']} right, {count['wrong']} missed or wrong"
            yield Figure(f"medicine names, F1, {profile}", scores[profile].f1, bound, detail, at_least=True)


def _table(scores: dict[str, Scores]) -> Iterator[str]:
    """Yield a line for each profile, with `!` behind what misses its bound, and one for all of them."""
    yield f"{'profile':12} {'n':>3} {'WER':>8} {'allowed':>8} {'recall':>8} {'kind':>8} {'date':>8} {'pract.':>8} {'med. F1':>8}  unnamed"
    for profile, measured in scores.items():
        allowed = "" if measured.bound is None else f"{measured.bound:.1%}"
        cells = [
            _cell(mean(measured.errors), measured.bound is None or mean(measured.errors) <= measured.bound),
            f"{allowed:>7} ",
            _cell(mean(measured.recall), profile in RECALL_NOT_BOUND or mean(measured.recall) >= 0.97),
            *(_cell(mean(measured.fields[name]), mean(measured.fields[name]) >= bound) for name, bound in FIELD_BOUNDS.items()),
            _cell(measured.f1, measured.f1 >= MEDICINE_BOUNDS.get(profile, 0.0)),
        ]
        yield f"{profile:12} {len(measured.errors):3} {' '.join(cells)}  {measured.unnamed or ''}"
    for figure in _field_figures(scores):
        yield f"{'ok  ' if figure.holds else 'MISS'} {figure.what}: {figure.ratio:.1%}, wanted {figure.bound:.0%} ({figure.detail})"


def _cell(share: float, holds: bool) -> str:
    return f"{share:>7.1%}{' ' if holds else '!'}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
