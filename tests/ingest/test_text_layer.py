"""Which text layers are believed."""

import string

import pytest

from monespace_cli.ingest.text_layer import is_real_text, is_short
from tests.ingest.papers import PRESCRIPTION

REPORT = (
    "Compte rendu d'échographie abdominale du 12 mars 2026. Le foie est de taille normale, d'échostructure homogène. "
    "Pas de dilatation des voies biliaires. Conclusion : examen sans particularité, à contrôler dans six mois."
)
RESULTS = "Natrémie 142 mmol/L (136 - 145) Kaliémie 4,1 mmol/L Créatinine 74 µmol/L CRP < 5 mg/L Hémoglobine 13,5 g/dL TSH 2,1 mUI/L"
ACRONYMS = "Natriémie Kaliémie Chlorémie CRP TSH LDL HDL VGM TCMH CCMH PSA HbA1c GGT ASAT ALAT LDH PAL BNP INR TCA"


@pytest.mark.parametrize(
    ("layer", "is_real"),
    [
        ("Hémoglobine 13,5 g/dL (13,0 - 17,0) ; Sodium 142 mmol/L", True),
        ("en" * 15, True),
        ("en" * 14 + "e", False),
        ("Scanned by an app", False),
        ("- . " * 100, False),
        ("en" * 40 + "\ufffd" * 20, True),
        ("en" * 39 + "e" + "\ufffd" * 21, False),
        ("en" * 20 + "\ue000" * 40, False),
        ("", False),
        ("12 03 2026 " * 10, True),
        ("12 03 2026 " * 10 + "XZQ KVW", True),
        ("تقرير طبي للمريض بعد الفحص السريري والتحاليل المخبرية", True),
    ],
)
def test_a_text_layer_is_text_or_a_stamp_or_gibberish(layer: str, is_real: bool) -> None:
    assert is_real_text(layer) is is_real


@pytest.mark.parametrize("layer", [REPORT, RESULTS, ACRONYMS, "\n".join(PRESCRIPTION), REPORT.upper()])
def test_words_figures_and_acronyms_are_text(layer: str) -> None:
    assert is_real_text(layer)


@pytest.mark.parametrize("shift", [1, 3, 7, 13])
def test_letters_that_are_not_those_drawn_are_no_text(shift: int) -> None:
    letters = string.ascii_lowercase
    table = str.maketrans(letters + letters.upper(), letters[shift:] + letters[:shift] + letters[shift:].upper() + letters[:shift].upper())
    for layer in (REPORT, RESULTS, "\n".join(PRESCRIPTION)):
        assert not is_real_text(layer.translate(table))


def test_glyph_numbers_taken_for_characters_are_no_text() -> None:
    assert not is_real_text("".join(chr(ord(c) - 29) if "A" <= c <= "z" else c for c in REPORT))


def test_text_that_was_decoded_twice_is_no_text() -> None:
    assert not is_real_text(REPORT.encode().decode("cp1252"))


def test_a_short_layer_is_shorter_than_any_letter() -> None:
    assert is_short("a. " * 399)
    assert not is_short("a. " * 400)
    assert not is_short("\n".join(PRESCRIPTION) * 4)
