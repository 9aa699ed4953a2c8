"""Medicines are found as prescriptions write them, despite a wrong letter, and not where a substance is only measured."""

import pytest

from monespace_cli.ingest.medicines import FoundMedicine, find_medicines


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("DOLIPRANE 500 mg, comprimé", [("DOLIPRANE", "500 mg")]),
        ("- VENTOLINE 100 microgrammes/dose : 1 bouffée le matin", [("VENTOLINE", "100 microgrammes/dose")]),
        ("2) Salbutamol (VENTOLINE) 100 µg/dose", [("VENTOLINE", "100 µg/dose")]),
        ("1) Prednisolone (PREDNISOLONE) 20 mg", [("PREDNISOLONE", "20 mg")]),
        ("traitement par RAMIPRIL 2,5 mg, TAHOR 40 mg et", [("RAMIPRIL", "2,5 mg"), ("TAHOR", "40 mg")]),
        ("UVEDOSE 100 000 UI : 1 ampoule", [("UVEDOSE", "100 000 UI")]),
        ("3. D0LIPRANE 1 g", [("DOLIPRANE", "1 g")]),
        ("Furosemide 40 mg", [("FUROSÉMIDE", "40 mg")]),
        ("INFANRIX HEXA 03/04/2022", [("INFANRIX HEXA", "")]),
        ("ENGERIX B20 20/03/2019 C18228", [("ENGERIX", "B20")]),
        ("PREVENAR 20 05/02/2022", [("PREVENAR", "20")]),
        ("NIMENRIX 10/06/2020", [("NIMENRIX", "")]),
        ("NIMENRIX 4 10/06/2020", [("NIMENRIX", "4")]),
        ("ROR PRIORIX 16/01/2020", [("PRIORIX", "")]),
        ("Salbutamol inhaler 100 micrograms: two puffs", [("SALBUTAMOL INHALER", "100 micrograms")]),
        ("DOLIPRANE500mg", [("DOLIPRANE", "500mg")]),
        ("RAM1PRlL 5 mg", [("RAMIPRIL", "5 mg")]),
        ("TAHQR 10 mg", [("TAHQR", "10 mg")]),
        ("XANAX 0,25 mg", [("XANAX", "0,25 mg")]),
        ("Praxinor 100 mg", [("PRAXINOR", "100 mg")]),
        ("Doliprane 1000 mg", [("DOLIPRANE", "1000 mg")]),
        ("REPEVAK 10/06/2020", [("REPEVAX", "")]),
        ("TEMESTQ 1 mg", [("TEMESTA", "1 mg")]),
        ("ERNESTA VALIUN", []),
        ("DIANE MERCIER", []),
        ("DIANE 35 microgrammes", [("DIANE", "35 microgrammes")]),
        ("Glucose : 1,02 g/L", []),
        ("traitement par QUELQUECHOSE 40 mg et AUTRECHOSE 5 mg", [("QUELQUECHOSE", "40 mg"), ("AUTRECHOSE", "5 mg")]),
        ("injection de PRODUIT 80 ml", []),
        ("DFG (CKD-EPI) 113 mL/min", []),
        ("d'introduire QUELQUECHOSE\n2,5 mg, une prise", [("QUELQUECHOSE", "2,5 mg")]),
        ("Dr MERCIER", []),
        ("- QUELQUECHOSE 30 mg : 1 gélule", [("QUELQUECHOSE", "30 mg")]),
        ("Potassium 4,1 mmol/L", []),
        ("un comprimé de paracétamol si besoin", []),
        ("31000 TOULOUSE", []),
        ("QUELQUECHOSE de 30 mg", []),
    ],
)
def test_medicines_are_found_as_they_are_written(line: str, expected: list[tuple[str, str]]) -> None:
    assert [(found.name, found.strength) for found in find_medicines(line)] == expected


def test_a_wrong_letter_and_an_unknown_name_are_less_sure() -> None:
    sure, near, unlisted = (find_medicines(f"{name} 5 mg")[0].confidence for name in ("BISOPROLOL", "BISOPR0LOL", "QUELQUECHOSE"))
    assert sure > near > unlisted


def test_a_vaccine_of_no_list_is_known_by_its_row() -> None:
    record = "NOUVEAUVAX 03/04/2022 K62051 Dr MOREAU\nHÉPATITE 05/06/2021 K62052\nDr MERCIER 05/06/2021\nZOSTAVAX 01/02/2020"
    assert [(found.name, found.lot) for found in find_medicines(record, {1, 2, 3, 4})] == [("NOUVEAUVAX", "K62051"), ("ZOSTAVAX", "")]
    assert [found.name for found in find_medicines(record)] == ["ZOSTAVAX"]


def test_each_medicine_counts_once_with_its_strength() -> None:
    assert find_medicines("KARDEGIC\nKARDEGIC 75 mg") == [FoundMedicine("KARDEGIC", "75 mg", "acétylsalicylate de lysine", 0.95, line=2)]


def test_letters_that_look_alike_are_surer_than_any_wrong_one() -> None:
    alike, wrong = (find_medicines(f"{name} 40 mg")[0].confidence for name in ("FUR0SEMIDE", "FUKOSEMIDE"))
    assert alike > wrong
