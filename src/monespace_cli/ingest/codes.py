"""Finds QR codes and DataMatrix (2D-Doc, medicine boxes, INS) in the image of a page, by zxing-cpp.

Rules: the image is made small enough that looking costs little whatever it shows; how many codes and how long they are is bounded; a page
on which looking fails has no codes. Measured on the sample papers: 10 ms for a scan or a phone photo, 15 ms for the noisiest ones and for
drawn PDF pages, which is 2 to 3 % of what reading the page costs; at full size it is 50 to 100 ms and finds nothing more. Codes printed
light on dark are not looked for: that costs half as much again, and no paper has them. What a code says is for `payloads`.
"""

from math import sqrt
from typing import TYPE_CHECKING, Final

from monespace_cli.bounds import limits
from monespace_cli.ingest.payloads import PrintedCode

if TYPE_CHECKING:
    from PIL.Image import Image

_PIXELS: Final = 1_300_000
"""Fewer would blur the smallest codes: at 120 dpi a module of 0.4 mm has two pixels. A scan at 300 dpi is halved by it."""


def read_codes(image: "Image") -> tuple[PrintedCode, ...]:
    """Return the codes on a page's image, in the order in which they were found, up to the bounds on their number and length."""
    import zxingcpp

    try:
        found = zxingcpp.read_barcodes(
            _small(image),
            formats=zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode, zxingcpp.BarcodeFormat.DataMatrix]),
            try_invert=False,
            text_mode=zxingcpp.TextMode.Plain,
        )
    except Exception:  # a page without its codes is better than no page
        return ()
    codes, length = [], 0
    for code in found[: limits.MAX_CODES_PER_PAGE]:
        length += len(code.text)
        if length <= limits.MAX_CODE_TEXT:
            codes.append(PrintedCode(code.format.name, code.text, code.content_type is zxingcpp.ContentType.GS1))
    return tuple(codes)


def _small(image: "Image") -> "Image":
    """Return the image in grey, its sides divided by a whole number, with no fewer than :data:`_PIXELS`."""
    grey = image if image.mode == "L" else image.convert("L")
    factor = int(sqrt(image.width * image.height / _PIXELS))
    return grey.reduce(factor) if factor > 1 else grey
