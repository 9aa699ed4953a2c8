"""The dated data files of `record/data`: what changes with the years and is looked up, not decided.

Each is text with `;` between the cells, a header line, and comment lines that say where it comes from and since when it holds.
"""

from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data"


@cache
def table(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of `data/<name>.csv`, each by its column names."""
    lines = [line for line in (DATA / f"{name}.csv").read_text("utf-8").splitlines() if line and not line.startswith("#")]
    columns = lines[0].split(";")
    return tuple(dict(zip(columns, line.split(";"), strict=True)) for line in lines[1:])
