from datetime import timedelta
from typing import Any

import pytest

from monespace_cli.record.access import HIDDEN_FROM_REPRESENTATIVES, MASKED, item_of_document
from monespace_cli.record.document import Author, Provenance
from monespace_cli.vault.document_rows import ITEM_COLUMNS, item_of_row
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, put


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"type_code": "11502-2", "imported_at": NOW - timedelta(days=3)},
        {"confidentiality": ("R", MASKED, HIDDEN_FROM_REPRESENTATIVES)},
        {"provenance": Provenance(Author.PRACTITIONER, signer="f" * 64)},
        {"provenance": Provenance(Author.HOLDER, signer="f" * 64)},
    ],
)
def test_the_rules_look_at_a_row_as_at_its_document(vault: Vault, fields: dict[str, Any]) -> None:
    document = put(vault, "texte", **fields)
    row = vault.database.one(f"SELECT {ITEM_COLUMNS}, number FROM document")
    assert row is not None
    assert item_of_row(row) == item_of_document(document)
