"""Papers whose author is harder to tell: without a title, one of several, behind a role, under a closing, beside a bar code; English ones.

They draw from `chance` on their own, so that they change no other template's papers.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import date

from generator import lexicon, phrases
from generator.chance import Chance, Person, Practitioner, written
from generator.laboratory import SECTIONS
from generator.letterhead import RIGHT_COLUMN, footer, institution, signed
from generator.paper import A4, A5, Align, Bars, Block, Cell, Footer, Gap, Ink, Medicine, Paper, Row, Rule, Style, Text
from generator.pharmacy import ENGLISH, VACCINES

DATES = (
    "{d:02}/{m:02}/{y}",
    "{d}/{m}/{y}",
    "{first} {month} {y}",
    "{d:02} {month} {y}",
    "{y}-{m:02}-{d:02}",
    "{weekday} {first} {month} {y}",
)
BOLD = Style.BOLD


def midwife(chance: Chance) -> Paper:
    """Compose a prescription of a midwife, who has no title: her name above her profession and number."""
    author, patient, day = chance.practitioner(), chance.patient(), chance.day()
    medicines = chance.medicines(1, 3)
    name = chance.choice((author.name, f"{author.family} {author.given}", f"Mme {author.name}"))
    blocks: tuple[Block, ...] = (
        Text(name, Ink(14, BOLD, chance.accent()), after=1),
        Text("Sage-femme", Ink(11), after=1),
        *_address(author),
        Text(f"N° RPPS : {author.rpps}", Ink(9), after=4),
        Rule(),
        *_prescription(chance, author, patient, day, medicines),
    )
    return Paper("ordonnance", "rx_midwife", day, patient.name, author.name, blocks, medicines, size_mm=A5)


def barred(chance: Chance) -> Paper:
    """Compose a prescription with a bar code beside the prescriber's name, as practice software prints it."""
    author, patient, day = chance.practitioner(), chance.patient(), chance.day()
    medicines = chance.medicines(2, 4)
    blocks: tuple[Block, ...] = (
        Bars(chance.number(0, 10**6), 118, 46, chance.number(8, 11)),
        Text(f"{chance.choice(('Docteur', 'Dr'))} {author.name}", Ink(14, BOLD, chance.accent()), after=1),
        Text(author.specialty, Ink(10.5, Style.ITALIC), after=1),
        *_address(author),
        Text(f"RPPS {author.rpps}", Ink(9), after=4),
        Rule(),
        *_prescription(chance, author, patient, day, medicines),
    )
    return Paper("ordonnance", "rx_barred", day, patient.name, author.name, blocks, medicines)


def group(chance: Chance) -> Paper:
    """Compose a prescription of a group practice: three names in the head, one of them under it."""
    members = [chance.practitioner(), chance.colleague(), chance.colleague()]
    author, patient, day = members[chance.number(0, 2)], chance.patient(), chance.day()
    medicines = chance.medicines(2, 4)
    titles = Row(tuple(Cell(58 * place, f"Dr {each.name}", Ink(10.5, BOLD)) for place, each in enumerate(members)), after=1)
    fields = Row(tuple(Cell(58 * place, each.specialty.split(",")[0], Ink(8.5)) for place, each in enumerate(members)), after=3)
    blocks: tuple[Block, ...] = (
        Text("CABINET MÉDICAL", Ink(13, BOLD, chance.accent()), Align.CENTRE, after=3),
        titles,
        fields,
        Text(f"{author.place.street} - {author.place.line} - Tél. {author.phone}", Ink(9), Align.CENTRE, after=3),
        Rule(),
        *_prescription(chance, author, patient, day, medicines),
        Text(f"Dr {author.name}", align=Align.RIGHT),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("ordonnance", "rx_group", day, patient.name, author.name, blocks, medicines)


def ward(chance: Chance) -> Paper:
    """Compose a prescription of a hospital ward that lists its doctors, by one of whom only the name is printed."""
    head, first, second, author = chance.colleague(), chance.colleague(), chance.colleague(), chance.practitioner()
    patient, day, place = chance.patient(), chance.day(), chance.place()
    medicines = chance.medicines(2, 4)
    role = chance.choice(("Interne", "Médecin", "Praticien"))
    blocks: tuple[Block, ...] = (
        *institution(chance, f"{chance.choice(lexicon.HOSPITALS)} de {place.town}", place, chance.choice(lexicon.WARDS)),
        Text(f"Chef de service : Pr {head.name}", Ink(9.5), after=1),
        Text(f"Praticiens hospitaliers : Dr {first.name}, Dr {second.name}", Ink(9.5), after=3),
        Rule(),
        *_prescription(chance, author, patient, day, medicines),
        Text(f"{role} : {author.name} - RPPS {author.rpps}", after=2),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("ordonnance", "rx_ward", day, patient.name, author.name, blocks, medicines)


def laboratory(chance: Chance) -> Paper:
    """Compose results of a laboratory with several biologists without a title, validated by one of them."""
    biologists, patient, day, place = [chance.colleague(), chance.colleague()], chance.patient(), chance.day(), chance.place()
    author, style = biologists[chance.number(0, 1)], chance.choice(DATES[:3])
    section = chance.choice(tuple(SECTIONS))
    analytes = tuple(chance.analyte(analysis) for analysis in chance.several(SECTIONS[section], 4, 7))
    validated = chance.choice(("Validé par :", "Validé électroniquement par :", "Compte rendu validé par", "Signé électroniquement par"))
    blocks: tuple[Block, ...] = (
        *institution(chance, chance.choice(lexicon.LABORATORIES), place, f"Biologistes : {' - '.join(each.name for each in biologists)}"),
        Text("COMPTE RENDU D'ANALYSES DE BIOLOGIE MÉDICALE", Ink(12, BOLD), Align.CENTRE, after=4),
        Text(f"{patient.title} {patient.family} {patient.given}, né{patient.e} le {written(patient.birth, style)}", after=1),
        Text(f"Prélèvement du {written(day, style)}, demandé par le Dr {chance.colleague().name}", after=5),
        Text(section, Ink(11, BOLD), after=2),
        *(Row((Cell(2, a.name), Cell(80, f"{a.value} {a.unit}".strip()), Cell(122, f"{a.low} - {a.high}")), after=2) for a in analytes),
        Gap(6),
        Text(f"{validated} {author.name}", Ink(10, Style.ITALIC)),
    )
    return Paper("biologie", "bio_signed", day, patient.name, author.name, blocks, analytes=analytes)


def imaging(chance: Chance) -> Paper:
    """Compose an imaging report signed by machine, asked for by somebody with a title."""
    author, patient, day = chance.practitioner(), chance.patient(), chance.day()
    exam, style = chance.choice(phrases.EXAMS), chance.choice(DATES)
    signature = chance.choice(("Interprété par", "Compte rendu signé électroniquement par", "Radiologue :", "Rédigé et validé par :"))
    blocks: tuple[Block, ...] = (
        *institution(chance, chance.choice(lexicon.IMAGING_CENTRES), author.place, f"Tél. secrétariat {author.phone}"),
        Text(f"Examen du {written(day, style)}", align=Align.RIGHT, after=2),
        Text(f"Patient : {patient.name}", after=1),
        Text(f"Médecin demandeur : Dr {chance.colleague().name}", after=6),
        Text(exam.title, Ink(13, BOLD), Align.CENTRE, after=6),
        Text(f"Indication : {chance.choice(exam.indications)}", after=3),
        *(Text(sentence, after=1.5) for sentence in chance.several(exam.findings, 2, 4)),
        Text(f"Conclusion : {chance.choice(exam.conclusions)}", after=8),
        Text(f"{signature} {author.name}", align=Align.RIGHT),
    )
    return Paper("imagerie", "imaging_signed", day, patient.name, author.name, blocks)


def letter(chance: Chance) -> Paper:
    """Compose a letter of a practitioner without a title to a doctor whose address stands above the text."""
    author, recipient, patient, day = chance.practitioner(), chance.colleague(), chance.patient(), chance.day()
    role = chance.choice(("Masseur-kinésithérapeute", "Infirmière libérale", "Orthophoniste", "Pédicure-podologue", "Psychologue"))
    blocks: tuple[Block, ...] = (
        Text(author.name, Ink(13, BOLD, chance.accent()), after=1),
        Text(role, Ink(10.5), after=1),
        *_address(author),
        Gap(2),
        *(
            Text(words, Ink(10.5), indent=RIGHT_COLUMN)
            for words in (f"Docteur {recipient.name}", recipient.place.street, recipient.place.line)
        ),
        Text(f"{author.place.town}, le {written(day, chance.choice(DATES))}", Ink(10.5), indent=RIGHT_COLUMN, after=7),
        Text(f"Concerne : {patient.family} {patient.given}", after=5),
        Text("Docteur,", after=3),
        Text(f"Je vous remercie de m'avoir adressé {patient.title} {patient.name} pour prise en charge.", after=3),
        Text("Le bilan initial montre une amplitude limitée et une douleur cotée à 4 sur 10. Dix séances ont été réalisées.", after=3),
        Text("Je propose de poursuivre à raison de deux séances par semaine et reste à votre disposition.", after=5),
        Text(chance.choice(("Cordialement,", "Bien cordialement,", "Salutations distinguées,")), after=5),
        Text(author.name, align=Align.RIGHT),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("courrier", "letter_untitled", day, patient.name, author.name, blocks)


def certificate(chance: Chance) -> Paper:
    """Compose a certificate whose author says who they are in its first sentence alone."""
    author, patient, day = chance.practitioner(), chance.patient(), chance.day()
    role = chance.choice(("sage-femme", "chirurgien-dentiste", "médecin généraliste", "infirmière"))
    blocks: tuple[Block, ...] = (
        Text("MAISON DE SANTÉ PLURIPROFESSIONNELLE", Ink(12, BOLD), Align.CENTRE, after=1),
        Text(f"{author.place.street} - {author.place.line}", Ink(9.5), Align.CENTRE, after=10),
        Text("CERTIFICAT", Ink(14, BOLD), Align.CENTRE, after=10),
        Text(
            f"Je soussigné(e) {author.name}, {role}, certifie avoir examiné ce jour {patient.title} {patient.name}, "
            f"né{patient.e} le {written(patient.birth, chance.choice(DATES[:4]))}.",
            after=4,
        ),
        Text("Son état de santé ne présente pas de contre-indication ce jour.", after=4),
        Text(f"Fait à {author.place.town}, le {written(day, chance.choice(DATES))}", after=6),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("certificat", "certificate_untitled", day, patient.name, author.name, blocks)


def card(chance: Chance) -> Paper:
    """Compose a vaccination card whose vaccinators are nurses and pharmacists as well as doctors."""
    patient, style = chance.patient(), chance.choice(DATES[:3])
    givers = [chance.colleague() for _ in range(3)]
    marks = ("Dr {}", "Mme {}", "{}, IDE")
    shots = sorted(((chance.day(), vaccine, chance.number(0, 2)) for vaccine in chance.several(VACCINES, 4, 7)), key=lambda shot: shot[0])
    columns = (0, 26, 70, 96, 124)
    rows = (
        Row(_cells(columns, (written(day, style), f"{brand} {number}".strip(), f"{chance.choice('ABK')}{chance.digits(4)}",
                             f"{chance.number(1, 3)}e dose", marks[giver].format(givers[giver].name))), after=3)
        for day, (brand, number, _), giver in shots
    )  # fmt: skip
    blocks: tuple[Block, ...] = (
        Text("HISTORIQUE DES VACCINATIONS", Ink(14, BOLD, chance.accent()), Align.CENTRE, after=5),
        Text(f"Nom : {patient.family} Prénom : {patient.given}", Ink(11), after=4),
        Row(_cells(columns, ("Date", "Vaccin", "Lot", "Rang", "Vaccinateur"), BOLD), after=2),
        Rule(0.4),
        *rows,
    )
    medicines = tuple(Medicine(brand, "", number, "vaccin", "") for _, (brand, number, _), _ in shots)
    day, _, giver = shots[-1]
    return Paper("vaccination", "vaccines_card", day, patient.name, givers[giver].name, blocks, medicines, size_mm=A4)


def english_letter(chance: Chance) -> Paper:
    """Compose an American consultant's letter: a degree behind the name, the month first."""
    author, recipient, patient, day = chance.practitioner(), chance.colleague(), chance.patient(), chance.day()
    name = f"{_small(author)}, {chance.choice(('MD', 'M.D.', 'MD, FACC', 'DO'))}"
    blocks: tuple[Block, ...] = (
        Text("RIVER STREET CLINIC", Ink(14, BOLD, chance.accent()), Align.CENTRE, after=1),
        Text(name, Ink(11), Align.CENTRE, after=6),
        Text(f"{day:%B} {day.day}, {day.year}", after=4),
        Text(f"Re: {patient.name}, DOB {patient.birth:%d %B %Y}", after=4),
        Text(f"Dear Dr. {_small(recipient)},", after=3),
        Text("Thank you for your referral. I saw this pleasant patient in the clinic today for a follow-up visit.", after=3),
        Text("Blood pressure was 128/76 with a regular pulse. There were no murmurs and the lungs were clear.", after=3),
        Text("I suggest no change of treatment and will review in six months.", after=6),
        Text(chance.choice(("Sincerely,", "Kind regards,", "Yours sincerely,")), after=6),
        Text(name),
        *signed(chance, 10),
    )
    return Paper("courrier", "en_letter", day, patient.name, _small(author), blocks, lang="eng")


def english_discharge(chance: Chance) -> Paper:
    """Compose a British discharge summary with the medicines in small letters."""
    author, patient, day = chance.practitioner(), chance.patient(), chance.day()
    medicines = tuple(
        Medicine(name, "", strength, "", f"{chance.choice(('one', 'two'))} {chance.choice(('once daily', 'twice daily', 'when required'))}")
        for name, strength in chance.several(ENGLISH, 3, 5)
    )
    label = chance.choice(("Consultant: Dr", "Consultant:", "Discharged by:", "Completed and signed by: Dr"))
    blocks: tuple[Block, ...] = (
        Text("HARBOUR GENERAL HOSPITAL - Discharge Summary", Ink(13, BOLD), after=4),
        Row((Cell(0, f"Patient: {patient.name}"), Cell(RIGHT_COLUMN, f"Date of discharge: {written(day, DATES[0])}"))),
        Row((Cell(0, f"{label} {author.name}"), Cell(RIGHT_COLUMN, f"GP: Dr {chance.colleague().name}")), after=5),
        Text("This patient was admitted with a two day history of chest tightness and wheeze, and improved with treatment.", after=3),
        Text("Medication on discharge", Ink(11, BOLD), after=2),
        *(Text(f"{m.name} {m.strength}: {m.posology}", after=1.5) for m in medicines),
        Footer("Page 1 of 1", align=Align.RIGHT),
    )
    return Paper("discharge-letter", "en_discharge", day, patient.name, author.name, blocks, medicines, lang="eng")


def _address(author: Practitioner) -> tuple[Block, ...]:
    return (Text(f"{author.place.street} - {author.place.line}", Ink(9.5), after=0.8), Text(f"Tél. {author.phone}", Ink(9.5), after=0.8))


def _prescription(chance: Chance, author: Practitioner, patient: Person, day: date, medicines: Iterable[Medicine]) -> Iterator[Block]:
    yield Text(f"{author.place.town}, le {written(day, chance.choice(DATES))}", align=Align.RIGHT, after=4)
    yield Text(f"{patient.title} {patient.name}", Ink(11, BOLD), after=6)
    yield Text("Ordonnance", Ink(13, BOLD), Align.CENTRE, after=6)
    for medicine in medicines:
        yield Text(f"{medicine.name} {medicine.strength} : {medicine.posology}", after=4)
    yield from footer(chance)


def _cells(columns: tuple[int, ...], words: tuple[str, ...], style: Style = Style.REGULAR) -> tuple[Cell, ...]:
    return tuple(Cell(x, word, Ink(10, style)) for x, word in zip(columns, words, strict=True))


def _small(person: Practitioner) -> str:
    return f"{person.given} {person.family.title()}"


COMPOSERS: dict[str, Callable[[Chance], Paper]] = {
    "rx_midwife": midwife,
    "rx_barred": barred,
    "rx_group": group,
    "rx_ward": ward,
    "bio_signed": laboratory,
    "imaging_signed": imaging,
    "letter_untitled": letter,
    "certificate_untitled": certificate,
    "vaccines_card": card,
    "en_letter": english_letter,
    "en_discharge": english_discharge,
}
