"""Papers in English, as people bring them home from abroad."""

from collections.abc import Callable

from generator.biology import reference
from generator.chance import Chance
from generator.laboratory import ENGLISH
from generator.paper import Align, Block, Cell, Footer, Gap, Ink, Paper, Row, Rule, Style, Text

COLUMNS = (0.0, 72.0, 100.0, 132.0)


def lab_report(chance: Chance) -> Paper:
    """Compose a page of British laboratory results, with a decimal point and the month in letters."""
    patient, doctor, day = chance.patient(), chance.practitioner(), chance.day()
    analytes = tuple(chance.analyte(analysis, ".") for analysis in chance.several(ENGLISH, 5, 9))
    titles = ("Test", "Result", "Unit", "Reference range")
    rows = (Row(_cells((a.name, a.value, a.unit, reference(a, " - ")), Style.REGULAR), after=2) for a in analytes)
    blocks: tuple[Block, ...] = (
        Text("HARBOUR ROAD PATHOLOGY", Ink(15, Style.BOLD, chance.accent()), after=1),
        Text("Chemistry and Haematology Report", Ink(11), after=4),
        Row((Cell(0, f"Patient: {patient.name}"), Cell(COLUMNS[2], f"Requested by: Dr {doctor.name}"))),
        Row((Cell(0, f"Date of birth: {patient.birth:%d/%m/%Y}"), Cell(COLUMNS[2], f"Collected: {day:%d %b %Y}")), after=5),
        Row(_cells(titles, Style.BOLD)),
        Rule(0.4),
        *rows,
        Gap(6),
        Text("Comment: results reviewed and authorised electronically. Please discuss them with your general practitioner.", after=2),
        Footer("Page 1 of 1", align=Align.RIGHT),
    )
    return Paper("lab-report", "en_lab", day, patient.name, doctor.name, blocks, analytes=analytes, lang="eng")


def _cells(words: tuple[str, ...], style: Style) -> tuple[Cell, ...]:
    return tuple(Cell(x, word, Ink(10.5, style)) for x, word in zip(COLUMNS, words, strict=True))


COMPOSERS: dict[str, Callable[[Chance], Paper]] = {"en_lab": lab_report}
