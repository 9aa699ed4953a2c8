"""The vaults of every release open: by their passphrase and by their recovery kit, whole, with all that was in them."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from monespace_cli.ports import NoProgress
from monespace_cli.vault.checking import check
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.sealed import waiting
from tests.vault.world import World

VECTORS = Path(__file__).parents[1] / "vectors"


@pytest.mark.parametrize("version", ["vault-v1"])
@pytest.mark.parametrize("secret", ["passphrase", "recovery_kit"])
def test_a_vault_of_each_release_opens(version: str, secret: str, tmp_path: Path) -> None:
    expected: dict[str, Any] = json.loads((VECTORS / version / "expected.json").read_text("utf-8"))
    shutil.copytree(VECTORS / version / "vault", tmp_path / "vault")
    with World(tmp_path / "vault").open(expected[secret]) as vault:
        assert check(vault.layout, vault.database, NoProgress(), read_data=True).damage == []
        assert vault.search("hemoglobine", Filter(), 10).total == 1
        for name, wanted in expected["documents"].items():
            document = vault.documents.find(name)
            assert (document.title, document.deleted_at is not None) == (wanted["title"], wanted["in_trash"])
            assert hashlib.sha256(vault.documents.original(document).read()).hexdigest() == wanted["sha256"]
        assert [item.sha256 for item in vault.quarantine.all()] == expected["quarantine"]
        assert [contact.fingerprint for contact in vault.contacts.all()] == expected["contacts"]
        entries = [[str(entry.section), entry.text, str(entry.start), entry.comment] for entry in vault.profile.entries()]
        assert entries == expected["entries"]
        assert [[measure.kind.name, measure.text, measure.typed] for measure in vault.measures.all()] == expected["measures"]
        sealed = [vault.sealed.read(item)[1] for item in waiting(tmp_path / "vault")]
        assert [hashlib.sha256(data).hexdigest() for data in sealed] == expected["sealed"]
