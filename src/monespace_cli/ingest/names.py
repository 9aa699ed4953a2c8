"""What a person's name looks like in print: its parts, its order, and when two readings mean the same person. Pure functions.

A name keeps its letters' case as printed; a family name in capitals that stands first is put last (`GUÉRIN Benoît` → `Benoît GUÉRIN`).
"""

import re
from functools import lru_cache
from typing import Final

from monespace_cli.record.text import fold

FAMILY: Final = r"[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]+"
SMALL_WORDS: Final = "(?:(?:DE|DU|DES|LA|LE|EL|VAN|VON|DER) ){0,2}"
"""Within a family name in capitals: `ANNE DE LA TOUR`, `JEAN LE GOFF`."""

_MORE_FAMILY: Final = rf"(?: {SMALL_WORDS}[A-ZÀ-ÖØ-Þ][A-ZÀ-ÖØ-Þ'’-]{{2,}}){{0,2}}"
"""More words of a name in capitals. Two letters alone behind it are a scanner's noise more often than a name."""

GIVEN: Final = r"[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:-[A-ZÀ-ÖØ-Þ]?[a-zß-öø-ÿ]+)*"
_INITIAL: Final = r"[A-ZÀ-ÖØ-Þ]\.(?:-?[A-ZÀ-ÖØ-Þ]\.)?"
_PARTICLE: Final = r"(?:(?:d[eu]s?|la|le|van|von|el|ben|d['’]) ?)?"

_GIVEN_FIRST: Final = rf"(?:{GIVEN}|{_INITIAL}) (?:(?:{GIVEN}|{_INITIAL}) )?{_PARTICLE}{FAMILY}{_MORE_FAMILY}"
_FAMILY_FIRST: Final = rf"{FAMILY}{_MORE_FAMILY} (?:{GIVEN}|{_INITIAL})"
_SMALL: Final = rf"(?:{GIVEN}|{_INITIAL}) (?:{_INITIAL} )?(?:L[ea] |D[eu]s? |Van |{_PARTICLE})(?:O'|Mc)?{GIVEN}"

FULL_NAME: Final = rf"{_GIVEN_FIRST}|{_FAMILY_FIRST}"
"""Given and family name, the latter in capitals, in either order."""

ANY_FULL_NAME: Final = rf"{_GIVEN_FIRST}|{_FAMILY_FIRST}|{_SMALL}|{FAMILY} {FAMILY}"
"""Given and family name in whatever case."""

ANY_NAME: Final = rf"{_GIVEN_FIRST}|{FAMILY}{_MORE_FAMILY}(?: {GIVEN})?|{_SMALL}|{GIVEN}"
"""A name, perhaps the family name alone: where a title in front says that it is one."""

_NO_NAME: Final = frozenset(
    (
        *("adeli", "finess", "rpps", "am", "no", "tel", "fax", "telephone", "date", "en", "ide"),
        *("identification", "patient", "service", "secretariat", "cabinet", "centre", "hopital"),
    )
)
"""Words that follow a name on its line, and are not part of it (folded)."""

_BEFORE_A_DATE: Final = frozenset({"Le", "Du"})  # as written: LE and DU begin family names

_NOT_PEOPLE: Final = frozenset(
    (
        *(
            "avenue",
            "rue",
            "boulevard",
            "place",
            "chemin",
            "impasse",
            "allee",
            "quai",
            "route",
            "square",
            "cours",
            "street",
            "road",
            "cedex",
        ),
        *(
            "hopital",
            "hopitaux",
            "hospital",
            "clinique",
            "clinic",
            "polyclinique",
            "laboratoire",
            "laboratory",
            "pharmacie",
            "maison",
            "institut",
        ),
        *(
            "centre",
            "center",
            "cabinet",
            "service",
            "services",
            "pole",
            "unite",
            "ward",
            "department",
            "groupe",
            "federation",
            "reseau",
            "saint",
        ),
        *(
            "sante",
            "health",
            "medecine",
            "medicine",
            "medical",
            "medicale",
            "medicaux",
            "generale",
            "general",
            "surgery",
            "practice",
            "imagerie",
        ),
        *(
            "carnet",
            "certificat",
            "ordonnance",
            "compte",
            "rendu",
            "resultats",
            "attestation",
            "facture",
            "report",
            "discharge",
            "summary",
            "vaccin",
        ),
        *(
            "madame",
            "monsieur",
            "mademoiselle",
            "patient",
            "patiente",
            "docteur",
            "cher",
            "chere",
            "dear",
            "confrere",
            "nom",
            "prenom",
            "date",
        ),
        *(
            "avec",
            "sans",
            "pour",
            "dans",
            "lors",
            "page",
            "membre",
            "tel",
            "fax",
            "mail",
            "sur",
            "conventionne",
            "secteur",
            "diplome",
            "ancien",
        ),
        *("ancienne", "electroniquement", "electronically", "this", "the", "with", "kind", "regards", "sincerely", "yours", "best"),
    )
)
"""Words of addresses, institutions, headings and sentences (folded): a line that holds one is nobody's name."""


def clean_name(name: str, text: str) -> str:
    """Return a matched name in order, without what stands behind it on its line; empty if nothing is left. `text` is the whole page."""
    return in_order(_without_noise(_cut(name), text))


def in_order(name: str) -> str:
    """Return a name with the given name first: a first word in capitals before a last one that is not is the family name."""
    *family, given = name.split() or [""]
    if family and family[0].isupper() and len(family[0]) > 1 and "." not in family[0] and (not given.isupper() or given.endswith(".")):
        return " ".join([given, *family])
    return name


def is_of_people(name: str) -> bool:
    """Tell whether no word of what looks like a name belongs to an address, an institution or a heading."""
    return not any(word in _NOT_PEOPLE for word in re.findall(r"[a-z]+", fold(name)))


def is_same_person(name: str, other: str) -> bool:
    """Tell whether two readings, each given name first, may mean one person: a given name or its initial may be missing from one."""
    *given, family = _words(name) or [""]
    *other_given, other_family = _words(other) or [""]
    if sorted([*given, family]) == sorted([*other_given, other_family]):
        return True
    return family == other_family and all(
        a == b or (1 in (len(a), len(b)) and a[0] == b[0]) for a, b in zip(given, other_given, strict=False)
    )


def _words(name: str) -> list[str]:
    return re.findall(r"[a-z']+", fold(name))


def _cut(name: str) -> str:
    """Return a name up to the first word that is none."""
    kept: list[str] = []
    words = name.split()
    for word in words[:-1] if words and words[-1] in _BEFORE_A_DATE else words:
        if fold(word).strip("-'") in _NO_NAME:
            break
        kept.append(word)
    return " ".join(kept)


def _without_noise(name: str, text: str) -> str:
    """Return a name without words in capitals behind its family name that stand nowhere else: bar codes and logos are read as such."""
    words = name.split()
    given = next((index for index, word in enumerate(words) if not word.isupper()), len(words))
    first = next((index for index, word in enumerate(words) if index > given and word.isupper() and len(word) > 3), len(words))
    kept = [word for index, word in enumerate(words) if index <= first or not word.isupper() or len(_same_word(word).findall(text)) > 1]
    return " ".join(kept)


@lru_cache(maxsize=1024)
def _same_word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)")
