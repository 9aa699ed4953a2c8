"""No plaintext on disk: what goes into a vault is in no file afterwards, nor while a command runs.

A canary goes in as text, as a picture and as a PDF. Its words, and any 32 bytes of the source files, must be in no file below the
vaults, HOME and TMPDIR, except in the places that a person names (`-o`, `--into`) and the sources themselves.
"""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageFont
from reportlab.pdfgen.canvas import Canvas

CANARY = "chrysoberyl"
WINDOW = 32
DISTINCT = 12
"""Windows with fewer different bytes (runs of zeros, of white pixels) prove nothing."""

PROGRAM = Path(sys.executable).with_name("monespace")


class House:
    """Two people's vaults, and a watcher that reads every file while a command runs."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sources = root / "sources"
        self.watched = [root / name for name in ("zoe", "durand", "home", "tmp", "handed", "usb", "restored")]
        for folder in (self.sources, *self.watched[2:5]):
            folder.mkdir()
        (root / "passphrase").write_text("bien long et facile à retenir")
        self.windows: set[bytes] = set()
        self.found: list[str] = []
        self._seen: dict[Path, tuple[int, int]] = {}

    def plant(self, path: Path) -> None:
        data = path.read_bytes()
        every = (data[start : start + WINDOW] for start in range(len(data) - WINDOW + 1))
        self.windows |= {window for window in every if len(set(window)) >= DISTINCT}

    def start(self, who: str, *arguments: str | Path) -> "subprocess.Popen[str]":
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.root / "home"),
            "TMPDIR": str(self.root / "tmp"),
            "MONESPACE_VAULT": str(self.root / who),
            "MONESPACE_PASSPHRASE_FILE": str(self.root / "passphrase"),
        }
        return subprocess.Popen(
            [PROGRAM, *arguments],
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            cwd=self.root,
        )

    def run(self, who: str, *arguments: str | Path, status: int = 0) -> str:
        """Run a command, watching; then look at every file once more."""
        process = self.start(who, *arguments)
        ended = threading.Event()
        watcher = threading.Thread(target=self._watch, args=(ended,))
        watcher.start()
        try:
            out, err = process.communicate(timeout=120)
        finally:
            process.kill()
            ended.set()
            watcher.join()
        self._look()
        assert process.returncode == status, err
        assert CANARY not in err.lower()
        return out

    def kill(self, who: str, *arguments: str | Path, after: float) -> None:
        """Run a command, kill it after some seconds, and look at what it left."""
        with self.start(who, *arguments) as process:
            try:
                process.communicate(timeout=after)
            except subprocess.TimeoutExpired:
                process.kill()
        self._look()

    def _watch(self, ended: threading.Event) -> None:
        while not ended.wait(0.01):
            self._look()

    def _look(self) -> None:
        for path in self._files():
            try:
                state = path.stat()
                if self._seen.get(path) == (state.st_mtime_ns, state.st_size):
                    continue
                self._seen[path] = (state.st_mtime_ns, state.st_size)
                data = path.read_bytes()
            except OSError:
                continue  # gone again: a temporary file that was renamed
            if self.tells(data):
                self.found.append(str(path.relative_to(self.root)))

    def _files(self) -> Iterator[Path]:
        for folder in self.watched:
            for place, _folders, names in os.walk(folder):  # which does not mind that a folder is gone again
                yield from (Path(place) / name for name in names)

    def tells(self, data: bytes) -> bool:
        low = data.lower()
        if any(CANARY.encode(encoding) in low for encoding in ("utf-8", "utf-16-le", "utf-16-be")):
            return True
        return any(data[start : start + WINDOW] in self.windows for start in range(len(data) - WINDOW + 1))


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path)
    text = house.sources / "lettre.txt"
    text.write_text(f"Le patient porte un {CANARY} depuis le 12 mars 2024.\n" * 3, "utf-8")
    picture = Image.new("L", (1000, 300), 255)
    ImageDraw.Draw(picture).text((40, 90), f"Ordonnance : {CANARY} 500 mg", fill=0, font=ImageFont.load_default(48))
    picture.save(house.sources / "photo.png")
    canvas = Canvas(str(house.sources / "resultats.pdf"))
    canvas.drawString(72, 700, f"Resultats : {CANARY} 13,5 g/dL, valeurs usuelles 11,5 a 16,0")
    canvas.save()
    for path in house.sources.iterdir():
        house.plant(path)
    return house


def test_the_watcher_sees_a_canary(house: House) -> None:
    for name in ("lettre.txt", "photo.png", "resultats.pdf"):
        data = (house.sources / name).read_bytes()
        middle = len(data) // 2
        assert house.tells(data)
        assert house.tells(b"x" * 100 + data[middle : middle + 200])
    assert not house.tells(os.urandom(5000))
    (house.root / "tmp" / "leak").write_bytes((house.sources / "photo.png").read_bytes())
    house.run("zoe", "init", "--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
    assert house.found == ["tmp/leak"]


def test_a_canary_is_in_no_file(house: House) -> None:
    house.run("zoe", "init", "--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
    house.run("durand", "init", "--practitioner", "--family-name", "DURAND", "--given-name", "Luc", "--profession", "physician")
    assert house.run("zoe", "import", house.sources).count("imported\t") == 3
    ids = [line.split("\t")[0] for line in house.run("zoe", "search", CANARY).splitlines()]
    assert len(ids) == 3, "every one of them was read"
    for document in ids:
        house.run("zoe", "document", "show", document)
        assert CANARY in house.run("zoe", "document", "text", document).lower()
        house.run("zoe", "document", "open", document, "--with", "cat")
    house.run("zoe", "document", "edit", ids[0], "--title", f"Le {CANARY}", "--tag", CANARY)
    house.run("zoe", "document", "delete", ids[1])
    house.run("zoe", "document", "restore", ids[1])
    (house.sources / "damaged.pdf").write_bytes(b"%PDF-1.7\n" + f"{CANARY} {CANARY} {CANARY}".encode() * 20)
    house.plant(house.sources / "damaged.pdf")
    house.run("zoe", "import", house.sources / "damaged.pdf", status=22)
    assert "damaged.pdf" in house.run("zoe", "quarantine", "list")
    house.run("durand", "card", "export", "-o", "durand.card")
    house.run("zoe", "contact", "add", "durand.card")
    chosen = [word for document in ids for word in ("--document", document)]
    house.run("zoe", "share", "--to", "DURAND", *chosen, "-o", "handed/bundle.age", "--accept-unverified")
    house.run("durand", "bundle", "verify", "handed/bundle.age", "--accept-unverified")
    house.run("durand", "bundle", "open", "handed/bundle.age", "--into", "opened", "--accept-unverified")
    house.run("durand", "bundle", "import", "handed/bundle.age", "--accept-unverified")
    house.run("zoe", "document", "export", ids[0], "-o", "exported")
    house.run("zoe", "journal", "show")
    house.run("zoe", "check", "--read-data")
    house.run("zoe", "backup", "create", "usb")
    house.run("zoe", "backup", "verify", "usb", "--read-data")
    house.run("restored", "backup", "restore", "usb")
    house.run("restored", "export", "--all", "plain", "--yes")
    house.run("restored", "prune", "--older-than", "0")
    assert any(house.tells(path.read_bytes()) for path in (house.root / "plain" / "texts").iterdir())
    assert house.tells((house.root / "exported").read_bytes()), "what a person asks for is plain"
    assert house.found == []


def test_a_canary_is_in_no_file_when_it_was_sealed_and_erased(house: House) -> None:
    house.run("zoe", "init", "--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
    assert house.run("zoe", "import", "--sealed", house.sources).count("sealed\t") == 3
    house.run("zoe", "sealed", "list")
    assert house.run("zoe", "sealed", "take").count("imported\t") == 3
    ids = [line.split("\t")[0] for line in house.run("zoe", "search", CANARY).splitlines()]
    assert len(ids) == 3, "every one of them was read"
    assert house.run("zoe", "journal", "export", "-o", "journal.jsonl") == ""
    assert not house.tells((house.root / "journal.jsonl").read_bytes()), "not even the journal tells"
    house.run("zoe", "document", "delete", "--forever", *ids, "--yes")
    assert house.run("zoe", "search", CANARY) == ""
    assert house.found == []


def test_a_canary_is_in_no_file_after_kills_and_under_a_new_key(house: House) -> None:
    house.run("zoe", "init", "--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
    for after in (0.4, 0.6, 0.8, 1.0, 1.2, 1.5):
        house.kill("zoe", "import", house.sources, after=after)
    house.run("zoe", "import", house.sources)
    house.run("zoe", "key", "rotate")
    house.run("zoe", "check", "--read-data")
    assert len(house.run("zoe", "search", CANARY).splitlines()) == 3
    assert house.found == []


def test_no_core_is_dumped(house: House) -> None:
    """Seen from outside: the program that shows a document looks at its parent."""
    house.run("zoe", "init", "--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
    document = house.run("zoe", "import", house.sources / "lettre.txt").split("\t")[1]
    limits = house.run("zoe", "document", "open", document, "--with", "sh -c 'cat /proc/$PPID/limits'")
    assert re.search(r"^Max core file size +0 +0 ", limits, re.MULTILINE), limits
