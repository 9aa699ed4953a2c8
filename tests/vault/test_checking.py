import io
import statistics
from collections.abc import Callable
from pathlib import Path

import pytest

from monespace_cli.crypto import chunked
from monespace_cli.errors import IntegrityError
from monespace_cli.ports import NoProgress
from monespace_cli.record.document import Provenance
from monespace_cli.record.journal import Event
from monespace_cli.vault.checking import Flaw, Report, check
from monespace_cli.vault.connection import PAGE_SIZE
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.survey import Survey, survey
from monespace_cli.vault.vault import Vault
from tests.vault.world import World, put


def report(vault: Vault, *, read_data: bool = True) -> Report:
    return check(vault.layout, vault.database, NoProgress(), read_data=read_data)


def flaws(vault: Vault, *, read_data: bool = True) -> list[tuple[Flaw, str]]:
    return [(finding.flaw, finding.title or finding.subject) for finding in report(vault, read_data=read_data).findings]


@pytest.mark.parametrize("size", [0, 1, 16_383, 16_384, 16_385, 100_000])
def test_the_size_of_what_is_encrypted_is_known_beforehand(size: int) -> None:
    sink = io.BytesIO()
    chunked.encrypt(io.BytesIO(bytes(size)), sink, bytes(32), b"")
    assert chunked.encrypted_size(size) == len(sink.getvalue())


@pytest.mark.parametrize("read_data", [False, True])
def test_a_vault_as_it_was_written_is_clean(vault: Vault, read_data: bool) -> None:
    sizes = [put(vault, f"texte {number}").size for number in range(3)]
    vault.quarantine.add(vault.blobs.write(io.BytesIO(b"?")), 1, Provenance(source_name="notes.xyz"), "unsupported-type")
    found = report(vault, read_data=read_data)
    assert found.findings == []
    assert (found.documents, found.blobs, found.bytes_read) == (3, 4, sum(sizes) + 1 if read_data else 0)


def flip(data: bytes) -> bytes:
    return data[:60] + bytes([data[60] ^ 1]) + data[61:]


@pytest.mark.parametrize(
    ("change", "quick", "thorough"),
    [
        (lambda data: data[:-1], [Flaw.DAMAGED], [Flaw.DAMAGED]),
        (lambda data: data + b"\0", [Flaw.DAMAGED], [Flaw.DAMAGED]),
        (flip, [], [Flaw.DAMAGED]),
    ],
)
def test_a_damaged_original_is_named_by_its_document(
    vault: Vault, change: Callable[[bytes], bytes], quick: list[Flaw], thorough: list[Flaw]
) -> None:
    put(vault, "autre", title="Bilan")
    document = put(vault, "texte", title="Ordonnance d’hiver")
    path = vault.layout.blob(blob_of(vault, document.id))
    path.write_bytes(change(path.read_bytes()))
    assert flaws(vault, read_data=False) == [(flaw, "Ordonnance d’hiver") for flaw in quick]
    found = report(vault).findings
    assert [(finding.flaw, finding.subject, finding.blob) for finding in found] == [(flaw, document.id, path.name) for flaw in thorough]


def blob_of(vault: Vault, document: str) -> str:
    row = vault.database.one("SELECT blob FROM document WHERE id = ?", (document,))
    assert row
    return str(row[0])


def test_a_missing_original_is_named(vault: Vault) -> None:
    document = put(vault, "texte", title="Ordonnance d’hiver")
    item = vault.quarantine.add(vault.blobs.write(io.BytesIO(b"?")), 1, Provenance(source_name="notes.xyz"), "unsupported-type")
    vault.layout.blob(blob_of(vault, document.id)).unlink()
    vault.layout.blob(vault.quarantine.find(item).blob).unlink()
    assert set(flaws(vault)) == {(Flaw.MISSING, "Ordonnance d’hiver"), (Flaw.MISSING, "notes.xyz")}


def test_an_original_under_another_ones_row_is_found(vault: Vault) -> None:
    """Rows that do not agree, and authentic bytes of another size than the row says."""
    document = put(vault, "texte", title="Ordonnance d’hiver")
    vault.database.execute("UPDATE blob SET sha256 = ? WHERE id = ?", ("0" * 64, blob_of(vault, document.id)))
    assert flaws(vault) == [(Flaw.ROW, "Ordonnance d’hiver")]
    vault.database.execute("UPDATE blob SET size = size + 1 WHERE id = ?", (blob_of(vault, document.id),))
    assert (Flaw.DAMAGED, "Ordonnance d’hiver") in flaws(vault)


def test_what_is_untidy_is_no_damage(vault: Vault) -> None:
    orphan = vault.blobs.write(io.BytesIO(b"interrupted"))
    leftover = vault.layout.blobs / f".{'0' * 16}.new"
    leftover.write_bytes(b"")
    leftover.chmod(0o600)
    vault.layout.header.chmod(0o644)
    (vault.layout.root / "notes.txt").touch(0o600)
    found = report(vault)
    assert found.damage == []
    assert {(finding.flaw, finding.subject) for finding in found.notes} == {
        (Flaw.ORPHAN, orphan.id),
        (Flaw.LEFTOVER, f"blobs/{leftover.name}"),
        (Flaw.MODE, "vault.json"),
    }


def test_a_damaged_header_is_found_though_the_vault_is_open(vault: Vault) -> None:
    vault.layout.header.write_bytes(b"{}")
    assert flaws(vault) == [(Flaw.HEADER, "vault.json")]


def test_a_row_that_refers_to_nothing_is_found(vault: Vault) -> None:
    put(vault, "texte")
    vault.database.execute("PRAGMA foreign_keys = OFF")
    vault.database.execute("UPDATE document SET space = 7")
    assert flaws(vault) == [(Flaw.ROW, "document")]


def test_what_the_index_lacks_or_has_too_much_is_found(vault: Vault) -> None:
    put(vault, "texte", title="Bilan")
    vault.database.execute("INSERT INTO search (search) VALUES ('delete-all')")
    assert flaws(vault) == [(Flaw.INDEX, "Bilan")]
    vault.database.execute("INSERT INTO search (rowid, text) VALUES (1, 'texte')")
    assert flaws(vault) == []
    vault.database.execute("INSERT INTO search (rowid, text) VALUES (2, 'texte')")
    assert flaws(vault) == [(Flaw.INDEX, "")]


def test_a_damaged_index_is_found_once(vault: Vault) -> None:
    put(vault, "texte")
    vault.database.execute("UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 100")
    assert flaws(vault) == [(Flaw.INDEX, "")]


@pytest.mark.parametrize(
    ("change", "line"),
    [
        ("UPDATE journal SET at = '2020-01-01T00:00:00+00:00' WHERE sequence = 2", "2"),
        ("UPDATE journal SET details = 'no JSON' WHERE sequence = 2", "2"),
        ("UPDATE journal SET event = 'unheard-of' WHERE sequence = 2", "2"),
        ("DELETE FROM journal WHERE sequence = 2", "2"),
        ("DELETE FROM journal WHERE sequence = 1", "1"),
    ],
)
def test_a_journal_that_was_changed_is_found_by_its_line(vault: Vault, change: str, line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("monespace_cli.vault.journal.BATCH", 2)
    for _each in range(3):
        vault.journal.write(Event.SEARCHED)
    assert flaws(vault, read_data=False) == []
    vault.database.execute(change)
    assert flaws(vault, read_data=False) == [(Flaw.JOURNAL, line)]


def with_many_pages(world: World) -> bytearray:
    with world.open() as vault:
        for number in range(60):
            put(vault, f"page {number} " * 1500, title=f"Document {number}")
    return bytearray((world.root / "record.db").read_bytes())


def test_damaged_pages_are_told_by_the_documents_on_them(world: World) -> None:
    world.create()
    data = with_many_pages(world)
    named = []
    for page in range(2, len(data) // PAGE_SIZE, 3):
        data[page * PAGE_SIZE + 99] ^= 1
        (world.root / "record.db").write_bytes(data)
        data[page * PAGE_SIZE + 99] ^= 1
        with world.open() as vault:
            found = report(vault)
        assert Flaw.PAGE in {finding.flaw for finding in found.damage}, page
        if titles := {finding.title for finding in found.damage if finding.title}:
            named.append(len(titles))
    assert statistics.median(named) < 10, "a page holds the text of few documents"


def test_a_damaged_page_that_nothing_uses_is_found_too(world: World) -> None:
    world.create()
    data = with_many_pages(world)
    with world.open() as vault:
        vault.database.execute("DELETE FROM page WHERE document > 20")
        free = vault.database.one("PRAGMA freelist_count")
    assert free is not None
    assert free[0] > 5
    data = bytearray((world.root / "record.db").read_bytes())
    found = 0
    for page in range(2, len(data) // PAGE_SIZE, 11):
        data[page * PAGE_SIZE + 99] ^= 1
        (world.root / "record.db").write_bytes(data)
        data[page * PAGE_SIZE + 99] ^= 1
        try:
            with world.open() as vault:
                found += [finding.flaw for finding in report(vault).damage][-1:] == [Flaw.PAGE]
        except IntegrityError:  # the schema itself is on several pages: it is found even sooner
            found += 1
    assert found == len(range(2, len(data) // PAGE_SIZE, 11))


def test_a_blob_that_a_running_import_has_just_written_is_not_missing(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def before_the_import(layout: Layout) -> Survey:
        found = survey(layout)
        put(vault, "texte")
        return found

    monkeypatch.setattr("monespace_cli.vault.checking.survey", before_the_import)
    assert flaws(vault) == []


def test_a_document_that_somebody_deletes_before_its_file_is_looked_for_is_not_missing(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    blob = vault.blobs.write(io.BytesIO(b"?"))
    item = vault.quarantine.find(vault.quarantine.add(blob, 1, Provenance(source_name="notes.xyz"), "unsupported-type"))

    def removed_before(layout: Layout) -> Survey:
        vault.layout.blob(blob.id).unlink()
        found = survey(layout)
        Path.touch(vault.layout.blob(blob.id))
        return found

    def exists(path: Path) -> bool:
        vault.quarantine.remove(item, Event.ITEM_DISCARDED)
        return False

    monkeypatch.setattr("monespace_cli.vault.checking.survey", removed_before)
    monkeypatch.setattr(Path, "exists", exists)
    assert flaws(vault) == []


def test_a_document_that_somebody_deletes_meanwhile_is_not_missing(vault: Vault) -> None:
    item = vault.quarantine.find(
        vault.quarantine.add(vault.blobs.write(io.BytesIO(b"?")), 1, Provenance(source_name="notes.xyz"), "unsupported-type")
    )

    class Deleting(NoProgress):
        def start(self, total: int) -> None:
            vault.quarantine.remove(item, Event.ITEM_DISCARDED)

    assert check(vault.layout, vault.database, Deleting(), read_data=True).findings == []
