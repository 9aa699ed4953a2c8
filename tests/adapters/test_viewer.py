import io
from pathlib import Path

from monespace_cli.adapters.viewer import shown_files
from monespace_cli.interop.stored_zip import Part, archive_chunks


def contents(data: bytes, media_type: str, folder: Path) -> dict[str, bytes]:
    with shown_files(io.BytesIO(data), media_type, folder) as paths:
        assert all(path.parent.parent == folder and path.stat().st_mode & 0o777 == 0o400 for path in paths)
        found = {path.name: path.read_bytes() for path in paths}
    assert list(folder.iterdir()) == []
    return found


def test_a_document_is_one_file(tmp_path: Path) -> None:
    assert contents(b"%PDF", "application/pdf", tmp_path) == {"document.pdf": b"%PDF"}


def test_a_set_of_pages_is_several_files_under_names_of_ours(tmp_path: Path) -> None:
    parts = [Part.of(name, name.encode()) for name in ("0001.jpg", "../../evil.sh", "/etc/0003.png", "0004")]
    found = contents(b"".join(archive_chunks(parts)), "application/zip", tmp_path)
    assert list(found) == ["0001.jpg", "0002.bin", "0003.png", "0004.bin"]
    assert found["0002.bin"] == b"../../evil.sh"


def test_a_zip_of_somebody_else_is_shown_as_one(tmp_path: Path) -> None:
    assert contents(b"PK\x03\x04 and so on", "application/zip", tmp_path) == {"document.zip": b"PK\x03\x04 and so on"}
