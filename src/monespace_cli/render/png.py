"""A drawing as PNG, at twice its size, for screens and paper.

The words are set by PDFium, which brings Helvetica with all of French; the font that comes with Pillow has no accents.
"""

import ctypes
import io
from typing import Any

import pypdfium2
from PIL import Image, ImageDraw
from pypdfium2 import raw

from monespace_cli.render.chart import DOT_RADIUS, Drawing, Line, Words

SCALE = 2
FONT = b"Helvetica"
_SHARE_BEFORE = {"start": 0.0, "middle": 0.5, "end": 1.0}
"""How much of the words lies left of their place."""


def png(drawing: Drawing) -> bytes:
    """Return the picture as a PNG file's bytes."""
    image = _words(drawing)
    brush = ImageDraw.Draw(image)
    for shape in drawing.shapes:
        if isinstance(shape, Line):
            places = [(x * SCALE, y * SCALE) for x, y in shape.points]
            brush.line(places, fill=shape.colour, width=round(shape.width * SCALE), joint="curve")
        elif not isinstance(shape, Words):
            brush.circle((shape.x * SCALE, shape.y * SCALE), DOT_RADIUS * SCALE, fill=shape.colour)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def _words(drawing: Drawing) -> Image.Image:
    """Return a white picture with all words of a drawing, by way of a PDF page in memory."""
    document = pypdfium2.PdfDocument.new()
    page = document.new_page(drawing.width, drawing.height)
    font = raw.FPDFText_LoadStandardFont(document, FONT)
    for shape in drawing.shapes:
        if isinstance(shape, Words):
            text = raw.FPDFPageObj_CreateTextObj(document, font, float(shape.size))
            encoded = ctypes.create_string_buffer(shape.text.encode("utf-16-le") + b"\0\0")
            raw.FPDFText_SetText(text, ctypes.cast(encoded, ctypes.POINTER(ctypes.c_ushort)))
            raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, shape.x - _SHARE_BEFORE[shape.anchor] * _width(text), drawing.height - shape.y)
            raw.FPDFPage_InsertObject(page, text)
    raw.FPDFPage_GenerateContent(page)
    image: Image.Image = page.render(scale=SCALE).to_pil().convert("RGB")
    document.close()
    return image


def _width(text: Any) -> float:
    left, bottom, right, top = (ctypes.c_float() for _side in range(4))
    raw.FPDFPageObj_GetBounds(text, left, bottom, right, top)
    return right.value
