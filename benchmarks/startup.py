"""What it costs to start: `--version`, `--help`, and a search in a vault of 10,000 documents."""

import hashlib
import os
import random
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.archive import add_made_up
from benchmarks.measure import Figure, best_seconds, best_wall
from monespace_cli.crypto.keys import Argon2Params, argon2id
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.vault import NewVault, create_vault, open_vault

TRIES = 15
DOCUMENTS = 10_000
TEXT_SIZE = 1500
PASSPHRASE = "bien long et facile à retenir"

TWO_COMMANDS = """
import typer
app = typer.Typer()
@app.command()
def one(): pass
@app.command()
def two(): pass
app()
"""


def figures(work: Path) -> list[Figure]:
    """Measure start-up in `work`, an empty directory."""
    program = work / "two_commands.py"
    program.write_text(TWO_COMMANDS)
    (work / "passphrase").write_text(PASSPHRASE)
    vault = make_vault(work / "vault", DOCUMENTS)
    monespace = str(Path(sys.executable).with_name("monespace"))
    seconds = best_wall(
        {
            "pass": [sys.executable, "-c", "pass"],
            "version": [monespace, "--version"],
            "typer help": [sys.executable, str(program), "--help"],
            "help": [monespace, "--help"],
            "typer command": [sys.executable, str(program), "one"],
            "search": [monespace, "search", "hémoglobine", "--limit", "10"],
        },
        TRIES,
        {"MONESPACE_VAULT": str(vault), "MONESPACE_PASSPHRASE_FILE": str(work / "passphrase")},
    )
    params = Argon2Params(bytes(16))
    argon2 = best_seconds(lambda: argon2id(PASSPHRASE, params), 5)
    ms = {name: f"{value * 1000:.0f} ms" for name, value in seconds.items()}
    searching = seconds["search"] - argon2
    return [
        Figure("`--version` / `python -c pass`", seconds["version"] / seconds["pass"], 3.0, f"{ms['version']} / {ms['pass']}"),
        Figure("`--help` / two-command Typer `--help`", seconds["help"] / seconds["typer help"], 1.2, f"{ms['help']} / {ms['typer help']}"),
        Figure(
            f"`search`, {DOCUMENTS:,} documents, without Argon2id / two-command command of Typer 0.29 (15 x `pass`, docs/adr/0001)",
            searching / (15 * seconds["pass"]),
            1.5,
            f"{searching * 1000:.0f} ms / {15 * seconds['pass'] * 1000:.0f} ms",
        ),
        Figure(
            f"`search`, {DOCUMENTS:,} documents, without Argon2id / two-command command of the Typer chosen here",
            searching / seconds["typer command"],
            1.5,
            f"{searching * 1000:.0f} ms / {ms['typer command']}; the one Argon2id takes {argon2 * 1000:.0f} ms more",
        ),
    ]


def make_vault(root: Path, documents: int) -> Path:
    """Make a vault of made-up documents with rows for their originals but no files; the searched word is in one of a hundred."""
    owner = Identity("MARTIN", ("Zoé",), date(1980, 5, 17), Sex.FEMALE)
    create_vault(root, NewVault(owner, PASSPHRASE, Argon2Params.default(os.urandom)), _clock, os.urandom)
    words = [hashlib.sha256(str(number).encode()).hexdigest()[: 3 + number % 9] for number in range(5000)]
    chance = random.Random(1)
    with open_vault(root, read_header(root), PASSPHRASE, _clock, os.urandom) as vault, vault.database.transaction():
        for number in range(documents):
            text = " ".join(chance.choices(words, k=TEXT_SIZE // 8)) + (" Hémoglobine 13,5 g/dL" if number % 100 == 0 else "")
            add_made_up(vault.documents, number, text)
    return root


def _clock() -> datetime:
    return datetime(2026, 1, 1, tzinfo=UTC)
