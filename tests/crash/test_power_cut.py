"""A power cut loses nothing that was reported, whatever of the unsynced writes reached the disk: the vault opens, or never was."""

import json
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from monespace_cli.errors import NoVaultError
from monespace_cli.vault.header_file import read_header
from tests.crash.harness import CALLS, Victims, copy_of, new_house
from tests.crash.power import STRACE, Disk, Event, recorded
from tests.crash.whole import verify
from tests.vault.world import World, put

CUTS = 20
"""After writes; and one after each change of a name and each fsync."""
LIKELY = (0.0, 0.5, 0.9)
"""Of each uncertain change. That all of them happen is what `test_kills` sees."""
INIT = "init --json --practitioner --family-name DURAND --given-name Luc --profession physician --no-recovery-kit"


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder in memory where there is one: what the disk keeps is decided here."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with Victims() as victims:
        yield victims


def record(victims: Victims, house: Path, work: Path, line: str) -> list[Event]:
    """Run a command line in a copy of a house and return what it wrote, as if it had been in the house."""
    copy_of(house, work)
    trace = work / "trace"
    ended = victims.run(work, line.split(), strace=["-o", str(trace), *STRACE, "-e", f"trace={CALLS}"], errors=True)
    assert ended.status == 0, ended.output
    return list(recorded(trace))


def after_cuts(events: list[Event], root: Path, before: Path, into: Path) -> Iterator[tuple[Path, list[dict[str, str]]]]:
    """Yield what is left of `before`, which was at `root`, after a cut of the power, with what had been reported; many times."""
    chance = random.Random(1)
    others = [number for number, event in enumerate(events, 1) if event.call != "write"]
    for cut in sorted({*others, len(events), *chance.sample(range(len(events) + 1), CUTS)}):
        for likely in LIKELY:
            copy_of(before, root)
            disk = Disk(root)
            for event in events[:cut]:
                disk.replay(event)
            into.mkdir(exist_ok=True)
            disk.after_a_cut(copy_of(into, into.with_name("left")), chance, likely)
            yield into.with_name("left"), [json.loads(line) for line in disk.reported.split(b"\n")[:-1]]


def test_a_cut_during_an_import(victims: Victims, place: Path) -> None:
    house = new_house(place / "house")
    world = World(house / "vault")
    world.create()
    with world.open() as vault:
        put(vault, "Hémoglobine 13,5 g/dL")
    (house / "new").mkdir()
    for name in ("one", "two", "three"):
        (house / "new" / f"{name}.txt").write_text(f"Ordonnance du 3 mars 2024. {name} : paracétamol 500 mg.\n" * 300, "utf-8")
    before = verify(house / "vault")
    work = place / "work"
    events = record(victims, house, work, "import --json --jobs 1 new")
    seen = 0
    for left, reported in after_cuts(events, work / "vault", house / "vault", place / "empty"):
        now = verify(left)
        assert before <= now
        assert {("original", line["sha256"]) for line in reported if line["type"] == "item"} <= now
        seen += bool(reported)
    assert seen > 30


def test_a_cut_while_a_vault_is_made(victims: Victims, place: Path) -> None:
    house, work = new_house(place / "house"), place / "work"
    events = record(victims, house, work, INIT)
    made = never = 0
    for left, reported in after_cuts(events, work, house, place / "empty"):
        try:
            read_header(left / "vault")
        except NoVaultError:
            assert not reported
            never += 1
            assert victims.run(left, INIT.split()).status == 0
        verify(left / "vault")
        made += bool(reported)
    assert made
    assert never
