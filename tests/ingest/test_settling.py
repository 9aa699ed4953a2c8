"""A file is taken when it has looked the same for a while, once."""

from pathlib import Path

from monespace_cli.ingest.settling import Settling, Sighting

A, B = Path("a.pdf"), Path("b.pdf")
SMALL, LARGE = Sighting(10, 1, 1), Sighting(20, 2, 1)


def test_a_file_is_whole_after_a_quiet_time() -> None:
    settling = Settling(5)
    assert settling.whole({A: SMALL}, 100) == []
    assert settling.whole({A: SMALL}, 104.9) == []
    assert settling.whole({A: SMALL}, 105) == [A]


def test_a_file_that_grows_waits_anew() -> None:
    settling = Settling(5)
    settling.whole({A: SMALL}, 100)
    assert settling.whole({A: LARGE}, 105) == []
    assert settling.whole({A: LARGE}, 110) == [A]


def test_a_file_is_handed_out_once_in_one_state() -> None:
    settling = Settling(5)
    settling.whole({A: SMALL}, 0)
    assert settling.whole({A: SMALL, B: SMALL}, 5) == [A]
    assert settling.whole({A: SMALL, B: SMALL}, 10) == [B]
    assert settling.whole({A: SMALL, B: SMALL}, 99) == []
    settling.whole({A: LARGE, B: SMALL}, 100)
    assert settling.whole({A: LARGE, B: SMALL}, 105) == [A]


def test_a_file_that_was_gone_is_a_new_one() -> None:
    settling = Settling(0)
    assert settling.whole({A: SMALL}, 0) == [A]
    assert settling.whole({}, 1) == []
    assert settling.whole({A: SMALL}, 2) == [A]
