import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.document import Page, TextSource, Word
from monespace_cli.vault.pages import packed, unpacked
from monespace_cli.vault.vault import Vault
from tests.vault.world import hardly_read, put

SIDES = st.integers(0, 100_000)
TEXTS = st.text(st.characters(exclude_categories=["Z", "C"]), min_size=1)
WORDS = st.builds(Word, TEXTS, SIDES, SIDES, SIDES, SIDES, st.integers(0, 100).map(lambda percent: percent / 100))


@given(st.lists(WORDS, min_size=1), SIDES, SIDES)
def test_places_are_kept_as_they_are(words: list[Word], width: int, height: int) -> None:
    page = Page(1, "\n".join(word.text for word in words), 0.5, TextSource.OCR, (), tuple(words), (width, height))
    assert unpacked(page.text, packed(page)) == (page.words, page.size)


def test_a_page_of_words_takes_little_room() -> None:
    page = hardly_read("paracétamol " * 300)
    assert len(packed(page)) < 5 * 300


def test_pages_come_back_with_the_places_of_their_words(vault: Vault) -> None:
    document = put(vault, hardly_read("Amoxiciline 500 mg"), "texte sans place")
    first, second = vault.documents.pages(document)
    assert first == hardly_read("Amoxiciline 500 mg")
    assert (second.words, second.size) == ((), (0, 0))


def test_places_stay_when_another_page_is_written_anew_and_go_with_their_page(vault: Vault) -> None:
    document = put(vault, hardly_read("Amoxiciline"), hardly_read("Doliprane"))
    first, second = vault.documents.pages(document)
    vault.documents.rewrite(document, [first, Page(2, "typed", 1.0, TextSource.TYPED)])
    assert [page.words for page in vault.documents.pages(document)] == [first.words, ()]
    vault.documents.edit(document, title="Autre")
    assert vault.documents.pages(document)[0] == first
    assert second.words
    vault.documents.erase(document)
    assert vault.database.all("SELECT * FROM word_box") == []


@pytest.mark.parametrize("text", ["un\ttexte  trop\nlong", "un"])
def test_the_words_are_those_of_the_text(vault: Vault, text: str) -> None:
    [page] = vault.documents.pages(put(vault, hardly_read(text)))
    assert [word.text for word in page.words] == text.split()
