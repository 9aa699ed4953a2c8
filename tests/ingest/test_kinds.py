"""What sort of paper it is, by the wording of forms: French and English."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.ingest.kinds import score_kind
from monespace_cli.record.codes import Kind
from monespace_cli.record.text import fold


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        (Kind.PRESCRIPTION, "ORDONNANCE\nAmoxicilline 1 g, comprimé : 1 comprimé matin et soir pendant 6 jours, QSP 6 jours. À renouveler"),
        (Kind.PRESCRIPTION, "Prescriptions relatives au traitement de l'affection de longue durée reconnue\nNON SUBSTITUABLE (MTE)"),
        (Kind.BIOLOGY, "Laboratoire d'analyses médicales\nBiologistes : Dr X\nHÉMATOLOGIE Hémoglobine 13,5 g/dL Valeurs de référence"),
        (Kind.BIOLOGY, "Clinical Chemistry Laboratory Report\nSpecimen collected 1 Feb 2024\nTest Result Reference range"),
        (Kind.IMAGING, "IRM CÉRÉBRALE\nIndication : céphalées. Technique : coupes axiales T1, T2. Résultats : hypersignal. Conclusion"),
        (Kind.IMAGING, "Cabinet d'imagerie médicale\nÉchographie abdominale, absence d'épanchement. Ordonnance du Dr X"),
        (Kind.LETTER, "Cher Confrère,\nJ’ai vu en consultation votre patient qui prend un comprimé matin et soir.\nConfraternellement"),
        (Kind.LETTER, "Concerne : M. X\nDix séances ont été réalisées, je reste à votre disposition.\nSalutations distinguées"),
        (Kind.LETTER, "Concerne : M. X\nJe reste à votre disposition.\nBien cordialement"),
        (Kind.LETTER, "COMPTE RENDU DE CONSULTATION\nDOLIPRANE : 1 comprimé le soir au coucher, pendant 1 mois"),
        (Kind.LETTER, "Date of discharge: 03/04/2021\nMedication on discharge\nRamipril 5 mg once daily"),
        (Kind.LETTER, "Discharge summary\nThis patient was admitted with cough. Chest x-ray. Medication: one tablet"),
        (
            Kind.CERTIFICATE,
            "CERTIFICAT MÉDICAL\nJe soussigné, certifie avoir examiné ce jour M. X, et n'ai pas constaté de contre-indication",
        ),
        (Kind.VACCINATION, "CARNET DE VACCINATION\nVaccin Date Lot Vaccinateur\nROR"),
        (Kind.INVOICE, "NOTE D'HONORAIRES\nConsultation 26,50 € Montant total 26,50 € Règlement par carte, tiers payant"),
        (Kind.OTHER, "Chère Zoé, merci pour les photos des vacances. Bises de Lyon"),
        (Kind.OTHER, ""),
    ],
)
def test_kinds(kind: Kind, text: str) -> None:
    found, confidence = score_kind(fold(text))
    assert found is kind
    assert 0.3 <= confidence <= 0.99
    assert (confidence > 0.5) == (kind is not Kind.OTHER)


def test_a_word_inside_another_does_not_count() -> None:
    assert score_kind("scannerise firma vaccinodrome facturette")[0] is Kind.OTHER


def test_repetition_does_not_count() -> None:
    assert score_kind("gelule " * 1000)[0] is Kind.OTHER


@given(st.text())
def test_any_text_has_a_kind(text: str) -> None:
    kind, confidence = score_kind(fold(text))
    assert kind in Kind
    assert 0.3 <= confidence <= 0.99
