"""The heads and feet that papers of several kinds share."""

from generator import lexicon
from generator.chance import Chance, Place, Practitioner
from generator.paper import Align, Block, Cell, Colour, Footer, Gap, Ink, Row, Rule, Signature, Stamp, Style, Text

RIGHT_COLUMN = 98.0
STAMP_COLOURS: tuple[Colour, ...] = ((40, 60, 150), (140, 40, 60), (70, 70, 90))
STAMPS = (("COPIE", "PATIENT"), ("ORIGINAL", "À CONSERVER"), ("DUPLICATA", "GRATUIT"), ("TRANSMIS", "PAR FAX"))
FOOTERS = (
    "Membre d'une association agréée, le règlement des honoraires par chèque est accepté.",
    "En cas d'urgence, composez le 15. Consultations sur rendez-vous.",
    "Cabinet fermé le jeudi après-midi et le samedi.",
)


def practice(chance: Chance, doctor: Practitioner) -> tuple[Block, ...]:
    """Return the head of a doctor's writing paper, in one of three layouts."""
    layout = chance.choice((_left_head, _column_head, _centred_head))
    return (*layout(chance, doctor), Rule(chance.choice((0.2, 0.4, 0.7)), after=5))


def _left_head(chance: Chance, doctor: Practitioner) -> tuple[Block, ...]:
    accent = chance.accent()
    return (
        Text(f"Docteur {doctor.name}", Ink(14, Style.BOLD, accent), after=1),
        Text(doctor.specialty, Ink(10.5, Style.ITALIC, accent), after=1),
        Text(doctor.place.street, after=0.8),
        Text(doctor.place.line, after=0.8),
        Text(f"Tél. : {doctor.phone}", after=0.8),
        Text(f"N° RPPS : {doctor.rpps}", Ink(9), after=3),
    )


def _column_head(chance: Chance, doctor: Practitioner) -> tuple[Block, ...]:
    accent = chance.accent()
    left = (f"Dr {doctor.name}", doctor.specialty, chance.choice(lexicon.DEGREES), f"RPPS {doctor.rpps}")
    right = (doctor.place.street, doctor.place.line, f"Téléphone {doctor.phone}", "Sur rendez-vous")
    inks = (Ink(12.5, Style.BOLD, accent), Ink(10.5), Ink(9.5, Style.ITALIC), Ink(9.5))
    return (*(Row((Cell(0, a, ink), Cell(RIGHT_COLUMN, b, Ink(10)))) for a, b, ink in zip(left, right, inks, strict=True)), Gap(2))


def _centred_head(chance: Chance, doctor: Practitioner) -> tuple[Block, ...]:
    accent = chance.accent()
    return (
        Text(f"Docteur {doctor.name}", Ink(15, Style.BOLD, accent), Align.CENTRE, after=1),
        Text(doctor.specialty, Ink(11, Style.REGULAR, accent), Align.CENTRE, after=1),
        Text(f"{doctor.place.street} - {doctor.place.line}", Ink(10), Align.CENTRE, after=1),
        Text(f"Tél. {doctor.phone} - RPPS {doctor.rpps}", Ink(9.5), Align.CENTRE, after=3),
    )


def institution(chance: Chance, name: str, place: Place, line: str) -> tuple[Block, ...]:
    """Return the head of a laboratory, hospital or imaging centre; `line` says who or which ward."""
    accent = chance.accent()
    align = chance.choice((Align.LEFT, Align.CENTRE))
    return (
        Text(name.upper(), Ink(14, Style.BOLD, accent), align, after=1),
        Text(f"{place.street} - {place.line} - Tél. {chance.phone()}", Ink(9.5), align, after=1),
        Text(line, Ink(9.5), align, after=5),
    )


def signed(chance: Chance, x: float) -> tuple[Block, ...]:
    """Return a signature, and sometimes a stamp to its left."""
    signature = Signature(chance.number(0, 10**6), x)
    if not chance.happens(0.4):
        return (signature,)
    return (Stamp(chance.choice(STAMPS), x - 70, chance.number(-12, 12), chance.choice(STAMP_COLOURS)), signature)


def footer(chance: Chance) -> tuple[Block, ...]:
    """Return a line at the foot of the page, or nothing."""
    return (Footer(chance.choice(FOOTERS), align=chance.choice((Align.LEFT, Align.CENTRE))),) if chance.happens(0.7) else ()
