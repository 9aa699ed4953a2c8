"""French papers in other words and layouts: capitals, spaced numbers, abbreviations, stand-ins, hospital letters, invoices.

They draw from `chance` on their own, so that they change no other template's papers.
"""

from collections.abc import Callable

from generator import lexicon, phrases
from generator.chance import Chance, written
from generator.letterhead import RIGHT_COLUMN, institution, signed
from generator.paper import A5, Align, Block, Cell, Gap, Ink, Medicine, Paper, Row, Rule, Style, Text

BOLD = Style.BOLD
DATES = (
    "le {first} {month} {yy:02}",
    "le {d:02}/{m:02}/{yy:02}",
    "{d:02}.{m:02}.{yy:02}",
    "le {first} {month} {y}",
    "{d:02} / {m:02} / {y}",
)
TAKEN = (
    "1 cp x 3/j pdt 5 j",
    "1 cp le matin, 1 le soir",
    "1-0-1 pendant 7 jours",
    "1 gél. matin et soir, QSP 1 mois",
    "1 sachet/j si besoin",
)


def capitals(chance: Chance) -> Paper:
    """Compose a prescription with everything of its head in capitals, medicines in small letters and abbreviated."""
    author, patient, day = chance.practitioner(), chance.patient(), chance.day()
    number = f"{author.rpps[:2]} {author.rpps[2:5]} {author.rpps[5:8]} {author.rpps[8:]}"
    drawn = chance.medicines(2, 5)
    medicines = tuple(Medicine(m.name.capitalize(), m.dci, m.strength, m.form, chance.choice(TAKEN)) for m in drawn)
    blocks: tuple[Block, ...] = (
        Text(f"DOCTEUR {author.name.upper()}", Ink(13, BOLD, chance.accent()), Align.CENTRE, after=1),
        Text(author.specialty.upper(), Ink(10), Align.CENTRE, after=1),
        Text(f"{author.place.street.upper()} {author.place.line}", Ink(9.5), Align.CENTRE, after=1),
        Text(f"RPPS : {number}   AM 96 1 {chance.digits(5)} {chance.digits(1)}", Ink(9), Align.CENTRE, after=4),
        Rule(),
        Text(f"{chance.choice(('M.', 'Mme', 'Mlle'))} {patient.family} {patient.given}", Ink(11), after=1),
        Text(written(day, chance.choice(DATES)), align=Align.RIGHT, after=6),
        *(Text(f"{m.name} {m.strength} : {m.posology}", after=3.5) for m in medicines),
        Gap(6),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("ordonnance", "rx_capitals", day, patient.name, author.name, blocks, medicines)


def stand_in(chance: Chance) -> Paper:
    """Compose a prescription on the paper of a doctor, by the one who stands in and whose name is stamped below."""
    owner, author, patient, day = chance.colleague(), chance.practitioner(), chance.patient(), chance.day()
    medicines = chance.medicines(1, 3)
    words = chance.choice(("Remplacé par Dr {}", "Signé : Dr {}, remplaçant", "Rédigé par le Dr {}, médecin remplaçant"))
    blocks: tuple[Block, ...] = (
        Text(f"Dr {owner.name}", Ink(13, BOLD, chance.accent()), after=1),
        Text(owner.specialty, Ink(10), after=1),
        Text(f"{owner.place.street}, {owner.place.line}", Ink(9.5), after=1),
        Text(f"Tél. {owner.phone}", Ink(9.5), after=4),
        Rule(),
        Text(f"{owner.place.town}, {written(day, DATES[3])}", align=Align.RIGHT, after=3),
        Text(f"{patient.title} {patient.name}", Ink(11, BOLD), after=6),
        *(Text(f"{m.name} {m.strength} : {m.posology}", after=4) for m in medicines),
        Gap(5),
        Text(words.format(author.name), align=Align.RIGHT, after=2),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("ordonnance", "rx_stand_in", day, patient.name, author.name, blocks, medicines, size_mm=A5)


def liaison(chance: Chance) -> Paper:
    """Compose a hospital's letter at discharge, with its doctors in the head, dates of admission and discharge, and copies."""
    head, other, author, copy = chance.colleague(), chance.colleague(), chance.practitioner(), chance.colleague()
    patient, day, place = chance.patient(), chance.day(), chance.place()
    medicines = chance.medicines(2, 4)
    ward = f"{chance.choice(lexicon.WARDS)} - Pr {head.name}, chef de service - Dr {other.name}"
    blocks: tuple[Block, ...] = (
        *institution(chance, f"{chance.choice(lexicon.HOSPITALS)} de {place.town}", place, ward),
        Text(chance.choice(("LETTRE DE LIAISON À LA SORTIE", "COMPTE RENDU D'HOSPITALISATION")), Ink(13, BOLD), Align.CENTRE, after=5),
        Text(
            f"{patient.title} {patient.family} {patient.given}, né{patient.e} le {written(patient.birth, '{d:02}/{m:02}/{y}')}", after=1.5
        ),
        Text(f"Date de sortie : {written(day, '{d:02}/{m:02}/{y}')}", after=4),
        Text("Cher confrère,", after=3),
        Text(f"Votre patient{patient.e} a été hospitalisé{patient.e} pour {chance.choice(phrases.MOTIVES)}.", after=2),
        Text(chance.choice(phrases.TESTS).format(ejection=chance.number(52, 68), haemoglobin="12,9"), after=2),
        Text("Traitement de sortie :", Ink(10.5, BOLD), after=2),
        *(Text(f"- {m.name} {m.strength} : {m.posology}", indent=4, after=2) for m in medicines),
        Text(chance.choice(phrases.CLOSINGS), after=5),
        Text(f"Dr {author.name}", align=Align.RIGHT, after=3),
        *signed(chance, RIGHT_COLUMN),
        Text(f"Copie : Dr {copy.name}", Ink(9)),
    )
    return Paper("courrier", "letter_liaison", day, patient.name, author.name, blocks, medicines)


def consultation(chance: Chance) -> Paper:
    """Compose the report of a consultation, which names the patient's own doctor before its author."""
    author, own, patient, day = chance.practitioner(), chance.colleague(), chance.patient(), chance.day()
    medicines = chance.medicines(1, 2)
    treatment = " et ".join(f"{m.name} {m.strength}, {m.posology}" for m in medicines)
    blocks: tuple[Block, ...] = (
        Row((Cell(0, f"Médecin traitant : Dr {own.name}", Ink(9.5)), Cell(RIGHT_COLUMN, author.place.line, Ink(9.5))), after=4),
        Text("COMPTE RENDU DE CONSULTATION", Ink(13, BOLD, chance.accent()), Align.CENTRE, after=4),
        Text(f"Consultation du {written(day, chance.choice(('{d:02}/{m:02}/{y}', '{first} {month} {y}')))}", after=1.5),
        Text(f"Patient{patient.e} : {patient.name}", after=1.5),
        Text(f"Motif : {chance.choice(phrases.MOTIVES)}.", after=3),
        Text("Antécédents : appendicectomie, rhinite saisonnière.", after=2),
        Text(f"Conduite à tenir : {treatment}. À revoir dans {chance.number(2, 12)} mois.", after=6),
        Text(f"{chance.choice(('Dr', 'Docteur', 'Pr'))} {author.name}", align=Align.RIGHT, after=1),
        Text(author.specialty, Ink(9.5), Align.RIGHT, after=3),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("courrier", "letter_consultation", day, patient.name, author.name, blocks, medicines)


def invoice(chance: Chance) -> Paper:
    """Compose a note of fees."""
    author, patient, day = chance.practitioner(), chance.patient(), chance.day()
    amount, part = chance.number(25, 90), chance.number(2, 20)
    title = chance.choice(("NOTE D'HONORAIRES", "FACTURE", "Note d'honoraires acquittée"))
    blocks: tuple[Block, ...] = (
        Text(f"Dr {author.name}", Ink(13, BOLD, chance.accent()), after=1),
        Text(f"{author.place.street} - {author.place.line}", Ink(9.5), after=1),
        Text(f"RPPS {author.rpps}", Ink(9.5), after=6),
        Text(title, Ink(14, BOLD), Align.CENTRE, after=5),
        Text(f"Patient : {patient.title} {patient.name}", after=2),
        Text(f"Date des soins : {written(day, '{d:02}/{m:02}/{y}')}", after=4),
        Row((Cell(0, "Acte"), Cell(70, "Base de remboursement"), Cell(130, "Montant"))),
        Rule(),
        Row((Cell(0, "Consultation"), Cell(70, f"{amount - part},00 €"), Cell(130, f"{amount},00 €")), after=2),
        Row((Cell(0, "Dépassement"), Cell(130, f"{part},00 €")), after=2),
        Row((Cell(0, "Montant total", Ink(11, BOLD)), Cell(130, f"{amount},00 €", Ink(11, BOLD))), after=6),
        Text("Règlement par carte bancaire. Acquitté.", after=4),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("facture", "invoice", day, patient.name, author.name, blocks)


def operated(chance: Chance) -> Paper:
    """Compose a hospital's imaging report, which names who asked for it, who did it and who read it in a column."""
    author, asked, patient, day, place = chance.practitioner(), chance.colleague(), chance.patient(), chance.day(), chance.place()
    exam = chance.choice(phrases.EXAMS)
    left = (f"Patient : {patient.family} {patient.given}", f"Né{patient.e} le : {written(patient.birth, '{d:02}/{m:02}/{y}')}")
    right = (f"Demandeur : Dr {asked.name}", f"Radiologue : Dr {author.name}")
    blocks: tuple[Block, ...] = (
        *institution(chance, f"{chance.choice(lexicon.HOSPITALS)} de {place.town}", place, "Service d'imagerie médicale"),
        *(Row((Cell(0, a), Cell(RIGHT_COLUMN, b)), after=1.5) for a, b in zip(left, right, strict=True)),
        Text(f"Examen réalisé le {written(day, '{d:02}/{m:02}/{y}')} à {chance.number(8, 19)}h{chance.number(0, 59):02}", after=5),
        Text(exam.title, Ink(12.5, BOLD), Align.CENTRE, after=5),
        Text(f"Renseignements cliniques : {chance.choice(exam.indications)}", after=3),
        *(Text(sentence, after=1.5) for sentence in chance.several(exam.findings, 2, 4)),
        Text(f"Au total : {chance.choice(exam.conclusions)}", after=5),
        Text("Compte rendu validé électroniquement.", Ink(9.5, Style.ITALIC)),
    )
    return Paper("imagerie", "imaging_hospital", day, patient.name, author.name, blocks)


COMPOSERS: dict[str, Callable[[Chance], Paper]] = {
    "rx_capitals": capitals,
    "rx_stand_in": stand_in,
    "letter_liaison": liaison,
    "letter_consultation": consultation,
    "invoice": invoice,
    "imaging_hospital": operated,
}
