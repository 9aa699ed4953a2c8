import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from monespace_cli.record.query import Term
from monespace_cli.record.text import EXCERPT_WIDTH, excerpt, fold, well_formed, words_of

# Letters that fold to more, fewer or other letters, beside any text at all.
PIECES = st.sampled_from(
    [
        "œ",
        "Œdème",
        "æ",
        "ﬁn",
        "ﬄ",
        "½",
        "İ",
        "ß",
        "ẞ",
        "é",
        "e\u0301",
        "E\u0323\u0302",
        "\u00ad",
        "ſ",
        "ŉ",
        "µ",
        "①",
        "l’",
        "\u200d",
        "한",
        " ",
        "\n",
        "-",
        "_",
        "a",
    ]
)
TEXT = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)


def test_what_people_type_is_what_is_stored() -> None:
    for written, typed in {
        "HÉMOGLOBINE": "hemoglobine",
        "he\u0301moglobine": "hemoglobine",
        "hémo\u00adglobine": "hemoglobine",
        "Œdème": "oedeme",
        "ex æquo": "ex aequo",
        "ﬁbrinogène": "fibrinogene",
        "ÎLE, ïambe, ÿ, ç": "ile, iambe, y, c",
        "Straße": "strasse",
        "İzmir": "izmir",
        "µmol": "μmol",
        "10²": "102",
        "l’hémoglobine": "l'hemoglobine",
    }.items():
        assert fold(written) == typed


@given(TEXT)
@example("ǽ")
@example("ẛ̣")
def test_folding_again_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(TEXT)
def test_unicode_forms_and_case_do_not_matter(text: str) -> None:
    for form in ("NFC", "NFD"):
        assert fold(unicodedata.normalize(form, text)) == fold(text)
    assert words_of(text.casefold()) == words_of(text)


@given(st.text(max_size=50))
def test_folding_is_done_letter_by_letter(text: str) -> None:
    whole, parts = fold(text), "".join(map(fold, text))
    assert sorted(whole) == sorted(parts)
    assert words_of(text) == re.findall(r"[^\W_]+", parts)


@given(st.text(st.characters(categories=None, min_codepoint=0xD700, max_codepoint=0xE000)))
def test_well_formed_text_can_be_stored(text: str) -> None:
    assert well_formed(text).encode().decode() == well_formed(text)


def test_well_formed_text_stays() -> None:
    assert well_formed("Œdème \U0001f600") == "Œdème \U0001f600"
    assert well_formed("scan\udce9.pdf") == "scan?.pdf"


@given(before=TEXT, word=TEXT.filter(words_of), after=TEXT, prefix=st.booleans())
def test_marks_point_at_what_was_searched(before: str, word: str, after: str, prefix: bool) -> None:
    term = Term(tuple(words_of(word)), prefix)
    found = excerpt(f"{before} {word} {after}", [term.pattern()])
    assert found is not None
    assert found.marks
    for start, end in found.marks:
        assert 0 <= start < end <= len(found.text)
        marked, wanted = words_of(found.text[start:end]), list(term.words)
        assert any(
            marked[i : i + len(wanted)] == wanted or (prefix and marked[i : i + len(wanted)][-1:][0].startswith(wanted[-1]))
            for i in range(len(marked) - len(wanted) + 1)
        )


@given(TEXT, TEXT.filter(words_of))
def test_an_excerpt_is_where_the_folded_text_matches(text: str, word: str) -> None:
    pattern = Term(tuple(words_of(word))).pattern()
    assert (excerpt(text, [pattern]) is None) == (pattern.search(fold(text)) is None)


def test_an_excerpt_is_a_line_around_the_first_find() -> None:
    text = "avant " * 50 + "la CRÉATININE est\nnormale " + "après " * 50 + "créatinine"
    found = excerpt(text, [Term(("creatinine",)).pattern()])
    assert found is not None
    assert len(found.text) <= EXCERPT_WIDTH
    assert "la CRÉATININE est normale" in found.text
    assert [found.text[a:b] for a, b in found.marks] == ["CRÉATININE"]


def test_a_mark_holds_the_accents_that_stand_apart() -> None:
    found = excerpt("une me\u0301taste\u0301 ici", [Term(("metaste",)).pattern()])
    assert found is not None
    assert [found.text[a:b] for a, b in found.marks] == ["me\u0301taste\u0301"]


def test_a_mark_holds_the_whole_ligature() -> None:
    found = excerpt("dose ½ comprimé", [Term(("1",)).pattern()])
    assert found is not None
    assert [found.text[a:b] for a, b in found.marks] == ["½"]


def test_no_find_no_excerpt() -> None:
    assert excerpt("glycémie", [Term(("gly",)).pattern()]) is None
    assert excerpt("hypoglycémie", [Term(("glycemie",)).pattern()]) is None
    assert excerpt("", []) is None
