"""Sentences of reports, letters and certificates, general enough to fit anybody."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exam:
    """An imaging examination and what reports say about it."""

    title: str
    indications: tuple[str, ...]
    technique: str
    findings: tuple[str, ...]
    conclusions: tuple[str, ...]


EXAMS = (
    Exam(
        "ÉCHOGRAPHIE ABDOMINALE",
        ("Douleurs de l'hypochondre droit.", "Perturbation du bilan hépatique.", "Bilan de douleurs abdominales récidivantes."),
        "Exploration par sonde convexe de 5 MHz, patient à jeun.",
        (
            "Foie de taille normale, d'échostructure homogène, sans lésion focale décelable.",
            "Vésicule biliaire alithiasique, à paroi fine. Voies biliaires non dilatées.",
            "Pancréas bien vu dans sa portion céphalique, d'aspect normal.",
            "Rate homogène mesurée à 10,4 cm de grand axe.",
            "Reins de taille symétrique, bien différenciés, sans dilatation des cavités pyélocalicielles.",
            "Absence d'épanchement intrapéritonéal.",
        ),
        ("Échographie abdominale sans anomalie significative.", "Pas d'argument échographique pour une lithiase vésiculaire."),
    ),
    Exam(
        "RADIOGRAPHIE DU THORAX DE FACE",
        ("Toux persistante depuis trois semaines.", "Bilan préopératoire.", "Fièvre et douleur thoracique."),
        "Cliché de face réalisé debout, en inspiration profonde.",
        (
            "Silhouette cardio-médiastinale de taille et de morphologie normales.",
            "Absence de foyer parenchymateux systématisé.",
            "Culs-de-sac pleuraux libres.",
            "Pas d'anomalie du cadre osseux visible.",
            "Discret épaississement bronchique des deux bases.",
        ),
        ("Cliché pulmonaire dans les limites de la normale.", "Aspect de bronchopathie sans foyer constitué."),
    ),
    Exam(
        "SCANNER CÉRÉBRAL SANS INJECTION",
        ("Céphalées inhabituelles.", "Traumatisme crânien sous anticoagulant.", "Vertiges rotatoires récents."),
        "Acquisition hélicoïdale, coupes de 1,25 mm, lecture en fenêtres parenchymateuse et osseuse. PDL : 812 mGy.cm.",
        (
            "Pas d'hémorragie intracrânienne ni de collection péricérébrale.",
            "Structures médianes en place, système ventriculaire de taille normale.",
            "Absence d'effet de masse. Bonne différenciation entre substance blanche et substance grise.",
            "Discret comblement muqueux du sinus maxillaire gauche.",
        ),
        ("Absence d'anomalie intracrânienne aiguë décelable.", "Pas de lésion post-traumatique."),
    ),
    Exam(
        "IRM DU RACHIS LOMBAIRE",
        ("Lomboradiculalgie gauche de trajet S1.", "Lombalgie chronique résistant au traitement.", "Claudication neurologique."),
        "Séquences sagittales pondérées en T1 et T2, coupes axiales centrées sur les trois derniers étages.",
        (
            "Alignement conservé des corps vertébraux, dont la hauteur est respectée.",
            "Discopathie dégénérative L4-L5 avec débord circonférentiel, sans conflit radiculaire.",
            "Hernie discale L5-S1 paramédiane gauche refoulant la racine S1.",
            "Cône terminal en place, de signal normal.",
            "Canal lombaire de dimensions normales.",
        ),
        ("Hernie discale L5-S1 gauche, concordante avec la clinique.", "Discopathies étagées sans conflit discoradiculaire."),
    ),
    Exam(
        "MAMMOGRAPHIE BILATÉRALE DE DÉPISTAGE",
        ("Dépistage organisé.", "Contrôle à deux ans.", "Antécédent familial au premier degré."),
        "Incidences de face et obliques externes, numériques, avec seconde lecture.",
        (
            "Seins de densité intermédiaire, type B de l'ACR.",
            "Absence d'opacité suspecte et de foyer de microcalcifications.",
            "Revêtement cutané d'épaisseur normale.",
            "Aires axillaires sans adénopathie visible.",
        ),
        ("Mammographie classée ACR 2 des deux côtés.", "Pas d'image suspecte. ACR 1 à droite, ACR 2 à gauche."),
    ),
)

OPENINGS = (
    "Je vous remercie de m'avoir adressé {patient}, {age} ans, que j'ai reçu{e} en consultation.",
    "J'ai vu ce jour {patient}, âgé{e} de {age} ans, pour le motif suivant : {motive}.",
    "Merci de votre confiance pour le suivi de {patient}, {age} ans, venu{e} pour {motive}.",
)
MOTIVES = (
    "une dyspnée d'effort",
    "des palpitations",
    "une fatigue persistante",
    "un bilan de suivi annuel",
    "des lombalgies",
    "une toux nocturne",
)
HISTORIES = (
    "Les antécédents comportent une hypertension artérielle traitée, une appendicectomie dans l'enfance et une allergie à la pénicilline.",
    "On note un asthme ancien, un tabagisme sevré depuis {years} ans et une hypercholestérolémie familiale.",
    "Il n'y a pas d'antécédent chirurgical notable. Un diabète de type 2 est connu depuis {years} ans.",
    "Dans les antécédents : migraine avec aura, cholécystectomie, œsophagite par reflux.",
)
EXAMINATIONS = (
    "L'examen retrouve une pression artérielle à {systolic}/{diastolic} mmHg, un pouls à {pulse} par minute et un poids de {weight} kg.",
    "À l'examen clinique, la tension est mesurée à {systolic}/{diastolic} mmHg aux deux bras ; l'auscultation pulmonaire est libre.",
    "Le poids est de {weight} kg, stable. Les bruits du cœur sont réguliers à {pulse} battements par minute, sans souffle.",
)
TESTS = (
    "L'électrocardiogramme est sinusal, sans trouble de conduction ni de repolarisation.",
    "L'échographie cardiaque montre une fraction d'éjection conservée à {ejection} %.",
    "Les explorations fonctionnelles respiratoires sont dans les limites de la normale.",
    "Le bilan biologique récent est satisfaisant, avec une hémoglobine à {haemoglobin} g/dL.",
)
PLANS = (
    "Je propose la poursuite du traitement par {treatment} et un contrôle dans {months} mois.",
    "J'ai prescrit {treatment}. Une nouvelle consultation est prévue dans {months} mois.",
    "Il me paraît souhaitable d'introduire {treatment}, avec une surveillance de la tolérance à {months} mois.",
)
GREETINGS = ("Cher confrère,", "Chère consœur,", "Cher ami,", "Mon cher confrère,")
CLOSINGS = ("Bien confraternellement,", "Avec mes sentiments les meilleurs,", "Confraternellement vôtre,", "Bien cordialement,")

CERTIFICATES = {
    "CERTIFICAT MÉDICAL DE NON-CONTRE-INDICATION": (
        "Je soussigné{s}, Dr {doctor}, certifie avoir examiné {patient}, né{e} le {birth}.",
        "L'examen de ce jour ne révèle aucun signe contre-indiquant la pratique de {sport}, y compris en compétition.",
    ),
    "CERTIFICAT D'ABSENCE": (
        "Je certifie que l'état de santé de {patient}, né{e} le {birth}, justifie une absence de {days} jours à compter de ce jour.",
        "Les sorties sont autorisées. La reprise pourra se faire sans aménagement.",
    ),
    "CERTIFICAT MÉDICAL": (
        "Je soussigné{s}, Docteur {doctor}, certifie que {patient}, né{e} le {birth}, est à jour des vaccinations obligatoires.",
        "Son état de santé est compatible avec la vie en collectivité et la pratique de {sport}.",
    ),
}
SPORTS = ("la course à pied", "l'athlétisme", "la natation", "l'escalade", "le judo", "l'aviron", "la randonnée en montagne")
DELIVERED = (
    "Certificat établi à la demande de l'intéressé{e} et remis en main propre pour servir et valoir ce que de droit.",
    "Fait à la demande de la famille, remis en main propre.",
)
