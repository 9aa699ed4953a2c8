"""Draws sheets as pixels with Pillow: 300 dots an inch, dark on nearly white, as a good printer leaves them."""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from generator.flow import MM_PER_POINT, Band, Glyphs, Mark, Sheet, Stroke
from generator.fonts import Typeface
from generator.paper import Style

DPI = 300
PAPER_WHITE = (253, 253, 251)

Pixels = NDArray[np.uint8]
"""Height × width × red, green, blue; 0–255."""


def draw(sheet: Sheet, face: Typeface, dpi: int = DPI) -> Pixels:
    """Return a sheet as pixels."""
    scale = dpi / 25.4
    size = (round(sheet.size_mm[0] * scale), round(sheet.size_mm[1] * scale))
    image = Image.new("RGB", size, PAPER_WHITE)
    for mark in sheet.marks:
        _draw_mark(image, mark, face, scale)
    return np.asarray(image)


def _draw_mark(image: Image.Image, mark: Mark, face: Typeface, scale: float) -> None:
    pen = ImageDraw.Draw(image)
    match mark:
        case Glyphs(angle=0.0):
            font = _font(face, mark.ink.style, mark.ink.size * MM_PER_POINT * scale)
            pen.text((mark.x * scale, mark.y * scale), mark.words, mark.ink.colour, font, anchor="ls")
        case Glyphs():
            _draw_turned(image, mark, face, scale)
        case Stroke():
            pen.line([(x * scale, y * scale) for x, y in mark.points], mark.colour, max(1, round(mark.width * scale)), joint="curve")
        case Band():
            corners = (mark.x * scale, mark.y * scale, (mark.x + mark.width) * scale, (mark.y + mark.height) * scale)
            pen.rectangle(corners, mark.colour)


def _draw_turned(image: Image.Image, mark: Glyphs, face: Typeface, scale: float) -> None:
    """Draw words on a mask of the page's size, turn it about where they start, and put their colour through it."""
    mask = Image.new("L", image.size)
    font = _font(face, mark.ink.style, mark.ink.size * MM_PER_POINT * scale)
    start = (mark.x * scale, mark.y * scale)
    ImageDraw.Draw(mask).text(start, mark.words, 255, font, anchor="ls")
    image.paste(mark.ink.colour, mask=mask.rotate(mark.angle, Image.Resampling.BICUBIC, center=start))


@cache
def _font(face: Typeface, style: Style, pixels: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(face.file(style)), pixels, layout_engine=ImageFont.Layout.BASIC)
