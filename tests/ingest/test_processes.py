"""Several reading processes: they give what one gives, and what one file does to its process costs the others nothing."""

import time
from collections.abc import Callable, Iterator

import pytest

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import Worker
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.problems import Code, Notice
from monespace_cli.ingest.processes import Processes, usable_cpus
from monespace_cli.ingest.reader import PORTION_PAGES, IngestOptions, Reader, Reading
from tests.ingest.conftest import NOW
from tests.ingest.papers import encoded, page
from tests.ingest.test_reader import CHILD, KILLED

OPTIONS = IngestOptions()
LONG = b"\f".join(b"page %d" % number for number in range(1, 4 * PORTION_PAGES + 2))
TODAY = NOW.date()


@pytest.fixture
def processes() -> Iterator[Callable[[str], Processes]]:
    """Return a maker of three processes that do something else first when they are asked for a page."""
    made: list[Processes] = []

    def make(fault: str = "pass") -> Processes:
        made.append(Processes(3, lambda: Reader(lambda: NOW, Worker(["-c", CHILD.replace("FAULT", fault)]))))
        return made[-1]

    yield make
    for each in made:
        each.close()


def test_they_give_what_one_gives(processes: Callable[[str], Processes], reader: Reader) -> None:
    files = [
        LONG,
        encoded(page(), "PNG"),
        b"Ordonnance du 3 mars 2024",
        encoded(page(["one"]), "TIFF", save_all=True, append_images=[page(["two"])]),
    ]
    pool = processes("pass")
    readings = [Reading(pool, data, OPTIONS) for data in files]
    assert [reading.document(TODAY) for reading in readings] == [reader.read(data, OPTIONS) for data in files]


def test_the_pages_of_one_document_are_spread_and_come_in_order(processes: Callable[[str], Processes]) -> None:
    pool = processes("time.sleep(0.2)")
    reading = Reading(pool, LONG, OPTIONS)
    assert [page.text for page in reading.document(TODAY).pages] == LONG.decode().split("\f")
    assert all(reader._worker._process for reader in pool._readers)
    assert reading.pages_read == (4 * PORTION_PAGES + 1, 4 * PORTION_PAGES + 1)


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (KILLED, Code.READER_CRASHED),
        ("bytearray(1 << 40)", Code.READER_OUT_OF_MEMORY),
        ("time.sleep(60)", Code.READER_TIMED_OUT),
        ("return GOOD, b'\\xff'", Code.READER_GARBLED),
        ("os.write(1, b'noise'); 1 / 0", Code.READER_FAILED),
    ],
)
def test_a_faulty_engine_costs_one_page(
    processes: Callable[[str], Processes], fault: str, code: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "PAGE_SECONDS", 3)
    pool = processes(f"if desk._document.text(header['number']) == 'hostile': {fault}")
    readings = [Reading(pool, data, OPTIONS) for data in (b"one\fhostile\fthree", b"hostile", LONG)]
    mixed = readings[0].document(TODAY)
    assert [page.text for page in mixed.pages] == ["one", "", "three"]
    assert mixed.notices == (Notice.PAGE_UNREADABLE,)
    with pytest.raises(UnreadableInputError) as caught:
        readings[1].document(TODAY)
    assert caught.value.code == code
    assert len(readings[2].document(TODAY).pages) == 4 * PORTION_PAGES + 1


def test_a_document_that_keeps_killing_is_given_up_and_the_rest_of_it_not_begun(processes: Callable[[str], Processes]) -> None:
    pool = processes(f"if header['number'] > 1: {KILLED}")
    with pytest.raises(UnreadableInputError) as caught:
        Reading(pool, b"\f".join([b"page"] * 200), OPTIONS).document(TODAY)
    assert caught.value.code == Code.READER_CRASHED
    assert sum(reader._worker._starts for reader in pool._readers) < 40


def test_what_goes_on_with_a_document_is_read_before_what_begins_one() -> None:
    pool = Processes(1, lambda: Reader(lambda: NOW, Worker(["-c", CHILD.replace("FAULT", "time.sleep(0.05)")])))
    with pool:
        long = Reading(pool, LONG, OPTIONS)
        short = [Reading(pool, b"short %d" % number, OPTIONS) for number in range(10)]
        assert len(long.document(TODAY).pages) == 4 * PORTION_PAGES + 1
        assert not short[-1].go_on()


def test_closing_ends_what_is_being_read(processes: Callable[[str], Processes]) -> None:
    pool = processes("time.sleep(60)")
    reading = Reading(pool, b"slow", OPTIONS)
    while not any(reader._worker._process for reader in pool._readers):
        time.sleep(0.01)
    pool.close()
    assert reading.go_on()
    assert not any(reader._worker._process for reader in pool._readers)


def test_at_least_one_cpu_is_usable() -> None:
    assert usable_cpus() >= 1
