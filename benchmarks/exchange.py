"""Bundles: sealing and opening a large one against Debian's `age` on the same file, its memory, and taking in many small ones.

`python -m benchmarks exchange` needs 2 GB of disk. What is measured against `age` reads and writes files in its page cache.
"""

import hashlib
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from benchmarks.measure import Figure, best_in_turn
from monespace_cli.crypto.age import X25519Identity
from monespace_cli.record.card import RecipientType
from monespace_cli.record.document import Document, DocumentId
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.sync.files import reading
from monespace_cli.sync.keys import DecryptionKey, OwnKeys
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Stream
from monespace_cli.sync.opening import Policy, Seen, Standing, open_bundle
from monespace_cli.sync.sealing import Contents, Place, Sender, SourceDocument, ToContact, seal

SIZE = 500_000_000
DEPOSITS = 1_000
TRIES = 5
CHUNK = 1 << 18
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
ZOE = Identity("MARTIN", ("Zoé",), date(1980, 5, 17), Sex.FEMALE)
KEYS = OwnKeys(b"z" * 32, (DecryptionKey(RecipientType.X25519, b"z" * 32, NOW),))
CARD = KEYS.card(ZOE, NOW)
POLICY = Policy(
    standing_of=lambda _card: Standing.VERIFIED,
    seen=lambda _manifest: Seen.NEVER,
    is_signer=lambda _card, _bundle: None,
    is_recipient=lambda _card, _receipt: False,
    is_self=lambda _card: False,
    accepts_unverified=False,
)


def figures(work: Path) -> list[Figure]:
    """Measure in `work`, an empty directory."""
    return [*_against_age(work), _memory(work), _taking_in(work)]


def _against_age(work: Path) -> list[Figure]:
    plain, ours, theirs = _plain(work), work / "ours.age", work / "theirs.age"
    back = work / "back"
    keys = work / "keys.txt"
    keys.write_text(X25519Identity(b"z" * 32).text + "\n")
    _sha256(plain)

    # Each writes a new file, as both do in life: to overwrite one costs more, and how much depends on the file system.
    def decrypt() -> None:
        _age("-d", "-i", keys, "-o", back, theirs)
        theirs.unlink()
        back.unlink()

    def check() -> None:
        open_from(ours)
        ours.unlink()

    seconds = best_in_turn(
        {
            "age": lambda: _age("-r", CARD.recipients[0].public, "-o", theirs, plain),
            "seal": lambda: seal_to(ours, plain),
            "age -d": decrypt,
            "open": check,
        },
        TRIES,
    )
    return [
        _rate("sealing 500 MB, hashed and signed, / `age` encrypting the same file", seconds["age"], seconds["seal"], 0.5),
        _rate("checking such a bundle from end to end / `age` decrypting the same file", seconds["age -d"], seconds["open"], 0.4),
    ]


def _rate(what: str, age: float, ours: float, bound: float) -> Figure:
    return Figure(what, age / ours, bound, f"throughput; {ours:.2f} s against {age:.2f} s", at_least=True)


def _memory(work: Path) -> Figure:
    """Return the memory of a process that seals and opens 500 MB over that of one that does so with hardly anything."""
    small = work / "small"
    small.write_bytes(b"%PDF-1.7" + bytes(1000))
    least, most = _peak(work, small), _peak(work, _plain(work))
    return Figure(
        "memory over the base while 500 MB are sealed and checked, in 64 MiB", (most - least) / 65_536, 1.0, f"{most - least} KiB"
    )


def _peak(work: Path, plain: Path) -> int:
    code = (
        "import sys; from pathlib import Path; from benchmarks.exchange import open_from, seal_to; "
        "bundle = Path(sys.argv[1]) / 'peak.age'; seal_to(bundle, Path(sys.argv[2])); open_from(bundle); "
        "print(Path('/proc/self/status').read_text())"  # getrusage would count the memory of the process that this one came from
    )
    done = subprocess.run([sys.executable, "-c", code, work, plain], check=True, capture_output=True, text=True)
    (peak,) = re.findall(r"^VmHWM:\s+(\d+) kB$", done.stdout, re.MULTILINE)
    return int(peak)


def _taking_in(work: Path) -> Figure:
    """Return the rate of taking in small deposits, on one core, all of it: keys, checks, storing, the disk."""
    from tests.actions.exchange import deposit, zoe_and_lea

    with zoe_and_lea(work) as (zoe, lea):
        for number in range(DEPOSITS):
            deposit(lea, f"Hémogramme n° {number}\n" + "Hémoglobine 13,5 g/dL (12,0 - 16,0)\n" * 20)
        paths = lea.write()
        allowed = os.sched_getaffinity(0)
        os.sched_setaffinity(0, {min(allowed)})
        wall, cpu = time.perf_counter(), time.process_time()
        arrivals = zoe.add(*paths)
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        os.sched_setaffinity(0, allowed)
    assert {arrival.status for arrival in arrivals} == {"accepted"}
    detail = f"{DEPOSITS / wall:.0f} a second, {DEPOSITS / cpu:.0f} a second of processor time"
    return Figure(f"taking in {DEPOSITS:,} small deposits on one core, in 100 a second", DEPOSITS / wall / 100, 1.0, detail, at_least=True)


def seal_to(bundle: Path, plain: Path) -> None:
    """Seal a file, as a document whose hash the vault knows."""
    document = Document(
        id=DocumentId("0123456789"),
        title="Imagerie",
        type_code="DOCPAT02",
        media_type="application/pdf",
        size=plain.stat().st_size,
        sha256=_sha256(plain),
        page_count=1,
        confidence=1.0,
        imported_at=NOW,
    )
    contents = Contents(Kind.SHARE, ZOE, (SourceDocument(document, _chunks(plain)),))
    with bundle.open("wb") as sink:
        to = ToContact(CARD, RecipientType.X25519)
        seal(sink, contents, Place("ab" * 16, Stream("cd" * 16, 1)), sender=Sender(KEYS, CARD), to=to, now=NOW, random=os.urandom)


def open_from(bundle: Path) -> None:
    """Check a bundle from end to end."""
    with reading(bundle) as source:
        open_bundle(source, opener=KEYS, policy=POLICY, now=NOW)


def _chunks(plain: Path) -> Callable[[], Iterator[bytes]]:
    def chunks() -> Iterator[bytes]:
        with plain.open("rb") as file:
            while data := file.read(CHUNK):
                yield data

    return chunks


def _sha256(plain: Path) -> str:
    """Return the hash that was made when a document was put in; it is no part of sealing."""
    known = plain.with_suffix(".sha256")
    if not known.exists():
        with plain.open("rb") as file:
            known.write_text(hashlib.file_digest(file, "sha256").hexdigest())
    return known.read_text()


def _plain(work: Path) -> Path:
    path = work / "plain"
    if not path.exists():
        with path.open("wb") as file:
            file.write(b"%PDF-1.7")
            for _start in range(0, SIZE, 1 << 20):
                file.write(os.urandom(1 << 20))
    return path


def _age(*arguments: object) -> None:
    subprocess.run(["age", *map(str, arguments)], check=True)
