"""The shipped papers are the ones the provenance table lists, and say what their ground truth says."""

import json
import re
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from generator.lexicon import DEPARTMENT, PHONE_PREFIXES
from generator.shipped import SHIPPED, Shipped, manifest, provenance, render

SAMPLES = Path(__file__).parents[2] / "samples"
MAX_TOTAL = 2_500_000

each = pytest.mark.parametrize("item", SHIPPED, ids=lambda item: item.path)
WORD = re.compile(r"\w+")


def truth_of(item: Shipped) -> dict[str, object]:
    loaded: dict[str, object] = json.loads((SAMPLES / "gt" / f"{item.doc}.json").read_text("utf-8"))
    return loaded


def text_layer(path: Path) -> str:
    pages = pypdfium2.PdfDocument(path)
    return "\n".join(pages[index].get_textpage().get_text_bounded() for index in range(len(pages)))


def test_every_file_is_listed_and_every_listed_file_is_there() -> None:
    found = {str(path.relative_to(SAMPLES / "papers")) for path in (SAMPLES / "papers").rglob("*") if path.is_file()}
    truths = {str(path.relative_to(SAMPLES / "gt").with_suffix("")) for path in (SAMPLES / "gt").rglob("*.json")}
    assert found == {item.path for item in SHIPPED}
    assert truths == {item.doc for item in SHIPPED}


def test_readme_has_the_provenance_of_each_file_and_of_no_other() -> None:
    rows = [line for line in (SAMPLES / "README.md").read_text("utf-8").splitlines() if re.match(r"\| `.*\.\w+` \|", line)]
    assert rows == list(provenance())


def test_shipped_files_stay_small() -> None:
    assert sum((SAMPLES / "papers" / item.path).stat().st_size for item in SHIPPED) < MAX_TOTAL


def test_manifest_is_as_generated() -> None:
    assert (SAMPLES / "manifest.jsonl").read_text("utf-8") == manifest()


@each
def test_ground_truth_is_as_generated(item: Shipped) -> None:
    assert (SAMPLES / "gt" / f"{item.doc}.json").read_bytes() == item.truth()


@each
def test_paper_is_the_demo_persons(item: Shipped) -> None:
    assert truth_of(item)["patient"] == "Zoé MARTIN"


def test_prescription_is_the_demo_practitioners() -> None:
    assert truth_of(SHIPPED[0])["practitioner"] == "Luc DURAND"


def test_plain_text_is_as_generated() -> None:
    item = next(item for item in SHIPPED if item.path.endswith(".txt"))
    assert (SAMPLES / "papers" / item.path).read_bytes() == render(item)


@pytest.mark.parametrize("name", ["resultats.pdf", "compte-rendu-irm.pdf"])
def test_born_digital_pdf_holds_the_words_of_its_ground_truth(name: str) -> None:
    item = next(item for item in SHIPPED if item.path == name)
    missing = Counter(WORD.findall(str(truth_of(item)["text"]))) - Counter(WORD.findall(text_layer(SAMPLES / "papers" / name)))
    assert not missing


def test_results_have_two_pages_and_haemoglobin_on_the_first() -> None:
    pages = pypdfium2.PdfDocument(SAMPLES / "papers" / "resultats.pdf")
    assert len(pages) == truth_of(SHIPPED[1])["pages"] == 2
    assert "Hémoglobine" in pages[0].get_textpage().get_text_bounded()


def test_scanned_pdf_has_no_text_layer() -> None:
    assert text_layer(SAMPLES / "papers" / "scans" / "ordonnance-sortie.pdf").strip() == ""


@each
def test_numbers_are_fictitious(item: Shipped) -> None:
    text = str(truth_of(item)["text"])
    assert all(phone.startswith(PHONE_PREFIXES) for phone in re.findall(r"\b0\d(?: \d\d){4}\b", text))
    assert all(code.startswith(DEPARTMENT) for code in re.findall(r"\b\d{5}(?= [A-ZÉÈ])", text))
