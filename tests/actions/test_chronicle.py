import csv
import hashlib
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import rfc8785

from monespace_cli.actions.chronicle import csv_lines, json_lines, verify_journal
from monespace_cli.errors import IntegrityError
from monespace_cli.record.journal import Event
from monespace_cli.vault.vault import Vault
from tests.vault.world import World


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    world = World(tmp_path / "vault")
    world.create()
    with world.open() as opened:
        opened.journal.write(Event.DOCUMENT_READ, "abc", what='tab\t, "quoted", é')
        yield opened


def test_a_journal_is_compared_with_what_this_machine_remembers(vault: Vault) -> None:
    assert verify_journal(vault).known is None
    vault.last_seen = vault.journal.head()
    vault.journal.write(Event.SEARCHED)
    found = verify_journal(vault)
    assert (found.head.sequence, found.known and found.known.sequence) == (3, 2)


def test_a_tail_cut_off_is_noticed(vault: Vault) -> None:
    vault.last_seen = vault.journal.head()
    vault.database.execute("DELETE FROM journal WHERE sequence = 2")
    with pytest.raises(IntegrityError, match="line 2"):
        verify_journal(vault)


def test_what_is_written_out_can_be_followed_elsewhere(vault: Vault) -> None:
    lines = [json.loads(line) for line in json_lines(vault)]
    previous = bytes(32)
    for line in lines:
        found = line.pop("hash")
        previous = hashlib.sha256(previous + rfc8785.dumps(line)).digest()
        assert previous.hex() == found
    assert previous.hex() == vault.journal.head().hash
    first, *rest = csv.reader(io.StringIO(b"".join(csv_lines(vault)).decode(), newline=""))
    assert first == ["sequence", "at", "actor", "event", "subject", "details", "hash"]
    assert [row[0] for row in rest] == ["1", "2"]
    assert json.loads(rest[1][5]) == {"what": 'tab\t, "quoted", é'} == lines[1]["details"]
    assert rest[1][6] == previous.hex()
