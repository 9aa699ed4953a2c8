"""Nothing is lost: a command is killed at every one of its write steps; each time the vault opens, is whole, and holds what was reported.

What a vault holds is taken as a set of facts. After a kill there may be facts of before and of after, but those that are in both stay, and
what was printed is so. The same command once more comes to the same end.
"""

import hashlib
import io
import json
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from monespace_cli.record.document import Provenance
from monespace_cli.vault.in_use import OWNER_SPACE
from tests.crash.harness import Ended, Step, Victims, copy_of, new_house
from tests.crash.whole import Facts, verify
from tests.vault.world import World

OLDEST = Path(__file__).parents[1] / "vectors" / "vault-v1"
"""The sample of the first release's vault."""

LEAST = 200
"""Kills in all."""

MOST = 150
"""Steps of one command: a new key writes the whole database anew."""


@dataclass(frozen=True, slots=True)
class Operation:
    """A command line that changes a vault; names in braces are ids of the house's items."""

    line: str
    least: int
    """Steps. Fewer would mean that some are not seen."""
    status: int = 0
    vault: str = "vault"
    again: tuple[int, ...] = (0,)
    """How it may end when it is run once more."""
    proof: str = ""
    """A command line that succeeds once it has reported that it is done."""


OPERATIONS = {
    "import": Operation("import --json --jobs 1 new", 100, status=3, again=(3,)),
    "resume": Operation("import --json --jobs 1 --resume", 50),
    "retry": Operation("import retry --json --jobs 1", 40),
    "edit": Operation("document edit --json {kept} --title Bilan --tag sang", 15),
    "type": Operation("document type --json {kept} 1", 15),
    "confirm": Operation("document review --json --accept {kept}", 10),
    "delete": Operation("document delete --json {kept}", 10),
    "restore": Operation("document restore --json {trashed}", 10),
    "release": Operation("quarantine retry --json {readable}", 40, again=(0, 21)),
    "discard": Operation("quarantine discard --json --yes {readable}", 10, again=(0, 21)),
    "contact": Operation("contact add --json durand.card", 10),
    "bundle": Operation("bundle import --json bundle.age --accept-unverified", 40, vault="durand", again=(0, 30)),
    "forever": Operation("document delete --json --forever --yes {kept}", 15, again=(0, 21)),
    "seal": Operation("import --json --sealed new", 15),
    "take": Operation("sealed take --json --jobs 1", 30),
    "prune": Operation("prune --json --older-than 0", 2),
    "backup": Operation("backup create --json backups", 20, proof="backup verify --json backups"),
    "rotate": Operation("key rotate --json", 40),
    "add key": Operation("key add --json --new-passphrase-fd 0 passphrase", 10),
    "change key": Operation("key change --json --new-passphrase-fd 0", 10, again=(0, 12)),
}


@dataclass(frozen=True, slots=True)
class House:
    """A person's directory, and the ids of what is in their vault."""

    root: Path
    ids: dict[str, str]


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with Victims() as victims:
        yield victims


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    """A folder in memory where there is one: a kill takes nothing out of the page cache, so nobody need wait for a disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def house(victims: Victims, place: Path) -> House:
    root = new_house(place / "house")

    def run(line: str, *, vault: str = "vault") -> list[dict[str, str]]:
        ended = victims.run(root, [*line.split(), "--json"], vault=vault)
        assert ended.status == 0, line
        return ended.reported

    (root / "new").mkdir()
    (root / "waiting").mkdir()
    for name in ("kept", "trashed", "new/one", "new/two", "waiting/one"):
        (root / f"{name}.txt").write_text(f"Ordonnance du 3 mars 2024. {name} : paracétamol 500 mg.\n" * 30, "utf-8")
    (root / "new/damaged.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    run("init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit")
    run("init --practitioner --family-name DURAND --given-name Luc --profession physician --no-recovery-kit", vault="durand")
    run("card export -o durand.card", vault="durand")
    ids = {name: run(f"import {name}.txt")[0]["document"] for name in ("kept", "trashed")}
    run(f"document delete {ids['trashed']}")
    run("contact add durand.card")
    run(f"share --to DURAND --document {ids['kept']} -o bundle.age --accept-unverified")
    with World(root / "vault").open() as vault:
        blob = vault.blobs.write(io.BytesIO(b"Certificat du 4 avril 2024 : tout va bien.\n" * 20))
        vault.quarantine.add(blob, OWNER_SPACE, Provenance(source_name="readable.txt"), "reader-timed-out")
        ids["readable"] = vault.quarantine.all()[0].id
        vault.blobs.write(io.BytesIO(b"a file that no row refers to"))
        run_number = vault.runs.begin(OWNER_SPACE, {})
        vault.runs.expect(run_number, [(root / "new" / f"{name}.txt", False, "{}") for name in ("one", "two")])
    (root / "vault" / "blobs" / ".0123456789abcdef.new").write_bytes(b"half a file")
    run("import --sealed waiting")
    return House(root, ids)


@pytest.mark.parametrize("name", OPERATIONS)
def test_a_kill_loses_nothing(name: str, house: House, victims: Victims, place: Path) -> None:
    operation = OPERATIONS[name]
    arguments = operation.line.format(**house.ids).split()
    before = verify(house.root / operation.vault)
    work = copy_of(house.root, place / "work")
    steps = victims.steps(work, arguments, vault=operation.vault, status=operation.status)
    after = verify(work / operation.vault)
    assert len(steps) >= operation.least
    for step in spread(steps):
        copy_of(house.root, work)
        ended = victims.kill(work, arguments, step, vault=operation.vault)
        now = verify(work / operation.vault)
        assert before & after <= now <= before | after, step
        assert_reported(ended, work, now, after)
        if operation.proof and ended.reported:
            assert victims.run(work, operation.proof.split()).status == 0, step
        again = victims.run(work, arguments, vault=operation.vault)
        assert again.status in operation.again, f"{step}: {again}"
        assert verify(work / operation.vault) == after, step
    if operation.proof:
        assert victims.run(work, operation.proof.split()).status == 0


def spread(steps: list[Step]) -> list[Step]:
    """Return the steps to be killed at: all of them; where there are very many, every so manyth, and each change of a name by a rename."""
    every = len(steps) // MOST + 1
    return [step for number, step in enumerate(steps) if number % every == 0 or step.call == "rename"]


def test_an_interrupted_import_resumed_and_run_again_is_one_clean_run(victims: Victims, place: Path) -> None:
    base = new_house(place / "base")
    (base / "new").mkdir()
    for name in ("one", "two", "three"):
        (base / "new" / f"{name}.txt").write_text(f"Ordonnance du 3 mars 2024. {name} : paracétamol 500 mg.\n", "utf-8")
    (base / "new/damaged.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    owner = ["--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female"]
    assert victims.run(base, ["init", *owner, "--no-recovery-kit"]).status == 0
    work, arguments = copy_of(base, place / "work"), ["import", "--json", "--jobs", "1", "--delete", "new"]
    steps = victims.steps(work, arguments, status=3)
    after, left = verify(work / "vault"), sorted(path.name for path in (work / "new").iterdir())
    for step in steps[::3]:
        copy_of(base, work)
        victims.kill(work, arguments, step)
        victims.run(work, ["import", "--json", "--jobs", "1", "--resume"])
        noted = victims.run(work, ["import", "status", "--json"]).reported[0]
        assert not noted["files"], step
        victims.run(work, arguments)
        assert verify(work / "vault") == after, step
        assert sorted(path.name for path in (work / "new").iterdir()) == left == ["damaged.pdf"], step


def test_it_is_killed_often_enough() -> None:
    assert sum(operation.least for operation in OPERATIONS.values()) >= LEAST


def assert_reported(ended: Ended, work: Path, now: Facts, after: Facts) -> None:
    """See that what was printed is so: each item by its bytes, anything else as the end of the whole command."""
    for line in ended.reported:
        if line["type"] != "item":
            assert now == after
        elif line["status"] in ("imported", "sealed"):
            sha256 = line["sha256"] or hashlib.sha256((work / line["path"]).read_bytes()).hexdigest()
            assert ("original" if line["status"] == "imported" else "sealed", sha256) in now


def test_a_vault_is_made_whole_or_not_at_all(victims: Victims, place: Path) -> None:
    empty = new_house(place / "empty")
    arguments = [
        "init",
        "--practitioner",
        "--family-name",
        "DURAND",
        "--given-name",
        "Luc",
        "--profession",
        "physician",
        "--no-recovery-kit",
    ]
    work = copy_of(empty, place / "work")
    steps = victims.steps(work, arguments)
    assert len(steps) >= 30
    for step in spread(steps):
        copy_of(empty, work)
        victims.kill(work, arguments, step)
        if victims.run(work, ["status"]).status:
            assert victims.run(work, arguments).status == 0, step
        verify(work / "vault")


def test_a_vault_of_an_older_release_is_brought_up_to_date_whole(victims: Victims, place: Path) -> None:
    older = new_house(place / "older")
    shutil.copytree(OLDEST / "vault", older / "vault")
    secret = json.loads((OLDEST / "expected.json").read_text("utf-8"))["recovery_kit"]  # costs less to try than its passphrase
    (older / "passphrase").write_text(secret, "utf-8")
    wanted = verify(copy_of(older, place / "work") / "vault", secret)
    work = copy_of(older, place / "work")
    steps = victims.steps(work, ["status"])
    assert len(steps) >= 10
    for step in spread(steps):
        copy_of(older, work)
        victims.kill(work, ["status"], step)
        assert victims.run(work, ["status"]).status == 0, step
        assert verify(work / "vault", secret) == wanted, step


def test_a_backup_is_restored_whole_or_not_at_all(house: House, victims: Victims, place: Path) -> None:
    base, work, arguments = copy_of(house.root, place / "backed-up"), place / "work", ["backup", "restore", "--json", "backups"]
    assert victims.run(base, ["backup", "create", "backups"]).status == 0
    steps = victims.steps(copy_of(base, work), arguments, vault="restored")
    wanted = verify(work / "restored")
    assert wanted == verify(base / "vault")
    for step in spread(steps):
        copy_of(base, work)
        ended = victims.kill(work, arguments, step, vault="restored")
        if victims.run(work, ["status"], vault="restored").status:
            assert not ended.reported
            assert victims.run(work, arguments, vault="restored").status == 0, step
        assert verify(work / "restored") == wanted, step
