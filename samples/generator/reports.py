"""What practitioners write about a patient: imaging reports and letters to colleagues."""

from collections.abc import Callable, Iterator

from generator import lexicon, phrases
from generator.chance import Chance, Person, Practitioner, age, written
from generator.letterhead import RIGHT_COLUMN, footer, institution, practice, signed
from generator.paper import Align, Block, Footer, Gap, Ink, Medicine, PageBreak, Paper, Style, Text


def imaging(chance: Chance) -> Paper:
    """Compose an imaging report of one page."""
    doctor, patient, day = chance.practitioner(), chance.patient(), chance.day()
    head = _imaging_head(chance, doctor, patient, written(day, chance.date_style()))
    blocks = (*head, *_imaging_report(chance, doctor), *footer(chance))
    return Paper("imagerie", "imaging", day, patient.name, doctor.name, blocks)


def imaging_pair(chance: Chance) -> Paper:
    """Compose two imaging reports of one day, a page each."""
    doctor, patient, day = chance.practitioner(), chance.patient(), chance.day()
    head = tuple(_imaging_head(chance, doctor, patient, written(day, chance.date_style())))
    pages = [(*head, *_imaging_report(chance, doctor), Footer(f"Page {number}/2")) for number in (1, 2)]
    return Paper("imagerie", "imaging_pair", day, patient.name, doctor.name, (*pages[0], PageBreak(), *pages[1]))


def _imaging_head(chance: Chance, doctor: Practitioner, patient: Person, when: str) -> Iterator[Block]:
    yield from institution(chance, chance.choice(lexicon.IMAGING_CENTRES), doctor.place, f"Dr {doctor.name}, radiologue")
    yield Text(f"{doctor.place.town}, le {when}", align=Align.RIGHT, after=3)
    yield Text(f"Patient : {patient.title} {patient.name}", Ink(11), after=1)
    yield Text(f"Né{patient.e} le {written(patient.birth, chance.birth_style())}", after=1)
    yield Text(f"Adressé par : Dr {chance.colleague().name}", after=7)


def _imaging_report(chance: Chance, doctor: Practitioner) -> Iterator[Block]:
    exam = chance.choice(phrases.EXAMS)
    heading = Ink(10.5, Style.BOLD, chance.accent())
    yield Text(exam.title, Ink(13, Style.BOLD), Align.CENTRE, after=6)
    findings = chance.several(exam.findings, 3, len(exam.findings))
    parts = (
        ("Indication :", (chance.choice(exam.indications),)),
        ("Technique :", (exam.technique,)),
        ("Résultats :", findings),
        ("Conclusion :", (chance.choice(exam.conclusions),)),
    )
    for title, sentences in parts:
        yield Text(title, heading, after=1.5)
        yield from (Text(sentence, after=1.2) for sentence in sentences)
        yield Gap(3)
    yield Text(f"Dr {doctor.name}", align=Align.RIGHT, after=2)
    yield from signed(chance, RIGHT_COLUMN)


def letter(chance: Chance) -> Paper:
    """Compose a specialist's letter to the doctor who sent the patient."""
    doctor, patient, day = chance.practitioner(), chance.patient(), chance.day()
    medicines = chance.medicines(1, 3)
    paragraphs = _paragraphs(chance, patient, age(patient.birth, day), medicines)
    blocks: tuple[Block, ...] = (
        *practice(chance, doctor),
        Text(f"{doctor.place.town}, le {written(day, chance.date_style())}", align=Align.RIGHT, after=3),
        Text(f"À l'attention du Dr {chance.colleague().name}", align=Align.RIGHT, after=7),
        Text(f"Concerne : {patient.family} {patient.given}, né{patient.e} le {written(patient.birth, chance.birth_style())}", after=6),
        Text(chance.choice(phrases.GREETINGS), after=4),
        *(Text(paragraph, after=3) for paragraph in paragraphs),
        Text(chance.choice(phrases.CLOSINGS), after=6),
        Text(f"Dr {doctor.name}", align=Align.RIGHT, after=2),
        *signed(chance, RIGHT_COLUMN),
        *footer(chance),
    )
    return Paper("courrier", "letter", day, patient.name, doctor.name, blocks, medicines)


def _paragraphs(chance: Chance, patient: Person, years_old: int, medicines: tuple[Medicine, ...]) -> Iterator[str]:
    values = {
        "patient": f"{patient.title} {patient.name}", "e": patient.e, "age": years_old,
        "motive": chance.choice(phrases.MOTIVES), "years": chance.number(2, 20), "systolic": chance.number(105, 165),
        "diastolic": chance.number(60, 98),
        "pulse": chance.number(52, 104), "weight": chance.number(48, 104), "ejection": chance.number(52, 68),
        "haemoglobin": f"{chance.number(115, 160) / 10}".replace(".", ","), "months": chance.number(2, 12),
        "treatment": ", ".join(f"{m.name} {m.strength}" for m in medicines),
    }  # fmt: skip
    for options in (phrases.OPENINGS, phrases.HISTORIES, phrases.EXAMINATIONS, phrases.TESTS, phrases.PLANS):
        yield chance.choice(options).format(**values)


COMPOSERS: dict[str, Callable[[Chance], Paper]] = {"imaging": imaging, "imaging_pair": imaging_pair, "letter": letter}
