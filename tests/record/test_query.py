import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from monespace_cli.errors import UsageError
from monespace_cli.record.query import MAX_DEPTH, MAX_QUERY_LENGTH, All, Any, Expression, Term, parse, terms
from monespace_cli.record.text import fold, words_of

TYPED = st.lists(
    st.sampled_from(["AND", "OR", "NOT", "(", ")", '"', "*", " ", "a", "é", "-", "'", "NEAR", "^", ":", "{", "+"]) | st.text(max_size=3)
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hémoglobine", Term(("hemoglobine",))),
        ("HE\u0301MOGLOBINE", Term(("hemoglobine",))),
        ("hemo*", Term(("hemo",), prefix=True)),
        ('"bilan lipidique"', Term(("bilan", "lipidique"))),
        ('"bilan lip"*', Term(("bilan", "lip"), prefix=True)),
        ("bilan lipidique", All((Term(("bilan",)), Term(("lipidique",))))),
        ("bilan AND lipidique", All((Term(("bilan",)), Term(("lipidique",))))),
        ("a OR b c", Any((Term(("a",)), All((Term(("b",)), Term(("c",))))))),
        ("(a OR b) c", All((Any((Term(("a",)), Term(("b",)))), Term(("c",))))),
        ("a NOT b NOT c", All((Term(("a",)),), (Term(("b",)), Term(("c",))))),
        ("a AND NOT b", All((Term(("a",)),), (Term(("b",)),))),
        ("NOT b a", All((Term(("a",)),), (Term(("b",)),))),
        ("13,5", Term(("13", "5"))),
        ("anti-inflammatoire", Term(("anti", "inflammatoire"))),
        ("l'hémoglobine", Term(("hemoglobine",))),
        ("d’HÉMOGLOBINE", Term(("hemoglobine",))),
        ("«qu'il»", Term(("il",))),
        ("aujourd'hui", Term(("aujourd", "hui"))),
        ("O'Brien", Term(("o", "brien"))),
        ('"l\'hémoglobine"', Term(("l", "hemoglobine"))),
        ("d'", Term(("d",))),
        ('"bilan', Term(("bilan",))),
        ("and or not", All((Term(("and",)), Term(("or",)), Term(("not",))))),
        ("snake_case", Term(("snake", "case"))),
        ("½", Term(("1", "2"))),
        ("a ... b", All((Term(("a",)), Term(("b",))))),
    ],
)
def test_what_a_search_means(text: str, expected: Expression) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "...",
        '""',
        "NOT a",
        "a OR",
        "OR a",
        "AND a",
        "a AND",
        "a AND AND b",
        "a NOT",
        "(a",
        "a)",
        "()",
        "(NOT a) b",
        "NOT NOT a",
        "\x00",
    ],
)
def test_what_is_no_search(text: str) -> None:
    with pytest.raises(UsageError):
        parse(text)


def test_bounds() -> None:
    parse("a" * MAX_QUERY_LENGTH)
    parse("(" * MAX_DEPTH + "a" + ")" * MAX_DEPTH)
    with pytest.raises(UsageError):
        parse("a" * (MAX_QUERY_LENGTH + 1))
    with pytest.raises(UsageError):
        parse("(" * (MAX_DEPTH + 1) + "a" + ")" * (MAX_DEPTH + 1))


@given(TYPED | st.text(max_size=50))
@example("ﷺ" * 50)
def test_any_text_is_a_search_or_a_usage_error(text: str) -> None:
    try:
        expression = parse(text)
    except UsageError:
        return
    for term in terms(expression):
        assert term.words
        assert all(re.fullmatch(r"[^\W_]+", word) and fold(word) == word for word in term.words)


def test_terms_to_show_leave_out_what_must_not_be_there() -> None:
    assert [term.words for term in terms(parse("a (b OR c) NOT d"))] == [("a",), ("b",), ("c",)]


def test_words_of() -> None:
    assert words_of("Dr. Élise D’Œuvre-Noël, 2 rue") == ["dr", "elise", "d", "oeuvre", "noel", "2", "rue"]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        (Term(("glycemie",)), "la glycemie, oui", "glycemie"),
        (Term(("glycemie",)), "hypoglycemie", None),
        (Term(("glyc",)), "glycemie", None),
        (Term(("glyc",), prefix=True), "la glycemie", "glycemie"),
        (Term(("aa",)), "aaa aa", "aa"),
        (Term(("13", "5")), "13,5 g", "13,5"),
        (Term(("13", "5")), "13,55 g", None),
        (Term(("a", "b")), "a\n - b", "a\n - b"),
        (Term(("snake",)), "snake_case", "snake"),
    ],
)
def test_a_pattern_finds_whole_words(term: Term, text: str, found: str | None) -> None:
    match = term.pattern().search(text)
    assert (match[0] if match else None) == found
