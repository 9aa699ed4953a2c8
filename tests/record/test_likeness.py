import random

from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.likeness import BANDS, ENOUGH_WORDS, SAME_PAPER, bands, content_words, resemblance

WORDS = frozenset(f"mot{number}" for number in range(150))


def misread(words: frozenset[str], share: float, seed: int) -> frozenset[str]:
    """Return what a reader makes of words of which it gets a share wrong."""
    source = random.Random(seed)
    return frozenset(word + "x" if source.random() < share else word for word in words)


def test_words_are_compared_without_case_accents_and_noise() -> None:
    assert content_words(["Hémoglobine 13,5 g", "a | . HEMOGLOBINE"]) == {"hemoglobine"}


def test_resemblance() -> None:
    assert resemblance(WORDS, WORDS) == 1.0
    assert resemblance(WORDS, frozenset()) == 0.0
    assert resemblance(frozenset(), frozenset()) == 0.0
    assert resemblance(frozenset("abc"), frozenset("bcd")) == 0.5


def test_two_readings_of_a_paper_share_a_band() -> None:
    """With one word in ten read wrongly each time, two readings have 68 % in common: as bad as it gets and is still found."""
    met = sum(not set(bands(misread(WORDS, 0.08, seed))).isdisjoint(bands(misread(WORDS, 0.08, -seed - 1))) for seed in range(100))
    assert met >= 97
    likeness = resemblance(misread(WORDS, 0.08, 1), misread(WORDS, 0.08, 2))
    assert likeness > SAME_PAPER


def test_different_papers_hardly_ever_do() -> None:
    others = [frozenset(f"mot{number}" for number in range(start, start + 150)) for start in range(130, 330)]
    assert sum(not set(bands(WORDS)).isdisjoint(bands(other)) for other in others) <= 6


def test_of_a_few_words_nothing_is_said() -> None:
    assert bands(frozenset(sorted(WORDS)[: ENOUGH_WORDS - 1])) == ()
    assert len(bands(frozenset(sorted(WORDS)[:ENOUGH_WORDS]))) == BANDS


def test_the_numbers_are_part_of_the_format() -> None:
    """Stored in vaults: they never change, and fit a signed integer of 64 bits."""
    found = bands(WORDS)
    assert found[:2] == (1162825899294078715, 4019305747362447749)
    assert all(0 <= band < 2**63 for band in found)


@given(st.frozensets(st.text(min_size=3), min_size=ENOUGH_WORDS))
def test_bands_follow_from_the_words_alone(words: frozenset[str]) -> None:
    assert bands(words) == bands(frozenset(sorted(words, reverse=True)))
