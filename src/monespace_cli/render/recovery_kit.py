"""The recovery kit as a page to print: twelve words to type, and the same in a QR code to scan. PDF bytes; nothing touches a disk here.

The page is in French, like the words. It says what it is to whoever finds it, and not whose: neither a name nor a place is on it.
"""

import io
from collections.abc import Sequence
from datetime import date

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from monespace_cli.record.text import fold

LEFT, COLUMNS, ROW = 25 * mm, 3, 11 * mm
QR_SIZE = 55 * mm

ABOVE = (
    "Ces douze mots ouvrent le coffre de santé monespace, comme la phrase de passe.",
    "C'est le seul autre moyen de l'ouvrir : gardez cette page en lieu sûr, loin de l'ordinateur.",
    "Qui la lit peut tout lire. Si elle est perdue : monespace key change recovery-kit",
)
BELOW = (
    "Pour ouvrir le coffre : une commande monespace, puis ces mots, dans cet ordre, à la place",
    "de la phrase de passe. Accents et majuscules ne comptent pas. Le QR code contient les mots.",
    "",
    "Coffre : ..............................................................................",
)


def recovery_kit_pdf(words: Sequence[str], made: date) -> bytes:
    """Return one A4 page with the words of a kit, numbered, and as a QR code (ISO/IEC 18004): without accents, a space between them."""
    sink = io.BytesIO()
    page = Canvas(sink, pagesize=A4, invariant=1)
    page.setTitle("Kit de récupération monespace")
    height = A4[1] - 30 * mm
    page.setFont("Helvetica-Bold", 20)
    page.drawString(LEFT, height, "Kit de récupération")
    page.setFont("Helvetica", 11)
    page.drawRightString(A4[0] - LEFT, height, f"{made:%d/%m/%Y}")
    height = _lines(page, height - 15 * mm, ABOVE)
    height = _words(page, height - 10 * mm, words)
    _qr_code(page, height - QR_SIZE, " ".join(fold(word) for word in words))
    _lines(page, height - QR_SIZE - 15 * mm, BELOW)
    page.showPage()
    page.save()
    return sink.getvalue()


def _lines(page: Canvas, height: float, lines: Sequence[str]) -> float:
    page.setFont("Helvetica", 11)
    for line in lines:
        page.drawString(LEFT, height, line)
        height -= 6 * mm
    return height


def _words(page: Canvas, height: float, words: Sequence[str]) -> float:
    """Draw the words in rows, read from left to right."""
    width = (A4[0] - 2 * LEFT) / COLUMNS
    for index, word in enumerate(words):
        row, column = divmod(index, COLUMNS)
        place = LEFT + column * width, height - row * ROW
        page.setFont("Helvetica", 9)
        page.drawRightString(place[0] + 5 * mm, place[1], str(index + 1))
        page.setFont("Courier-Bold", 15)
        page.drawString(place[0] + 8 * mm, place[1], word)
    return float(height - (len(words) - 1) // COLUMNS * ROW - 10 * mm)


def _qr_code(page: Canvas, height: float, text: str) -> None:
    drawing = Drawing(QR_SIZE, QR_SIZE)
    drawing.add(QrCodeWidget(text, barLevel="M", barWidth=QR_SIZE, barHeight=QR_SIZE))
    renderPDF.draw(drawing, page, (A4[0] - QR_SIZE) / 2, height)
