"""What it costs to start: `--version`, `--help`, and a search in a vault of 10,000 documents."""

import hashlib
import os
import random
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.archive import add_made_up
from benchmarks.measure import Figure, best_seconds, best_wall
from monespace_cli.crypto.keys import Argon2Params, argon2id, hkdf
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.vault.building import NewVault, create_vault
from monespace_cli.vault.connection import open_database
from monespace_cli.vault.header import DATABASE_LABEL, unlock_with_passphrase
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.vault import open_vault

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

BARE_OPEN = """
import sys, typer
app = typer.Typer()
@app.command()
def one(path, key):
    import sqlcipher3
    database = sqlcipher3.connect(path)
    database.execute(f"PRAGMA key = \\"x'{key}'\\"")
    database.execute("PRAGMA cipher_page_size = 16384")
    print(database.execute("SELECT count(*) FROM document").fetchone())
@app.command()
def two(): pass
app()
"""
"""The same program with one thing to do: open a vault's database with its raw key, and count."""


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
    with_session = _from_a_session(work, monespace, vault)
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
        *with_session,
    ]


def _from_a_session(work: Path, monespace: str, vault: Path) -> list[Figure]:
    """Measure `status` with a vault that `unlock` keeps open, against a bare program of the same kind that is given the raw key."""
    program = work / "bare_open.py"
    program.write_text(BARE_OPEN)
    environment = {"MONESPACE_VAULT": str(vault), "XDG_STATE_HOME": str(work / "state")}
    unlock = {**os.environ, **environment, "MONESPACE_PASSPHRASE_FILE": str(work / "passphrase")}
    subprocess.run([monespace, "unlock", "--for", "1h", "--quiet"], check=True, env=unlock)
    master, _slot = unlock_with_passphrase(read_header(vault), PASSPHRASE)
    key = hkdf(master, DATABASE_LABEL).hex()  # of a made-up vault that is removed at the end
    try:
        seconds = best_wall(
            {
                "status": [monespace, "status", "--quiet"],
                "no vault": [monespace, "status", "--quiet", "--vault", str(work / "nowhere")],
                "bare": [sys.executable, str(program), "one", str(vault / "record.db"), key],
            },
            TRIES,
            environment,
        )
    finally:
        subprocess.run([monespace, "lock", "--quiet"], check=True, env=unlock)
    bare = best_seconds(lambda: open_database(vault / "record.db", bytes.fromhex(key)).close(), TRIES)
    ms = {name: f"{value * 1000:.0f} ms" for name, value in seconds.items()}
    return [
        Figure(
            "a command in a session / the same command where there is no vault, plus a bare opening of the database",
            seconds["status"] / (seconds["no vault"] + bare),
            1.5,
            f"{ms['status']} / {ms['no vault']} + {bare * 1000:.1f} ms",
        ),
        Figure(
            "a command in a session / a two-command Typer that opens the same database with its raw key",
            seconds["status"] / seconds["bare"],
            1.5,
            f"{ms['status']} / {ms['bare']}",
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
