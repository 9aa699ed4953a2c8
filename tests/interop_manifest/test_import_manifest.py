"""Manifests of an import: read whole or refused with the line that is wrong."""

import contextlib
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import BadManifestError
from monespace_cli.interop import import_manifest
from monespace_cli.interop.import_manifest import MAX_SIZE, read_import_manifest
from monespace_cli.record.codes import Kind

FOLDER = Path("/scans")
CSV = """path,kind,date,practitioner,title,tags,batch
a.pdf,biology,2024-03-12,Dr Luc DURAND,Bilan,annuel sang,42
sub/b.jpg,,,,,,
"""


def rows(text: str) -> list[tuple[object, ...]]:
    return [
        (row.path, row.type_code, row.date, row.practitioner, row.title, row.tags, row.extra)
        for row in read_import_manifest(text.encode(), FOLDER)
    ]


EXPECTED = [
    (FOLDER / "a.pdf", Kind.BIOLOGY.type_code, date(2024, 3, 12), "Dr Luc DURAND", "Bilan", ("annuel", "sang"), (("batch", "42"),)),
    (FOLDER / "sub" / "b.jpg", None, None, None, None, (), (("batch", ""),)),
]


def test_csv_is_read_and_unknown_columns_are_kept() -> None:
    assert rows(CSV) == EXPECTED


def test_semicolons_a_byte_order_mark_and_carriage_returns_do_not_matter() -> None:
    assert rows("\ufeff" + CSV.replace(",", ";").replace("\n", "\r\n")) == EXPECTED


def test_json_lines_say_the_same() -> None:
    first = {"path": "a.pdf", "kind": "biology", "date": "2024-03-12", "practitioner": "Dr Luc DURAND", "title": "Bilan"}
    lines = [{**first, "tags": ["annuel", "sang"], "batch": 42}, {"path": "sub/b.jpg", "batch": ""}]
    assert rows("\n".join(map(json.dumps, lines))) == EXPECTED


def test_a_blank_line_of_json_lines_says_nothing() -> None:
    assert len(rows('{"path": "a.pdf"}\n\n{"path": "b.pdf"}\n')) == 2


def test_so_many_lines_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(import_manifest, "MAX_ROWS", 2)
    assert len(rows("path\na\nb\n")) == 2
    with pytest.raises(BadManifestError, match="more than 2 lines"):
        rows("path\na\nb\nc\n")


def test_an_absolute_path_stays_so() -> None:
    assert rows("path\n/elsewhere/c.pdf\n")[0][0] == Path("/elsewhere/c.pdf")


def test_an_exact_type_code_is_taken() -> None:
    assert rows("path,type_code\na.pdf,11502-2\n")[0][1] == "11502-2"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no column"),
        ("file,kind\na,biology\n", "no column"),
        ("path\n\n,\n", "line 3"),
        ("path,kind\na\n", "line 2 has more or fewer columns"),
        ("path,kind\na,biology,c\n", "line 2 has more or fewer columns"),
        ('path\n"a\n', "is not CSV"),
        ("path,kind\na.pdf,bloodwork\n", "line 2: `kind`"),
        ("path,type_code\na.pdf,99999-9\n", "line 2: `type_code`"),
        ("path,kind,type_code\na.pdf,biology,11502-2\n", "both"),
        ("path,date\na.pdf,12/03/2024\n", "line 2: `date`"),
        ("path,date\nb.pdf,\na.pdf,2024-02-30\n", "line 3: `date`"),
        ("path\na.pdf\na.pdf\n", "line 3 names the same file as line 2"),
        ("path\na\x00.pdf\n", "line 2 names no file"),
        (f"path,title\na.pdf,{'x' * 10_001}\n", "too long"),
        ('{"path": "a.pdf"}\n["a.pdf"]', "line 2 is not a JSON object"),
        ('{"path": "a.pdf"}\n{"path"', "line 2 is not JSON"),
        ('{"path": {}}', "`path` is neither a text nor a number"),
        ('{"kind": "biology"}', "line 1 names no file"),
        ('{"path": "a.pdf", "tags": 1}', "`tags`"),
        ('{"path": "a.pdf", "tags": [1]}', "`tags`"),
        (json.dumps({"path": "a.pdf", "tags": ["x" * 10_001]}), "`tags`"),
        ('{"path": "a.pdf", "x": ' + "[" * 100_000, "line 1 is not JSON"),
    ],
)
def test_what_is_wrong_is_named_by_its_line(text: str, said: str) -> None:
    with pytest.raises(BadManifestError, match=said) as caught:
        rows(text)
    assert "bloodwork" not in caught.value.message


def test_too_large_and_not_utf8_are_refused() -> None:
    with pytest.raises(BadManifestError, match="larger"):
        read_import_manifest(b"x" * (MAX_SIZE + 1), FOLDER)
    with pytest.raises(BadManifestError, match="UTF-8"):
        read_import_manifest("path\nété.pdf\n".encode("latin-1"), FOLDER)


@given(st.text() | st.binary().map(lambda data: data.decode("latin-1")))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(BadManifestError):
        read_import_manifest(text.encode("utf-8", "surrogatepass"), FOLDER)
