"""What came is copied once, whatever its size, and the copy alone is looked at."""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from monespace_cli.actions import arrivals, holding
from monespace_cli.actions.holding import held
from monespace_cli.errors import BundleError
from monespace_cli.vault.vault import Vault
from tests.actions.exchange import Party, deposit, statuses, zoe_and_lea

Two = tuple[Party, Party]
DATA = bytes(range(256)) * 40
HEAD = 4000


@pytest.fixture
def two(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Two]:
    for module in (arrivals, holding):
        monkeypatch.setattr(module, "IN_MEMORY", HEAD)
    with zoe_and_lea(tmp_path) as parties:
        yield parties


def files(vault: Vault) -> list[Path]:
    return [path for path in vault.layout.blobs.rglob("*") if path.is_file()]


def test_a_large_one_goes_to_the_disk_encrypted_and_goes_again(two: Two) -> None:
    vault = two[0].vault
    with held(vault.blobs, DATA[:HEAD], io.BytesIO(DATA[HEAD:])) as copy:
        (file,) = files(vault)
        assert DATA[:64] not in file.read_bytes()
        assert copy.source.read() == DATA
        copy.source.seek(500)
        assert copy.source.read(20) == DATA[500:520]
    assert files(vault) == []


def test_a_large_one_that_is_kept_is_written_once(two: Two) -> None:
    vault = two[0].vault
    with held(vault.blobs, DATA[:HEAD], io.BytesIO(DATA[HEAD:])) as copy:
        blob = copy.keep()
    assert [path.name for path in files(vault)] == [blob.id]


def test_what_is_larger_than_any_bundle_is_not_copied_to_its_end(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    vault = two[0].vault
    monkeypatch.setattr(holding, "LIMITS", type("Small", (), {"archive": 5000, "age_overhead": 0}))
    with pytest.raises(BundleError), held(vault.blobs, DATA[:HEAD], io.BytesIO(DATA[HEAD:])):
        pass
    assert files(vault) == []


def test_large_bundles_arrive_wait_and_are_refused_as_small_ones_do(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    zoe, lea = two
    deposit(lea, "résultat " * 200)
    first = lea.write()
    assert statuses(zoe.add(*first)) == [("accepted", None)]
    zoe.knows(lea, auto_accept=False)
    deposit(lea, "un autre " * 200)
    new = [path for path in lea.write() if path.read_bytes() != first[0].read_bytes()]
    assert statuses(zoe.add(*new)) == [("waiting", "not-automatic")]
    assert zoe.vault.inbox.waiting()[0].blob
    assert statuses(lea.add(*new)) == [("own", None)]
    before = files(lea.vault)
    with zoe_and_lea(lea.folder / "others") as (other, _lea):
        monkeypatch.setattr(other.vault.blobs, "write", lambda _source: pytest.fail("what is for others is not even copied"))
        assert statuses(other.add(*new)) == [("refused", "not-for-you")]
        assert files(other.vault) == []
    assert files(lea.vault) == before
