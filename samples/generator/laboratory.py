"""Analyses with units and reference ranges as French (and British) laboratories print them. Values are drawn, never taken from anybody."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Analysis:
    """One analysis: reference bounds in `unit`, None where there is no such bound, and the decimals it is given with."""

    name: str
    unit: str
    low: float | None
    high: float | None
    decimals: int = 1


SECTIONS: dict[str, tuple[Analysis, ...]] = {
    "HÉMATOLOGIE": (
        Analysis("Leucocytes", "G/L", 4.0, 10.0, 2),
        Analysis("Hématies", "T/L", 3.9, 5.4, 2),
        Analysis("Hémoglobine", "g/dL", 11.5, 16.0),
        Analysis("Hématocrite", "%", 35.0, 47.0),
        Analysis("V.G.M.", "fL", 80.0, 100.0),
        Analysis("T.C.M.H.", "pg", 27.0, 32.0),
        Analysis("Polynucléaires neutrophiles", "G/L", 1.8, 7.5, 2),
        Analysis("Lymphocytes", "G/L", 1.0, 4.0, 2),
        Analysis("Éosinophiles", "G/L", 0.04, 0.5, 2),
        Analysis("Plaquettes", "G/L", 150, 400, 0),
        Analysis("Réticulocytes", "G/L", 20, 120, 0),
    ),
    "HÉMOSTASE": (
        Analysis("Taux de prothrombine", "%", 70, 120, 0),
        Analysis("INR", "", 0.8, 1.2, 2),
        Analysis("Fibrinogène", "g/L", 2.0, 4.0, 2),
        Analysis("D-dimères", "ng/mL", None, 500, 0),
    ),
    "BIOCHIMIE SANGUINE": (
        Analysis("Sodium", "mmol/L", 136, 145, 0),
        Analysis("Potassium", "mmol/L", 3.5, 5.1),
        Analysis("Chlorures", "mmol/L", 98, 107, 0),
        Analysis("Calcium", "mmol/L", 2.15, 2.55, 2),
        Analysis("Urée", "mmol/L", 2.8, 7.2),
        Analysis("Créatinine", "µmol/L", 45, 84, 0),
        Analysis("DFG estimé (CKD-EPI)", "mL/min", 60, None, 0),
        Analysis("Acide urique", "µmol/L", 150, 350, 0),
        Analysis("Glycémie à jeun", "g/L", 0.7, 1.1, 2),
        Analysis("Hémoglobine glyquée (HbA1c)", "%", 4.0, 6.0),
        Analysis("Protéine C réactive (CRP)", "mg/L", None, 5.0),
        Analysis("Ferritine", "µg/L", 15, 150, 0),
    ),
    "BILAN LIPIDIQUE": (
        Analysis("Cholestérol total", "g/L", 1.4, 2.0, 2),
        Analysis("Cholestérol HDL", "g/L", 0.4, None, 2),
        Analysis("Cholestérol LDL", "g/L", None, 1.6, 2),
        Analysis("Triglycérides", "g/L", 0.35, 1.5, 2),
    ),
    "BILAN HÉPATIQUE": (
        Analysis("ASAT (TGO)", "U/L", 10, 35, 0),
        Analysis("ALAT (TGP)", "U/L", 10, 45, 0),
        Analysis("Gamma-GT", "U/L", 6, 42, 0),
        Analysis("Phosphatases alcalines", "U/L", 35, 105, 0),
        Analysis("Bilirubine totale", "µmol/L", 3.0, 21.0),
    ),
    "HORMONOLOGIE ET VITAMINES": (
        Analysis("TSH ultrasensible", "mUI/L", 0.27, 4.2, 2),
        Analysis("T4 libre", "pmol/L", 12.0, 22.0),
        Analysis("Vitamine D (25-OH)", "ng/mL", 30, 60, 0),
        Analysis("Vitamine B12", "pmol/L", 145, 569, 0),
        Analysis("Folates", "nmol/L", 8.8, 42.4),
    ),
}

ENGLISH = (
    Analysis("Haemoglobin", "g/L", 115, 165, 0),
    Analysis("White cell count", "10^9/L", 4.0, 11.0),
    Analysis("Platelets", "10^9/L", 150, 450, 0),
    Analysis("Mean cell volume", "fL", 80, 100, 0),
    Analysis("Sodium", "mmol/L", 133, 146, 0),
    Analysis("Potassium", "mmol/L", 3.5, 5.3),
    Analysis("Urea", "mmol/L", 2.5, 7.8),
    Analysis("Bilirubin", "umol/L", 2, 21, 0),
    Analysis("Serum ferritin", "ug/L", 13, 150, 0),
    Analysis("Thyroid stimulating hormone", "mU/L", 0.27, 4.2, 2),
)
