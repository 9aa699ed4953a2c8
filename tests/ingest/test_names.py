"""Practitioners' names: what belongs to them, and who wrote the paper."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.ingest.names import find_practitioners


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
    ],
)
def test_the_name_alone(line: str, name: str) -> None:
    assert names(line) == [name]


@pytest.mark.parametrize(
    "line", ["Docteur en médecine", "le docteur vous attend", "Dr RPPS 10096403278", "PR 12 ms", "ANDR Luc DURAND", "Dr"]
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
