import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monespace_cli.errors import UsageError
from monespace_cli.record.query import MAX_DEPTH, MAX_QUERY_LENGTH, parse
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.match import match, match_column
from monespace_cli.vault.vault import Vault

TYPED = st.lists(
    st.sampled_from(
        ["AND ", "OR ", "NOT ", "NEAR(a b)", "(", ")", '"', "*", " ", "a", "é", "-", "'", "title:", "^", "{", "+", "\x00", "\udce9"]
    )
    | st.text(max_size=3)
).map("".join)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hémoglobine", '"hemoglobine"'),
        ("gly*", '"gly" *'),
        ("a b", '("a" AND "b")'),
        ("a OR b", '("a" OR "b")'),
        ("a NOT b NOT c", '(("a") NOT ("b" OR "c"))'),
        ("title:a", '"title a"'),
        ("NEAR(a b)", '("near" AND ("a" AND "b"))'),
    ],
)
def test_expressions(text: str, expected: str) -> None:
    assert match(parse(text)) == expected


def test_columns() -> None:
    assert match_column("practitioner", "Dr. D'Œuvre") == 'practitioner : ("dr" AND "d" AND "oeuvre")'
    with pytest.raises(UsageError):
        match_column("practitioner", "-")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=300)
@given(TYPED)
def test_any_text_is_a_search_that_fts5_understands_or_a_usage_error(vault: Vault, text: str) -> None:
    try:
        vault.search(text, Filter(practitioner=text if len(text) % 2 else ""), 5)
    except UsageError:
        return


@pytest.mark.parametrize(
    "text",
    [
        "a " * (MAX_QUERY_LENGTH // 2),
        "a" + " NOT a" * ((MAX_QUERY_LENGTH - 1) // 6),
        "a" + " OR a" * ((MAX_QUERY_LENGTH - 1) // 5),
        '"' + "a " * (MAX_QUERY_LENGTH // 2 - 1) + '"',
        "(a OR a NOT " * MAX_DEPTH + "a" + ")" * MAX_DEPTH,
        "(a " * MAX_DEPTH + "a" + ")" * MAX_DEPTH,
        "ﷺ" * MAX_QUERY_LENGTH,
        "b " * 100 + "ﷺ " * 300,
    ],
)
def test_the_largest_searches_are_within_the_bounds_of_fts5(vault: Vault, text: str) -> None:
    vault.search(text, Filter(), 5)
