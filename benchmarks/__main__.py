"""Run the benchmarks named on the command line, or all but `million`, and print each figure with its bound."""

import compileall
import sys
import tempfile
from importlib import import_module
from pathlib import Path

import monespace_cli

ALL = ("startup", "importing", "vault", "backup", "record", "accuracy", "exchange")


def main(names: list[str]) -> int:
    """Print the figures; return 1 where one does not keep its bound."""
    compileall.compile_dir(Path(monespace_cli.__file__).parent, quiet=1)  # as pip does with what it installs
    missed = 0
    for name in names or ALL:
        module = import_module(f"benchmarks.{name}")
        with tempfile.TemporaryDirectory(prefix="monespace-bench-") as work:
            for figure in module.figures(Path(work)):
                sign = "≥" if figure.at_least else "≤"
                missed += not figure.holds
                print(f"{'ok  ' if figure.holds else 'MISS'} {figure.ratio:5.2f} × (must be {sign} {figure.bound}): {figure.what}")
                print(f"       {figure.detail}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
