"""Text as people search it: one folding for what is stored and for what is asked.

Two forms, because the index has a C tokenizer that already drops case and accents (FTS5 `unicode61 remove_diacritics 2`) but knows nothing of
ligatures: :func:`index_form` is the little that must be done before it, :func:`fold` is the whole, for comparing in Python.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

# Unicode has no decomposition for these letters, and French sorts and searches them as two.
_LETTERS = str.maketrans({"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "’": "'"})  # noqa: RUF001

EXCERPT_WIDTH = 110
"""Characters of an excerpt, about one line of a terminal."""


def index_form(text: str) -> str:
    """Return `text` without ligatures and compatibility forms (NFKC, Unicode Standard Annex #15), `œ` and `æ` spelt out."""
    return unicodedata.normalize("NFKC", text).translate(_LETTERS)


def fold(text: str) -> str:
    """Return `text` without case, accents and ligatures: `"Œdème"` becomes `"oedeme"`."""
    decomposed = unicodedata.normalize("NFKD", text.translate(_LETTERS)).casefold()
    return "".join(c for c in decomposed if not unicodedata.combining(c))


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
    piece = "".join(" " if c.isspace() else c for c in text[start:end])
    marks = tuple((a - start, b - start) for a, b in found if b <= end)
    return Excerpt(piece.rstrip(), marks)


def _spans(text: str, patterns: Sequence[re.Pattern[str]]) -> list[tuple[int, int]]:
    folded: list[str] = []
    origin: list[int] = []
    for index, character in enumerate(text):
        plain = _fold_character(character)
        folded.append(plain)
        origin.extend([index] * len(plain))
    joined = "".join(folded)
    matches = (match for pattern in patterns for match in pattern.finditer(joined))
    return sorted({(origin[m.start()], origin[m.end() - 1] + 1) for m in matches if m.end() > m.start()})


@cache
def _fold_character(character: str) -> str:
    return fold(character)
