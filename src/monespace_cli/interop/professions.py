"""Professions and what physicians are qualified in, as XDS says them of an author (authorSpecialty).

Source: ANS, TRE_A02-ProfessionSavFaire-CISIS (JDV_J01), release of July 2026: every profession that a card can have, and of the
qualifications those without an option.
"""

from typing import Final

from monespace_cli.record.identity import Profession
from monespace_cli.record.text import fold

SPECIALTY_OID: Final = "1.2.250.1.213.1.1.4.5"

PROFESSIONS: Final = {
    Profession.PHYSICIAN: "Médecin",
    Profession.PHARMACIST: "Pharmacien",
    Profession.DENTIST: "Chirurgien-Dentiste",
    Profession.MIDWIFE: "Sage-Femme",
    Profession.NURSE: "Infirmier",
    Profession.PHYSIOTHERAPIST: "Masseur-Kinésithérapeute",
    Profession.PODIATRIST: "Pédicure-Podologue",
    Profession.SPEECH_THERAPIST: "Orthophoniste",
    Profession.ORTHOPTIST: "Orthoptiste",
}

SPECIALTIES: Final = {
    "SM01": "Anatomie et Cytologie pathologiques",
    "SM02": "Anesthésie-réanimation",
    "SM03": "Biologie médicale",
    "SM04": "Cardiologie et maladies vasculaires",
    "SM05": "Chirurgie générale",
    "SM06": "Chirurgie maxillo-faciale",
    "SM07": "Chirurgie maxillo-faciale et Stomatologie",
    "SM08": "Chirurgie orthopédique et Traumatologie",
    "SM09": "Chirurgie infantile",
    "SM10": "Chirurgie plastique reconstruct et esthétique",
    "SM11": "Chirurgie thoracique et cardio-vasculaire",
    "SM12": "Chirurgie urologique",
    "SM13": "Chirurgie vasculaire",
    "SM14": "Chirurgie viscérale et digestive",
    "SM15": "Dermatologie et Vénéréologie",
    "SM16": "Endocrinologie et métabolisme",
    "SM17": "Génétique médicale",
    "SM18": "Gériatrie",
    "SM19": "Gynécologie médicale",
    "SM20": "Gynécologie-obstétrique",
    "SM21": "Hématologie",
    "SM22": "Hématologie, opt Maladie du sang",
    "SM23": "Hématologie, opt Onco-hématologie",
    "SM24": "Gastro-entérologie et hépatologie",
    "SM25": "Médecine du travail",
    "SM26": "Qualifié en Médecine Générale",
    "SM27": "Médecine interne",
    "SM28": "Médecine nucléaire",
    "SM29": "Médecine physique et réadaptation",
    "SM30": "Néphrologie",
    "SM31": "Neuro-chirurgie",
    "SM32": "Neurologie",
    "SM33": "Neuro-psychiatrie",
    "SM34": "ORL et Chirurgie cervico-faciale",
    "SM35": "Oncologie, opt Onco-hématologie",
    "SM36": "Oncologie, opt médicale",
    "SM37": "Oncologie, opt radiothérapie",
    "SM38": "Ophtalmologie",
    "SM39": "Oto-rhino-laryngologie",
    "SM40": "Pédiatrie",
    "SM41": "Pneumologie",
    "SM42": "Psychiatrie",
    "SM43": "Psychiatrie, opt enfant et adolescent",
    "SM44": "Radio-diagnostic",
    "SM45": "Radio-thérapie",
    "SM46": "Médecine intensive-réanimation",
    "SM47": "Recherche médicale",
    "SM48": "Rhumatologie",
    "SM49": "Santé publique et Médecine sociale",
    "SM50": "Stomatologie",
    "SM51": "Gynéco-obstétrique et Gynéco méd, opt Gyn-obs",
    "SM52": "Gynéco-obstétrique et Gynéco méd, opt Gyn-méd",
    "SM53": "Spécialiste en Médecine Générale",
    "SM54": "Médecine Générale",
    "SM55": "Radio-diagnostic et Radio-Thérapie",
    "SM56": "Chirurgie orale",
    "SM57": "Allergologie",
    "SM58": "Maladies infectieuses et tropicales",
    "SM59": "Médecine d'urgence",
    "SM60": "Médecine légale et expertises médicales",
    "SM61": "Médecine vasculaire",
    "SM62": "Endocrinologie, diabétologie, nutrition",
    "SM72": "Médecine interne et immunologie clinique",
    "SM73": "Médecine cardiovasculaire",
    "SM74": "Radiologie imagerie médicale",
    "SM75": "Santé publique",
}
"""What a physician is qualified in, by the second part of its code."""


def specialty_value(profession: Profession | None, specialty: str) -> str:
    """Return the authorSpecialty of somebody, `code^label^OID` (CI-SIS); empty for who has no profession of care."""
    if profession not in PROFESSIONS:
        return ""
    code, label = f"G15_{profession.code}", PROFESSIONS[profession]
    if profession is Profession.PHYSICIAN and specialty in SPECIALTIES:
        code, label = f"{code}/{specialty}", f"{label} - {SPECIALTIES[specialty]} (SM)"
    return f"{code}^{label}^{SPECIALTY_OID}"


def specialties_called(words: str) -> list[str]:
    """Return the codes of the specialties that somebody may mean: the one with this code or name, else those whose names begin so."""
    wanted = fold(words).strip()
    exact = [code for code, label in SPECIALTIES.items() if wanted in (fold(code), fold(label))]
    return exact or [code for code, label in SPECIALTIES.items() if wanted and fold(label).startswith(wanted)]
