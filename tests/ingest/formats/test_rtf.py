"""RTF gives its words and nothing else, whatever it is made of."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.decode import open_document
from monespace_cli.ingest.formats.rtf import to_text
from monespace_cli.record.document import TextSource
from tests.ingest.samples import RTF, RTF_PAGES


def test_an_rtf_file_is_pages_of_text() -> None:
    document = open_document(RTF)
    assert (document.media_type, document.own_text, document.page_count) == ("text/rtf", TextSource.PLAIN, 2)
    assert (document.text(1), document.text(2)) == RTF_PAGES
    assert document.candidates(1) == ()


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (rb"\'e9t\'e9", "été"),
        (rb"\ansicpg1250 \'b3", "ł"),
        (rb"\ansicpg65001 \'c3\'a9", "é"),
        (rb"\ansicpg99999 \'e9", "é"),
        (rb"\mac \'8e", "é"),
        (rb"\u233?t\u233\'e9", "été"),
        (rb"{\uc2\u233 ??}t\u233 ??", "été?"),
        (rb"{\uc0\u233 t}", "ét"),
        (rb"\u-10179?\u-8704?", "\U0001f600"),
        (rb"\u-10179?", "\ufffd"),
        (rb"a\~b\_c\\\{\}", "a\xa0b-c\\{}"),
        (rb"one\line two\cell three\row", "one\ntwo\tthree\n"),
        (rb"\lquote a\rquote\bullet", "‘a’•"),
        (b"one\r\ntwo", "onetwo"),
        (rb"{\*\unknown gone}{\pict 89504e47}{\object{\objdata 00}}kept", "kept"),
        (rb"{\b{\*\x a}bold}", "bold"),
        (rb"{\pict\bin3 {{{}kept", "kept"),
        (rb"a\bin", "a"),
        (rb"a\bin-5 b", "ab"),
        (b"end\\", "end}"),
    ],
)
def test_words(words: bytes, text: str) -> None:
    assert to_text(rb"{\rtf1\ansi " + words + b"}") == text


@pytest.mark.parametrize("data", [b"{" * 2_000, rb"{\rtf1 }}"])
def test_groups_without_end_are_damage(data: bytes) -> None:
    with pytest.raises(UnreadableInputError) as caught:
        to_text(data)
    assert caught.value.code == "damaged-file"


@given(st.lists(st.sampled_from([b"{", b"}", b"\\", b"u", b"-1", b"'", b"e9", b"bin", b"9", b" ", b"*", b"uc", b"\xe9", b"ansicpg"])))
def test_anything_is_text_or_damage(parts: list[bytes]) -> None:
    data = rb"{\rtf1" + b"".join(parts)
    try:
        assert len(to_text(data)) <= len(data)
    except UnreadableInputError as error:
        assert error.code == "damaged-file"
