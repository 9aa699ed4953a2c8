"""Medical specialties and professions as letterheads print them. Pure functions.

Source: ANS, TRE_R38-SpecialiteOrdinale, in the short wording of writing paper; written down from memory on 2026-11-26, not complete.
"""

import re
from functools import cache
from typing import Final

from monespace_cli.record.text import fold

_SPECIALTIES: Final = (
    "Médecine générale", "Médecin généraliste", "Allergologie", "Anatomie et cytologie pathologiques", "Anesthésie-réanimation",
    "Médecine intensive et réanimation", "Biologie médicale", "Cardiologie", "Chirurgie digestive", "Chirurgie générale",
    "Chirurgie maxillo-faciale", "Chirurgie orale", "Chirurgie orthopédique", "Chirurgie pédiatrique", "Chirurgie plastique",
    "Chirurgie thoracique", "Chirurgie vasculaire", "Chirurgie viscérale", "Chirurgien-dentiste", "Chirurgie dentaire", "Dermatologie",
    "Endocrinologie", "Diabétologie", "Gastro-entérologie", "Hépatologie", "Génétique médicale", "Gériatrie", "Gynécologie médicale",
    "Gynécologie obstétrique", "Gynécologie", "Hématologie", "Infectiologie", "Maladies infectieuses", "Médecine du sport",
    "Médecine du travail", "Médecine d'urgence", "Médecine interne", "Médecine nucléaire", "Médecine physique et de réadaptation",
    "Médecine vasculaire", "Angiologie", "Néphrologie", "Neurochirurgie", "Neurologie", "Oncologie", "Radiothérapie", "Ophtalmologie",
    "Oto-rhino-laryngologie", "ORL", "Pédiatrie", "Pneumologie", "Psychiatrie", "Radiologie", "Radiodiagnostic", "Imagerie médicale",
    "Rhumatologie", "Santé publique", "Stomatologie", "Urologie", "Sage-femme", "Infirmier", "Infirmière", "Masseur-kinésithérapeute",
    "Orthophoniste", "Orthoptiste", "Pédicure-podologue", "Psychologue", "Diététicienne", "Pharmacien biologiste", "Pharmacien",
    "Cardiologue", "Dermatologue", "Pédiatre", "Psychiatre", "Neurologue", "Ophtalmologue", "Ophtalmologiste", "Gynécologue",
    "Rhumatologue", "Pneumologue", "Urologue", "Gériatre", "Gastro-entérologue", "Endocrinologue", "Néphrologue", "Oncologue",
    "Allergologue", "Angiologue", "Hématologue", "Stomatologue", "Neurochirurgien", "Radiologue",
    "General practice", "General practitioner", "Cardiology", "Cardiologist", "Dermatology", "Paediatrics", "Psychiatry", "Radiology",
    "Respiratory medicine", "Rheumatology", "Obstetrics and gynaecology", "Orthopaedic surgery", "General surgery", "Internal medicine",
)  # fmt: skip


def find_specialty(folded: str) -> str:
    """Return the first specialty that a folded text names, as the list spells it; empty if it names none."""
    found = _pattern().search(folded.replace("-", " "))
    return _spelt()[found.group()] if found else ""


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(sorted(map(re.escape, _spelt()), key=len, reverse=True))})\b")


@cache
def _spelt() -> dict[str, str]:
    return {fold(name).replace("-", " "): name for name in _SPECIALTIES}
