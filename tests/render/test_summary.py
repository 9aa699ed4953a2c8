import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pypdfium2
import pytest
from reportlab.pdfbase import pdfmetrics

from monespace_cli.record.sections import Section
from monespace_cli.record.summary import Record, Summary, summary_of
from monespace_cli.record.summary_words import EMPTY
from monespace_cli.render.fonts import SANS, printable, register_fonts, size_that_fits
from monespace_cli.render.summary_html import summary_html
from monespace_cli.render.summary_pdf import page_texts, summary_pdf
from tests.record.records import NOW, ZOE, empty_record, entry, full_record, none_record

FULL, BARE, NOTHING_KNOWN = (summary_of(record, NOW) for record in (full_record(), empty_record(), none_record()))


def words_of_pdf(summary: Summary) -> str:
    return " ".join(" ".join(page_texts(summary_pdf(summary))).split())


def words_of_html(summary: Summary) -> str:
    tree = ET.fromstring(summary_html(summary).decode().removeprefix("<!DOCTYPE html>\n"))
    body = next(each for each in tree if each.tag.endswith("body"))
    return " ".join(" ".join(body.itertext()).split())


both = pytest.mark.parametrize("words_of", [words_of_pdf, words_of_html])


def test_a_usual_record_is_one_page() -> None:
    pdf = pypdfium2.PdfDocument(summary_pdf(FULL))
    assert len(pdf) == 1
    assert pdf[0].get_size() == pytest.approx((595.28, 841.89), abs=0.1)


@both
def test_allergies_then_treatments_come_first_with_all_that_is_known(words_of: object) -> None:
    assert callable(words_of)
    text = words_of(FULL)
    in_order = ["Zoé MARTIN", "INS 2 79 03 51 215 189 89", "Allergies", "Pénicilline", "œdème", "Traitements", "Lévothyroxine 75 µg"]
    places = [text.index(words) for words in (*in_order, "Maladies", "72,4", "Vaccinations", "Revaxis", "06 00 00 00 01")]
    assert places == sorted(places)
    assert "✓ confirmé" in text


@both
def test_nothing_known_is_told_apart_from_nothing_said(words_of: object) -> None:
    assert callable(words_of)
    assert "Aucune allergie connue" in words_of(NOTHING_KNOWN)
    assert "Aucune allergie connue" not in words_of(BARE)
    assert words_of(BARE).count(EMPTY) == 4, "the three sections that are always told, and the others in one line"


@both
def test_who_looks_after_the_person_is_told_and_whom_the_page_is_for(words_of: object) -> None:
    assert callable(words_of)
    text = words_of(summary_of(full_record(), NOW, recipient="Dr Eva NOIR"))
    assert "Médecin traitant : Luc DURAND" in text
    assert "RPPS : 10000001916" in text
    assert "pour Dr Eva NOIR" in text
    assert "DURAND, Luc" not in text
    assert "Luc DURAND" not in words_of(summary_of(full_record(), NOW, [Section.ALLERGY]))


@both
def test_what_a_person_wrote_is_text_and_nothing_else(words_of: object) -> None:
    assert callable(words_of)
    hostile = entry(Section.ALLERGY, "<b>&amp;</b><script>x</script>")
    assert hostile.text in words_of(summary_of(Record(ZOE, (hostile,)), NOW))


def test_the_same_summary_gives_the_same_bytes() -> None:
    assert summary_pdf(FULL) == summary_pdf(FULL)
    assert summary_pdf(BARE) != summary_pdf(FULL)


def test_a_long_record_goes_on_over_numbered_pages_that_name_the_person() -> None:
    many = tuple(entry(Section.VACCINATION, f"Vaccin {number}", start="2020") for number in range(150))
    pages = page_texts(summary_pdf(summary_of(Record(ZOE, many), NOW)))
    assert len(pages) > 3
    for number, text in enumerate(pages, 1):
        assert f"page {number}/{len(pages)}" in text
        assert "Zoé MARTIN, née le 17/05/1980" in text
    assert all(f"Vaccin {number}" in " ".join(pages) for number in range(150))


def test_a_comment_of_the_greatest_length_fits() -> None:
    wordy = replace(entry(Section.ILLNESS, "x" * 200), comment="mot " * 750)
    assert words_of_pdf(summary_of(Record(ZOE, (wordy,)), NOW)).count("mot") >= 750


def test_a_text_is_made_smaller_until_it_fits() -> None:
    register_fonts()
    assert size_that_fits("Zoé", SANS, 13, 200) == 13
    small = size_that_fits("Zoé " * 60, SANS, 13, 200)
    assert pdfmetrics.stringWidth("Zoé " * 60, SANS, small) == pytest.approx(200)
    assert size_that_fits("", SANS, 13, 200) == 13


def test_letters_that_the_font_lacks_are_shown_by_their_nearest() -> None:
    assert printable("Ősz, Ṣādiq, œdème, ЖΩ") == "Ősz, Ṣādiq, œdème, ЖΩ"
    assert printable("\u2460 \u4e2d") == "1 \u25a1"


def test_the_page_fetches_nothing_and_runs_nothing() -> None:
    page = summary_html(FULL).decode()
    assert "default-src 'none'" in page
    assert not re.search(r"<script|<img|<link|https?://(?!www\.w3\.org/1999/xhtml)|url\(", page)
    assert '<html xmlns="http://www.w3.org/1999/xhtml" lang="fr">' in page
