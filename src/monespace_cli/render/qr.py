"""A text as a QR code: its modules, and as a picture (ISO/IEC 18004, error correction M, a quiet zone of four modules)."""

import io

from PIL import Image
from reportlab.graphics.barcode import qrencoder

QUIET = 4
"""Light modules around the code (§6.3.8)."""
PIXELS = 8
"""Of a module's side in a picture."""

Modules = list[list[bool]]
"""Rows of modules, quiet zone included; True is dark."""


def modules(text: str) -> Modules:
    """Return the code of a text; letters A to Z and digits take the least room."""
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    side = range(-QUIET, code.getModuleCount() + QUIET)
    inside = range(code.getModuleCount())
    return [[x in inside and y in inside and bool(code.isDark(y, x)) for x in side] for y in side]


def png(rows: Modules) -> bytes:
    """Return the code as a PNG file's bytes, black on white."""
    image = Image.new("1", (len(rows), len(rows)), 1)
    image.putdata([0 if dark else 1 for row in rows for dark in row])
    file = io.BytesIO()
    image.resize((len(rows) * PIXELS, len(rows) * PIXELS), Image.Resampling.NEAREST).save(file, "PNG", optimize=True)
    return file.getvalue()


def svg(rows: Modules) -> bytes:
    """Return the code as SVG 1.1: one path of squares."""
    squares = "".join(f"M{x},{y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
    side = len(rows)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" width="{side * PIXELS}" height="{side * PIXELS}">\n'
        f'<rect width="100%" height="100%" fill="#ffffff"/>\n<path d="{squares}" fill="#000000"/>\n</svg>\n'
    ).encode()
