"""Results are read row by row, whatever stands between name and value; other rows are none."""

import pytest

from monespace_cli.ingest.analytes import find_analytes


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Hémoglobine 18,2 H g/dL 13,0 - 17,0 19,1", ("Hémoglobine", "18,2", "g/dL", "13,0", "17,0")),
        ("Plaquettes ........ 111 Giga/L N : 150 à 400 (155)", ("Plaquettes", "111", "Giga/L", "150", "400")),
        ("Sodium 142 mmol/L 136 - 145 140", ("Sodium", "142", "mmol/L", "136", "145")),
        ("Protéine C réactive (CRP) 2,1 mg/L < 5,0", ("Protéine C réactive (CRP)", "2,1", "mg/L", "", "5,0")),
        ("DFG estimé (CKD-EPI) 88 mL/min > 60", ("DFG estimé (CKD-EPI)", "88", "mL/min", "60", "")),
        ("White cell count 6.6 10^9/L 4.0 - 11.0", ("White cell count", "6.6", "10^9/L", "4.0", "11.0")),
        ("Hemoglobíne 13,5 g/dL", ("Hemoglobíne", "13,5", "g/dL", "", "")),
    ],
)
def test_a_row_is_a_result(line: str, expected: tuple[str, ...]) -> None:
    [found] = find_analytes(line)
    assert (found.name, found.value, found.unit, found.low, found.high) == expected


@pytest.mark.parametrize("line", ["Dossier n° 53385268", "Sodium", "Hémoglobine 2024", "DOLIPRANE 500 mg", "Page 1 - 2", "x" * 200])
def test_another_row_is_none(line: str) -> None:
    assert find_analytes(line) == []


@pytest.mark.parametrize(
    ("line", "is_sure"),
    [
        ("Hémoglobine 182 g/dL 13,0 - 17,0", False),
        ("Leucocytes 1237 Giga/L 4,00 - 10,00", False),
        ("Hémoglobine 18,2 g/dL 13,0 - 17,0", True),
        ("Hémoglobine 18 g/dL 13,0 - 17,0", True),
        ("Protéine C réactive (CRP) 182 mg/L < 5,0", True),  # so it may be: with a comma it would be as far above
        ("Ferritine 820 µg/L 30 - 400", True),  # nothing has a comma
    ],
)
def test_a_value_that_lost_its_comma_is_not_sure(line: str, is_sure: bool) -> None:
    [found] = find_analytes(line)
    assert (found.confidence > 0.5) is is_sure
