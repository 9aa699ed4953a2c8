"""What sort of paper a text is, by the words such papers use, in French and English.

Each phrase counts once, however often it stands there, so that a long text is not more of everything. Phrases are folded as
`record.text.fold` does; they are the wording of forms and headings, not of single papers.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from monespace_cli.record.codes import Kind

_ENOUGH: Final = 4
"""Points below which a paper is `other`: one heading, or several words that go with it."""

_PHRASES: Final[Mapping[Kind, Mapping[int, tuple[str, ...]]]] = {
    Kind.PRESCRIPTION: {
        6: ("ordonnance", "prescriptions relatives au traitement", "prescriptions sans rapport"),
        4: ("non substituable", "maladies intercurrentes", "medicaments prescrits", "a delivrer", "dispense as written"),
        3: ("posologie", "a renouveler", "renouvelable", "qsp", "affection exonerante", "prescription"),
        2: ("par jour pendant", "comprime matin", "matin et soir", "le soir au coucher", "au cours des repas", "refill"),
        1: ("comprime", "comprimes", "gelule", "gelules", "sachet", "ampoule", "bouffee", "suppositoire", "sirop", "pendant"),
    },
    Kind.BIOLOGY: {
        6: ("laboratoire de biologie", "analyses medicales", "examens biologiques", "laboratory report", "compte rendu de biologie"),
        4: ("valeurs de reference", "valeurs usuelles", "anteriorite", "anteriorites", "reference range", "biologiste", "biologistes"),
        3: ("hematologie", "biochimie", "hemogramme", "ionogramme", "pathology services", "valide biologiquement", "haematology"),
        2: ("preleve le", "prelevement du", "prelevement", "laboratoire", "specimen", "collected", "cofrac", "white cell count"),
        1: ("hemoglobine", "leucocytes", "plaquettes", "creatinine", "glycemie", "cholesterol", "mmol l", "g l", "haemoglobin", "sodium"),
    },
    Kind.IMAGING: {
        6: ("imagerie medicale", "compte rendu de radiologie", "radiology report", "tomodensitometrie", "mammographie"),
        4: ("radiographie", "echographie", "scanner", "irm", "radiologue", "imagerie", "radiologie", "ultrasound", "ct scan", "mri"),
        3: ("produit de contraste", "acquisition helicoidale", "doppler", "osteodensitometrie", "dose delivree", "mgy cm"),
        2: ("technique", "incidence", "incidences", "cliches", "coupes", "hyposignal", "hypersignal", "findings", "impression"),
        1: ("indication", "conclusion", "epanchement", "lesion", "face et profil", "resultats"),
    },
    Kind.LETTER: {
        6: (
            "cher confrere",
            "chere consoeur",
            "chers confreres",
            "confraternellement",
            "discharge summary",
            "lettre de liaison",
            "compte rendu de consultation",
            "compte rendu d'hospitalisation",
        ),
        4: ("cher ami", "chere amie", "j'ai vu en consultation", "merci de m'avoir adresse", "dear doctor", "dear dr", "dear colleague"),
        3: (
            "votre patient",
            "votre patiente",
            "was admitted",
            "date of discharge",
            "medication on discharge",
            "referral",
            "salutations distinguees",
            "sentiments les meilleurs",
        ),
        2: (
            "je vous remercie",
            "a l'attention du",
            "a votre disposition",
            "bien a vous",
            "yours sincerely",
            "kind regards",
            "antecedents",
            "cordialement",
        ),
        1: ("au total", "a l'examen", "motif", "follow up", "consultation", "concerne", "prise en charge"),
    },
    Kind.CERTIFICATE: {
        6: ("certificat", "certificat medical", "medical certificate", "i certify", "avis d'arret de travail", "arret de travail"),
        4: ("je soussigne", "certifie", "faire valoir ce que de droit", "i hereby certify", "attestation", "remis en main propre"),
        3: ("certifie avoir examine", "contre indication", "contre indiquant", "fit to", "aptitude", "inaptitude"),
        2: ("demande de l'interesse", "la pratique", "en competition", "ce jour"),
    },
    Kind.VACCINATION: {
        8: ("carnet de vaccination", "historique des vaccinations", "vaccination record", "immunisation record", "immunization record"),
        5: ("vaccination", "vaccinations", "vaccinateur", "immunisation", "certificat de vaccination"),
        3: ("vaccin", "vaccins", "vaccine", "vaccines", "rappel", "primovaccination"),
        1: ("lot", "dose", "bcg", "dtp", "ror", "hepatite b", "tetanos", "batch"),
    },
    Kind.INVOICE: {
        7: ("facture", "note d'honoraires", "feuille de soins", "invoice", "releve de remboursement", "decompte de remboursement"),
        4: ("net a payer", "total ttc", "montant total", "reste a charge", "base de remboursement", "amount due", "part complementaire"),
        2: ("montant", "tva", "acquittee", "tiers payant", "total", "depassement"),
    },
}


def score_kind(folded: str) -> tuple[Kind, float]:
    """Return the kind of paper that a folded text most looks like, and how sure that is, 0–1.

    The confidence is the winner's share of its own points and the runner-up's; an `other` is never sure.
    """
    ranked = sorted(((points, kind) for kind, points in _points(_words(folded)).items()), reverse=True, key=lambda item: item[0])
    (best, kind), (second, _) = ranked[:2]
    if best < _ENOUGH:
        return Kind.OTHER, 0.3
    return kind, min(0.99, best / (best + second))


def _words(folded: str) -> str:
    """Return the words alone, with a space around each, so that phrases match whole words whatever stands between them."""
    return f" {' '.join(re.findall('[a-z0-9]+', folded))} "


def _points(words: str) -> dict[Kind, int]:
    return {kind: sum(points for phrase, points in phrases if phrase in words) for kind, phrases in _spaced().items()}


@cache
def _spaced() -> dict[Kind, tuple[tuple[str, int], ...]]:
    return {
        kind: tuple((_words(phrase), points) for points, phrases in by_points.items() for phrase in phrases)
        for kind, by_points in _PHRASES.items()
    }
