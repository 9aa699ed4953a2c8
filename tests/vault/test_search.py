from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monespace_cli.record.codes import Kind
from monespace_cli.record.journal import Event
from monespace_cli.record.text import words_of
from monespace_cli.vault import search as searching
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.search import SearchResult
from monespace_cli.vault.vault import Vault
from tests.vault.world import put

TEXT = (
    "Hémoglobine glyquée 6,5 %. L’œdème a disparu ; ﬁbrinogène normal.\nBilan lipidique : cholestérol LDL 1,30 g/L. "
    "Traitement anti-inflammatoire d'aspirine.\n\uf0b7Paracétamol 1 g. Ex æquo. Cre\u0301atinine 13,5. hypo\u00adglycémie"
)


def find(vault: Vault, text: str, limit: int = 20, **wanted: object) -> SearchResult:
    return vault.search(text, Filter(**wanted), limit)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "text",
    [
        "hemoglobine",
        "HÉMOGLOBINE",
        "he\u0301moglobine",
        "oedeme",
        "œdème",
        "ŒDÈME",
        "l'oedeme",
        "fibrinogene",
        "ﬁbrinogène",
        "æquo",
        "aequo",
        "creatinine",
        "créatinine",
        "13,5",
        "13.5",
        "6,5",
        "hémo*",
        '"bilan lipidique"',
        '"bilan lipid"*',
        '"ldl 1,30"',
        "anti-inflammatoire",
        "inflammatoire",
        "aspirine",
        "l'aspirine",
        "paracetamol",
        "hypoglycemie",
        "hemoglobine AND cholesterol",
        "hemoglobine cholesterol",
        "absent OR cholesterol",
        "hemoglobine NOT absent",
        "(absent OR hemoglobine) (cholesterol OR absent)",
    ],
)
def test_finds_and_shows(vault: Vault, text: str) -> None:
    put(vault, "page sans rapport", TEXT)
    found = find(vault, text)
    assert found.total == 1
    assert found.hits[0].page == 2
    assert found.hits[0].marks


@pytest.mark.parametrize(
    "text",
    [
        "hemo",
        "globine",
        '"lipidique bilan"',
        "hemoglobine absent",
        "hemoglobine NOT cholesterol",
        "absent",
        "3,5",
        "135",
        "aspirin",
        "antiinflammatoire",
        "glycemie",
    ],
)
def test_does_not_find(vault: Vault, text: str) -> None:
    put(vault, "page sans rapport", TEXT)
    assert find(vault, text) == SearchResult((), 0)


def test_the_snippet_is_as_the_page_has_it(vault: Vault) -> None:
    put(vault, "page sans rapport", TEXT)
    (hit,) = find(vault, "oedeme OR fibrinogene").hits
    assert [hit.snippet[a:b] for a, b in hit.marks] == ["œdème", "ﬁbrinogène"]


def test_titles_practitioners_and_tags_are_found_without_a_page(vault: Vault) -> None:
    document = put(vault, "texte", title="Bilan d’été", practitioner="Élise D’Œuvre", tags=("cœur", "suivi"))
    for word, shown in {"ete": "été", "oeuvre": "Œuvre", "coeur": "cœur", "suivi": "suivi"}.items():
        (hit,) = find(vault, word).hits
        assert (hit.document, hit.page) == (document, None)
        assert [hit.snippet[a:b] for a, b in hit.marks] == [shown]


def test_the_best_comes_first_and_then_the_newest(vault: Vault) -> None:
    put(vault, "une glycémie parmi " + "beaucoup d'autres mots " * 50, title="long")
    put(vault, "glycémie", title="short")
    put(vault, "rien", title="glycémie")
    put(vault, "glycémie", title="newer", data=b"other bytes")
    for number in range(20):
        put(vault, f"sans rapport {number}", title="other")
    found = find(vault, "glycemie")
    assert [hit.document.title for hit in found.hits] == ["glycémie", "newer", "short", "long"]
    scores = [hit.score for hit in found.hits]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > 0
    assert find(vault, "glycemie", limit=2).hits == found.hits[:2]
    assert find(vault, "glycemie", limit=2).total == 4


def test_filters_narrow_a_search(vault: Vault) -> None:
    put(vault, "glycémie", title="old", date=date(2024, 1, 1), type_code=Kind.BIOLOGY.type_code, practitioner="Luc DURAND")
    put(vault, "glycémie", title="new", date=date(2026, 1, 1))
    assert [hit.document.title for hit in find(vault, "glycemie", kind=Kind.BIOLOGY).hits] == ["old"]
    assert [hit.document.title for hit in find(vault, "glycemie", since=date(2025, 1, 1)).hits] == ["new"]
    assert [hit.document.title for hit in find(vault, "glycemie", practitioner="durand").hits] == ["old"]
    assert find(vault, "glycemie", until=date(2020, 1, 1)).total == 0


def test_what_matches_everywhere_is_neither_counted_nor_ranked_to_the_end(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "RANKED", 3)
    for number in range(5):
        put(vault, "glycémie " * (5 - number), title=f"number {number}")
    found = find(vault, "glycemie", limit=2)
    assert ([hit.document.title for hit in found.hits], found.total, found.more) == (["number 4", "number 3"], 3, True)
    assert all(hit.score == 0 for hit in found.hits)
    put(vault, "cholestérol")
    exact = find(vault, "cholesterol")
    assert (exact.total, exact.more) == (1, False)
    assert not find(vault, "glycemie", since=date(2020, 1, 1)).more


def test_the_journal_says_that_somebody_searched_but_not_for_what(vault: Vault) -> None:
    put(vault, "glycémie")
    find(vault, "glycemie")
    entry = vault.journal.entries()[-1]
    assert (entry.event, entry.details) == (Event.SEARCHED, {"hits": "1"})
    assert "glycemie" not in str(vault.database.all("SELECT * FROM journal"))


LETTERS = st.text(st.characters(categories=["L", "N", "M", "P", "Z", "Co"]), min_size=1, max_size=12)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(LETTERS)
def test_what_the_index_finds_can_be_shown(vault: Vault, text: str) -> None:
    """The tokenizer in SQLite and the words in Python are the same: each word of a text finds it, and is marked in it."""
    put(vault, text, title="-", data=repr(text).encode())
    for word in words_of(text):
        if word.upper() in ("AND", "OR", "NOT"):
            continue
        hits = [hit for hit in find(vault, f'"{word}"', limit=100_000).hits if hit.page == 1]
        assert hits
        assert all(hit.marks for hit in hits)
