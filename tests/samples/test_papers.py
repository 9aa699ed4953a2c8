"""Composed papers: fictitious throughout, in agreement with their ground truth, and laid out without cutting anything off."""

import re

import pytest

from generator.chance import Chance, written
from generator.flow import Glyphs, lay_out, width
from generator.fonts import TYPEFACES, MissingFontError, typeface
from generator.lexicon import DEPARTMENT, PHONE_PREFIXES, TOWNS
from generator.templates import TEMPLATES, compose

SEEDS = range(25)
each_template = pytest.mark.parametrize("template", TEMPLATES)


def passes_luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(digit // 10 + digit % 10 for digit in doubled) % 10 == 0


def test_luhn_check_knows_a_valid_number() -> None:
    assert passes_luhn("79927398713")


@each_template
def test_same_seed_gives_the_same_paper_and_another_seed_another(template: str) -> None:
    assert compose(template, "1") == compose(template, "1")
    assert compose(template, "1").text != compose(template, "2").text


@each_template
def test_ground_truth_facts_stand_in_the_text(template: str) -> None:
    for seed in SEEDS:
        paper = compose(template, str(seed))
        assert set(paper.patient.split()) <= set(re.findall(r"[\w-]+", paper.text))
        assert paper.practitioner.split()[-1] in paper.text
        assert all(
            (medicine.name in paper.text and medicine.posology in paper.text) or template == "letter" for medicine in paper.medicines
        )
        assert all(f"{analyte.name} {analyte.value}" in paper.text for analyte in paper.analytes)


@each_template
def test_flags_agree_with_values_and_references(template: str) -> None:
    for seed in SEEDS:
        for analyte in compose(template, str(seed)).analytes:
            value, low, high = (float(text.replace(",", ".") or "nan") for text in (analyte.value, analyte.low, analyte.high))
            assert analyte.flag == ("B" if value < low else "H" if value > high else "")
            assert value > 0


def test_prefixes_are_those_kept_free_for_fiction() -> None:
    """Written down a second time, so that a slip in the lexicon is seen."""
    assert set(PHONE_PREFIXES) <= {"01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98"}
    assert DEPARTMENT == "96"


@each_template
def test_no_number_can_be_real(template: str) -> None:
    for seed in SEEDS:
        text = compose(template, str(seed)).text
        assert all(phone.startswith(PHONE_PREFIXES) for phone in re.findall(r"\b0\d(?: \d\d){4}\b", text))
        assert not any(passes_luhn(rpps) for rpps in re.findall(r"\b\d{11}\b", text))
        assert all(number.startswith(DEPARTMENT) for number in re.findall(r"FINESS (\d{9})", text))
        places = re.findall(rf"\b(\d{{5}}) ({'|'.join(re.escape(town.upper()) for town in TOWNS)})", text)
        assert all(code.startswith(DEPARTMENT) for code, _ in places)
        assert all("99 999" in number for number in re.findall(r"N° ([12] \d\d .*)", text))


def test_dates_are_written_in_many_styles() -> None:
    day = Chance("x").day()
    assert len({written(day, Chance(str(seed)).date_style()) for seed in range(60)}) == 6


@each_template
def test_words_stay_on_the_page_in_the_widest_typeface(template: str) -> None:
    face = typeface("vera")
    for seed in SEEDS:
        paper = compose(template, str(seed))
        for sheet in lay_out(paper, face):
            words = [mark for mark in sheet.marks if isinstance(mark, Glyphs)]
            assert all(mark.x > 0 and mark.x + width(mark.words, face, mark.ink) < sheet.size_mm[0] for mark in words)
            assert all(0 < mark.y < sheet.size_mm[1] for mark in words)


@each_template
def test_words_of_a_line_do_not_overlap(template: str) -> None:
    face = typeface("vera")
    for sheet in lay_out(compose(template, "3"), face):
        words = [mark for mark in sheet.marks if isinstance(mark, Glyphs) and not mark.angle]
        for left, right in ((a, b) for a in words for b in words if a.y == b.y and a.x < b.x):
            assert left.x + width(left.words, face, left.ink) <= right.x


def test_missing_typeface_names_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("generator.fonts._font_files", dict)
    with pytest.raises(MissingFontError, match="apt-get install fonts-liberation"):
        typeface("liberation-sans")
    assert not any(face.is_installed for face in TYPEFACES.values())
