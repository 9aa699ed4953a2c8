"""Members of received objects: types, bounds, and text that can be shown."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from enum import StrEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.sync.canonical import FormatError, Json
from monespace_cli.sync.fields import Fields, moment_text, plain


class Colour(StrEnum):
    RED = "red"


@given(st.text())
def test_plain_text_can_be_read_again(text: str) -> None:
    made = plain(text, 20)
    assert Fields({"a": made}).text("a", longest=20, shortest=0) == made
    assert plain(made, 20) == made


def test_plain_text_loses_what_cannot_be_shown() -> None:
    assert plain("a\x00b\u202egnp.exe\r\n c\ud800", 100) == "a b gnp.exe c"


@pytest.mark.parametrize("text", ["", "a" * 11, "a\nb", "a\x00b", "a\u202eb", "a\u2066b", "\u200fa", "a\x7f", "a\u2028b", " a", "a\u00a0"])
def test_text_that_misleads_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        Fields({"a": text}).text("a", longest=10)


READERS: list[tuple[Callable[[Fields], Any], Json, Json]] = [
    (lambda f: f.text("a", longest=3), "abc", 1),
    (lambda f: f.texts("a", most=2, longest=3), ["b", "b"], ["b", "c", "d"]),
    (lambda f: f.texts("a", most=2, longest=3), ["b"], []),
    (lambda f: f.texts("a", most=2, longest=3), ["b"], ["b", 1]),
    (lambda f: f.hex("a", 4), "00ff", "00FF"),
    (lambda f: f.hex("a", 4), "00ff", "00ff\n"),
    (lambda f: f.matching("a", r"\d"), "1", "\u0661"),
    (lambda f: f.choice("a", Colour), "red", "blue"),
    (lambda f: f.choice("a", Colour), "red", ["red"]),
    (lambda f: f.integer("a", least=1, most=9), 9, 10),
    (lambda f: f.integer("a", least=1, most=9), 1, 0),
    (lambda f: f.integer("a", least=0, most=9), 1, True),
    (lambda f: f.integer("a", least=0, most=9), 1, "1"),
    (lambda f: f.moment("a"), "2026-11-23T10:00:00Z", "2026-11-23T10:00:00+00:00"),
    (lambda f: f.moment("a"), "2024-02-29T23:59:59Z", "2026-02-29T23:59:59Z"),
    (lambda f: f.moment("a"), "2026-11-23T10:00:00Z", "2026-11-23T10:00:60Z"),
    (lambda f: f.day("a"), "2024-02-29", "2026-02-29"),
    (lambda f: f.day("a"), "2024-02-29", "20240229"),
    (lambda f: f.array("a", most=1), [1], [1, 2]),
    (lambda f: f.array("a", most=1), [1], {}),
    (lambda f: f.fields("a"), {}, []),
]


@pytest.mark.parametrize(("read", "good", "bad"), READERS)
def test_a_member_of_another_form_is_refused(read: Callable[[Fields], Any], good: Json, bad: Json) -> None:
    assert read(Fields({"a": good})) is not None
    with pytest.raises(FormatError):
        read(Fields({"a": bad}))
    with pytest.raises(FormatError):
        read(Fields({"b": good}))


def test_an_unknown_member_is_refused() -> None:
    fields = Fields({"a": "x", "b": "y"})
    fields.text("a", longest=1)
    with pytest.raises(FormatError):
        fields.end()


def test_null_is_told_from_absent() -> None:
    assert Fields({"a": None}).is_null("a")
    assert not Fields({"a": ""}).is_null("a")
    assert not Fields({}).is_null("a")


def test_a_moment_is_written_in_utc() -> None:
    assert moment_text(datetime(2026, 1, 1, 0, 30, 5, 999, timezone(timedelta(hours=1)))) == "2025-12-31T23:30:05Z"
    assert moment_text(datetime(1, 2, 3, tzinfo=UTC)) == "0001-02-03T00:00:00Z"
    assert Fields({"a": "0001-02-03T00:00:00Z"}).moment("a") == datetime(1, 2, 3, tzinfo=UTC)
    assert Fields({"a": "1980-05-17"}).day("a") == date(1980, 5, 17)
