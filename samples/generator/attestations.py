"""Certificates and vaccination records."""

from collections.abc import Callable, Iterator
from datetime import date

from generator import phrases
from generator.chance import Chance, written
from generator.letterhead import RIGHT_COLUMN, practice, signed
from generator.paper import A4, A5, Align, Block, Cell, Gap, Ink, Medicine, Paper, Row, Rule, Style, Text
from generator.pharmacy import VACCINES

Shot = tuple[tuple[str, str], str, date, str, str]
"""Vaccine (brand and number), disease, day, lot, vaccinator."""


def certificate(chance: Chance) -> Paper:
    """Compose a medical certificate."""
    doctor, patient, day = chance.practitioner(), chance.patient(), chance.day()
    title = chance.choice(tuple(phrases.CERTIFICATES))
    values = {
        "doctor": doctor.name, "s": "(e)", "patient": patient.name, "e": patient.e, "birth": written(patient.birth, chance.birth_style()),
        "sport": chance.choice(phrases.SPORTS), "days": chance.number(2, 9),
    }  # fmt: skip
    sentences = (*phrases.CERTIFICATES[title], chance.choice(phrases.DELIVERED))
    blocks: tuple[Block, ...] = (
        *practice(chance, doctor),
        Gap(10),
        Text(title, Ink(14, Style.BOLD), Align.CENTRE, after=10),
        *(Text(sentence.format(**values), Ink(11.5), after=5) for sentence in sentences),
        Gap(5),
        Text(f"Fait à {doctor.place.town}, le {written(day, chance.date_style())}", Ink(11.5), after=5),
        *signed(chance, RIGHT_COLUMN),
    )
    return Paper("certificat", "certificate", day, patient.name, doctor.name, blocks)


def record(chance: Chance) -> Paper:
    """Compose a page of a vaccination booklet, a table of shots."""
    shots, patient = _shots(chance), chance.patient()
    style = chance.choice(("{d:02}/{m:02}/{y}", "{d:02}.{m:02}.{y}", "{d:02}/{m:02}/{yy:02}"))
    columns = (0, 54, 90, 122)
    titles = ("Vaccin", "Date", "Lot", "Vaccinateur")
    rows = (Row(_cells(columns, (_printed(vaccine), written(day, style), lot, who)), after=3) for vaccine, _, day, lot, who in shots)
    blocks: tuple[Block, ...] = (
        Text("CARNET DE VACCINATION", Ink(15, Style.BOLD, chance.accent()), Align.CENTRE, after=5),
        Row((Cell(0, f"Nom : {patient.family}", Ink(11)), Cell(columns[2], f"Prénom : {patient.given}", Ink(11)))),
        Text(f"Né{patient.e} le {written(patient.birth, style)}", Ink(11), after=4),
        Row(tuple(Cell(x, title, Ink(11, Style.BOLD)) for x, title in zip(columns, titles, strict=True)), after=2),
        Rule(0.4),
        *rows,
        Gap(5),
        Text("À conserver et à présenter à chaque consultation.", Ink(10, Style.ITALIC)),
    )
    return _vaccination("vaccines", patient.name, shots, blocks, chance.choice((A4, A5)))


def certificate_of_vaccination(chance: Chance) -> Paper:
    """Compose a doctor's attestation that lists vaccinations in sentences."""
    shots, patient, doctor, style = _shots(chance), chance.patient(), chance.practitioner(), chance.date_style()
    lines = (
        f"- {disease} ({_printed(vaccine)}), lot {lot}, le {written(day, style)} par le {who}" for vaccine, disease, day, lot, who in shots
    )
    blocks: tuple[Block, ...] = (
        *practice(chance, doctor),
        Text("ATTESTATION DE VACCINATION", Ink(14, Style.BOLD), Align.CENTRE, after=8),
        Text(f"{patient.title} {patient.name}, né{patient.e} le {written(patient.birth, style)}, a reçu :", Ink(11), after=4),
        *(Text(line, Ink(11), indent=4, after=3) for line in lines),
        Gap(8),
        *signed(chance, RIGHT_COLUMN),
    )
    return _vaccination("vaccines_list", patient.name, shots, blocks, A4, doctor.name)


def _vaccination(
    template: str, patient: str, shots: tuple[Shot, ...], blocks: tuple[Block, ...], size: tuple[float, float], author: str = ""
) -> Paper:
    """A record's date is that of its last shot, and its practitioner who gave it; an attestation's practitioner is its author."""
    _, _, day, _, who = max(shots, key=lambda shot: shot[2])
    medicines = tuple(Medicine(brand, "", number, "vaccin", "") for (brand, number), *_ in shots)
    return Paper("vaccination", template, day, patient, author or who.removeprefix("Dr "), blocks, medicines, size_mm=size)


def _printed(vaccine: tuple[str, str]) -> str:
    return " ".join(vaccine).strip()


def _shots(chance: Chance) -> tuple[Shot, ...]:
    return tuple(_draw_shots(chance))


def _draw_shots(chance: Chance) -> Iterator[Shot]:
    doctors = [f"Dr {chance.colleague().family}" for _ in range(3)]
    for brand, number, disease in chance.several(VACCINES, 4, 8):
        yield (brand, number), disease, chance.day(), f"{chance.choice('ABCHKTUW')}{chance.digits(5)}", chance.choice(doctors)


def _cells(columns: tuple[int, ...], words: tuple[str, ...]) -> tuple[Cell, ...]:
    return tuple(Cell(x, word, Ink(11)) for x, word in zip(columns, words, strict=True))


COMPOSERS: dict[str, Callable[[Chance], Paper]] = {
    "certificate": certificate,
    "vaccines": record,
    "vaccines_list": certificate_of_vaccination,
}
