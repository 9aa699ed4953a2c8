"""Candidates for a paper's fields."""

import time
from datetime import date

import pytest

from monespace_cli.ingest.fields import find_fields
from monespace_cli.record.document import Candidate, ExtractedDocument, Page, TextSource

TODAY = date(2026, 11, 23)


def fields(*texts: str) -> ExtractedDocument:
    pages = tuple(Page(number, text, 1.0, TextSource.PLAIN) for number, text in enumerate(texts, start=1))
    return ExtractedDocument("text/plain", pages, find_fields(pages, TODAY))


def value(document: ExtractedDocument, field: str) -> str | None:
    found = document.best(field)
    return found.value if found else None


def test_a_paper_that_says_nothing_is_only_other() -> None:
    [only] = fields("").candidates
    assert (only.field, only.value) == ("kind", "other")


def test_what_no_words_tell_of_is_a_prescription_if_it_names_a_medicine_with_its_strength() -> None:
    assert value(fields("Dr Anne BRUN\nEliquis 5 mg : 1-0-1"), "kind") == "prescription"
    assert value(fields("Dr Anne BRUN\nAUTRECHOSE 5 mg : 1-0-1\nELIQUIS"), "kind") == "other"


def test_a_candidate_knows_its_page() -> None:
    document = fields("CERTIFICAT MÉDICAL", "Fait à Lyon, le 3 mars 2021\nDr Luc MORIN")
    assert {candidate.field: candidate.page for candidate in document.candidates} == {"kind": 1, "title": 1, "date": 2, "practitioner": 2}


def test_only_the_first_pages_are_looked_at() -> None:
    assert value(fields("", "", "", "Lyon, le 3 mars 2021"), "date") is None


def test_only_the_beginning_of_a_long_page_is_looked_at() -> None:
    assert [value(fields("\n" * filler + "Lyon, le 3 mars 2021"), "date") for filler in (19_000, 20_000)] == ["2021-03-03", None]


def test_a_vaccination_record_bears_its_last_date() -> None:
    rows = "Carnet de vaccination\nRappel le 01/02/2019\nVaccin 03/04/2022\nVaccin 05/06/2020"
    assert value(fields(rows), "date") == "2022-04-03"
    assert value(fields(rows.replace("Carnet de vaccination", "ORDONNANCE").replace("Vaccin", "")), "date") == "2019-02-01"


def test_each_day_is_one_candidate_at_its_surest() -> None:
    dates = [candidate for candidate in fields("vu 03/03/2021\nLyon, le 3 mars 2021").candidates if candidate.field == "date"]
    assert [(found.value, found.confidence > 0.9) for found in dates] == [("2021-03-03", True)]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("| ORDONNANCE\nParacétamol 1 g", "ORDONNANCE"),
        ("Dr Luc MORIN\nORDONNANCE\nDOLIPRANE", "ORDONNANCE"),
        ("Radiographie du genou droit", "Radiographie du genou droit"),
        ("Compte-rendu d'hospitalisation", "Compte-rendu d'hospitalisation"),
        ("Je vous adresse son bilan d'hier.", None),
        ("Résultats : Dr Luc MORIN", None),
        ("Ordonnance du 3 mars 2021", None),
        ("DOLIPRANE 500 mg", None),
        ("un bilan complet a été fait avec lui ce jour dans le service", None),
        ("x\n" * 14 + "ORDONNANCE", None),
    ],
)
def test_a_title_is_a_line_that_reads_like_a_heading(text: str, title: str | None) -> None:
    assert value(fields(text), "title") == title


@pytest.mark.parametrize("filler", ["Dr A", "1/1/", "9 ", "Dr " * 3, "ne le ", "A-", "le 1 ", "Dr Aa-Aa-", "mars ", "a, le "])
def test_hostile_text_takes_bounded_time(filler: str) -> None:
    started = time.process_time()
    fields(*[filler * 60_000] * 5)
    assert time.process_time() - started < 5


def test_what_a_prescription_and_a_report_list_are_candidates() -> None:
    paper = fields("ORDONNANCE\nMadame CHEVALIER Anne\nDOLIPRANE 500 mg, sachet")
    assert value(paper, "patient") == "Anne CHEVALIER"
    assert paper.best("medicine") == Candidate("medicine", "DOLIPRANE", 0.95, 1, 3, (("strength", "500 mg"), ("substance", "paracétamol")))
    report = fields("Laboratoire de biologie médicale\nSodium 142 mmol/L 136 - 145")
    assert report.best("analyte") == Candidate(
        "analyte", "Sodium", 0.95, 1, 2, (("value", "142"), ("unit", "mmol/L"), ("low", "136"), ("high", "145"))
    )
    assert report.best("medicine") is None


def test_the_rows_of_a_vaccination_record_name_vaccines_of_no_list() -> None:
    rows = "Carnet de vaccination\nVaccin Date Lot Vaccinateur\nNOUVEAUVAX 03/04/2022 K62051 Dr MOREAU"
    assert value(fields(rows), "medicine") == "NOUVEAUVAX"


def test_a_vaccination_record_is_by_who_made_its_last_entry() -> None:
    rows = "Carnet de vaccination\nRappel 01/02/2019 Dr NOIR\nVaccin 03/04/2022 Dr BLANC\nVaccin 05/06/2020 Dr NOIR"
    assert value(fields(rows), "practitioner") == "BLANC"
    assert value(fields("Docteur Anne BRUN\n" + rows), "practitioner") == "Anne BRUN"


def test_a_birth_without_its_label_is_not_the_papers_date() -> None:
    assert value(fields("ORDONNANCE\nle 21/08/1944\nÉdité le : 04/09/2021"), "date") == "2021-09-04"


def test_who_wrote_is_no_patient_for_being_called_madame() -> None:
    paper = fields("Rédigé par : Mme Claire ROY, infirmière\nMonsieur Luc MORIN")
    assert [candidate.value for candidate in paper.candidates if candidate.field == "patient"] == ["Luc MORIN"]
