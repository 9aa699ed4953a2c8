"""The nomenclatures of the French system, read from dated data files in `record/data`.

Source: ANS, nomenclatures des objets de santé (NOS), JDV_J07 (typeCode) and JDV_J06 (classCode), CI-SIS.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"

LOINC_OID = "2.16.840.1.113883.6.1"
TRE_A05_OID = "1.2.250.1.213.1.1.4.12"
CLASS_CODE_OID = "1.2.250.1.213.1.1.4.1"

CLASS_LABELS = {
    "10": "Compte rendu",
    "11": "Synthèse",
    "31": "Imagerie médicale",
    "42": "Prescription",
    "43": "Dispensation",
    "44": "Plan de soins, protocole de soins",
    "45": "Traitement administré",
    "52": "Certificat, déclaration",
    "60": "Données de remboursement",
    "90": "Autres documents déposés par le patient",
    "95": "Document de gestion",
    "99": "Feuille de style",
}


@dataclass(frozen=True, slots=True)
class TypeCode:
    """One XDS typeCode: what sort of document it is, its class, its French label."""

    code: str
    class_code: str
    label: str

    @property
    def system(self) -> str:
        """The OID of the coding system: LOINC for codes like `11502-2`, else the ANS complement TRE_A05."""
        digits = self.code.replace("-", "")
        return LOINC_OID if digits.isdigit() and "-" in self.code else TRE_A05_OID


@cache
def type_codes() -> dict[str, TypeCode]:
    """Return every known typeCode by its code."""
    text = (DATA / "type_codes.csv").read_text("utf-8")
    rows = (line.split(";") for line in text.splitlines() if line and not line.startswith(("#", "code;")))
    return {code: TypeCode(code, class_code or "90", label) for code, class_code, label in rows}


class Kind(StrEnum):
    """What sort of paper it is, in words a person uses; each has the typeCode that a patient's own deposit carries."""

    PRESCRIPTION = "prescription"
    BIOLOGY = "biology"
    IMAGING = "imaging"
    LETTER = "letter"
    CERTIFICATE = "certificate"
    VACCINATION = "vaccination"
    INVOICE = "invoice"
    OTHER = "other"

    @property
    def type_code(self) -> str:
        """The XDS typeCode for a document of this kind that the holder puts in."""
        return _PATIENT_TYPE_CODE[self]

    @property
    def deposited_type_code(self) -> str:
        """The XDS typeCode for a document of this kind that a practitioner or insurer puts in: the one that says the least beyond it."""
        return _DEPOSITED_TYPE_CODE[self]


_PATIENT_TYPE_CODE = {
    Kind.PRESCRIPTION: "DOCPAT02",
    Kind.BIOLOGY: "DOCPAT05",
    Kind.IMAGING: "DOCPAT04",
    Kind.LETTER: "DOCPAT03",
    Kind.CERTIFICATE: "DOCPAT07",
    Kind.VACCINATION: "11369-6",
    Kind.INVOICE: "DOCPAT09",
    Kind.OTHER: "EXPPAT_2",
}

_DEPOSITED_TYPE_CODE = {
    Kind.PRESCRIPTION: "57833-6",
    Kind.BIOLOGY: "11502-2",
    Kind.IMAGING: "18748-4",
    Kind.LETTER: "11488-4",
    Kind.CERTIFICATE: "89601-9",
    Kind.VACCINATION: "87273-9",
    Kind.INVOICE: "REMB",
    Kind.OTHER: "34120-6",
}
