"""Finds QR codes and DataMatrix (2D-Doc, medicine boxes, INS) in the image of a page, by zxing-cpp.

Rules: the image is made small enough that looking costs little whatever it shows; how many codes and how long they are is bounded; a page
on which looking fails has no codes. Measured on the sample papers, 4 megapixels: 10 ms for a page of print, 17 ms for a phone photo, 60 ms
for the noisiest ones, which is 2 to 4 % of what reading the page costs. Codes printed light on dark are not looked for: that costs as much
again, and no paper has them. What a code says is for `payloads`.
"""

from math import sqrt
from typing import TYPE_CHECKING, Final

from monespace_cli.bounds import limits
from monespace_cli.ingest.payloads import PrintedCode

if TYPE_CHECKING:
    from PIL.Image import Image

_PIXELS: Final = 4_000_000
"""About an A4 page at 200 dpi, where the modules of the smallest codes on papers, 0.33 mm, have more than two pixels."""

_WORTH_RESIZING: Final = 1.3


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
    """Return the image in grey with at most about :data:`_PIXELS`; plain averaging keeps a code's modules even."""
    from PIL import Image

    grey = image if image.mode == "L" else image.convert("L")
    excess = image.width * image.height / _PIXELS
    if excess < _WORTH_RESIZING:
        return grey
    size = (max(1, round(grey.width / sqrt(excess))), max(1, round(grey.height / sqrt(excess))))
    return grey.resize(size, Image.Resampling.BOX)
