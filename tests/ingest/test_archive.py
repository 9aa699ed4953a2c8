"""Archives through the real child: their files in memory, and what faulty archives and children cost."""

from collections.abc import Iterator

import pytest

from monespace_cli.bounds import limits
from monespace_cli.bounds.process import Worker
from monespace_cli.errors import UnreadableInputError
from monespace_cli.ingest.archive import Member, RefusedMember, Unpacker
from monespace_cli.ingest.detect import is_archive
from tests.ingest.samples import zipped

ANSWERS = """
from monespace_cli.bounds.child import serve
serve(lambda header, payload: (ANSWER if header["do"] == "next" else {}, b""))
"""


@pytest.fixture(scope="module")
def unpacker() -> Iterator[Unpacker]:
    with Unpacker() as opened:
        yield opened


def code_of(unpacker: Unpacker, data: bytes) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        list(unpacker.members(data))
    return caught.value.code


def test_an_archive_is_told_by_its_content() -> None:
    assert is_archive(zipped({}))
    assert is_archive(zipped({"a": b""}))
    assert not is_archive(b"PK, my dear")


def test_files_arrive_with_names_fit_for_a_screen(unpacker: Unpacker) -> None:
    large = bytes(range(256)) * 8192
    data = zipped({"two\nlines.txt": b"one", "inner.zip": zipped({"/etc/passwd": large, "deeper.zip": zipped({"x": b""})})})
    first, second, third = unpacker.members(data)
    assert first == Member("two\\nlines.txt", b"one")
    assert second == Member("inner.zip//etc/passwd", large)
    assert isinstance(third, RefusedMember)
    assert (third.name, third.code) == ("inner.zip/deeper.zip", "too-deep")
    assert third.message


def test_what_is_no_good_archive_has_a_code(unpacker: Unpacker) -> None:
    assert code_of(unpacker, b"PK\x03\x04 and nothing") == "damaged-file"
    assert code_of(unpacker, zipped({})) == "empty-file"
    assert code_of(unpacker, zipped({".hidden": b"x"})) == "empty-file"
    assert code_of(unpacker, bytes(limits.MAX_FILE_BYTES + 1)) == "file-too-large"
    assert list(unpacker.members(zipped({"a": b"good"}))) == [Member("a", b"good")]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ("{'name': 7}", "reader-garbled"),
        ("{'name': 'a', 'refused': 'made-up'}", "reader-garbled"),
        ("{'refused': 'damaged-file'}", "reader-garbled"),
        ("1 / 0", "reader-failed"),
        ("bytearray(1 << 40)", "reader-out-of-memory"),
        ("__import__('os')._exit(1)", "reader-crashed"),
    ],
)
def test_a_faulty_child_costs_one_archive(answer: str, code: str) -> None:
    with Unpacker() as unpacker:
        unpacker._worker = Worker(["-c", ANSWERS.replace("ANSWER", answer)])
        assert code_of(unpacker, b"PK\x03\x04") == code


def test_an_endless_archive_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_ARCHIVE_FILES", 3)
    with Unpacker() as unpacker:
        unpacker._worker = Worker(["-c", ANSWERS.replace("ANSWER", "{'name': 'again'}")])
        assert len(list(unpacker.members(b"PK\x03\x04"))) == 3
