"""When the machine fails: each fault ends in a clear message and its exit code, nothing is lost, and the vault goes on when it is over."""

import json
import os
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from string import ascii_letters

import pytest

from tests.crash.harness import Step, Victims, copy_of, new_house
from tests.crash.whole import Facts, verify
from tests.vault.world import NOW, World, put

PROGRAM = Path(sys.executable).with_name("monespace")
BUSY, NOT_WRITABLE = 11, 41
NOBODY = 65534
IMPORT = ["import", "--json", "--jobs", "1", "new"]


@pytest.fixture(scope="module")
def victims() -> Iterator[Victims]:
    with Victims() as victims:
        yield victims


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A house whose vault holds one document, with two files to take in."""
    root = new_house(tmp_path / "house")
    world = World(root / "vault")
    world.create()
    with world.open() as vault:
        put(vault, "Hémoglobine 13,5 g/dL")
    (root / "new").mkdir()
    for name in ("one", "two"):
        (root / "new" / f"{name}.txt").write_text(f"Ordonnance du 3 mars 2024. {name} : paracétamol 500 mg.\n" * 30, "utf-8")
    return root


def originals(facts: Facts) -> set[str]:
    return {fact[1] for fact in facts if fact[0] == "original"}


def reported(lines: str) -> set[str]:
    """Return the hashes of what was reported as taken in."""
    items = [json.loads(line) for line in lines.splitlines() if line.startswith("{")]
    return {item["sha256"] for item in items if item.get("status") == "imported"}


# A fault of the disk, from one system call on.


def fail_from(victims: Victims, house: Path, work: Path, step: Step, error: str) -> None:
    """Import while every further call of this sort fails; then the fault is over and the import is run again.

    Files are opened to be read too: there this one call fails.
    """
    before = verify(house / "vault")
    copy_of(house, work)
    further = "" if step.call == "openat" else "+"
    inject = f"inject={step.call}:error={error}:when={step.number}{further}"
    ended = victims.run(work, IMPORT, strace=["-o", os.devnull, "-e", f"trace={step.call}", "-e", inject], errors=True)
    now = verify(work / "vault")
    assert before <= now
    assert reported(ended.output) <= originals(now)
    if ended.status:
        assert ended.status == NOT_WRITABLE, f"{step}: {ended.output}"
        assert '"not-writable"' in ended.output or step.call == "write", step
    assert not list((work / "vault").rglob("*.new"))
    assert victims.run(work, IMPORT).status == 0
    assert len(originals(verify(work / "vault"))) == 3


@pytest.mark.parametrize(
    ("error", "calls"),
    [
        ("ENOSPC", ("write", "pwrite64", "ftruncate", "openat", "mkdir")),
        ("EIO", ("fsync",)),
        ("EACCES", ("openat", "mkdir", "rename")),
        ("EROFS", ("openat", "mkdir", "rename")),
    ],
)
def test_a_disk_that_fails_midway(error: str, calls: Sequence[str], victims: Victims, house: Path, tmp_path: Path) -> None:
    work = copy_of(house, tmp_path / "work")
    steps = [step for step in victims.steps(work, IMPORT) if step.call in calls]
    assert len(steps) >= len(calls)
    for step in steps:
        fail_from(victims, house, work, step, error)


def test_output_to_a_full_disk(house: Path) -> None:
    environment = {**os.environ, "MONESPACE_VAULT": str(house / "vault"), "MONESPACE_PASSPHRASE_FILE": str(house / "passphrase")}
    for extra in ([], ["--json"]):
        with Path("/dev/full").open("wb") as full:
            argv = [str(PROGRAM), "document", "list", *extra]
            done = subprocess.run(argv, stdout=full, stderr=subprocess.PIPE, env=environment)
            assert done.returncode == NOT_WRITABLE
            assert b"no space is left" in done.stderr
            assert subprocess.run(argv, stdout=full, stderr=full, env=environment).returncode == NOT_WRITABLE


def test_a_full_disk(house: Path, tmp_path: Path) -> None:
    """A real one where a user may mount one; elsewhere the system refuses files of this size, with another error of the same meaning."""
    before = verify(house / "vault")
    for number in range(40):
        (house / "new" / f"large-{number}.txt").write_text(f"Compte rendu {number}. " + os.urandom(30_000).hex(), "utf-8")
    disk = tmp_path / "disk"
    disk.mkdir()
    commands = f"{PROGRAM} import --json new; echo $? >&2"
    if subprocess.run(["unshare", "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", disk], capture_output=True).returncode:
        commands = f"cp -r vault {disk}; ulimit -f 900; {commands}"  # blocks of 512 bytes
        namespace = []
    else:
        commands = f"mount -t tmpfs -o size=5000k none {disk}; cp -r vault {disk}; {commands}; cp -r {disk}/vault after"
        namespace = ["unshare", "--map-root-user", "--mount"]
    environment = {**os.environ, "MONESPACE_VAULT": str(disk / "vault"), "MONESPACE_PASSPHRASE_FILE": str(house / "passphrase")}
    done = subprocess.run([*namespace, "sh", "-c", commands], cwd=house, env=environment, capture_output=True, text=True)
    assert done.stderr.endswith(f"\n{NOT_WRITABLE}\n")
    assert '"not-writable"' in done.stderr
    after = verify(house / "after" if namespace else disk / "vault")
    assert before <= after
    assert reported(done.stdout)
    assert json.loads(done.stdout.splitlines()[-1])["imported"] == len(reported(done.stdout))
    assert originals(before) | reported(done.stdout) == originals(after)


# A place that may not be written to. Root may write anywhere, so the process takes leave of it first.


def test_a_read_only_folder(victims: Victims, house: Path) -> None:
    before = verify(house / "vault")
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        Path(folder).chmod(0o755)
        work = copy_of(house, Path(folder) / "house")
        for path in (work, *work.rglob("*")):
            if not os.geteuid():
                os.chown(path, NOBODY, NOBODY)
            path.chmod(0o500 if path.is_dir() else 0o400)
        (work / "output").touch()
        (work / "output").chmod(0o666)
        ended = victims.run(work, IMPORT, errors=True, user=None if os.geteuid() else NOBODY)
        assert ended.status == NOT_WRITABLE, ended.output
        assert '"not-writable"' in ended.output
        for path in (work, *work.rglob("*")):
            path.chmod(0o700)
        assert verify(work / "vault") == before


# Time and other processes.


def test_a_clock_that_was_set_back(house: Path) -> None:
    before = verify(house / "vault")
    world = World(house / "vault")
    world.now = NOW - timedelta(days=4000)
    with world.open() as vault:
        document = put(vault, "Certificat")
        vault.documents.trash(document)
        vault.documents.restore(document)
        entries = vault.journal.entries()
    assert entries[-1].at < entries[0].at
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    after = verify(house / "vault")
    assert before < after
    assert len(originals(after)) == 2


def test_two_writers_and_ten_readers(house: Path) -> None:
    for number in range(24):
        (house / f"new-{number % 2}").mkdir(exist_ok=True)
        (house / f"new-{number % 2}" / f"{number}.txt").write_text(f"Ordonnance {number} : paracétamol", "utf-8")
    lines = [
        ["import", "--json", "--jobs", "1", "new-0"],
        ["import", "--json", "new-1"],
        *[["search", "paracétamol"], ["document", "list"]] * 5,
    ]
    environment = {**os.environ, "MONESPACE_VAULT": str(house / "vault"), "MONESPACE_PASSPHRASE_FILE": str(house / "passphrase")}
    started = [subprocess.Popen([PROGRAM, *line], cwd=house, env=environment, stdout=subprocess.PIPE, text=True) for line in lines]
    outputs = [process.communicate(timeout=120)[0] for process in started]
    assert {process.returncode for process in started} <= {0, BUSY, 21}
    taken = reported(outputs[0]) | reported(outputs[1])
    assert len(taken) == 24 or BUSY in {process.returncode for process in started[:2]}
    assert taken <= originals(verify(house / "vault"))


def test_a_file_that_changes_while_it_is_read(house: Path, victims: Victims) -> None:
    """Each version is one letter throughout: a mixture of two would be seen."""
    path, ended = house / "new" / "changing.txt", threading.Event()
    path.write_bytes(b"a" * 300_000)
    chance = random.Random(1)

    def rewrite() -> None:
        while not ended.is_set():
            letter = chance.choice(ascii_letters).encode()
            with path.open("r+b", buffering=0) as file:
                for _piece in range(100):
                    file.write(letter * 3_000)
            ended.wait(chance.random() / 5)

    writer = threading.Thread(target=rewrite)
    writer.start()
    try:
        runs = [victims.run(house, ["import", "--json", "--jobs", "1", str(path)]) for _number in range(30)]
    finally:
        ended.set()
        writer.join()
    items = [line for run in runs for line in run.reported if line["type"] == "item"]
    assert {item["status"] for item in items} <= {"imported", "duplicate", "failed"}
    assert {item["code"] for item in items if item["status"] == "failed"} <= {"changed-while-reading"}
    with World(house / "vault").open() as vault:
        blobs = vault.database.all("SELECT blob FROM document WHERE size = 300000")
        assert blobs
        assert all(len(set(b"".join(vault.blobs.read(blob)))) == 1 for (blob,) in blobs)
