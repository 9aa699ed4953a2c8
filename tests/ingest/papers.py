"""Small papers for the tests, drawn here: nobody in them exists."""

from collections.abc import Iterable
from io import BytesIO

import pypdfium2
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

PRESCRIPTION = (
    "Docteur Thierry CLERMONT",
    "31000 TOULOUSE",
    "Toulouse, le 10 juin 2019",
    "Madame CHEVALIER Anne, DDN 22/12/1967",
    "ORDONNANCE",
    "DOLIPRANE 500 mg, sachet",
    "1 sachet le soir au coucher pendant 6 jours",
)
"""Without accents: the font that Pillow brings has none."""


def page(lines: Iterable[str] = PRESCRIPTION, *, size: tuple[int, int] = (1240, 900), mode: str = "L") -> Image.Image:
    """Return a page of print, about 150 dpi."""
    image = Image.new(mode, size, "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(size=34)
    for number, line in enumerate(lines):
        draw.text((80, 80 + 90 * number), line, font=font, fill="black")
    return image


def encoded(image: Image.Image, kind: str, **options: object) -> bytes:
    """Return an image as the bytes of a JPEG, PNG, TIFF or (scanned) PDF file."""
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def pdf(pages: int, **size: float) -> bytes:
    """Return a PDF of empty pages."""
    document = pypdfium2.PdfDocument.new()
    for _ in range(pages):
        document.new_page(size.get("width", 595), size.get("height", 842))
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def pdf_with_text(*texts: str, password: str | None = None) -> bytes:
    """Return a PDF with one page for each text, as a text layer; lines are those of the text. A password protects it."""
    out = BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), encrypt=password)
    for text in texts:
        for number, line in enumerate(text.splitlines()):
            canvas.drawString(60, 780 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    return out.getvalue()
