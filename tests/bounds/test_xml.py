import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.bounds.limits import MAX_XML_DEPTH
from monespace_cli.bounds.xml import UnfitXmlError, check_xml

BOMB = b"""<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><a>&b;</a>"""
OUTSIDE = b"""<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>"""


def nested(depth: int) -> bytes:
    return b"<a>" * depth + b"</a>" * depth


def test_ordinary_xml_passes_in_any_pieces() -> None:
    text = '<?xml version="1.0" encoding="UTF-8"?><a><!-- c --><b x="1">é &amp; &#233;</b><![CDATA[<]]></a>'.encode()
    for size in (1, 7, len(text)):
        check_xml(text[at : at + size] for at in range(0, len(text), size))


def test_it_may_nest_as_deep_as_health_formats_do_and_no_deeper() -> None:
    check_xml([nested(MAX_XML_DEPTH)])
    with pytest.raises(UnfitXmlError, match="deep"):
        check_xml([nested(MAX_XML_DEPTH + 1)])


def test_breadth_is_no_depth() -> None:
    check_xml([b"<a>", b"<b/>" * (2 * MAX_XML_DEPTH), b"</a>"])


@pytest.mark.parametrize("data", [BOMB, OUTSIDE, b"<!DOCTYPE a><a/>"])
def test_a_dtd_is_refused_before_anything_in_it_is_followed(data: bytes) -> None:
    with pytest.raises(UnfitXmlError, match="DTD"):
        check_xml([data])


@pytest.mark.parametrize("data", [b"", b"<a>", b"<a></b>", b"\x00", b"<a>&b;</a>", b"<a/><a/>"])
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    with pytest.raises(UnfitXmlError, match="well formed"):
        check_xml([data])


def test_an_endless_document_ends_at_its_depth() -> None:
    with pytest.raises(UnfitXmlError, match="deep"):
        check_xml(itertools.repeat(b"<a>"))


@given(st.binary(max_size=200))
def test_anything_else_is_refused_or_passes(data: bytes) -> None:
    try:
        check_xml([data])
    except UnfitXmlError:
        return
    assert b"<!DOCTYPE" not in data
