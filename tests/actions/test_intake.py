"""Entries on their way: in their order, together where they are ready together, never more than a window of them."""

import threading
from collections.abc import Iterator
from concurrent.futures import Future

import pytest

from monespace_cli.actions import intake
from monespace_cli.actions.entries import Entry
from monespace_cli.actions.intake import Intake
from monespace_cli.ingest.detect import MediaType
from monespace_cli.ingest.reader import IngestOptions, Portion, PortionRequest, Reading
from monespace_cli.ports import NoProgress

PORTION = Portion(MediaType.TEXT, 1)


class ByHand:
    """An executor whose answers are given one by one."""

    width = 2

    def __init__(self) -> None:
        self.asked: dict[bytes, Future[Portion]] = {}

    def submit(self, request: PortionRequest) -> Future[Portion]:
        return self.asked.setdefault(request.data, Future())

    def entry(self, name: str, **more: bool) -> Entry:
        return Entry(name, name.encode(), reading=Reading(self, name.encode(), IngestOptions()), **more)  # type: ignore[arg-type]

    def answer(self, *names: str) -> None:
        for name in names:
            self.asked[name.encode()].set_result(PORTION)


def names(batches: Iterator[list[Entry]]) -> list[str]:
    return ["".join(entry.name for entry in batch) for batch in batches]


def test_they_come_in_their_order_and_together_where_they_are_ready_together() -> None:
    executor = ByHand()
    entries = [executor.entry(name) for name in "abcd"]
    executor.answer("b", "a", "d")
    late = threading.Timer(0.1, executor.answer, "c")
    late.start()
    assert names(Intake(2, NoProgress()).batches(entries)) == ["ab", "cd"]


def test_what_needs_no_reading_waits_its_turn() -> None:
    executor = ByHand()
    entries = [executor.entry("a"), Entry("b"), executor.entry("c")]
    threading.Timer(0.1, executor.answer, "a").start()
    threading.Timer(0.2, executor.answer, "c").start()
    assert "".join(names(Intake(2, NoProgress()).batches(entries))) == "abc"


def test_the_same_bytes_again_begin_a_new_batch() -> None:
    executor = ByHand()
    entries = [executor.entry("a"), Entry("a", b"a", follows_twin=True), executor.entry("b")]
    executor.answer("a", "b")
    assert names(Intake(2, NoProgress()).batches(entries)) == ["a", "ab"]


def test_there_are_no_more_at_once_than_a_window_of_entries_or_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def entries() -> Iterator[Entry]:
        for name in "abcdefgh":
            taken.append(name)
            yield Entry(name, bytes(10))

    monkeypatch.setattr(intake, "WINDOW", 2)
    assert next(Intake(2, NoProgress()).batches(entries()))
    assert len(taken) == 4
    taken.clear()
    monkeypatch.setattr(intake, "WINDOW_BYTES", 15)
    assert next(Intake(2, NoProgress()).batches(entries()))
    assert len(taken) == 2


def test_a_batch_is_bounded_in_entries_and_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    entries = [Entry(name, bytes(10)) for name in "abcde"]
    assert names(Intake(2, NoProgress(), most=2).batches(entries)) == ["ab", "cd", "e"]
    monkeypatch.setattr(intake, "BATCH_BYTES", 25)
    assert names(Intake(2, NoProgress()).batches(entries)) == ["abc", "de"]


def test_what_is_ready_does_not_wait_for_files_that_are_slow_to_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "FLUSH_SECONDS", 0.0)
    assert names(Intake(2, NoProgress()).batches(Entry(name, b"x") for name in "abc")) == ["a", "b", "c"]
