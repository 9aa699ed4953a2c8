"""Practitioners: what belongs to their names, who wrote the paper, and who only stands on it."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.ingest.practitioners import find_practitioners


def names(text: str) -> list[str]:
    return [found.name for found in find_practitioners(text)]


def best(text: str) -> str:
    return max(find_practitioners(text), key=lambda found: found.confidence).name


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("Docteur Thierry CLÉMENT", "Thierry CLÉMENT"),
        ("Dr Hélène HENRY, radiologue - 175 rue de la République", "Hélène HENRY"),
        ("Prescripteur : Dr GUÉRIN Benoît RPPS 10096403278", "Benoît GUÉRIN"),
        ("Dr Gaëlle BERNARD Identification du patient", "Gaëlle BERNARD"),
        ("DOCTEUR THIERRY CLÉMENT", "THIERRY CLÉMENT"),
        ("Dr. Jean-Paul LE GOFF", "Jean-Paul LE GOFF"),
        ("Pr Anne de LA TOUR", "Anne de LA TOUR"),
        ("Dr J.-P. MARTIN", "J.-P. MARTIN"),
        ("Professeure Anne-Marie D'ARC", "Anne-Marie D'ARC"),
        ("Consultant: Dr John Smith", "John Smith"),
        ("Dr MOREAU", "MOREAU"),
        ("Dr GUÉRIN Le 14/02/2020", "GUÉRIN"),
        ("Dr CLÉMENT UE", "CLÉMENT"),
        ("Docteur : Luc DURAND Tél : 01", "Luc DURAND"),
        ("Docteu Luc DURAND", "Luc DURAND"),
        ("Doeteur Luc DURAND", "Luc DURAND"),
        ("D'Luc DURAND", "Luc DURAND"),
        ("Dr Anne DE LA TOUR", "Anne DE LA TOUR"),
        ("DOCTEUR LOÏC LE GOFF", "LOÏC LE GOFF"),
        ("Dr DE LA TOUR Anne", "Anne DE LA TOUR"),
    ],
)
def test_the_name_alone(line: str, name: str) -> None:
    assert names(line) == [name]


@pytest.mark.parametrize(
    "line",
    [
        "Docteur en médecine",
        "le docteur vous attend",
        "Dr RPPS 10096403278",
        "PR 12 ms",
        "ANDR Luc DURAND",
        "Dr",
        "CABINET D'IMAGERIE MÉDICALE Lyon",
    ],
)
def test_what_is_no_name(line: str) -> None:
    assert names(line) == []


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Docteur Élodie LEGRAND\nÀ l'attention du Dr Luc MORIN\nDr Élodie LEGRAND", "Élodie LEGRAND"),
        ("Dr Luc MORIN\nCher confrère\n\nDr Luc MORIN", "Luc MORIN"),
        ("Biologiste : Dr Françoise DUFOUR\nPrescripteur : Dr Luc BLANC", "Françoise DUFOUR"),
        ("Prescripteur : Dr Luc BLANC\nValidé par Dr Françoise DUFOUR", "Françoise DUFOUR"),
        ("Dear Dr John Smith\n" + "line\n" * 12 + "Dr Anne BROWN", "Anne BROWN"),
        ("Vu avec Dr PETIT\nDr Anne BRUN", "Anne BRUN"),
        ("Requested by: Dr Chloé MARTIN", "Chloé MARTIN"),
        ("Dr Anne BRUN\nMédecine générale\nRemplacée par Dr Luc MORIN", "Luc MORIN"),
        ("Pr Anne BRUN, chef de service\n" + "line\n" * 12 + "Dr Luc MORIN", "Luc MORIN"),
        ("Dr Anne BRUN\n" + "line\n" * 12 + "Bien cordialement,\nDr Luc MORIN", "Luc MORIN"),
        ("Dr Luc MORIN\n" + "line\n" * 12 + "Service de médecine interne - Dr Anne BRUN", "Luc MORIN"),
    ],
)
def test_who_wrote_it(text: str, name: str) -> None:
    assert best(text) == name


def test_each_name_once_and_surer_when_signed() -> None:
    once, twice = (find_practitioners("Dr Luc MORIN\n" + "x\n" * 20 + last) for last in ("", "Dr Luc MORIN"))
    assert [found.name for found in twice] == ["Luc MORIN"]
    assert twice[0].confidence > once[0].confidence


@given(st.text(alphabet="Dr octeu PABé.,-'’:\n\t", max_size=200))
def test_any_text_is_survived(text: str) -> None:
    for found in find_practitioners(text):
        assert found.name.strip()
        assert 0.0 < found.confidence <= 0.95


def test_capitals_behind_a_name_that_stand_nowhere_else_are_a_bar_code() -> None:
    assert [found.name for found in find_practitioners("Docteur Thierry CLÉMENT LIU UNE\nThierry CLÉMENT")] == ["Thierry CLÉMENT"]
    assert [found.name for found in find_practitioners("Dr Zoé LE GOFF")] == ["Zoé LE GOFF"]
    assert [found.name for found in find_practitioners("Dr Zoé DURAND MARTIN\nDr Zoé DURAND MARTIN")] == ["Zoé DURAND MARTIN"]


UNTITLED = [
    ("Biologiste responsable : Anne-Marie PETIT", "Anne-Marie PETIT"),
    ("Biologistes responsables : Mme Claire ROY, M. Paul NOIR\nValidé par : Paul NOIR", "Paul NOIR"),
    ("Rédigé par Claire ROY", "Claire ROY"),
    ("Rédigé par : Mme Claire ROY, infirmière", "Claire ROY"),
    ("Signé électroniquement par Claire ROY le 12/03/2024", "Claire ROY"),
    ("Document signé électroniquement par le Dr Claire ROY", "Claire ROY"),
    ("Sage-femme : ROY Claire", "Claire ROY"),
    ("Claire ROY\nSage-femme\n12 rue X\nRPPS 10001234567", "Claire ROY"),
    ("CLAIRE ROY\nN° RPPS : 10001234567", "CLAIRE ROY"),
    ("Jane Smith, MD\nHarbour Clinic", "Jane Smith"),
    ("Dr Luc MORIN\nMédecine générale\nAdressé à : Dr Paul NOIR", "Luc MORIN"),
    ("Luc MORIN\nCardiologue\nÀ l'attention de\nDr Paul NOIR\nCher confrère", "Luc MORIN"),
    ("Docteur Luc MORIN\nDocteur Paul NOIR\nDocteur Anne BRUN\nCabinet\n1\n2\n3\n4\n5\n6\n7\nDr Paul NOIR", "Paul NOIR"),
    ("Or Luc MORIN", "Luc MORIN"),
    ("D' Luc MORIN", "Luc MORIN"),
    ("DrLuc MORIN", "Luc MORIN"),
    ("Dacteur Luc MORIN", "Luc MORIN"),
    ("Je soussigné, Luc MORIN, médecin, certifie", "Luc MORIN"),
    ("Je soussignée Anne BRUN, sage-femme", "Anne BRUN"),
    ("Patient : Luc MORIN\nValidé par : Anne BRUN", "Anne BRUN"),
    ("Cabinet d'infirmiers\nMme Anne BRUN - Infirmière D.E.", "Anne BRUN"),
    ("Consultant: Jane Smith", "Jane Smith"),
    ("Reported by: Jane Smith, Consultant Radiologist", "Jane Smith"),
    ("x\n1\n2\n3\n4\n5\n6\n7\n8\n9\nYours sincerely,\nJane Smith", "Jane Smith"),
    ("Seen with Dr BROWN\n2\n3\n4\n5\n6\n7\n8\n9\nConfraternellement\nAnne BRUN", "Anne BRUN"),
    ("Chef de service : Pr Jean BON\nPraticien : Dr Anne BRUN", "Anne BRUN"),
    ("Radiologue : Anne BRUN\nPrescripteur : Dr Luc MORIN", "Anne BRUN"),
    ("cc: Dr Luc MORIN\nDr Anne BRUN", "Anne BRUN"),
    ("Madame le Docteur Anne BRUN", "Anne BRUN"),
    ("Professeur Jean-Paul LE GOFF", "Jean-Paul LE GOFF"),
    ("Docteur\nAnne BRUN", "Anne BRUN"),
]


@pytest.mark.parametrize(("text", "name"), UNTITLED)
def test_the_author_in_many_layouts(text: str, name: str) -> None:
    assert best(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "Patient : Luc MORIN\nRadiographie",
        "Luc MORIN\nné le 12/03/1980\nRPPS 10001234567",
        "Centre Hospitalier\nCardiologie",
        "12 rue Jean MOULIN\nMédecine générale",
        "Lot : Rue NEUVE",
        "Merci Luc MORIN",
        "BIOSOINS EXAMENS\nBiologiste responsable : nous\nRue",
        "l'or Blanc",
    ],
)
def test_who_is_no_practitioner(text: str) -> None:
    assert names(text) == []


def test_the_patient_is_no_author_whatever_the_label() -> None:
    assert find_practitioners("Signé par : Luc MORIN", patients=["Luc MORIN"]) == []
    assert find_practitioners("Signé par : MORIN Luc", patients=["Luc MORIN"]) == []


def test_a_line_of_a_table_is_as_likely_as_it_is_said_to_be() -> None:
    text = "STAMARIL 21/07/2023 K82577 Dr MOREAU\nBEXSERO 25/01/2021 B52819 Mme Anne BRUN, IDE"
    assert {found.name: found.confidence for found in find_practitioners(text, entries={1: 0.7, 2: 0.3})} == {
        "MOREAU": 0.7,
        "Anne BRUN": 0.3,
    }


def test_number_and_specialty_stand_near_the_name() -> None:
    [luc, anne] = find_practitioners("Dr Luc MORIN\nCardiologie\nRPPS 10001234565\nDr Anne BRUN\nRPPS : 10001234567")
    assert (luc.rpps, luc.specialty) == ("10001234565", "Cardiologie")
    assert (anne.rpps, anne.specialty) == ("", "")  # its check digit is wrong


def test_an_initial_and_a_family_name_alone_are_the_same_person() -> None:
    [found] = find_practitioners("Dr Luc MORIN\n" + "x\n" * 12 + "L. Morin\nDr MORIN")
    assert found.name == "Luc MORIN"


@pytest.mark.parametrize("filler", ["Dr A", "Par Aa Aa ", "Aa AA ", "A. ", "signe par ", ": Aa ", "Aa-Aa-", "1 AA "])
def test_hostile_lines_take_bounded_time(filler: str) -> None:
    started = time.process_time()
    find_practitioners(filler * (20_000 // len(filler)))
    assert time.process_time() - started < 5


def test_a_heading_under_who_asked_is_not_their_specialty() -> None:
    [found] = find_practitioners("Prescripteur : Dr Anne BRUN\nHÉMATOLOGIE")
    assert found.specialty == ""
