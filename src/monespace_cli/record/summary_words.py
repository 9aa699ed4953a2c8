"""The summary in words, the same on paper, on a screen and in its FHIR form's narrative: practitioners read it, so it speaks French."""

from dataclasses import dataclass
from datetime import date

from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.measures import Measure
from monespace_cli.record.partial_date import PartialDate
from monespace_cli.record.practitioner import CareRole
from monespace_cli.record.profile import Entry, Source
from monespace_cli.record.sections import Section, choices
from monespace_cli.record.summary import Caregiver, Summary
from monespace_cli.record.tables import table

TITLE = "Synthèse médicale"
SUBTITLE = "Profil médical tenu par la personne elle-même"
EMPTY = "Aucune information dans cette synthèse"
LIMITS = (
    "Cette synthèse reprend ce que la personne a noté et choisi de transmettre. Ce qui n’y figure pas n’est pas pour autant absent : "
    "seules les mentions «\u00a0aucun…\u00a0» affirment une absence, à la date indiquée."
)
MEASURES_LABEL = "Dernières mesures"
CAREGIVERS_LABEL = "Professionnels de santé"
SOURCES = {
    Source.DECLARED: "déclaré",
    Source.CONFIRMED: "✓ confirmé",
    Source.EXTRACTED: "d’un document",
}
SOURCES_LEGEND = "Déclaré : par la personne. ✓ Confirmé : par un professionnel de santé. D’un document : repris d’un document du dossier."
PAST = "terminé"

_SEX = {Sex.FEMALE: "sexe féminin", Sex.MALE: "sexe masculin", Sex.OTHER: "sexe autre", Sex.UNKNOWN: ""}
_BORN = {Sex.FEMALE: "née le", Sex.MALE: "né le"}
_DETAILS = {
    "dosage": "Posologie",
    "lot": "Lot",
    "performer": "Réalisée par",
    "act": "Acte",
    "diseases": "Protège contre",
    "rate": "Taux",
    "assistance": "Aide humaine",
    "aid": "Aide technique",
    "phone": "Téléphone",
    "relation": "Lien",
    "kind": "Nature",
    "role": "Rôle",
}
_CARE_ROLES = {
    CareRole.ATTENDING: "Médecin traitant",
    CareRole.MIDWIFE: "Sage-femme référente",
    CareRole.PHARMACIST: "Pharmacien correspondant",
}
_IN_FRONT = ("relation", "kind", "role")
"""Details that say what an entry is: they come before its words."""


@dataclass(frozen=True, slots=True)
class Line:
    """An entry, ready to be read."""

    text: str
    before: str = ""
    """What sort of thing it is, where its section needs it: `Mère`, `Tabac`."""
    when: str = ""
    facts: tuple[tuple[str, str], ...] = ()
    """(label, value)."""
    comment: str = ""
    source: str = ""
    """Who says so, in a word: see :data:`SOURCES_LEGEND`."""
    is_confirmed: bool = False


def day(value: date) -> str:
    """Return a day as French people write it: 17/05/1980."""
    return f"{value:%d/%m/}{value.year:04}"


def partial(value: PartialDate) -> str:
    """Return a date as far as it is known: 2019, 05/2019, 17/05/2019."""
    return "/".join([*(f"{part:02}" for part in (value.day, value.month) if part), f"{value.year:04}"])


def period(entry: Entry) -> str:
    """Return when something was: `depuis 2019`, `2019 – 2021`, `jusqu’en 05/2021`, the day of something that happened, or nothing."""
    start, end = entry.start, entry.end
    if start and end and start != end:
        return f"{partial(start)} – {partial(end)}"
    if start:
        return partial(start) if entry.section.rules.is_past or start == end else f"depuis {'le ' if start.day else ''}{partial(start)}"
    return f"jusqu’{'au' if end.day else 'en'} {partial(end)}" if end else ""


def who(subject: Identity, today: date) -> str:
    """Return the traits under a name: `née le 17/05/1980 (46 ans), sexe féminin`."""
    born = f"{_BORN.get(subject.sex, 'né(e) le')} {day(subject.birth_date)} ({age(subject.birth_date, today)})"
    return ", ".join(filter(None, (born, _SEX[subject.sex])))


def traits_of(summary: Summary) -> list[str]:
    """Return the lines under the name: birth date and sex, every given name where there are several, and the INS."""
    subject = summary.subject
    lines = [who(subject, summary.made.date())]
    if len(subject.given_names) > 1:
        lines.append(f"Prénoms de naissance : {', '.join(subject.given_names)}")
    if subject.ins:
        lines.append(f"INS {grouped_ins(subject.ins)} (déclaré)")
    return lines


def age(birth_date: date, today: date) -> str:
    """Return how old somebody is: in months below two years, as paediatricians count."""
    months = (today.year - birth_date.year) * 12 + today.month - birth_date.month - (today.day < birth_date.day)
    if months < 24:
        return f"{months} mois"
    return f"{months // 12} ans"


def grouped_ins(matricule: str) -> str:
    """Return an INS as it stands on a card: 2 80 05 75 123 456 78."""
    parts = (matricule[:1], matricule[1:3], matricule[3:5], matricule[5:7], matricule[7:10], matricule[10:13], matricule[13:])
    return " ".join(filter(None, parts))


def line(entry: Entry, summary: Summary) -> Line:
    """Return an entry in words; of what it refers to, only what the summary tells too."""
    labels = {each.name: choices(each.choices) for each in entry.section.rules.fields}
    details = {name: labels.get(name, {}).get(value, value) for name, value in entry.details.items()}
    front = [details.pop(name) for name in _IN_FRONT if name in details]
    facts = [(_DETAILS[name], _unbroken(value) if name == "phone" else value) for name, value in details.items()]
    related = [summary.titles[other] for other in entry.related if other in summary.titles]
    documents = [summary.documents[document] for document in entry.documents if document in summary.documents]
    facts += [(label, ", ".join(values)) for label, values in (("Voir aussi", related), ("Document", documents)) if values]
    return Line(
        entry.text,
        ", ".join(front),
        period(entry),
        tuple(facts),
        " ".join(entry.comment.split()),
        SOURCES[entry.origin.source],
        entry.origin.source is Source.CONFIRMED,
    )


def caregiver_line(caregiver: Caregiver) -> Line:
    """Return who looks after the person: `Médecin traitant : Luc DURAND`."""
    facts = (("Spécialité", caregiver.specialty), ("Téléphone", _unbroken(caregiver.phone)), ("RPPS", caregiver.rpps or ""))
    source = SOURCES[Source.DECLARED]
    return Line(caregiver.name, _CARE_ROLES[caregiver.role], facts=tuple(fact for fact in facts if fact[1]), source=source)


def made_words(summary: Summary) -> list[str]:
    """Return when the summary was made, and for whom where that is one person."""
    made = f"établie le {day(summary.made)} à {summary.made:%H:%M}"
    return [made, f"pour {summary.recipient}"] if summary.recipient else [made]


def none_line(entry: Entry) -> Line:
    """Return the declaration that nothing is known: `Aucune allergie connue`, `au 12/03/2026`."""
    when = f"au {partial(entry.start)}" if entry.start else ""
    return Line(
        none_row(entry.section)["text"],
        when=when,
        source=SOURCES[entry.origin.source],
        is_confirmed=entry.origin.source is Source.CONFIRMED,
    )


def none_row(section: Section) -> dict[str, str]:
    """Return how "none known" is said of a section: its French `text`, and its IPS `code` where there is one."""
    return next(row for row in table("none_known") if row["section"] == section)


def measure_value(measure: Measure) -> str:
    """Return a measurement in French: `72,4 kg`, `120/80 mmHg`."""
    unit = {"/d": "par jour", "/min": "/min"}.get(measure.kind.unit, measure.kind.unit)
    joint = "" if unit.startswith("/") else "\u00a0"
    return measure.text.replace(".", ",") + joint + unit


def measure_moment(measure: Measure) -> str:
    """Return the day it was measured."""
    return day(measure.day)


def _unbroken(number: str) -> str:
    """Return a telephone number that stays on one line."""
    return number.replace(" ", "\u00a0")
