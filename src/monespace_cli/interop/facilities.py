"""Where practitioners work, as XDS says it: kinds of facility, and the practice setting that goes with each.

Source: ANS, JDV_J02 (healthcareFacilityTypeCode) and JDV_J03 (contentTypeCode), both of TRE_R02-SecteurActivite; JDV_J04
(practiceSettingCode) of TRE_A01; Struct_IdNat for the FINESS number.
"""

from dataclasses import dataclass
from typing import Final

FACILITY_OID: Final = "1.2.250.1.71.4.2.4"
SETTING_OID: Final = "1.2.250.1.213.1.1.4.9"
INSTITUTION_OID: Final = "1.2.250.1.71.4.2.2"

SETTINGS: Final = {
    "AMBULATOIRE": "Ambulatoire",
    "AMO": "Organisme d'assurance maladie obligatoire",
    "DEPISTAGE": "Dépistage",
    "ESSMS": "Etablissement ou Service Social ou Médico-Social",
    "ETABLISSEMENT": "Etablissement de santé",
}


@dataclass(frozen=True, slots=True)
class Facility:
    """A kind of facility."""

    label: str
    setting: str
    """Code of :data:`SETTINGS`."""


FACILITIES: Final = {
    "SA01": Facility("Etablissement public de santé", "ETABLISSEMENT"),
    "SA03": Facility("Etablissement privé PSPH", "ETABLISSEMENT"),
    "SA04": Facility("Etablissement privé non PSPH", "ETABLISSEMENT"),
    "SA05": Facility("Centre de santé", "AMBULATOIRE"),
    "SA07": Facility("Cabinet individuel", "AMBULATOIRE"),
    "SA08": Facility("Cabinet de groupe", "AMBULATOIRE"),
    "SA09": Facility("Exercice en société", "AMBULATOIRE"),
    "SA15": Facility("PMI et Planification familiale", "AMBULATOIRE"),
    "SA16": Facility("Etablissement pour personnes handicapées", "ESSMS"),
    "SA17": Facility("Etablissement pour personnes âgées", "ESSMS"),
    "SA24": Facility("Organisme de sécurité sociale", "AMO"),
    "SA25": Facility("Laboratoire de biologie médicale", "AMBULATOIRE"),
    "SA33": Facility("Pharmacie d'officine", "AMBULATOIRE"),
    "SA34": Facility("Centre de dialyse", "ETABLISSEMENT"),
    "SA36": Facility("Centre anti-cancer", "ETABLISSEMENT"),
    "SA52": Facility("Maison de santé", "AMBULATOIRE"),
    "SA54": Facility("Centre de dépistage et de prévention", "DEPISTAGE"),
}
"""By code: those that deposit. The nomenclature has more, which have no papers for patients."""

OWN_PRACTICE: Final = "SA07"
SOCIAL_INSURANCE: Final = "SA24"
