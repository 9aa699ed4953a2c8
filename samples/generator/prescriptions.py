"""Prescriptions: of a practice in town, on the two-zone form for long-term conditions (ALD), and at discharge from hospital."""

from collections.abc import Callable, Iterable

from generator import lexicon
from generator.chance import Chance, age, written
from generator.letterhead import RIGHT_COLUMN, footer, institution, practice, signed
from generator.paper import A4, A5, Align, Block, Cell, Footer, Gap, Ink, Medicine, Paper, Row, Rule, Style, Text

KIND = "ordonnance"


def city(chance: Chance) -> Paper:
    """Compose a general practitioner's or specialist's prescription."""
    doctor, patient, day, style = chance.practitioner(), chance.patient(), chance.day(), chance.date_style()
    medicines = chance.medicines(2, 6)
    weights = (48, 98) if age(patient.birth, day) > 15 else (14, 47)
    listed = chance.choice((_two_lines, _numbered, _dashed))
    born = f"Né{patient.e} le {written(patient.birth, chance.birth_style())} - {age(patient.birth, day)} ans"
    blocks: tuple[Block, ...] = (
        *practice(chance, doctor),
        Text(f"{doctor.place.town}, le {written(day, style)}", align=Align.RIGHT, after=6),
        Text(f"{patient.title} {patient.family} {patient.given}", Ink(11.5, Style.BOLD), after=1),
        Text(f"{born} - {chance.number(*weights)} kg" if chance.happens(0.5) else born, Ink(10), after=8),
        Text("ORDONNANCE", Ink(14, Style.BOLD), Align.CENTRE, after=7),
        *listed(medicines),
        Gap(8),
        *signed(chance, RIGHT_COLUMN + 10),
        *footer(chance),
    )
    return Paper(KIND, "rx_city", day, patient.name, doctor.name, blocks, medicines, size_mm=A5 if len(medicines) < 4 else A4)


def bizone(chance: Chance) -> Paper:
    """Compose the form with a zone for the long-term condition and one for everything else."""
    doctor, patient, day, style = chance.practitioner(), chance.patient(), chance.day(), chance.date_style()
    medicines = chance.medicines(3, 6)
    split = chance.number(1, len(medicines) - 1)
    number = f"{2 if patient.is_woman else 1} {patient.birth:%y %m} 99 999 {chance.digits(3)}"
    left = (f"Dr {doctor.name}", doctor.place.street, doctor.place.line, doctor.phone, f"RPPS {doctor.rpps}")
    right = ("Identification du patient", f"{patient.family} {patient.given}", f"Né{patient.e} le {written(patient.birth, style)}",
             f"N° {number}", f"Date : {written(day, style)}")  # fmt: skip
    styles = (Style.BOLD, *[Style.REGULAR] * 4)
    head = (Row((Cell(0, a, Ink(10.5, s)), Cell(RIGHT_COLUMN, b, Ink(10.5, s)))) for a, b, s in zip(left, right, styles, strict=True))
    blocks: tuple[Block, ...] = (
        *head,
        Gap(3),
        *_zone(
            "Prescriptions relatives au traitement de l'affection de longue durée reconnue", "(AFFECTION EXONÉRANTE)", medicines[:split]
        ),
        Gap(18),
        *_zone("Prescriptions SANS RAPPORT avec l'affection de longue durée", "(MALADIES INTERCURRENTES)", medicines[split:]),
        Gap(12),
        *signed(chance, RIGHT_COLUMN),
        Footer("S 3321 - formulaire d'exemple, sans valeur", Ink(8.5)),
    )
    return Paper(KIND, "rx_bizone", day, patient.name, doctor.name, blocks, medicines)


def _zone(title: str, subtitle: str, medicines: tuple[Medicine, ...]) -> Iterable[Block]:
    yield Rule(0.6)
    yield Text(title, Ink(10, Style.BOLD), Align.CENTRE, after=1)
    yield Text(subtitle, Ink(9.5), Align.CENTRE, after=5)
    for medicine in medicines:
        yield Text(f"- {medicine.name} {medicine.strength} : {medicine.posology}", after=3.5)


def hospital(chance: Chance) -> Paper:
    """Compose a discharge prescription with substances before brands, as hospitals print them."""
    doctor, patient, day, place = chance.practitioner(), chance.patient(), chance.day(), chance.place()
    medicines = chance.medicines(2, 5)
    slip = chance.date_style()
    ward = f"{chance.choice(lexicon.WARDS)} - FINESS {lexicon.DEPARTMENT}{chance.digits(7)}"
    blocks: tuple[Block, ...] = (
        *institution(chance, f"{chance.choice(lexicon.HOSPITALS)} de {place.town}", place, ward),
        Rule(),
        Row(
            (
                Cell(0, f"Patient : {patient.family} {patient.given}", Ink(11, Style.BOLD)),
                Cell(RIGHT_COLUMN - 10, f"Le {written(day, slip)}"),
            )
        ),
        Text(f"Né{patient.e} le {written(patient.birth, slip)}", after=1.5),
        Row((Cell(0, f"Prescripteur : Dr {doctor.family} {doctor.given}"), Cell(RIGHT_COLUMN - 10, f"RPPS {doctor.rpps}")), after=6),
        Text("Ordonnance de sortie", Ink(13, Style.BOLD), Align.CENTRE, after=6),
        *_by_substance(medicines),
        Gap(6),
        *signed(chance, RIGHT_COLUMN - 30),
        Footer("Ce document comporte une page. Ordonnance valable trois mois."),
    )
    return Paper(KIND, "rx_hospital", day, patient.name, doctor.name, blocks, medicines)


def _two_lines(medicines: tuple[Medicine, ...]) -> Iterable[Block]:
    for medicine in medicines:
        yield Text(f"{medicine.name} {medicine.strength}, {medicine.form}", Ink(11, Style.BOLD), indent=5, after=1)
        yield Text(medicine.posology, indent=11, after=4)


def _numbered(medicines: tuple[Medicine, ...]) -> Iterable[Block]:
    for place, medicine in enumerate(medicines, 1):
        yield Text(f"{place}. {medicine.name} {medicine.strength} {medicine.form}", Ink(11, Style.BOLD), indent=3, after=1)
        yield Text(f"{medicine.posology}.", indent=9, after=4.5)


def _dashed(medicines: tuple[Medicine, ...]) -> Iterable[Block]:
    for medicine in medicines:
        yield Text(f"- {medicine.name} {medicine.strength} : {medicine.posology}", Ink(11), indent=3, after=4)


def _by_substance(medicines: tuple[Medicine, ...]) -> Iterable[Block]:
    for place, medicine in enumerate(medicines, 1):
        yield Text(f"{place}) {medicine.dci.capitalize()} ({medicine.name}) {medicine.strength}", Ink(11, Style.BOLD), after=1)
        yield Text(medicine.posology, Ink(10.5), indent=6, after=4)


COMPOSERS: dict[str, Callable[[Chance], Paper]] = {"rx_city": city, "rx_bizone": bizone, "rx_hospital": hospital}
