import csv
import io
import json
import os
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.actions.everything import export_everything, file_stem
from monespace_cli.errors import NotWritableError, UsageError
from monespace_cli.ports import NoProgress
from monespace_cli.record.document import Document, DocumentId, Provenance
from monespace_cli.record.journal import Event
from monespace_cli.vault.vault import Vault
from tests.vault.test_checking import blob_of
from tests.vault.world import World, put


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    world = World(tmp_path / "vault")
    world.create()
    return world.open()


def clock() -> datetime:
    return datetime(2026, 11, 23, tzinfo=UTC)


def written(vault: Vault, tmp_path: Path) -> dict[str, bytes]:
    export_everything(vault, tmp_path / "out", clock, NoProgress())
    return {str(path.relative_to(tmp_path / "out")): path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}


class Links(HTMLParser):
    def __init__(self, page: bytes) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.feed(page.decode())

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.hrefs += [value for name, value in attrs if name == "href" and value]


def test_everything_is_there_in_plain(vault: Vault, tmp_path: Path) -> None:
    kept = put(
        vault, "Hémoglobine 13,5", "suite", title="Bilan d’été", date=date(2025, 3, 12), data=b"%PDF octets", media_type="application/pdf"
    )
    trashed = put(vault, "jetée", title="Jetée")
    vault.documents.trash(trashed)
    item = vault.quarantine.add(vault.blobs.write(io.BytesIO(b"???")), 1, Provenance(source_name="notes.xyz"), "unsupported-type")
    vault.contacts.put("f" * 64, b"a signed card")
    files = written(vault, tmp_path)
    stem = f"2025-03-12-{kept.kind}-bilan-d-ete-{kept.id}"
    assert files[f"documents/{stem}.pdf"] == b"%PDF octets"
    assert files[f"texts/{stem}.txt"].decode() == "Hémoglobine 13,5\n\f\nsuite"
    assert files[f"quarantine/{item}.bin"] == b"???"
    assert files[f"contacts/{'f' * 64}.card"] == b"a signed card"
    data = json.loads(files["documents.json"])
    assert [(each["id"], each["deleted_at"] is None) for each in data["documents"]] == [(kept.id, True), (trashed.id, False)]
    assert all(each["file"] in files and each["text"] in files for each in data["documents"])
    assert data["quarantine"][0]["name"] == "notes.xyz"
    assert data["spaces"][0]["family_name"] == "MARTIN"
    rows = list(csv.DictReader(io.StringIO(files["documents.csv"].decode("utf-8-sig"))))
    assert [row["title"] for row in rows] == ["Bilan d’été", "Jetée"]
    journal = [json.loads(line) for line in files["journal.jsonl"].splitlines()]
    assert journal[-1]["event"] == Event.RECORD_EXPORTED
    assert set(Links(files["index.html"]).hrefs) == {
        path for path in files if path.startswith(("documents/", "texts/", "summaries/space-1.html"))
    }
    assert (tmp_path / "out").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "out").rglob("*")} == {0}


def test_no_secret_key_is_among_it(vault: Vault, tmp_path: Path) -> None:
    files = written(vault, tmp_path)
    seeds = [vault.keys.signing_seed, *(key.seed for key in vault.keys.decryption_keys())]
    assert not any(seed in data or seed.hex().encode() in data for seed in seeds for data in files.values())


def test_a_damaged_original_keeps_nothing_else_back(vault: Vault, tmp_path: Path) -> None:
    good, bad = put(vault, "un", title="Intacte"), put(vault, "deux", title="Abîmée")
    path = vault.layout.blob(blob_of(vault, bad.id))
    path.write_bytes(path.read_bytes()[:-1])
    done = export_everything(vault, tmp_path / "out", clock, NoProgress())
    assert [document.id for document in done.damaged] == [bad.id]
    assert [path.name for path in (tmp_path / "out" / "documents").iterdir()] == [f"{file_stem(good)}.txt"]
    assert "deux" in (tmp_path / "out" / "texts" / f"{file_stem(bad)}.txt").read_text("utf-8")
    assert "original abîmé" in (tmp_path / "out" / "index.html").read_text("utf-8")


class Interrupting(NoProgress):
    def advance(self, amount: int = 1, label: str = "") -> None:
        raise KeyboardInterrupt


def test_all_or_nothing(vault: Vault, tmp_path: Path) -> None:
    put(vault, "un")
    before = sorted(tmp_path.iterdir())
    with pytest.raises(KeyboardInterrupt):
        export_everything(vault, tmp_path / "out", clock, Interrupting())
    assert sorted(tmp_path.iterdir()) == before
    assert vault.journal.entries()[-1].event is Event.RECORD_EXPORTED, "that somebody tried is known"


def test_what_a_killed_export_left_is_plain_to_see(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "out.unfinished").mkdir()
    with pytest.raises(UsageError, match="interrupted"):
        export_everything(vault, tmp_path / "out", clock, NoProgress())
    export_everything(vault, tmp_path / "other", clock, NoProgress())


def test_nothing_is_written_over(vault: Vault, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    for target in (tmp_path / "out", tmp_path / "absent" / "out"):
        with pytest.raises(UsageError):
            export_everything(vault, target, clock, NoProgress())
    with pytest.raises(NotWritableError):
        export_everything(vault, Path("/proc/out"), clock, NoProgress())


def test_a_title_runs_nothing_in_a_spreadsheet_or_a_browser(vault: Vault, tmp_path: Path) -> None:
    titles = ["=1+1", "+1", "-1", "@SUM(A1)", "<script>alert(1)</script>", '"><img src=x>']
    for number, title in enumerate(titles):
        put(vault, str(number), title=title, practitioner=title)
    files = written(vault, tmp_path)
    cells = [cell for row in csv.reader(io.StringIO(files["documents.csv"].decode("utf-8-sig"))) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert {each["title"] for each in json.loads(files["documents.json"])["documents"]} == set(titles), "as it is where nothing runs it"
    page = files["index.html"].decode()
    assert "<script" not in page
    assert "<img" not in page
    assert "default-src 'none'" in page


@given(st.text(max_size=300), st.dates() | st.none())
def test_names_of_files_are_made_by_us(title: str, day: date | None) -> None:
    document = Document(DocumentId("0123456789"), title, "DOCPAT02", "text/plain", 1, "", 1, 1.0, clock(), date=day)
    stem = file_stem(document)
    assert stem.endswith("-0123456789")
    assert set(stem) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert len(os.fsencode(stem)) <= 120
