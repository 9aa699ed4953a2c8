"""An import by several processes is that of one: the same documents in the same order, whoever reads which page, whatever a file does."""

from collections.abc import Sequence
from concurrent.futures import Future
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from monespace_cli.actions.disposal import Disposal
from monespace_cli.actions.entries import ImportRun
from monespace_cli.actions.finding import find
from monespace_cli.actions.imported import ImportedItem, ItemStatus
from monespace_cli.actions.importing import Importer
from monespace_cli.bounds.process import Worker
from monespace_cli.ingest.detect import MediaType
from monespace_cli.ingest.processes import Processes, readers
from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest, Reader
from monespace_cli.ports import NoProgress
from monespace_cli.record.document import Page, Provenance, TextSource
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault
from tests.ingest.papers import encoded, page
from tests.ingest.test_reader import CHILD, KILLED
from tests.vault.world import World


class FirstOnes:
    """An executor that reads the first documents, and never comes to the others."""

    width = 2

    def __init__(self, count: int) -> None:
        self._left = count
        self.asked = 0

    def submit(self, request: PortionRequest) -> Future[Portion]:
        self.asked += 1
        future: Future[Portion] = Future()
        if self._left:
            future.set_result(Portion(MediaType.TEXT, 1, (Page(1, request.data.decode(), 1.0, TextSource.PLAIN),)))
            self._left -= 1
        return future


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    folder = tmp_path / "papers"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(f"Certificat {number} : Mme MARTIN va bien.\n")
    (folder / "03.txt").write_text("Certificat 2 : Mme MARTIN va bien.\n")
    (folder / "05.png").write_bytes(encoded(page(["Ordonnance du 3 mars 2024"]), "PNG"))
    (folder / "06.txt").write_text("\f".join(f"page {number}" for number in range(30)))
    (folder / "08.pdf").write_bytes(b"%PDF-1.7 and nothing more")
    return folder


def fresh(root: Path) -> World:
    world = World(root)
    world.create()
    return world


def importer(vault: Vault, executor: Any, world: World) -> Importer:
    return Importer(vault, executor, IngestOptions(), world.clock)


def outcome(vault: Vault, items: Sequence[ImportedItem]) -> list[Any]:
    """Return all of what an import did that does not depend on chance."""
    told = [(Path(item.path).name, item.status, item.sha256, item.pages, item.kind, item.date, item.code) for item in items]
    stored = [(each.sha256, each.title, [page.text for page in vault.documents.pages(each)]) for each in vault.documents.all(Filter())]
    journal = [(entry.event, entry.details) for entry in vault.journal.entries()]
    return [told, stored, journal, [(item.name, item.code) for item in vault.quarantine.all()]]


def test_several_processes_do_what_one_does(papers: Path, tmp_path: Path) -> None:
    outcomes = []
    for width in (1, 3):
        world = fresh(tmp_path / str(width))
        with world.open() as vault, readers(width, world.clock) as executor:
            items = list(importer(vault, executor, world).take_in(find([papers]), NoProgress()))
            outcomes.append(outcome(vault, items))
    assert outcomes[0] == outcomes[1]
    assert [status for _name, status, *_rest in outcomes[0][0]].count(ItemStatus.DUPLICATE) == 1


@pytest.mark.parametrize("fault", [KILLED, "bytearray(1 << 40)", "return GOOD, b'\\xff'", "os.write(1, b'noise' * 9999); 1 / 0"])
def test_a_faulty_engine_costs_one_file_and_not_the_run(papers: Path, tmp_path: Path, fault: str) -> None:
    world = fresh(tmp_path / "vault")
    child = CHILD.replace("FAULT", f"if desk._document.text(header['number']).startswith('Certificat 4 '): {fault}")
    with (
        world.open() as vault,
        Processes(2, lambda: Reader(world.clock, Worker(["-c", child]))) as executor,
    ):
        items = list(importer(vault, executor, world).take_in(find([papers]), NoProgress()))
        failed = [(Path(item.path).name, item.code) for item in items if item.status is ItemStatus.QUARANTINED]
        assert [name for name, _code in failed] == ["04.txt", "08.pdf"]
        assert str(failed[0][1]).startswith("reader-")
        assert vault.documents.count(Filter()) == len(items) - 3


def test_what_is_read_is_stored_before_the_rest_is(papers: Path, tmp_path: Path) -> None:
    world = fresh(tmp_path / "vault")
    with world.open() as vault:
        run = importer(vault, FirstOnes(2), world).take_in(find([papers]), NoProgress())
        assert [Path(item.path).name for item in (next(run), next(run))] == ["00.txt", "01.txt"]
        assert vault.search("certificat", Filter(), 10).total == 2
        del run


def test_items_of_the_quarantine_are_read_ahead_and_told_in_order(tmp_path: Path) -> None:
    world = fresh(tmp_path / "vault")
    with world.open() as vault:
        for number in range(6):
            blob = vault.blobs.write(BytesIO(b"Certificat %d" % number))
            vault.quarantine.add(blob, vault.space, Provenance(source_name=f"{number}.txt"), "reader-timed-out")
        executor = FirstOnes(6)
        items = vault.quarantine.all()
        run = importer(vault, executor, world).retry(items)
        names = [next(run).path]
        assert executor.asked == executor.width + 1
        names += [item.path for item in run]
        assert names == [item.name for item in items]
        assert vault.quarantine.all() == []


def test_files_go_only_once_the_transaction_that_stores_them_is_there(papers: Path, tmp_path: Path) -> None:
    world = fresh(tmp_path / "vault")
    left = sorted(path.name for path in papers.iterdir())
    with world.open() as vault, world.open() as other, Reader(world.clock) as reader:
        run = importer(vault, reader, world).take_in(find([papers]), NoProgress(), ImportRun(disposal=Disposal(delete=True)))
        for item in run:
            gone = set(left) - {path.name for path in papers.iterdir()}
            assert len(gone) <= other.documents.count(Filter()) + 1  # one of them is the same as another
            assert Path(item.path).exists() is (item.status is ItemStatus.QUARANTINED)
