import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monespace_cli.errors import UsageError
from monespace_cli.record.document import Page, TextSource
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.search import SearchResult
from monespace_cli.vault.unsure import UNSURE_BELOW
from monespace_cli.vault.vault import Vault
from tests.vault.world import hardly_read, put

LETTERS = "abcœéж"


def find(vault: Vault, text: str, limit: int = 20, **wanted: object) -> SearchResult:
    return vault.search(text, Filter(**wanted), limit)  # type: ignore[arg-type]


@pytest.mark.parametrize("read", ["Amoxiciline", "amoxicillline", "amoxici1line,", "Xmoxicilline", "amoxicillinX", "«amoxicilline5»"])
def test_one_wrong_letter_is_forgiven_where_nobody_was_sure(vault: Vault, read: str) -> None:
    document = put(vault, hardly_read(f"Prendre {read} 500 mg"))
    [hit] = find(vault, "amoxicilline").hits
    assert (hit.document, hit.page, hit.score) == (document, 1, 0.0)
    assert len(hit.similar) == 1
    [(start, end)] = hit.marks
    assert hit.snippet[start:end] in read


@pytest.mark.parametrize("read", ["amoxicilane", "moxicillin", "amoxicilli", "clamoxicilline"])
def test_two_wrong_letters_are_not(vault: Vault, read: str) -> None:
    put(vault, hardly_read(read))
    assert find(vault, "amoxicilline").total == 0


def test_words_that_were_read_surely_are_what_they_are(vault: Vault) -> None:
    put(vault, "amoxiciline", title="texte")
    put(vault, hardly_read("amoxiciline", UNSURE_BELOW))
    assert find(vault, "amoxicilline").total == 0


def test_the_words_themselves_come_first_and_are_not_marked(vault: Vault) -> None:
    both = put(vault, hardly_read("amoxicilline amoxiciline"))
    exact = put(vault, "amoxicilline")
    similar = put(vault, hardly_read("amoxiciline"))
    found = find(vault, "amoxicilline")
    assert {hit.document.id for hit in found.hits[:2]} == {both.id, exact.id}
    assert [hit.similar for hit in found.hits] == [(), (), ("amoxiciline",)]
    assert (found.hits[2].document, found.total) == (similar, 3)
    assert find(vault, "amoxicilline", limit=2).total == 2
    assert [hit.similar for hit in find(vault, "amoxicilline", limit=3).hits] == [(), (), ("amoxiciline",)]


def test_similar_words_join_the_others_of_a_search(vault: Vault) -> None:
    put(vault, hardly_read("amoxiciline matin"), title="un")
    put(vault, hardly_read("amoxiciline soir"), title="deux")
    assert [hit.document.title for hit in find(vault, "amoxicilline soir").hits] == ["deux"]
    assert [hit.document.title for hit in find(vault, "amoxicilline NOT soir").hits] == ["un"]
    assert find(vault, "absente OR amoxicilline").total == 2
    assert find(vault, '"amoxicilline soir"').total == 0
    assert find(vault, "amoxicillin*").total == 0
    assert find(vault, "soit").total == 0, "short words become one another too easily"
    with pytest.raises(UsageError):
        find(vault, "NOT amoxicilline")


def test_figures_are_never_similar(vault: Vault) -> None:
    put(vault, hardly_read("28012026"))
    assert find(vault, "28012027").total == 0


def test_the_filter_and_the_trash_hold_for_similar_words_too(vault: Vault) -> None:
    document = put(vault, hardly_read("amoxiciline"), practitioner="Luc DURAND")
    assert find(vault, "amoxicilline", practitioner="martin").total == 0
    assert find(vault, "amoxicilline", practitioner="durand").total == 1
    vault.documents.trash(document)
    assert find(vault, "amoxicilline").total == 0


def test_words_are_forgotten_with_their_text(vault: Vault) -> None:
    kept, document = put(vault, hardly_read("amoxiciline"), title="reste"), put(vault, hardly_read("amoxiciline"), hardly_read("doliprame"))
    vault.documents.rewrite(document, [Page(1, "amoxicilline", 1.0, TextSource.TYPED)])
    assert find(vault, "doliprane").total == 0
    assert [hit.document.id for hit in find(vault, "amoxicilline").hits] == [document.id, kept.id]
    vault.documents.erase(kept)
    assert vault.database.all("SELECT * FROM unsure_word") == []


@given(word=st.text(LETTERS, min_size=5, max_size=8), place=st.integers(0, 8), letter=st.sampled_from(LETTERS), change=st.integers(0, 2))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_word_with_one_letter_changed_is_missed(vault: Vault, word: str, place: int, letter: str, change: int) -> None:
    from monespace_cli.record.text import fold

    place = min(place, len(word) - 1)
    read = word[:place] + (letter, letter + word[place], "")[change] + word[place + 1 :]
    searched, changed = fold(word), fold(read)
    with vault.database.transaction():
        vault.documents.unsure.add(1, [hardly_read(read)])
        expected = [changed] if changed != searched and len(searched) >= 5 and abs(len(changed) - len(searched)) < 2 else []
        found = vault.documents.unsure.similar(searched)
        vault.documents.unsure.remove(1, [hardly_read(read)])
    assert found == expected or "œ" in word + read
