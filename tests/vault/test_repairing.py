import io
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from monespace_cli.ports import NoProgress
from monespace_cli.record.journal import Event
from monespace_cli.vault.checking import Report, check
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.repairing import GRACE, prune, repair
from monespace_cli.vault.vault import Vault
from tests.vault.test_checking import blob_of, flaws
from tests.vault.world import put


def mend(vault: Vault, *sources: Path) -> Report:
    repair(vault, check(vault.layout, vault.database, NoProgress(), read_data=True), sources, NoProgress())
    return check(vault.layout, vault.database, NoProgress(), read_data=True)


@pytest.mark.parametrize(
    "damage",
    [
        "INSERT INTO search (search) VALUES ('delete-all')",
        "UPDATE search_data SET block = zeroblob(length(block)) WHERE id > 100",
        "INSERT INTO search (rowid, text) VALUES (7, 'autre')",
    ],
)
def test_the_search_index_is_made_anew(vault: Vault, damage: str) -> None:
    document = put(vault, "un mot rare", "hémoglobine", title="Bilan")
    vault.database.execute(damage)
    assert mend(vault).findings == []
    assert [hit.document.id for hit in vault.search("hemoglobine", Filter(), 5).hits] == [document.id]
    assert vault.journal.entries()[-2].event is Event.VAULT_REPAIRED


def test_a_rebuilt_index_forgets_what_is_told_as_before(vault: Vault) -> None:
    document = put(vault, "un mot rare", title="Bilan")
    vault.documents.rebuild_index(NoProgress())
    vault.documents.edit(document, title="Autre")
    assert vault.search("bilan", Filter(), 5).total == 0
    assert vault.search("autre", Filter(), 5).total == 1
    assert flaws(vault) == []


def test_files_are_closed_to_others(vault: Vault) -> None:
    put(vault, "texte")
    vault.layout.blobs.chmod(0o755)
    vault.layout.database.chmod(0o640)
    assert mend(vault).findings == []
    assert vault.layout.blobs.stat().st_mode & 0o777 == 0o700
    assert vault.layout.database.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("is_missing", [True, False])
def test_an_original_comes_back_from_where_it_is_whole(vault: Vault, tmp_path: Path, is_missing: bool) -> None:
    document = put(vault, "texte", title="Ordonnance")
    path = vault.layout.blob(blob_of(vault, document.id))
    absent, rotten, whole = (tmp_path / name for name in ("absent", "rotten", "whole"))
    for folder, data in ((rotten, b"rotten"), (whole, path.read_bytes())):
        (folder / path.parent.name).mkdir(parents=True)
        (folder / path.parent.name / path.name).write_bytes(data)
    path.write_bytes(path.read_bytes()[:-1])
    if is_missing:
        path.unlink()
    assert len(mend(vault, absent, rotten).damage) == 1, "what is not whole is not taken"
    assert path.exists() is not is_missing, "nor is what there is taken away"
    assert mend(vault, absent, rotten, whole).findings == []
    with vault.documents.original(document) as file:
        assert file.read() == b"Ordonnance\x0ctexte"


def test_a_document_that_cannot_be_mended_stays(vault: Vault) -> None:
    document = put(vault, "texte")
    vault.layout.blob(blob_of(vault, document.id)).unlink()
    assert len(mend(vault).damage) == 1
    assert vault.documents.find(document.id) == document
    assert Event.VAULT_REPAIRED not in [entry.event for entry in vault.journal.entries()]


def aged(path: Path, age: timedelta) -> None:
    moment = (datetime.now(UTC) - age).timestamp()
    os.utime(path, (moment, moment))


def test_only_what_nobody_uses_any_more_is_pruned(vault: Vault) -> None:
    document = put(vault, "texte")
    kept, old, young = (
        vault.layout.blob(blob_of(vault, document.id)),
        vault.blobs.write(io.BytesIO(b"1")),
        vault.blobs.write(io.BytesIO(b"2")),
    )
    leftover = vault.layout.blobs / f".{'0' * 16}.new"
    leftover.write_bytes(b"half")
    unknown = vault.layout.root / "notes.txt"
    unknown.touch(0o600)
    for path in (kept, vault.layout.blob(old.id), leftover, unknown):
        aged(path, GRACE + timedelta(minutes=1))
    size = vault.layout.blob(old.id).stat().st_size + 4
    pruned = prune(vault, GRACE, datetime.now(UTC))
    assert (pruned.orphans, pruned.leftovers, pruned.size, pruned.spared) == ((old.id,), (f"blobs/{leftover.name}",), size, 1)
    assert kept.exists()
    assert unknown.exists()
    assert vault.layout.blob(young.id).exists()
    assert not vault.layout.blob(old.id).exists()
    assert not leftover.exists()
    assert prune(vault, timedelta(0), datetime.now(UTC)).orphans == (young.id,)
