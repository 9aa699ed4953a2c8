"""Work in a thread of its own, a few pieces behind: all of it, in order, and what goes wrong is not lost."""

import threading

import pytest

from monespace_cli.sync.behind import BATCH, DEPTH, WORTHWHILE, behind

PIECES = [bytes([number]) for number in range(5 * DEPTH)]


@pytest.mark.parametrize("size", [0, WORTHWHILE])
def test_all_is_done_in_order(size: int) -> None:
    done: list[bytes] = []
    with behind(done.append, size) as take:
        for piece in PIECES:
            take(piece)
    assert done == PIECES


def test_little_is_done_at_once_and_much_elsewhere() -> None:
    threads: list[threading.Thread] = []
    for size in (WORTHWHILE - 1, WORTHWHILE):
        with behind(lambda _piece: threads.append(threading.current_thread()), size) as take:
            take(b"")
    assert threads[0] is threading.current_thread()
    assert threads[1] is not threading.current_thread()


@pytest.mark.parametrize("bad", [0, len(PIECES) - 1])
def test_what_goes_wrong_is_raised(bad: int) -> None:
    def work(piece: bytes) -> None:
        if piece == PIECES[bad]:
            raise ValueError("bad")

    with pytest.raises(ValueError, match="bad"), behind(work, WORTHWHILE) as take:
        for piece in PIECES:
            take(piece)


def test_no_more_than_a_few_pieces_wait() -> None:
    go, begun, pieces = threading.Event(), [], [bytes(BATCH // 2)] * 5 * DEPTH
    with behind(lambda _piece: go.wait(), WORTHWHILE) as take:

        def feed() -> None:
            for piece in pieces:
                begun.append(piece)
                take(piece)

        feeder = threading.Thread(target=feed)
        feeder.start()
        feeder.join(0.2)
        waiting = len(begun)
        go.set()
        feeder.join()
    assert waiting <= 2 * (DEPTH + 1)
    assert len(begun) == len(pieces)
