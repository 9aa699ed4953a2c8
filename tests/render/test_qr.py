"""What is drawn as a QR code is read again, by another program's reader."""

import io

import zxingcpp
from PIL import Image

from monespace_cli.render.qr import PIXELS, QUIET, modules, png, svg
from monespace_cli.ui.qr import qr_lines

TEXT = "0123456789ABCDEF" * 4


def read(image: Image.Image) -> list[str]:
    return [found.text for found in zxingcpp.read_barcodes(image)]


def test_the_picture_is_read_again() -> None:
    assert read(Image.open(io.BytesIO(png(modules(TEXT)))).convert("L")) == [TEXT]


def test_it_has_light_around_it() -> None:
    rows = modules(TEXT)
    assert not any(any(row) for row in (*rows[:QUIET], *rows[-QUIET:]))
    assert not any(row[column] for row in rows for column in (*range(QUIET), *range(-QUIET, 0)))


def test_svg_has_a_square_for_each_dark_module() -> None:
    rows = modules(TEXT)
    assert svg(rows).count(b"h1v1h-1z") == sum(map(sum, rows))


def test_the_lines_of_a_terminal_are_the_same_modules() -> None:
    drawn = []
    for line in qr_lines(modules(TEXT)):
        drawn += [[c in "█▀" for c in line], [c in "█▄" for c in line]]
    side = len(drawn[0])
    image = Image.new("L", (side, len(drawn)), 255)
    image.putdata([0 if dark else 255 for row in drawn for dark in row])
    assert read(image.resize((side * PIXELS, len(drawn) * PIXELS), Image.Resampling.NEAREST)) == [TEXT]
