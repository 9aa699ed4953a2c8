"""The patient is who the paper says it is about, and neither the practitioner nor the town."""

import pytest

from monespace_cli.ingest.patients import find_patients


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Madame CHEVALIER Françoise", "Françoise CHEVALIER"),
        ("certifie avoir examiné ce jour Madame Anne\nCHEVALIER, née le", "Anne CHEVALIER"),
        ("Madame DE LA TOUR Françoise", "Françoise DE LA TOUR"),
        ("Patient : GUÉRIN Hélène Dossier n° 53385268", "Hélène GUÉRIN"),
        ("Patient: Agnès LEFÈVRE Requested by: Dr Chloé MARTIN", "Agnès LEFÈVRE"),
        ("Nom : DUFOUR Prénom : Hélène", "Hélène DUFOUR"),
        ("certifie avoir examiné ce jour Luc BLANC, né(e) le", "Luc BLANC"),
        ("J'ai vu en consultation votre patient(e) Jean GUÉRIN, âgé(e)", "Jean GUÉRIN"),
        ("Concerne : LE GOFF Zoé, née le 3 mars 1980", "Zoé LE GOFF"),
        ("Dr Gaëlle BERNARD Identification du patient\n71 rue Neuve GAUTHIER Raphaël\n59800 LILLE", "Raphaël GAUTHIER"),
    ],
)
def test_the_patient_is_found(text: str, name: str) -> None:
    assert find_patients(text)[0].name == name


@pytest.mark.parametrize("text", ["Docteur Thierry CLÉMENT", "31000 TOULOUSE", "Dr LE GOFF Zoé", "Patient : voir au dos"])
def test_others_are_no_patient(text: str) -> None:
    assert find_patients(text) == []


def test_an_english_letters_subject_is_its_patient() -> None:
    assert [found.name for found in find_patients("Re: Noël BESSON, DOB 12 May 1980")] == ["Noël BESSON"]


@pytest.mark.parametrize(("line", "names"), [("Patient : J. MARTIN", ["J. MARTIN"]), ("Patient : M. MARTIN", [])])
def test_an_initial_is_a_given_name_and_monsieur_is_none(line: str, names: list[str]) -> None:
    assert [found.name for found in find_patients(line)] == names
