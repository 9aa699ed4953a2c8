"""On the disk: everything or nothing, names of our own, readable by the owner only."""

import io
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from monespace_cli.errors import BundleError, BusyError, IntegrityError, NotWritableError, UnreadableInputError, UsageError
from monespace_cli.sync.files import extract, read_card_file, reading, seal_file
from monespace_cli.sync.opening import OpenedBundle
from tests.sync.people import JPEG, NOW, PDF, PLACE, SENDER, TO_LUC_COMPAT, Dice, document, opened, sealed, share

if TYPE_CHECKING:
    from monespace_cli.sync.sealing import Sealed

HOSTILE_TITLE = '<script>alert(1)</script> ../../etc/passwd "x"'


@pytest.fixture
def bundle() -> OpenedBundle:
    return opened(sealed())


def seal_to(path: Path) -> None:
    seal_file(path, share(), PLACE, lambda _manifest: None, sender=SENDER, to=TO_LUC_COMPAT, now=NOW, random=Dice())


def test_a_sealed_file_opens_and_is_private(tmp_path: Path) -> None:
    path = tmp_path / "for-luc.age"
    seal_to(path)
    assert opened(path.read_bytes()).documents
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_file_that_is_there_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "for-luc.age"
    path.write_bytes(b"mine")
    with pytest.raises(UsageError):
        seal_to(path)
    assert path.read_bytes() == b"mine"


def test_a_failed_seal_leaves_nothing(tmp_path: Path) -> None:
    wrong = share(document(sha256="0" * 64))
    with pytest.raises(IntegrityError):
        seal_file(tmp_path / "for-luc.age", wrong, PLACE, lambda _manifest: None, sender=SENDER, to=TO_LUC_COMPAT, now=NOW, random=Dice())
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_has_its_name_only_when_it_was_noted(tmp_path: Path) -> None:
    path = tmp_path / "for-luc.age"
    noted: list[tuple[Sealed, bool]] = []
    manifest = seal_file(
        path,
        share(),
        PLACE,
        lambda made: noted.append((made, path.exists())),
        sender=SENDER,
        to=TO_LUC_COMPAT,
        now=NOW,
        random=Dice(),
    )
    assert noted == [(manifest, False)]

    def refuse(_sealed: "Sealed") -> None:
        raise BusyError("no")

    path.unlink()
    with pytest.raises(BusyError):
        seal_file(path, share(), PLACE, refuse, sender=SENDER, to=TO_LUC_COMPAT, now=NOW, random=Dice())
    assert list(tmp_path.iterdir()) == []


def test_extracting_writes_documents_under_names_of_our_own(bundle: OpenedBundle, tmp_path: Path) -> None:
    paths = extract(bundle, tmp_path / "out")
    assert [path.name for path in paths] == ["0001-2026-03-02-prescription.pdf", "0002-undated-biology.jpg"]
    assert [path.read_bytes() for path in paths] == [PDF, JPEG]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*(path.name for path in paths), "index.html"}
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o700
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in (tmp_path / "out").iterdir())
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_the_page_is_made_again_and_links_to_the_files(tmp_path: Path) -> None:
    extract(opened(sealed(share(document(title=HOSTILE_TITLE)))), tmp_path / "out")
    page = (tmp_path / "out/index.html").read_text()
    assert 'href="0001-2026-03-02-prescription.pdf"' in page
    assert "IHE_XDM" not in page
    assert "<script" not in page


def test_an_empty_directory_is_filled(bundle: OpenedBundle, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    assert all(path.exists() for path in extract(bundle, tmp_path / "out"))


def occupied(path: Path) -> None:
    path.mkdir()
    (path / "mine").write_text("mine")


@pytest.mark.parametrize("occupy", [occupied, Path.touch])
def test_what_is_there_is_not_touched(bundle: OpenedBundle, tmp_path: Path, occupy: Callable[[Path], None]) -> None:
    occupy(tmp_path / "out")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(UsageError):
        extract(bundle, tmp_path / "out")
    assert sorted(tmp_path.rglob("*")) == before


def test_what_a_killed_process_left_in_plain_is_told(bundle: OpenedBundle, tmp_path: Path) -> None:
    def killed() -> io.BytesIO:
        shutil.copytree(tmp_path / "out.unfinished", tmp_path / "seen")
        raise KeyboardInterrupt

    first, second = bundle.documents
    with pytest.raises(KeyboardInterrupt):
        extract(replace(bundle, documents=(first, replace(second, open=killed))), tmp_path / "out")
    assert not (tmp_path / "out.unfinished").exists()
    (tmp_path / "seen").rename(tmp_path / "out.unfinished")
    with pytest.raises(UsageError, match=r"out\.unfinished is there"):
        extract(bundle, tmp_path / "out")


def test_a_document_that_changes_after_the_checks_leaves_nothing(bundle: OpenedBundle, tmp_path: Path) -> None:
    first, second = bundle.documents
    changed = replace(bundle, documents=(first, replace(second, open=lambda: io.BytesIO(JPEG + b"!"))))
    with pytest.raises(BundleError):
        extract(changed, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_no_space_leaves_nothing(bundle: OpenedBundle, tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            raise OSError(28, os.strerror(28))

    first, second = bundle.documents
    with pytest.raises(NotWritableError):
        extract(replace(bundle, documents=(first, replace(second, open=Full))), tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_is_not_there_is_told(bundle: OpenedBundle, tmp_path: Path) -> None:
    with pytest.raises(NotWritableError):
        extract(bundle, tmp_path / "no/where")
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInputError), reading(tmp_path / "none.age"):
        pytest.fail("it cannot be open")


def test_a_card_file_is_read_with_a_bound(tmp_path: Path) -> None:
    (tmp_path / "big.card").write_bytes(bytes(100_000))
    assert len(read_card_file(tmp_path / "big.card")) == 32 * 1024 + 1


def test_reading_is_reading(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"abc")
    with reading(tmp_path / "a") as file:
        assert file.read() == b"abc"
