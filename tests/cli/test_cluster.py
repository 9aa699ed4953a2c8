"""Papers read on a real cluster of two workers behind TLS, by the command line: what is asked, what is noted, and a worker that dies."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.script import Script
from tests.cli.test_review import Screen
from tests.ingest.clusters import LocalCluster, cluster, make_credentials
from tests.ingest.papers import encoded, page

PROGRAM = Path(sys.executable).with_name("monespace")
NEW = "$ monespace init --family-name MARTIN --given-name Zoé --birth-date 1980-05-17 --sex female --no-recovery-kit"
DOSES = (250, 500, 750, 1000)


@pytest.fixture(scope="module")
def credentials(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_credentials(tmp_path_factory.mktemp("tls") / "own")


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory, credentials: Path) -> Iterator[LocalCluster]:
    with cluster(tmp_path_factory.mktemp("dask") / "cluster", credentials) as started:
        yield started


@pytest.fixture
def where(workers: LocalCluster, credentials: Path) -> list[str]:
    return ["--cluster", workers.address, "--cluster-credentials", str(credentials)]


def test_every_command_that_reads_pages(script: Script, workers: LocalCluster, credentials: Path) -> None:
    script.variables |= {"CLUSTER": workers.address, "CREDENTIALS": str(credentials)}
    script.play(Path(__file__).with_name("cluster.txt").read_text("utf-8"))


def test_a_person_is_told_what_leaves_the_machine_and_may_say_no(script: Script, where: list[str]) -> None:
    script.play(NEW)
    (script.work / "note.txt").write_text("Une note du 3 mars 2024", "utf-8")
    screen = Screen(script, "import", "note.txt", *where)
    screen.expect("papers leave this machine for tls://127.0.0.1:")
    screen.expect("run programs here")
    screen.expect("Have them read there?")
    screen.press("n\n")
    assert screen.end() == 34
    script.play("$ monespace document list --json\nstdout '\"total\": 0'")


def test_a_worker_that_dies_midway_costs_no_paper(script: Script, workers: LocalCluster, where: list[str]) -> None:
    script.play(NEW)
    for dose in DOSES:
        pages = encoded(page([f"DOLIPRANE {dose} mg"]), "TIFF", save_all=True, append_images=[page()] * 4)
        (script.work / f"{dose}.tif").write_bytes(pages)
    dies = workers.add_worker()
    arguments = [str(PROGRAM), "import", *(f"{dose}.tif" for dose in DOSES), *where, "--yes", "--json"]
    with subprocess.Popen(
        arguments, cwd=script.work, env={**os.environ, **script.environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        lines = [process.stdout.readline()]
        dies.kill()
        lines += process.stdout.readlines()
    *items, summary = map(json.loads, lines)
    assert process.returncode == 0
    assert [(item["path"], item["status"], item["pages"]) for item in items] == [(f"{dose}.tif", "imported", 5) for dose in DOSES]
    assert summary["imported"] == len(DOSES)
    for dose in DOSES:
        script.play(f"$ monespace search 'DOLIPRANE {dose}'\nstdout 'DOLIPRANE {dose} mg'")
