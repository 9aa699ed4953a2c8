"""Pages read on a real cluster of two workers: as read here, also when one dies midway, and nothing of them in a log or on a disk."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from monespace_cli.errors import MissingDependencyError, TryLaterError, UnreadableInputError, UsageError
from monespace_cli.ingest import cluster as module
from monespace_cli.ingest.cluster import Cluster, require_private
from monespace_cli.ingest.cluster_worker import Errand
from monespace_cli.ingest.problems import Code
from monespace_cli.ingest.reader import IngestOptions, PortionRequest, Reader, Reading
from tests.ingest.clusters import LocalCluster, cluster, make_credentials
from tests.ingest.conftest import NOW
from tests.ingest.papers import encoded, page

TODAY = NOW.date()
OPTIONS = IngestOptions()
PAPERS = [encoded(page([f"DOLIPRANE {dose} mg"]), "TIFF", save_all=True, append_images=[page()] * 4) for dose in (250, 500, 750, 1000)]


@pytest.fixture
def two_workers(tmp_path: Path) -> Iterator[LocalCluster]:
    with cluster(tmp_path / "cluster") as started:
        yield started


def test_a_cluster_gives_what_one_process_gives_although_a_worker_dies_midway(two_workers: LocalCluster, reader: Reader) -> None:
    with Cluster(two_workers.address, OPTIONS) as pages:
        assert pages.width in (1, 2)  # the second worker may still be starting
        readings = [Reading(pages, data, OPTIONS) for data in PAPERS]
        first = readings[0].document(TODAY)
        two_workers.processes[1].kill()
        assert [first, *(reading.document(TODAY) for reading in readings[1:])] == [reader.read(data, OPTIONS) for data in PAPERS]
    said = two_workers.log() + two_workers.files().decode("utf-8", errors="replace")
    assert "DOLIPRANE" not in said
    assert "II*" not in said


def test_what_cannot_be_read_comes_back_as_its_code_and_not_in_a_log(two_workers: LocalCluster) -> None:
    with Cluster(two_workers.address, OPTIONS) as pages, pytest.raises(UnreadableInputError) as caught:
        Reading(pages, b"%PDF-1.7 Madame CHEVALIER", OPTIONS).document(TODAY)
    assert caught.value.code == Code.DAMAGED
    assert "CHEVALIER" not in two_workers.log()


def test_tls_with_certificates_of_the_clusters_own_authority(tmp_path: Path, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    credentials, others = make_credentials(tmp_path / "own"), make_credentials(tmp_path / "others")
    with cluster(tmp_path / "cluster", credentials) as started:
        assert started.address.startswith("tls://")
        with Cluster(started.address, OPTIONS, credentials) as pages:
            assert Reading(pages, PAPERS[0], OPTIONS).document(TODAY) == reader.read(PAPERS[0], OPTIONS)
        with pytest.raises(UsageError, match="certificates"):
            Cluster(started.address, OPTIONS)
        with pytest.raises(UsageError, match="fit together"):
            Cluster(started.address, OPTIONS, tmp_path)
        monkeypatch.setattr(module, "CONNECT_SECONDS", 2)
        with pytest.raises(TryLaterError, match="reached"):
            Cluster(started.address, OPTIONS, others)


def test_workers_that_might_write_to_their_disk_are_refused(tmp_path: Path) -> None:
    with cluster(tmp_path / "cluster", workers=0) as started:
        started.add_worker(settings={})
        with pytest.raises(UsageError, match="disk"):
            Cluster(started.address, OPTIONS)


def test_without_the_extra_it_is_said_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)  # what an import then meets is what it meets where nothing is installed
    with pytest.raises(MissingDependencyError) as caught:
        Cluster("tcp://127.0.0.1:8786", OPTIONS)
    assert "monespace-cli[cluster]" in (caught.value.hint or "")


def test_workers_that_cannot_read_are_refused(two_workers: LocalCluster) -> None:
    with pytest.raises(MissingDependencyError, match="data for a language"):
        Cluster(two_workers.address, IngestOptions(languages=("xxx",)))


def test_a_cluster_that_lost_its_workers_is_given_up_after_a_while(two_workers: LocalCluster) -> None:
    with Cluster(two_workers.address, OPTIONS, patience=2) as pages:
        for worker in two_workers.processes[1:]:
            worker.kill()
        with pytest.raises(TryLaterError, match="lost"):
            Reading(pages, PAPERS[0], OPTIONS).document(TODAY)


@pytest.mark.parametrize("address", ["tls://dask.example:8786", "tcp://127.0.0.1:8786", "tcp://[::1]:8786", "tcp://localhost:1"])
def test_papers_may_go_there(address: str) -> None:
    require_private(address)


@pytest.mark.parametrize(
    "address",
    ["tcp://192.0.2.1:8786", "tcp://dask.example:8786", "ws://127.0.0.1:1", "127.0.0.1:8786", "tls://dask.example", "tls://x:y", ""],
)
def test_papers_may_not_go_there(address: str) -> None:
    with pytest.raises(UsageError):
        require_private(address)


def test_an_errand_says_nothing_of_what_it_carries() -> None:
    assert "Madame" not in repr(Errand(PortionRequest(b"Madame CHEVALIER", OPTIONS)))
