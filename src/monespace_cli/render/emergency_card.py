"""The emergency card to print: a strip of three panels that folds to the size of a bank card (ISO/IEC 7810 ID-1, 85.6 × 54 mm).

The first panel is what anyone may read; the second, at its back, a QR code that is encrypted; the third, a flap that is folded in between
them, the code that opens it. `emergency_card_pdf` sets the strip on an A4 page with what to do; `emergency_card_png` is the strip alone.
"""

import io
from collections.abc import Sequence
from html import escape

import pypdfium2
from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

from monespace_cli.record.emergency_card import EmergencyCard
from monespace_cli.record.sections import Section
from monespace_cli.record.summary_words import day, who
from monespace_cli.render.fonts import SANS, SANS_BOLD, printable, register_fonts, size_that_fits

WIDTH, HEIGHT, FLAP = 85.6 * mm, 54 * mm, 26 * mm
QR_SIZE = 46 * mm
PAD = 4 * mm
DOTS_PER_INCH = 600
RED, INK, GREY, RULE = (HexColor(code) for code in ("#b3261e", "#1a1a1a", "#5b6470", "#9aa3ad"))
ROBUST, DENSE = "M", "L"
"""QR error correction: 15 % of the code may be unreadable, or 7 %."""
ROBUST_LENGTH = 911
"""Characters that a code of version 24 holds at the more robust level (ISO/IEC 18004, table 7: byte mode, M)."""
SIZES = (8.6, 8.0, 7.4, 6.8, 6.2, 5.6)
"""Of the open layer's letters, in points: the first that fits."""

STEPS = (
    "Imprimez cette page à 100 %, sur du papier épais, et découpez le long du cadre.",
    "Pliez le volet du code vers l’arrière, puis le recto par-dessus : le code est caché entre les deux.",
    "Gardez la carte dans votre portefeuille. Refaites-la quand votre dossier change.",
)
HONEST = (
    "Un papier se lit par qui le tient : le recto par tout le monde ; le QR code par qui déplie la carte, car le code y est imprimé. "
    "Une photo de la carte pliée ne montre que le recto et un QR code fermé. Perdue, la carte ne peut pas être rappelée."
)
HOW = (
    "<b>Pour qui soigne</b>",
    "1. Déplier : le code est à l’intérieur.",
    "2. Scanner le QR code, enregistrer son texte dans un fichier.",
    "3. <b>age -d fichier</b>, puis le code.",
    "(age-encryption.org)",
)


def emergency_card_pdf(card: EmergencyCard, sealed: str, code: str) -> bytes:
    """Return an A4 page with the card to cut out.

    Args:
        card: both layers.
        sealed: the sealed layer, encrypted, as ASCII text; empty where there is none.
        code: what opens it.
    """
    register_fonts()
    sink = io.BytesIO()
    page = Canvas(sink, pagesize=A4, invariant=1)
    page.setTitle("Carte d’urgence")
    top = _instructions(page, has_code=bool(sealed))
    height = _strip_height(sealed)
    page.saveState()
    page.translate((A4[0] - WIDTH) / 2, top - 8 * mm - height)
    _strip(page, card, sealed, code)
    page.restoreState()
    page.save()
    return sink.getvalue()


def emergency_card_png(card: EmergencyCard, sealed: str, code: str) -> bytes:
    """Return the strip alone as a picture of 600 dots an inch. Arguments as :func:`emergency_card_pdf`."""
    register_fonts()
    sink, file = io.BytesIO(), io.BytesIO()
    page = Canvas(sink, pagesize=(WIDTH, _strip_height(sealed)), invariant=1)
    _strip(page, card, sealed, code)
    page.save()
    picture = pypdfium2.PdfDocument(sink.getvalue())[0].render(scale=DOTS_PER_INCH / 72).to_pil()
    picture.convert("RGB").quantize(64).save(file, "PNG", optimize=True, dpi=(DOTS_PER_INCH, DOTS_PER_INCH))
    return file.getvalue()


def _strip_height(sealed: str) -> float:
    return float(HEIGHT * 2 + FLAP if sealed else HEIGHT)


def _strip(page: Canvas, card: EmergencyCard, sealed: str, code: str) -> None:
    """Draw the panels above each other from (0, 0) up: flap, back, front; the frame to cut along, the folds dashed."""
    height = _strip_height(sealed)
    page.saveState()
    page.translate(0, height - HEIGHT)
    _front(page, card)
    page.restoreState()
    if sealed:
        page.saveState()
        page.translate(0, FLAP)
        _back(page, sealed)
        page.restoreState()
        _flap(page, code)
    page.setStrokeColor(RULE)
    page.setLineWidth(0.4)
    page.rect(0, 0, WIDTH, height)
    page.setDash(2, 2)
    for fold in (FLAP, FLAP + HEIGHT) if sealed else ():
        page.line(0, fold, WIDTH, fold)


def _front(page: Canvas, card: EmergencyCard) -> None:
    """Draw what anyone may read."""
    band = 8.5 * mm
    page.setFillColor(RED)
    page.rect(0, HEIGHT - band, WIDTH, band, stroke=0, fill=1)
    page.setFillColor(white)
    page.setFont(SANS_BOLD, 10.5)
    page.drawString(PAD, HEIGHT - band + 2.8 * mm, "CARTE D’URGENCE")
    page.setFont(SANS, 7)
    page.drawRightString(WIDTH - PAD, HEIGHT - band + 2.8 * mm, f"établie le {day(card.made)}")
    subject = card.subject
    page.setFillColor(INK)
    name = printable(subject.display_name)
    page.setFont(SANS_BOLD, size_that_fits(name, SANS_BOLD, 13, WIDTH - 2 * PAD))
    page.drawString(PAD, HEIGHT - band - 5.6 * mm, name)
    page.setFont(SANS, 8)
    page.drawString(PAD, HEIGHT - band - 9.4 * mm, printable(who(subject, card.made.date())))
    room = HEIGHT - band - 11 * mm - 2 * mm
    _fill(page, _open_lines(card), HEIGHT - band - 11 * mm, room)


def _open_lines(card: EmergencyCard) -> list[str]:
    """Return the open layer as lines: one for each person to call, one for each other section."""
    lines = []
    for block in card.open.blocks:
        separator = "<br/>" if block.section is Section.PERSON else " · "
        items = separator.join(escape(printable(item)) for item in block.items)
        lines.append(f'<font color="#b3261e"><b>{escape(block.label)}</b></font>  {items}')
    return lines + ([f"({card.open.left_out} de plus dans le dossier)"] if card.open.left_out else [])


def _fill(page: Canvas, lines: Sequence[str], top: float, room: float) -> None:
    """Draw lines from `top` downwards, in the largest letters in which they fit."""
    settings = [_set(lines, size) for size in SIZES]
    chosen = next((setting for setting in settings if sum(height for _line, height in setting) <= room), settings[-1])
    for paragraph, height in chosen:
        top -= height
        paragraph.drawOn(page, PAD, top)


def _set(lines: Sequence[str], size: float) -> list[tuple[Paragraph, float]]:
    """Return lines set in letters of a size, each with its height."""
    style = ParagraphStyle("open", fontName=SANS, fontSize=size, leading=size * 1.18, textColor=INK)
    paragraphs = [Paragraph(text, style) for text in lines]
    return [(paragraph, paragraph.wrap(WIDTH - 2 * PAD, HEIGHT)[1] + 0.8 * mm) for paragraph in paragraphs]


def _back(page: Canvas, sealed: str) -> None:
    """Draw the QR code, and how to open it."""
    level = ROBUST if len(sealed) <= ROBUST_LENGTH else DENSE
    drawing = Drawing(QR_SIZE, QR_SIZE)
    drawing.add(QrCodeWidget(sealed, barLevel=level, barWidth=QR_SIZE, barHeight=QR_SIZE, barBorder=0))
    renderPDF.draw(drawing, page, PAD, (HEIGHT - QR_SIZE) / 2)
    style = ParagraphStyle("how", fontName=SANS, fontSize=6.6, leading=8.2, textColor=INK)
    head = ParagraphStyle("head", parent=style, fontName=SANS_BOLD, fontSize=8, leading=9.6, textColor=RED)
    left, top, width = PAD + QR_SIZE + 3 * mm, HEIGHT - PAD, WIDTH - QR_SIZE - 2 * PAD - 3 * mm
    for paragraph in (Paragraph("Données de santé chiffrées", head), *(Paragraph(text, style) for text in HOW)):
        top -= paragraph.wrap(width, HEIGHT)[1] + 0.6 * mm
        paragraph.drawOn(page, left, top)


def _flap(page: Canvas, code: str) -> None:
    """Draw the code that opens the QR code."""
    page.setFillColor(GREY)
    page.setFont(SANS, 7)
    page.drawCentredString(WIDTH / 2, FLAP - 6 * mm, "Code du QR, tirets compris. À plier vers l’intérieur.")
    page.setFillColor(INK)
    page.setFont("Courier-Bold", 17)
    page.drawCentredString(WIDTH / 2, FLAP / 2 - 4 * mm, code)


def _instructions(page: Canvas, *, has_code: bool) -> float:
    """Write what to do, and what a paper is; return where the card may begin."""
    left, top = 25 * mm, A4[1] - 28 * mm
    page.setFillColor(INK)
    page.setFont(SANS_BOLD, 18)
    page.drawString(left, top, "Carte d’urgence")
    style = ParagraphStyle("step", fontName=SANS, fontSize=10, leading=13, textColor=INK)
    steps = STEPS if has_code else (STEPS[0], STEPS[-1])
    honest = HONEST if has_code else "Un papier se lit par qui le tient. Perdue, la carte ne peut pas être rappelée."
    texts = [f"{number}. {text}" for number, text in enumerate(steps, 1)]
    grey = ParagraphStyle("honest", parent=style, textColor=GREY)
    top -= 4 * mm
    for paragraph in (*(Paragraph(text, style) for text in texts), Paragraph(honest, grey)):
        top -= paragraph.wrap(A4[0] - 2 * left, A4[1])[1] + 1.2 * mm
        paragraph.drawOn(page, left, top)
    return float(top)
