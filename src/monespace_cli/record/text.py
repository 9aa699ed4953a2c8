"""Text as people search it: one folding for what is stored and for what is asked."""

import unicodedata

_LETTERS = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss", "ø": "o", "đ": "d", "ł": "l", "ı": "i", "’": "'", "ʼ": "'"})


def fold(text: str) -> str:
    """Return `text` without case, accents, ligatures and compatibility forms: `"Œdème"` becomes `"oedeme"`.

    NFKD splits ligatures (`ﬁ`) and accents (Unicode Standard Annex #15); `œ` and `æ` are letters to Unicode and are spelt out here.
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_LETTERS))
    return "".join(c for c in decomposed if not unicodedata.combining(c))
