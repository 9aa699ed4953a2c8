"""Writes PDF with reportlab: born digital, with a real text layer; or scanned, each page one JPEG. Dates and ids are fixed."""

from collections.abc import Sequence
from io import BytesIO
from itertools import pairwise

from PIL import Image
from reportlab.lib.units import mm
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from generator.flow import Band, Glyphs, Mark, Sheet, Stroke
from generator.fonts import Typeface
from generator.paper import Colour, Style


def born_digital(sheets: Sequence[Sheet], face: Typeface, title: str) -> bytes:
    """Return a PDF whose words are words, set in the embedded typeface; `title` is its metadata title."""
    for style in Style:
        pdfmetrics.registerFont(TTFont(f"{face.name}-{style}", str(face.file(style))))
    target = BytesIO()
    canvas = _canvas(target, title)
    for sheet in sheets:
        width, height = sheet.size_mm
        canvas.setPageSize((width * mm, height * mm))
        for mark in sheet.marks:
            _draw_mark(canvas, mark, face, height)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def scanned(pages: Sequence[tuple[Image.Image, tuple[float, float]]], quality: int) -> bytes:
    """Return a PDF of pictures without a text layer; each page is an image and its size in millimetres."""
    target = BytesIO()
    canvas = _canvas(target, "Scan")
    for image, (width, height) in pages:
        jpeg = BytesIO()
        image.save(jpeg, "JPEG", quality=quality)
        jpeg.seek(0)
        canvas.setPageSize((width * mm, height * mm))
        canvas.drawImage(ImageReader(jpeg), 0, 0, width * mm, height * mm)
        canvas.showPage()
    canvas.save()
    return target.getvalue()


def _canvas(target: BytesIO, title: str) -> Canvas:
    # `invariant` fixes the dates and the file id, so that the same paper gives the same bytes.
    canvas = Canvas(target, pageCompression=1, invariant=1)
    canvas.setTitle(title)
    canvas.setCreator("samples/make.py")
    return canvas


def _draw_mark(canvas: Canvas, mark: Mark, face: Typeface, height: float) -> None:
    """Draw one mark; PDF counts from the bottom left corner."""
    canvas.saveState()
    match mark:
        case Glyphs():
            canvas.setFillColorRGB(*_share(mark.ink.colour))
            canvas.setFont(f"{face.name}-{mark.ink.style}", mark.ink.size)
            canvas.translate(mark.x * mm, (height - mark.y) * mm)
            canvas.rotate(mark.angle)
            canvas.drawString(0, 0, mark.words)
        case Stroke():
            canvas.setStrokeColorRGB(*_share(mark.colour))
            canvas.setLineWidth(mark.width * mm)
            points = [(x * mm, (height - y) * mm) for x, y in mark.points]
            canvas.lines([(*a, *b) for a, b in pairwise(points)])
        case Band():
            canvas.setFillColorRGB(*_share(mark.colour))
            canvas.rect(mark.x * mm, (height - mark.y - mark.height) * mm, mark.width * mm, mark.height * mm, stroke=0, fill=1)
    canvas.restoreState()


def _share(colour: Colour) -> tuple[float, float, float]:
    return colour[0] / 255, colour[1] / 255, colour[2] / 255
