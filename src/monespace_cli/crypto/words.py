"""Keys as French words that people read aloud or write down: BIP39's list of 2048, eleven bits a word.

Words are compared by their letters alone: accents, case, numbering and spaces do not matter, in either Unicode form.
"""

import hashlib
import re
import unicodedata
from functools import cache

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.text import fold

WORD_BITS = 11
FINGERPRINT_WORDS = 8
KIT_WORDS = 12
KIT_ENTROPY_SIZE = 16
KIT_CHECKSUM_BITS = 4
KIT_LIKENESS = 9
"""So many known words among twelve make a text a recovery kit, perhaps a mistyped one."""


def fingerprint_words(fingerprint_hex: str) -> tuple[str, ...]:
    """Return the first 88 bits of a fingerprint in hex as 8 French words."""
    bits = FINGERPRINT_WORDS * WORD_BITS
    return _words(int(fingerprint_hex[: bits // 4], 16), FINGERPRINT_WORDS)


def same_words(typed: str, fingerprint_hex: str) -> bool:
    """Tell whether somebody typed the words of a fingerprint."""
    return _letters(typed) == [fold(word) for word in fingerprint_words(fingerprint_hex)]


def kit_words(entropy: bytes) -> tuple[str, ...]:
    """Return 16 bytes as the 12 words of a recovery kit, the last holding a 4-bit checksum (BIP39).

    Raises:
        ValueError: not 16 bytes.
    """
    if len(entropy) != KIT_ENTROPY_SIZE:
        raise ValueError("a recovery kit holds 16 bytes")
    return _words(int.from_bytes(entropy, "big") << KIT_CHECKSUM_BITS | _checksum(entropy), KIT_WORDS)


def kit_entropy(text: str) -> bytes:
    """Return the 16 bytes of a recovery kit that somebody typed.

    Raises:
        UsageError: not twelve words, a word that is not in the list (told by its number, never repeated), or a wrong checksum.
    """
    words = _letters(text)
    if len(words) != KIT_WORDS:
        raise UsageError(_("a recovery kit has {expected} words, not {count}").format(expected=KIT_WORDS, count=len(words)))
    number = 0
    for position, word in enumerate(words, start=1):
        if word not in _index():
            raise UsageError(_("word {position} is not in the list").format(position=position), hint=_("compare it with the printed kit"))
        number = number << WORD_BITS | _index()[word]
    entropy = (number >> KIT_CHECKSUM_BITS).to_bytes(KIT_ENTROPY_SIZE, "big")
    if number & ((1 << KIT_CHECKSUM_BITS) - 1) != _checksum(entropy):
        raise UsageError(_("these words do not go together"), hint=_("compare each of them, and their order, with the printed kit"))
    return entropy


def looks_like_kit(text: str) -> bool:
    """Tell whether a text is a recovery kit rather than a passphrase: twelve words, nearly all of them in the list."""
    words = _letters(text)
    return len(words) == KIT_WORDS and sum(word in _index() for word in words) >= KIT_LIKENESS


def _checksum(entropy: bytes) -> int:
    """Return the first four bits of the SHA-256 (BIP39: one bit for 32 of entropy)."""
    return hashlib.sha256(entropy).digest()[0] >> 8 - KIT_CHECKSUM_BITS


def _words(number: int, count: int) -> tuple[str, ...]:
    return tuple(_list()[number >> WORD_BITS * i & 2047] for i in reversed(range(count)))


def _letters(text: str) -> list[str]:
    return re.findall("[a-z]+", fold(text))


@cache
def _list() -> tuple[str, ...]:
    """Return the 2048 words with composed accents; loaded when the first is needed."""
    from mnemonic import Mnemonic

    return tuple(unicodedata.normalize("NFC", word) for word in Mnemonic("french").wordlist)


@cache
def _index() -> dict[str, int]:
    return {fold(word): number for number, word in enumerate(_list())}
