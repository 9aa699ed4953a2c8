import json
from pathlib import Path

import pytest
import rfc8785

from monespace_cli.adapters.journal_head import FILE, recall_head, remember_head
from monespace_cli.adapters.state import VaultState
from monespace_cli.errors import IntegrityError
from monespace_cli.record.journal import JournalHead

KEY = bytes(range(32))
HEAD = JournalHead(7, "ab" * 32)


@pytest.fixture
def state(tmp_path: Path) -> VaultState:
    return VaultState(tmp_path, "0" * 32)


def test_what_is_remembered_is_recalled(state: VaultState) -> None:
    assert recall_head(state, KEY) is None
    remember_head(state, KEY, HEAD)
    assert recall_head(state, KEY) == HEAD


@pytest.mark.parametrize(
    "change", [{"sequence": 6}, {"hash": "cd" * 32}, {"mac": "00" * 32}, {"mac": None}, {"sequence": "7"}, {"hash": "\ud800"}]
)
def test_what_somebody_else_wrote_is_refused(state: VaultState, change: dict[str, object]) -> None:
    remember_head(state, KEY, HEAD)
    state.write(FILE, json.dumps({**json.loads(state.read(FILE) or b""), **change}).encode())
    with pytest.raises(IntegrityError):
        recall_head(state, KEY)


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b"\xff", b"[" * 100_000])
def test_what_is_damaged_is_refused(state: VaultState, data: bytes) -> None:
    state.write(FILE, data)
    with pytest.raises(IntegrityError):
        recall_head(state, KEY)


def test_another_vault_or_key_cannot_use_it(state: VaultState, tmp_path: Path) -> None:
    remember_head(state, KEY, HEAD)
    other = VaultState(tmp_path, "1" * 32)
    other.write(FILE, state.read(FILE) or b"")
    for place, key in ((other, KEY), (state, bytes(32))):
        with pytest.raises(IntegrityError):
            recall_head(place, key)
    assert rfc8785.dumps(json.loads(state.read(FILE) or b"")) == state.read(FILE)
