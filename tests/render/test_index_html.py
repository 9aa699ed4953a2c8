"""The page: whatever a document is called, it is text; nothing on the page runs or is fetched."""

import hashlib
import re
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, date, datetime
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.codes import Kind
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.render.index_html import IndexPage, Row, index_html
from monespace_cli.render.page import KIND_LABELS

H = "{http://www.w3.org/1999/xhtml}"
ROW = Row("Ordonnance", Kind.PRESCRIPTION, date(2026, 3, 2), "Dr Luc DURAND", 2, 1_234_567, "DOC00001.PDF")
PAGE = IndexPage(
    subject=Identity("MARTIN", ("Zoé",), date(1980, 5, 17), Sex.FEMALE, "280057511122220"),
    sender="Zoé MARTIN",
    fingerprint_words=["abaisser", "zoologie"],
    created=datetime(2026, 11, 23, tzinfo=UTC),
    expires=datetime(2026, 12, 23, tzinfo=UTC),
    purpose="avis",
    documents=[ROW],
)
TEXT = st.text(st.characters(exclude_categories=["Cc", "Cs"], exclude_characters="\ufffe\uffff"), max_size=30)


def texts(page: IndexPage) -> list[str]:
    return [text for text in ET.fromstring(index_html(page)).itertext() if text.strip()]


def test_it_says_what_a_person_needs() -> None:
    said = " ".join(texts(PAGE))
    for words in (
        "Zoé MARTIN, née le 17/05/1980",
        "280057511122220",
        "abaisser zoologie",
        "23/12/2026",
        "avis",
        "02/03/2026",
        "2 pages, 1,2 Mo",
    ):
        assert words in said


def test_what_is_not_known_is_not_said() -> None:
    page = replace(
        PAGE, subject=replace(PAGE.subject, ins=None), expires=None, purpose="", documents=[replace(ROW, date=None, page_count=1, size=10)]
    )
    said = " ".join(texts(page))
    assert "sans date" in said
    assert "1 page, 1 ko" in said
    for words in ("INS", "Valable", "Motif"):
        assert words not in said


@given(TEXT, TEXT, TEXT)
def test_any_text_is_text(title: str, practitioner: str, purpose: str) -> None:
    page = replace(PAGE, purpose=purpose, documents=[replace(ROW, title=title, practitioner=practitioner, href=f"a?{title}")])
    root = ET.fromstring(index_html(page))
    tags = [node.tag for node in root.iter()]
    assert tags.count(f"{H}script") == 0
    (link,) = root.iter(f"{H}a")
    assert (link.text or "", link.attrib) == (title, {"href": f"a?{title}"})
    assert practitioner in [node.text or "" for node in root.iter(f"{H}td")]


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "&amp;", "</td></table>"])
def test_markup_is_shown_and_not_obeyed(text: str) -> None:
    page = replace(PAGE, sender=text, purpose=text, subject=replace(PAGE.subject, family_name=text), documents=[replace(ROW, title=text)])
    root = ET.fromstring(index_html(page))
    assert len(list(root.iter())) == len(list(ET.fromstring(index_html(PAGE)).iter()))
    assert [link.text for link in root.iter(f"{H}a")] == [text]


def test_nothing_runs_and_nothing_is_fetched() -> None:
    page = index_html(PAGE).decode()
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{digest}'" in page
    attributes = {name for node in ET.fromstring(page).iter() for name in node.attrib}
    assert not attributes & {"src", "style", "onclick", "action"}
    assert "url(" not in style[1]


def test_links_are_relative() -> None:
    assert [link.attrib["href"] for link in ET.fromstring(index_html(PAGE)).iter(f"{H}a")] == ["DOC00001.PDF"]


def test_every_kind_has_a_label() -> None:
    assert set(KIND_LABELS) == set(Kind)
