"""Biology results: as a table with columns, and as lines with dotted leaders; on one page or on two."""

from collections.abc import Callable, Iterable, Iterator

from generator import lexicon
from generator.chance import Chance, Person, Practitioner, written
from generator.laboratory import SECTIONS
from generator.letterhead import RIGHT_COLUMN, institution
from generator.paper import Align, Analyte, Block, Cell, Footer, Gap, Ink, PageBreak, Paper, Row, Rule, Style, Text

KIND = "biologie"
TABLE = (0.0, 68.0, 94.0, 118.0, 152.0)
BAND = (226, 230, 238)

Results = dict[str, tuple[Analyte, ...]]


def table(chance: Chance) -> Paper:
    """Compose one page of results in columns."""
    return _report(chance, "bio_table", _table_sections, sections=3)


def dots(chance: Chance) -> Paper:
    """Compose one page of results with dotted leaders."""
    return _report(chance, "bio_dots", _dotted_sections, sections=3)


def long(chance: Chance) -> Paper:
    """Compose a full check-up in columns, on two pages."""
    return _report(chance, "bio_long", _table_sections, sections=len(SECTIONS))


def _report(chance: Chance, template: str, body: Callable[[Chance, Results], Iterable[Block]], sections: int) -> Paper:
    patient, prescriber, biologist, day = chance.patient(), chance.practitioner(), chance.colleague(), chance.day()
    results = _results(chance, sections)
    names = list(results)
    halves = [names] if sections < len(SECTIONS) else [names[:3], names[3:]]
    head = tuple(_head(chance, patient, prescriber, biologist, written(day, chance.date_style())))
    blocks: list[Block] = []
    for number, half in enumerate(halves, 1):
        blocks += [] if number == 1 else [PageBreak()]
        blocks += [*head, *body(chance, {name: results[name] for name in half})]
        blocks.append(Footer(f"Compte rendu à transmettre en entier. Page {number} / {len(halves)}"))
    blocks.insert(-1, Text(f"Validé par : Dr {biologist.name}", Ink(10, Style.ITALIC)))
    analytes = tuple(analyte for group in results.values() for analyte in group)
    return Paper(KIND, template, day, patient.name, biologist.name, tuple(blocks), analytes=analytes)


def _results(chance: Chance, sections: int) -> Results:
    full = sections == len(SECTIONS)
    names = chance.several(tuple(SECTIONS), sections, sections)
    chosen = [name for name in SECTIONS if name in names]
    return {
        name: tuple(chance.analyte(analysis) for analysis in (SECTIONS[name] if full else chance.several(SECTIONS[name], 4, 7)))
        for name in chosen
    }


def _head(chance: Chance, patient: Person, prescriber: Practitioner, biologist: Practitioner, day: str) -> Iterator[Block]:
    place = chance.place()
    yield from institution(chance, chance.choice(lexicon.LABORATORIES), place, f"Biologiste responsable : Dr {biologist.name}")
    born = written(patient.birth, chance.birth_style())
    pairs = (
        (f"Patient : {patient.family} {patient.given}", f"Dossier n° {chance.digits(8)}"),
        (f"Né{patient.e} le : {born}", f"Prélevé le : {day} à {chance.number(7, 11):02}h{chance.number(0, 59):02}"),
        (f"Prescripteur : Dr {prescriber.name}", f"Édité le : {day}"),
    )
    for left, right in pairs:
        yield Row((Cell(0, left, Ink(10.5)), Cell(RIGHT_COLUMN, right, Ink(10.5))))
    yield Gap(4)


def _table_sections(chance: Chance, results: Results) -> Iterator[Block]:
    titles = ("Analyse", "Résultat", "Unité", "Valeurs de référence", "Antériorité")
    yield Row(tuple(Cell(x, title, Ink(9, Style.BOLD)) for x, title in zip(TABLE, titles, strict=True)), after=3, shade=BAND)
    for name, analytes in results.items():
        yield Text(name, Ink(11, Style.BOLD), after=1.5)
        for analyte in analytes:
            yield Row(_table_cells(chance, analyte), after=1.6)
        yield Gap(2.5)


def _table_cells(chance: Chance, analyte: Analyte) -> tuple[Cell, ...]:
    value = f"{analyte.value} {analyte.flag}".strip()
    ink = Ink(10, Style.BOLD if analyte.flag else Style.REGULAR)
    before = chance.earlier(analyte) if chance.happens(0.3) else ""
    words = (analyte.name, value, analyte.unit, reference(analyte, " - "), before)
    inks = (Ink(10), ink, Ink(10), Ink(10), Ink(10))
    return tuple(Cell(x + 2, word, cell_ink) for x, word, cell_ink in zip(TABLE, words, inks, strict=True))


def _dotted_sections(chance: Chance, results: Results) -> Iterator[Block]:
    size = chance.choice((10.0, 10.5))
    yield Text("RÉSULTATS D'ANALYSES", Ink(13, Style.BOLD), Align.CENTRE, after=4)
    for name, analytes in results.items():
        yield Rule(0.2, after=2)
        yield Text(name, Ink(11, Style.BOLD), after=2)
        for analyte in analytes:
            marked = f"{analyte.value} {analyte.unit}".strip()
            flag = {"H": " *", "B": " *"}.get(analyte.flag, "")
            yield Row(
                (
                    Cell(2, analyte.name, Ink(size), leader=True),
                    Cell(80, marked + flag, Ink(size, Style.BOLD)),
                    Cell(122, f"N : {reference(analyte, ' à ')}", Ink(size - 0.5)),
                ),
                after=2,
            )
        yield Gap(2)
    yield Text("* résultat hors des valeurs de référence", Ink(9, Style.ITALIC), after=4)


def reference(analyte: Analyte, between: str) -> str:
    """Write the reference range, with `<` or `>` where it has one bound."""
    if analyte.low and analyte.high:
        return f"{analyte.low}{between}{analyte.high}"
    return f"< {analyte.high}" if analyte.high else f"> {analyte.low}"


COMPOSERS: dict[str, Callable[[Chance], Paper]] = {"bio_table": table, "bio_dots": dots, "bio_long": long}
