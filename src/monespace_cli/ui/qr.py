"""A QR code on a terminal: two modules in a character cell, which is twice as high as wide."""

from collections.abc import Sequence

from monespace_cli.ui.output import Output

STYLE = "#000000 on #ffffff"
"""Said in full: what is light and what is dark must not follow the colours of the terminal."""
_HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def qr_lines(rows: Sequence[Sequence[bool]]) -> list[str]:
    """Return the modules as lines of text."""
    below = [*rows[1::2], *([[False] * len(rows)] if len(rows) % 2 else [])]
    return ["".join(_HALVES[pair] for pair in zip(upper, lower, strict=True)) for upper, lower in zip(rows[::2], below, strict=True)]


def show_qr(output: Output, rows: Sequence[Sequence[bool]]) -> None:
    """Print it, dark on light."""
    for line in qr_lines(rows):
        output.styled((line, STYLE))
