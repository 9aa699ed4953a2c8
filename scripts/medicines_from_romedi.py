#!/usr/bin/env python3
"""Make the list of medicines from the dictionary of Romedi, the French drug terminology, as EDS-NLP distributes it.

python scripts/medicines_from_romedi.py drugs.json > src/monespace_cli/ingest/data/medicines-2022-04.txt

Romedi (Cossin et al., CHU de Bordeaux) has the brands and substances of the French public medicines database (base de données publique des
médicaments, BDPM, Licence Ouverte), with ATC codes. Its author gave the names to EDS-NLP (BSD-3-Clause, AP-HP) on 2022-04-23; the file is
`edsnlp/resources/drugs.json` of that package, the same from version 0.7.1 to 0.23.0. The newest brands in it are of about 2020.

Format of the file: an object, ATC code → labels; in capitals a brand or a generic's name, in small letters ATC's own label, all without
accents. Each line made has a substance, a colon and the brands that hold it; the substance is empty where the label is of a group.
"""

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

SUBSTANCE_LENGTH = 7
"""Characters of an ATC code of one substance; shorter ones are groups."""

VACCINES = "J07"
NO_MEDICINES = ("V07", "V09", "V10")
"""Solvents and what is given by nuclear medicine alone."""

MOST_WORDS = 3
LEAST_LETTERS = 4

NAME = re.compile(r"[A-Z][A-Z0-9'-]*(?: [A-Z0-9][A-Z0-9'-]*)*")
LABEL = re.compile(r"[a-z][a-z'-]+(?: [a-z'-]+){0,2}")
OF_A_GROUP = re.compile(
    r"\b(?:acariens|bromures|insectes|silicones|associations?|autres?|medicaments?|divers|preparations?|analogues|derives|esters|avec|composes|produits?|gaz|medicinal|herbe"
    r"|diuretiques|estrogene|thiazid\w*|inhibiteur|anti\w+|psycholeptiques|sulfamides|epargneurs|expectorants|hydrates|electrolytes"
    r"|opioidesetamol|cortex|fructus|radix|microorganismes|mineraux|lipidiques|amines|naturels|cardioplegiques|polyvitamines|progestatifs?)\b"
)
ACID = re.compile(r"(\w+) acide\b")

NOT_NAMES = frozenset(
    {
        *("GEL", "SOLUTION", "SIROP", "POMMADE", "COLLYRE", "SUPPOSITOIRE", "CREME", "LOTION", "PASTILLES", "TISANE", "ELIXIR"),
        *("DIVERS", "ASSOCIATIONS", "ANTIDOTES", "ANTISEPTIQUES", "EXPECTORANTS", "TONIQUES", "VITAMINES", "BROMURES", "SILICONES"),
        *("INSECTES", "ACARIENS", "POLLENS", "ALCOOL", "OXYGENE", "GLYCEROL", "VASELINE", "ETHER", "EAU OXYGENEE"),
        *(
            "ART",
            "DAILY",
            "CYCLO",
            "REFRESH",
            "ISOBAR",
            "MUSE",
            "DRILL",
            "CRISTAL",
            "FRACTAL",
            "LIERRE",
            "DECAN",
            "PNEUMO",
            "CARLIN",
            "MODANE",
            "DIASTASE",
        ),
    }
)
"""Words of any paper, or of any prescription: some brands are called so, and hardly a paper that has the word means them."""


def main(arguments: list[str]) -> int:
    """Write the list to standard output; return 0, or 1 where the file is not what it should be."""
    options = _parser().parse_args(arguments)
    labels = json.loads(options.drugs.read_text("utf-8"))
    if not isinstance(labels, dict) or "N02BE01" not in labels:
        sys.stderr.write("this is not EDS-NLP's drugs.json\n")
        return 1
    sys.stdout.write("".join(f"{line}\n" for line in written(brands_by_substance(labels))))
    return 0


def brands_by_substance(labels: dict[str, list[str]]) -> dict[str, set[str]]:
    """Return the brands of each substance; a generic is its substance and no brand, and who has a substance is not without one."""
    substances = {code: substance(code, names) for code, names in labels.items()}
    generics = {word for name in substances.values() for word in name.upper().split()}
    listed: dict[str, set[str]] = defaultdict(set)
    for code, names in labels.items():
        if not code.startswith(NO_MEDICINES):
            listed[substances[code]] |= {found for name in names if name.isupper() and (found := brand(name, generics))}
    listed[""] -= set().union(*(brands for name, brands in listed.items() if name))
    return {name: brands - {name.upper()} for name, brands in listed.items()}


def substance(code: str, names: list[str]) -> str:
    """Return the one substance that a code is of, `vaccin` for vaccines; empty for groups and for what is no name."""
    if code.startswith(VACCINES):
        return "vaccin"
    for name in names:
        if len(code) == SUBSTANCE_LENGTH and LABEL.fullmatch(name) and not OF_A_GROUP.search(name):
            return ACID.sub(r"acide \1", name)
    return ""


def brand(name: str, generics: set[str]) -> str:
    """Return a brand as it is looked for; empty for ordinary words, long descriptions, and generics with their maker's name behind."""
    short = NAME.match(name)
    words = short.group().split() if short else []
    while len(words) > 1 and len(words[-1]) == 1 and words[-2] != "VITAMINE":
        words.pop()
    found = " ".join(words)
    is_generic = len(words) > 1 and words[0] in generics and not set(words) - {"VITAMINE", "ACIDE"} <= generics
    return "" if is_generic or found in NOT_NAMES or sum(map(str.isalpha, found)) < LEAST_LETTERS or len(words) > MOST_WORDS else found


def written(listed: dict[str, set[str]]) -> Iterator[str]:
    """Yield the lines of the list, its source, date and licence first, and last the brands without a substance."""
    yield "# Medicines of the French market up to about 2020: substances, the brands that hold them, vaccines after `vaccin`; no accents."
    yield "# Source: Romedi, from the base de données publique des médicaments (BDPM, Licence Ouverte), as given to EDS-NLP on 2022-04-23."
    yield "# Copyright 2021 Assistance Publique - Hôpitaux de Paris, BSD-3-Clause (LICENSE-EDS-NLP). By scripts/medicines_from_romedi.py."
    for name in sorted(listed, key=lambda name: (not name, name)):
        if name or listed[name]:
            yield f"{name}: {', '.join(sorted(listed[name]))}".rstrip(" ")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("drugs", type=Path, metavar="drugs.json")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
