from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.document import Candidate
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.patient import SURE, PatientMatch, PrintedPatient, compare_patient, compare_patients, printed_patients

BORN = date(1980, 5, 17)
ZOE = Identity("MARTIN-ROÜX", ("Zoé", "Anne"), BORN, Sex.FEMALE, "280057511122220")
USED = replace(ZOE, used_family_name="PETIT", used_given_name="Zou")
JEAN = Identity("LE GOFF", ("Jean-Pierre",), BORN, Sex.MALE)


@pytest.mark.parametrize(
    ("identity", "printed", "match"),
    [
        # the same, however it is written
        (ZOE, PrintedPatient("Zoé MARTIN-ROÜX"), PatientMatch.SAME),
        (ZOE, PrintedPatient("ZOE MARTIN ROUX", BORN), PatientMatch.SAME),
        (ZOE, PrintedPatient("MARTIN ROUX Anne"), PatientMatch.SAME),
        (JEAN, PrintedPatient("Jean Pierre LE GOFF"), PatientMatch.SAME),
        (ZOE, PrintedPatient("somebody", None, "2800575111222"), PatientMatch.SAME),
        (ZOE, PrintedPatient("somebody", None, "280057511122220"), PatientMatch.SAME),
        (JEAN, PrintedPatient("Jean-Pierre LE GOFF", None, "280057511122220"), PatientMatch.SAME),
        # near: a scanner's slip, a married name
        (ZOE, PrintedPatient("Zoé MARTIM-ROUX"), PatientMatch.NEAR),
        (ZOE, PrintedPatient("Zoé MARTI-ROUX"), PatientMatch.NEAR),
        (ZOE, PrintedPatient("Zoé MARTINX-ROUX"), PatientMatch.NEAR),
        (JEAN, PrintedPatient("Jean-Pierre LE GOFE"), PatientMatch.NEAR),
        (ZOE, PrintedPatient("Zoé MARTIN-ROUX", date(1980, 5, 11)), PatientMatch.NEAR),
        (ZOE, PrintedPatient("Zoé PETIT", BORN), PatientMatch.NEAR),
        (JEAN, PrintedPatient("Jean-Piere LE GOFF"), PatientMatch.NEAR),
        # what somebody goes by
        (USED, PrintedPatient("Zoé PETIT"), PatientMatch.SAME),
        (USED, PrintedPatient("Zou MARTIN-ROUX"), PatientMatch.SAME),
        (USED, PrintedPatient("Zoé DURAND"), PatientMatch.OTHER),
        # near: a given name cut short
        (JEAN, PrintedPatient("Jean LE GOFF"), PatientMatch.NEAR),
        (JEAN, PrintedPatient("J. LE GOFF"), PatientMatch.NEAR),
        (JEAN, PrintedPatient("J.-P. LE GOFF"), PatientMatch.NEAR),
        (JEAN, PrintedPatient("J. LE GOFF", date(2012, 8, 3)), PatientMatch.OTHER),
        (JEAN, PrintedPatient("P. LE GOFF"), PatientMatch.OTHER),
        (JEAN, PrintedPatient("J. Luc LE GOFF"), PatientMatch.OTHER),
        (JEAN, PrintedPatient("LE GOFF"), PatientMatch.OTHER),
        (JEAN, PrintedPatient("Jean-Luc LE GOFF"), PatientMatch.OTHER),
        (JEAN, PrintedPatient("Pierre LE GOFF"), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Léa Z. MARTIN-ROUX"), PatientMatch.OTHER),
        # others: a twin, a child, a parent, a stranger, another number
        (ZOE, PrintedPatient("Léa MARTIN-ROUX", BORN), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoé MARTIN-ROUX", date(2012, 8, 3)), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoé MARTIN-ROUX", date(1980, 6, 18)), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoé MARXXN-ROUX"), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoé MARTINET-ROUX"), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoée MARTIN-ROUX"), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoé PETIT"), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoé PETIT", date(1980, 5, 18)), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Paul DURAND"), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoé MARTIN-ROUX", BORN, "180057511122233"), PatientMatch.OTHER),
        (ZOE, PrintedPatient("Zoo MARTIN-ROUX"), PatientMatch.OTHER),
        # nothing is said
        (ZOE, PrintedPatient(), PatientMatch.UNNAMED),
        (ZOE, PrintedPatient("", BORN), PatientMatch.UNNAMED),
    ],
)
def test_whom_a_paper_is_about(identity: Identity, printed: PrintedPatient, match: PatientMatch) -> None:
    assert compare_patient(identity, printed) is match


def test_one_of_those_whom_a_paper_names_is_enough() -> None:
    assert compare_patients(ZOE, [PrintedPatient("Paul DURAND"), PrintedPatient("Zoé MARTIN-ROUX")]) is PatientMatch.SAME
    assert compare_patients(ZOE, [PrintedPatient("Paul DURAND"), PrintedPatient()]) is PatientMatch.OTHER
    assert compare_patients(ZOE, []) is PatientMatch.UNNAMED


def test_what_was_read_makes_the_printed_patient() -> None:
    read = [
        Candidate("patient", "Zoé MARTIN", SURE),
        Candidate("patient", "Luc PETIT", 0.5),
        Candidate("date", "2026-03-02", 0.9),
        Candidate("birth-date", "1980-05-17", 0.9),
        Candidate("ins", "280057511122220", 0.9),
    ]
    assert printed_patients(read) == [PrintedPatient("Zoé MARTIN", BORN, "280057511122220")]
    assert printed_patients([*read, Candidate("birth-date", "2001-01-01", 0.9)]) == [PrintedPatient("Zoé MARTIN", None, "280057511122220")]
    assert printed_patients([Candidate("patient", "Zoé MARTIN", 0.9), Candidate("birth-date", "17/05/80", 0.9)])[0].birth_date is None


@given(st.text(alphabet="abcdefgh", min_size=4, max_size=12), st.integers(0, 11), st.sampled_from("xyz"))
def test_one_wrong_letter_is_near_and_two_are_not(name: str, place: int, letter: str) -> None:
    place %= len(name)
    person = Identity(name, ("Zoé",), BORN, Sex.FEMALE)
    once = name[:place] + letter + name[place + 1 :]
    assert compare_patient(person, PrintedPatient(f"Zoé {once}")) is PatientMatch.NEAR
    assert compare_patient(person, PrintedPatient(f"Zoé {letter}{once}{letter}")) is PatientMatch.OTHER
