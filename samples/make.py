#!/usr/bin/env python3
"""Make synthetic health papers with ground truth.

python samples/make.py --out DIR --count 14 --seed 1 --profiles scan,phone
python samples/make.py --shipped
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from generator.degrade import PROFILES
from generator.fonts import TYPEFACES, MissingFontError, installed
from generator.output import PDF_PROFILE, write_set
from generator.shipped import write_shipped


def main(arguments: list[str]) -> int:
    """Run the command line; return 0, or 1 if a typeface is missing."""
    options = _parser().parse_args(arguments)
    try:
        if options.shipped:
            write_shipped(Path(__file__).parent, _tell)
        else:
            write_set(options.out, options.count, options.seed, options.profiles, options.fonts or installed(), _tell)
    except MissingFontError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument("--out", type=Path, help="folder for papers/, gt/ and manifest.jsonl")
    where.add_argument("--shipped", action="store_true", help="make the papers of this repository again")
    parser.add_argument("--count", type=int, default=14, help="number of papers; templates take turns (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="another number gives other papers (default: %(default)s)")
    profiles = (PDF_PROFILE, *PROFILES)
    parser.add_argument("--profiles", type=_listed(profiles), default="clean", help=f"comma-separated, of {', '.join(profiles)}")
    parser.add_argument(
        "--fonts", type=_listed(tuple(TYPEFACES)), help=f"comma-separated, of {', '.join(TYPEFACES)} (default: those installed)"
    )
    return parser


def _listed(known: tuple[str, ...]) -> Callable[[str], list[str]]:
    """Return a parser of comma-separated names, for argparse."""

    def parse(text: str) -> list[str]:
        names = text.split(",")
        unknown = [name for name in names if name not in known]
        if unknown:
            raise argparse.ArgumentTypeError(f"unknown: {', '.join(unknown)}")
        return names

    return parse


def _tell(name: str) -> None:
    sys.stdout.write(f"{name}\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
