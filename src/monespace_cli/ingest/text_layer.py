"""Whether the text layer of a PDF page is the page's text.

It may be a stamp on a scanned page, or gibberish: a font without a Unicode table gives other characters than it draws, a broken converter
gives letters that were decoded twice. Then the page is recognised from its image instead. Pure functions on text.
"""

import re
from itertools import pairwise
from typing import Final

from monespace_cli.record.text import fold

_ENOUGH_CHARACTERS: Final = 30
"""Letters and digits that make a text layer more than a stamp or a scanner's advertisement over a picture of the page."""

_SHORT: Final = 400
"""Letters and digits that a page of text has at least: a letter of a few lines with its letterhead has more."""

_READABLE_SHARE: Final = 0.8
"""Of a text layer's characters, how many must be letters, digits or punctuation: a font without a Unicode table gives other ones."""

_FOLLOWERS: Final = {
    "a": "bcdgilmnprstuv", "b": "aeiloru", "c": "acehikloprtu", "d": "aeimoru", "e": "acdefgilmnprstuvx",
    "f": "aefilor", "g": "aeinoru", "h": "aeio", "i": "abcdefglmnopqrstv", "j": "e",
    "l": "aeilotu", "m": "abeiopu", "n": "acdefginostu", "o": "bcdfgilmnoprstuw", "p": "aehiloprtu",
    "q": "u", "r": "acdegimnorstuy", "s": "acehiopstuy", "t": "aehiorstuy", "u": "aceilmnprstx",
    "v": "aeio", "w": "a", "x": "p", "y": "n",
}  # fmt: skip
"""Which letters follow which in the 200 pairs most frequent in French and English words: those of BIP39 and of the labels of XDS codes."""

_USUAL_SHARE: Final = 0.55
"""Of the pairs of letters, how many must be usual. Measured: 0.88 to 0.97 on the sample papers, 0.61 on a list of laboratory acronyms,
0.81 on German; at most 0.52 on the samples with letters shifted or swapped as broken fonts do, mostly below 0.35."""

_ENOUGH_PAIRS: Final = 20
"""Pairs of Latin letters before their kind is judged: pages of figures, or in other scripts, are not."""

_LETTERS: Final = re.compile(r"[a-z]+")

_DECODED_TWICE: Final = re.compile("[ÃÂ][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€")
"""What UTF-8 looks like when it was read as Windows-1252; no French word has it."""

_MANY_DECODED_TWICE: Final = 3


def is_real_text(layer: str) -> bool:
    """Whether a text layer is the page's text: enough of it, readable characters, and letters that follow each other as in words."""
    visible = [c for c in layer if not c.isspace()]
    letters = sum(c.isalnum() for c in visible)
    readable = sum(c.isprintable() and c != "\ufffd" for c in visible)
    if letters < _ENOUGH_CHARACTERS or readable < _READABLE_SHARE * len(visible):
        return False
    return len(_DECODED_TWICE.findall(layer)) < _MANY_DECODED_TWICE and _has_usual_letters(layer)


def is_short(layer: str) -> bool:
    """Whether a text layer is so short that it may be a stamp, a signature's mark or a caption, where the page is a picture."""
    return sum(map(str.isalnum, layer)) < _SHORT


def _has_usual_letters(layer: str) -> bool:
    pairs = [pair for word in _LETTERS.findall(fold(layer)) for pair in pairwise(word)]
    return len(pairs) < _ENOUGH_PAIRS or sum(second in _FOLLOWERS.get(first, "") for first, second in pairs) >= _USUAL_SHARE * len(pairs)
