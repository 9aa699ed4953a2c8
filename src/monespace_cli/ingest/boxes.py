"""Words and their boxes on their way from the child to its parent, as JSON. What comes back is outside data: every value is checked."""

import json
from collections.abc import Iterable
from dataclasses import astuple
from itertools import takewhile
from typing import Any, Final

from monespace_cli.record.document import Word

MAX_WORDS: Final = 10_000
"""Of one page: a dense page of small print has 1,500. What is beyond has no box; its text is kept."""

_FARTHEST: Final = 100_000
"""Pixels; more than any side of a page that is read."""


def to_bytes(words: Iterable[Word]) -> bytes:
    """Return words as JSON: lists of text, left, top, width, height and confidence."""
    return json.dumps([astuple(word) for word in words][:MAX_WORDS], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def from_bytes(answered: bytes, text: str) -> tuple[Word, ...]:
    """Return the words of a page's text that the child answered, none of nothing, up to the first that does not stand there in its turn.

    Raises:
        TypeError, ValueError: the answer is not what :func:`to_bytes` gives.
    """
    rows = json.loads(answered) if answered else []
    if len(rows) > MAX_WORDS:
        raise ValueError("too many words")
    words = zip(text.split(), (_checked(*row) for row in rows), strict=False)
    return tuple(word for _said, word in takewhile(lambda pair: pair[0] == pair[1].text, words))


def checked_size(answered: Any) -> tuple[int, int]:
    """Return the width and height of a picture that the child answered.

    Raises:
        TypeError, ValueError: it is none.
    """
    width, height = map(int, answered)
    if not 0 <= min(width, height) <= max(width, height) <= _FARTHEST:
        raise ValueError("not a size")
    return width, height


def _checked(text: Any, left: Any, top: Any, width: Any, height: Any, confidence: Any) -> Word:
    sides = (int(left), int(top), int(width), int(height))
    if not isinstance(text, str) or not all(0 <= side <= _FARTHEST for side in sides):
        raise ValueError("not a word")
    if not 0.0 <= float(confidence) <= 1.0:
        raise ValueError("not a confidence")
    return Word(text, *sides, float(confidence))
