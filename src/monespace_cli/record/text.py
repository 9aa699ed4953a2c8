"""Text as people search it: one folding, for what is stored and for what is asked.

The index is made of folded words and the marks of an excerpt are found in folded text, so that what is found can be shown. The index
forgets a row only when it is told the very words it holds (`vault.documents`): a change to :func:`words_of` needs a migration that builds
it anew.
Unicode's stability policies keep normalisation and case folding of every assigned character as they are.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# What is no letter of its own: Unicode's five blocks of combining marks, the soft hyphen, the joiners, the byte order mark.
_IGNORED = re.compile("[\u00ad\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u200c\u200d\u2060\u20d0-\u20ff\ufe20-\ufe2f\ufeff]+")

_WORD = re.compile(r"[^\W_]+")

EXCERPT_WIDTH = 110
"""Characters of an excerpt, about one line of a terminal."""


def fold(text: str) -> str:
    """Return `text` without case, accents, ligatures and compatibility forms: `"Œdème"` becomes `"oedeme"`.

    NFKD (Unicode Standard Annex #15), then full case folding; `œ` and `æ`, which have no decomposition, are spelt out as French sorts them.
    """
    plain = _IGNORED.sub("", unicodedata.normalize("NFKD", text)).casefold()
    return plain.replace("œ", "oe").replace("æ", "ae").replace("’", "'")


def words_of(text: str) -> list[str]:
    """Return the words of a text, folded, in order: runs of letters and digits. Both the index and a search are made of them."""
    return _WORD.findall(fold(text))


def is_one_letter_off(word: str, other: str) -> bool:
    """Tell whether one letter exchanged, added or left out makes one word of the other; the same word is not."""
    short, long = sorted((word, other), key=len)
    if len(long) - len(short) > 1 or word == other:
        return False
    same = next((place for place, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return short[same + (len(short) == len(long)) :] == long[same + 1 :]


def well_formed(text: str) -> str:
    """Return `text` with `?` for what UTF-8 cannot hold: halves of surrogate pairs, as in the names of files that are not UTF-8."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A stretch of text around what was searched; `marks` are the found words as (start, end) in `text`."""

    text: str
    marks: tuple[tuple[int, int], ...]


def excerpt(text: str, patterns: Sequence[re.Pattern[str]]) -> Excerpt | None:
    """Return the place of `text` where the folded `patterns` are found first, or None where none of them is."""
    found = _spans(text, patterns)
    if not found:
        return None
    start = max(0, found[0][0] - EXCERPT_WIDTH // 3)
    if start:
        start = text.find(" ", start, found[0][0]) + 1 or start
    end = min(len(text), start + EXCERPT_WIDTH)
    if end < len(text):
        end = max(text.rfind(" ", start, end), found[0][1])
    piece = "".join(" " if c.isspace() else c for c in text[start:end]).rstrip()
    return Excerpt(piece, tuple((a - start, b - start) for a, b in found if b <= end))


def _spans(text: str, patterns: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    folded = fold(text)
    if not any(pattern.search(folded) for pattern in patterns):
        return []
    plain = [_fold_character(character) for character in text]
    origin = [index for index, letters in enumerate(plain) for _ in letters] + [len(text)]
    matches = (match for pattern in patterns for match in pattern.finditer("".join(plain)))
    # A mark goes on to the next letter, over accents that stand apart; it holds its last letter even where a ligature goes on.
    return sorted({(origin[m.start()], max(origin[m.end()], origin[m.end() - 1] + 1)) for m in matches})


@cache
def _fold_character(character: str) -> str:
    return fold(character)
