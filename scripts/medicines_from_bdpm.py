#!/usr/bin/env python3
"""Make the list of medicines from the files of the French public medicines database (base de données publique des médicaments, BDPM).

python scripts/medicines_from_bdpm.py CIS_bdpm.txt CIS_COMPO_bdpm.txt --date 2026-11-26 > medicines-2026-11.txt

The list belongs into `src/monespace_cli/ingest/data/`, its name into `ingest/medicines.py`. Both files are downloaded by hand from the
database's site; its licence (Licence Ouverte) asks for the source and its date, which the first lines say. Each line has a substance (DCI),
a colon and the brands that hold it. The database has no ATC codes in these files, no English names and no vaccine under `vaccin`:
`--keep OLD` takes over what the former list has.

Format of the files: tab-separated, windows-1252 or UTF-8, no heading. CIS_bdpm: code, name with strength and form, form, routes, status,
procedure, marketed, date, -, -, holder, watched. CIS_COMPO_bdpm: code, element, substance's code, substance, dose, per, SA or FT, link.
"""

import argparse
import re
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path

NAME, HOLDER = 1, 10
SUBSTANCE, NATURE = 3, 6
ACTIVE = "SA"

UNITS = "mg|g|µg|microgrammes?|ml|UI|MUI|pour cent|mmol|ppm|kBq|MBq|GBq"
STRENGTH = re.compile(rf",| \d[\d ]*(?:[.,]\d+)? ?(?:(?:{UNITS})\b|%|U\.I\.).*| \d+ ?(?:mg)?/\d.*", re.IGNORECASE)
FORM = re.compile(r"\b(?:ADULTES?|ENFANTS?|NOURRISSONS?|SANS SUCRE|L\.P\.|LP)\b.*")
SALT = re.compile(
    r"\s*\((?:[^()]*)\)$"
    r"|^(?:CHLORHYDRATE|MALÉATE|SULFATE|ACÉTATE|FUMARATE|TARTRATE|BÉSILATE|MÉSILATE|PHOSPHATE|CITRATE|BROMHYDRATE) (?:DE |D')"
)


def main(arguments: list[str]) -> int:
    """Write the list to standard output; return 0, or 1 where the files are not what they should be."""
    options = _parser().parse_args(arguments)
    names, holders = read_names(options.names)
    substances = read_substances(options.substances)
    if not names or not substances:
        sys.stderr.write("these are not the files CIS_bdpm.txt and CIS_COMPO_bdpm.txt\n")
        return 1
    listed = brands_by_substance(names, holders, substances)
    if options.keep:
        for substance, brands in _listed(options.keep.read_text("utf-8").splitlines()):
            listed[substance] |= brands
    sys.stdout.write("".join(f"{line}\n" for line in written(listed, options.date)))
    return 0


def read_names(path: Path) -> tuple[dict[str, str], set[str]]:
    """Return each product's name by its CIS code, and the words that holders of authorisations are called by."""
    rows = [row for row in _rows(path) if len(row) > HOLDER and row[0].isdigit()]
    holders = {word for row in rows for word in re.findall(r"[A-ZÀ-Þ]{3,}", row[HOLDER].upper())}
    return {row[0]: row[NAME] for row in rows}, holders


def read_substances(path: Path) -> dict[str, list[str]]:
    """Return the active substances of each product by its CIS code, each once."""
    found: dict[str, list[str]] = defaultdict(list)
    for row in _rows(path):
        if len(row) > NATURE and row[0].isdigit() and row[NATURE].strip() == ACTIVE:
            substance = SALT.sub("", row[SUBSTANCE].strip()).lower()
            if substance not in found[row[0]]:
                found[row[0]].append(substance)
    return found


def brand(name: str, holders: set[str]) -> str:
    """Return a product's brand: its name without strength, form, age and, at its end, the holder's (`ABACAVIR ARROW` → `ABACAVIR`)."""
    short = FORM.sub("", STRENGTH.split(name)[0]).strip(" ,-")
    words = short.upper().split()
    while len(words) > 1 and words[-1] in holders:
        words.pop()
    return " ".join(words)


def brands_by_substance(names: dict[str, str], holders: set[str], substances: dict[str, list[str]]) -> defaultdict[str, set[str]]:
    """Return the brands that hold each substance, or several joined by `et`; a generic's is its substance and no brand."""
    listed: defaultdict[str, set[str]] = defaultdict(set)
    for code, name in names.items():
        if code not in substances:
            continue
        substance = " et ".join(sorted(substances[code]))
        brands = listed[substance]
        found = brand(name, holders)
        if len(found) >= 3 and _plain(found) != _plain(substance):
            brands.add(found)
    return listed


def written(listed: dict[str, set[str]], date: str) -> Iterator[str]:
    """Yield the lines of the list, its source and date first."""
    yield "# Substances and the brands that hold them in France; one substance a line. After `vaccin`, vaccines."
    yield f"# Source: base de données publique des médicaments (BDPM), CIS_bdpm.txt and CIS_COMPO_bdpm.txt of {date}; Licence Ouverte."
    for substance in sorted(listed, key=_plain):
        yield f"{substance}: {', '.join(sorted(listed[substance]))}".rstrip(" ")


def _listed(lines: Iterable[str]) -> Iterator[tuple[str, set[str]]]:
    for line in lines:
        if not line.startswith("#"):
            substance, _, brands = line.partition(":")
            yield substance, set(filter(None, brands.strip().split(", ")))


def _rows(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode("cp1252", errors="replace")
    return [line.split("\t") for line in text.splitlines()]


def _plain(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKD", text.lower()) if letter.isalnum())


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", type=Path, metavar="CIS_bdpm.txt")
    parser.add_argument("substances", type=Path, metavar="CIS_COMPO_bdpm.txt")
    parser.add_argument("--date", required=True, help="the day of the files, as the site says it")
    parser.add_argument("--keep", type=Path, metavar="OLD", help="a list whose names are kept as well")
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
