"""Whether two documents are the same paper, scanned or photographed twice: by the words they have in common. Pure functions.

A rescan has other bytes, other shadows and other misread words, but nearly the same words. A renewed prescription has nearly the same words
too, but another date; so two papers whose dates are both known and differ are never the same.

The words of a paper become :data:`BANDS` numbers, each made of the smallest of :data:`ROWS` random orders of its words (min-wise hashing:
Broder, "On the resemblance and containment of documents", 1997). Papers that share one of them are compared word by word; the others are
not even looked at.
"""

import hashlib
from collections.abc import Iterable, Set
from functools import cache
from typing import Final

from monespace_cli.record.text import words_of

BANDS: Final = 16
ROWS: Final = 3
"""A pair of papers that share 80 % of their words has a band in common with a probability above 0.99, one that shares 30 % with 0.35."""

SAME_PAPER: Final = 0.70
"""Of all the words of two papers, how many must be in both (docs/adr/0017)."""

ENOUGH_WORDS: Final = 20
"""Different words; of less, nothing can be said."""

_SHORTEST: Final = 3
"""Letters and figures: shorter words are what noise is read as."""

_PRIME: Final = 2**61 - 1


def content_words(texts: Iterable[str]) -> frozenset[str]:
    """Return what pages are compared by: their different words and numbers."""
    return frozenset(word for text in texts for word in words_of(text) if len(word) >= _SHORTEST)


def bands(words: Set[str]) -> tuple[int, ...]:
    """Return the numbers that likely twins share one of, of 63 bits; none for a paper of few words."""
    if len(words) < ENOUGH_WORDS:
        return ()
    hashes = [_hash(word.encode()) for word in words]
    smallest = [min((factor * value + term) % _PRIME for value in hashes) for factor, term in _orders()]
    return tuple(_hash(repr((band, smallest[band * ROWS : (band + 1) * ROWS])).encode()) for band in range(BANDS))


def resemblance(words: Set[str], other: Set[str]) -> float:
    """Return the share of the words of two papers that both have, 0 to 1."""
    return len(words & other) / len(words | other) if words or other else 0.0


def _hash(data: bytes) -> int:
    return int.from_bytes(hashlib.blake2b(data, digest_size=8).digest()) >> 1


@cache
def _orders() -> tuple[tuple[int, int], ...]:
    """Return a factor and a term for each random order; always the same ones."""
    return tuple((_hash(b"factor %d" % order) % _PRIME or 1, _hash(b"term %d" % order) % _PRIME) for order in range(BANDS * ROWS))
