"""The medical summary as a PDF to print: A4, black on white with a little colour, page numbers and the person's name on every page."""

import io
from collections.abc import Iterator, Sequence
from html import escape
from typing import TypeAlias

import pypdfium2
from reportlab.lib.colors import HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer, Table, TableStyle

from monespace_cli.record.measures import Measure
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import URGENT, Status, Summary, SummarySection
from monespace_cli.record.summary_words import (
    CAREGIVERS_LABEL,
    EMPTY,
    LIMITS,
    MEASURES_LABEL,
    PAST,
    SOURCES_LEGEND,
    SUBTITLE,
    TITLE,
    Line,
    caregiver_line,
    day,
    line,
    made_words,
    measure_moment,
    measure_value,
    none_line,
    traits_of,
    who,
)
from monespace_cli.render.fonts import SANS, SANS_BOLD, SANS_ITALIC, printable, register_fonts, size_that_fits

MARGIN, TOP, BOTTOM = 18 * mm, 13 * mm, 16 * mm
WIDTH = A4[0] - 2 * MARGIN
HEADING_WIDTH, DATE_WIDTH, SOURCE_WIDTH = 40 * mm, 35 * mm, 26 * mm
COLUMNS = (HEADING_WIDTH, WIDTH - HEADING_WIDTH - DATE_WIDTH - SOURCE_WIDTH, DATE_WIDTH, SOURCE_WIDTH)
INK, GREY, RULE, BLUE, RED, TINT = (HexColor(code) for code in ("#1a1a1a", "#5b6470", "#d5dae0", "#0b4f8a", "#b3261e", "#fdf1f0"))

_Cell: TypeAlias = Flowable | list[Flowable] | str
_BODY = ParagraphStyle("body", fontName=SANS, fontSize=10, leading=12.6, textColor=INK)
_SMALL = ParagraphStyle("small", parent=_BODY, fontSize=8.4, leading=10.8, textColor=GREY)
_RIGHT = ParagraphStyle("right", parent=_SMALL, alignment=2)
_HEADING = ParagraphStyle("heading", parent=_BODY, fontName=SANS_BOLD, fontSize=10, leading=12.6, textColor=BLUE)
_ALERT = ParagraphStyle("alert", parent=_HEADING, textColor=RED)
_NAME = ParagraphStyle("name", parent=_BODY, fontName=SANS_BOLD, fontSize=19, leading=23)
_EMPTY = ParagraphStyle("empty", parent=_BODY, fontName=SANS_ITALIC, textColor=GREY)


def summary_pdf(summary: Summary) -> bytes:
    """Return the pages; the same summary gives the same bytes."""
    register_fonts()
    _pages, count = _laid_out(summary, 0)
    pages, _count = _laid_out(summary, count)
    return pages


def _laid_out(summary: Summary, count: int) -> tuple[bytes, int]:
    """Return the pages, whose foot says that there are `count`, and how many there are."""
    sink = io.BytesIO()
    name = printable(summary.subject.display_name)
    pages = BaseDocTemplate(sink, pagesize=A4, invariant=1, title=f"{TITLE} – {name}", author=name, lang="fr")
    frame = Frame(MARGIN, BOTTOM, WIDTH, A4[1] - TOP - BOTTOM, 0, 0, 0, 0)
    pages.addPageTemplates(PageTemplate("page", [frame], pagesize=A4, onPage=lambda page, _pages: _foot(page, summary, count)))
    pages.build(list(_story(summary)))
    return sink.getvalue(), pages.page


def _foot(page: Canvas, summary: Summary, count: int) -> None:
    """Write whose page this is, and which of how many, at its foot."""
    whose = printable(f"{summary.subject.display_name}, {who(summary.subject, summary.made.date())}")
    page.setStrokeColor(RULE)
    page.line(MARGIN, BOTTOM - 4 * mm, A4[0] - MARGIN, BOTTOM - 4 * mm)
    whose += f" · établie le {day(summary.made)}"
    page.setFillColor(GREY)
    page.setFont(SANS, size_that_fits(whose, SANS, 8.4, WIDTH - 20 * mm))
    page.drawString(MARGIN, BOTTOM - 8 * mm, whose)
    page.setFont(SANS, 8.4)
    page.drawRightString(A4[0] - MARGIN, BOTTOM - 8 * mm, f"page {page.getPageNumber()}/{count}")


def page_texts(pdf: bytes) -> list[str]:
    """Return the text of each page of a PDF that was made here."""
    document = pypdfium2.PdfDocument(pdf)
    return [page.get_textpage().get_text_bounded().replace("\r\n", "\n") for page in document]


def _story(summary: Summary) -> Iterator[Flowable]:
    yield from _head(summary)
    for section in summary.told:
        if section.section in URGENT:
            yield from _section(section, summary)
    if summary.measures:
        yield from _measures(summary.measures)
    for section in summary.told:
        if section.section not in URGENT:
            yield from _section(section, summary)
    if summary.caregivers:
        yield _block(CAREGIVERS_LABEL, [_entry(caregiver_line(each)) for each in summary.caregivers])
    yield Spacer(1, 4 * mm)
    if summary.silent:
        yield _paragraph(f"{EMPTY} sur : {', '.join(summary.silent)}.", _SMALL)
    yield _paragraph(f"{SOURCES_LEGEND} {LIMITS}", _SMALL)


def _head(summary: Summary) -> Iterator[Flowable]:
    """Yield who this is about: name, traits and INS on the left; what this is and when it was made on the right."""
    left = [_paragraph(summary.subject.display_name, _NAME), *(_paragraph(text, _BODY) for text in traits_of(summary))]
    right = [
        Paragraph(TITLE, ParagraphStyle("title", parent=_HEADING, fontSize=13, leading=23, alignment=2)),
        *(_paragraph(text, _RIGHT) for text in made_words(summary)),
        _paragraph(SUBTITLE, _RIGHT),
    ]
    head = Table([[left, right]], colWidths=(WIDTH * 0.62, WIDTH * 0.38))
    head.setStyle(TableStyle([*_FLUSH, ("BOTTOMPADDING", (0, 0), (-1, -1), 3 * mm)]))
    yield head


def _section(section: SummarySection, summary: Summary) -> Iterator[Flowable]:
    """Yield a section: its current entries, then those that are over, or that nothing is known, or that nothing was said."""
    rows = [_entry(line(entry, summary)) for entry in section.current]
    rows += [_entry(line(entry, summary), is_past=True) for entry in section.past]
    if section.none:
        rows = [_entry(none_line(section.none))]
    is_alert = section.section is Section.ALLERGY and section.status is Status.ENTRIES
    yield _block(section.section.rules.label, rows or [[_paragraph(EMPTY, _EMPTY), "", ""]], is_alert=is_alert)


def _block(label: str, rows: Sequence[Sequence[_Cell]], *, is_alert: bool = False) -> Flowable:
    """Return rows with their heading on the left of the first."""
    heading = _paragraph(label, _ALERT if is_alert else _HEADING)
    table = Table([[heading if not index else "", *row] for index, row in enumerate(rows)], colWidths=COLUMNS, splitInRow=1)
    style = [*_PLAIN, ("LINEABOVE", (0, 0), (-1, 0), 0.5, RULE)]
    if is_alert:
        style = [*_PLAIN, ("BACKGROUND", (0, 0), (-1, -1), TINT), ("LINEBEFORE", (0, 0), (0, -1), 2.4, RED)]
    table.setStyle(TableStyle(style))
    return table


def _entry(said: Line, *, is_past: bool = False) -> list[_Cell]:
    """Return the cells of one entry: what and its details, when, who says so."""
    before = f"{_markup(said.before)} : " if said.before else ""
    text = f"{_markup(said.text)} ({PAST})" if is_past else f"<b>{_markup(said.text)}</b>"
    what: list[Flowable] = [Paragraph(before + text, _BODY)]
    details = " · ".join(f"{_markup(label)} : {_markup(value)}" for label, value in said.facts)
    what += [Paragraph(words, _SMALL) for words in (details, _markup(said.comment)) if words]
    source = _markup(said.source)
    return [what, _paragraph(said.when, _SMALL), Paragraph(f"<b>{source}</b>" if said.is_confirmed else source, _RIGHT)]


def _measures(measures: Sequence[Measure]) -> Iterator[Flowable]:
    """Yield the last measurements, two beside each other."""
    cells = [
        [_paragraph(measure.kind.label, _SMALL), _paragraph(measure_value(measure), _BODY), _paragraph(measure_moment(measure), _SMALL)]
        for measure in measures
    ]
    half = (len(cells) + 1) // 2
    right = [*cells[half:], [_paragraph("", _SMALL)] * 3][:half]
    inner_width = (WIDTH - HEADING_WIDTH) / 2
    rows = [
        [_paragraph(MEASURES_LABEL, _HEADING) if not index else "", *pair[0], *pair[1]]
        for index, pair in enumerate(zip(cells[:half], right, strict=True))
    ]
    table = Table(rows, colWidths=[HEADING_WIDTH, *[share * inner_width for share in (0.35, 0.37, 0.28)] * 2])
    narrow = [(f"{side}PADDING", (2, 0), (-1, -1), 1 * mm) for side in ("LEFT", "RIGHT")]
    table.setStyle(TableStyle([*_PLAIN, *narrow, ("LINEABOVE", (0, 0), (-1, 0), 0.5, RULE)]))
    yield table


def _paragraph(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(_markup(text), style)


def _markup(text: str) -> str:
    return escape(printable(text), quote=False)


_FLUSH = [
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
    *((f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")),
]
"""Cells without any space around them."""
_PLAIN = [
    *_FLUSH,
    *((f"{side}PADDING", (0, 0), (-1, -1), 0.5 * mm) for side in ("TOP", "BOTTOM")),
    ("TOPPADDING", (0, 0), (-1, 0), 1.2 * mm),
    ("BOTTOMPADDING", (0, -1), (-1, -1), 1.4 * mm),
    *((f"{side}PADDING", (0, 0), (-1, -1), 2 * mm) for side in ("LEFT", "RIGHT")),
]
"""A section's rows."""
