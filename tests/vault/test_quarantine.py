import io
from datetime import timedelta

import pytest

from monespace_cli.errors import NotFoundError
from monespace_cli.record.document import Provenance
from monespace_cli.record.journal import Event
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World


def keep(vault: Vault, data: bytes, name: str = "photo.heic") -> str:
    return vault.quarantine.add(vault.blobs.write(io.BytesIO(data)), 1, Provenance(source_name=name), "unsupported-type")


def test_an_item_is_kept_with_its_reason(vault: Vault) -> None:
    item = vault.quarantine.find(keep(vault, b"bytes"))
    assert (item.name, item.code, item.attempts, item.at, item.size, item.space) == ("photo.heic", "unsupported-type", 1, NOW, 5, 1)
    with vault.quarantine.original(item) as file:
        assert file.read() == b"bytes"
    assert vault.quarantine.by_hash(1, item.sha256) == item
    assert vault.quarantine.by_hash(2, item.sha256) is None
    assert vault.journal.entries()[-1].details == {"code": "unsupported-type"}


def test_oldest_first(vault: Vault, world: World) -> None:
    first = keep(vault, b"one")
    world.now += timedelta(seconds=1)
    second = keep(vault, b"two")
    assert [item.id for item in vault.quarantine.all()] == [first, second]


def test_ids(vault: Vault) -> None:
    item = keep(vault, b"one")
    assert vault.quarantine.find(f" {item[:5].upper()} ").id == item
    keep(vault, b"two")
    vault.database.execute("UPDATE quarantine SET id = 'ab' || substr(id, 3)")
    for prefix in ("ab", "", "x", "\udce9"):
        with pytest.raises(NotFoundError):
            vault.quarantine.find(prefix)


def test_a_name_that_is_no_text_is_kept_as_far_as_it_goes(vault: Vault) -> None:
    assert vault.quarantine.find(keep(vault, b"one", "scan\udce9.heic")).name == "scan?.heic"


def test_another_attempt(vault: Vault) -> None:
    item = vault.quarantine.find(keep(vault, b"one"))
    vault.quarantine.tried_again(item, "damaged-file")
    again = vault.quarantine.find(item.id)
    assert (again.attempts, again.code) == (2, "damaged-file")


def test_what_is_removed_leaves_neither_bytes_nor_key(vault: Vault, world: World) -> None:
    before = {name for name in world.files() if name.startswith("blobs")}
    item = vault.quarantine.find(keep(vault, b"one"))
    vault.quarantine.remove(item, Event.ITEM_DISCARDED)
    assert {name for name in world.files() if name.startswith("blobs")} == before
    assert vault.database.one("SELECT count(*) FROM blob") == (0,)
    assert vault.quarantine.all() == []
    assert (vault.journal.entries()[-1].event, vault.journal.entries()[-1].subject) == (Event.ITEM_DISCARDED, item.id)
