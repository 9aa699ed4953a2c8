"""Writes the sample vault of format version 1, with what must be found in it: `PYTHONPATH=. python tests/vectors/vault-v1/make.py`.

Until 0.1.0 is tagged it is written again whenever the format moves; from then on never: every later release must open it.
"""

import hashlib
import io
import json
import os
import shutil
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.crypto.words import kit_words
from monespace_cli.record.card import Check
from monespace_cli.record.document import Provenance
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.measures import Measure, measure_kind
from monespace_cli.record.partial_date import PartialDate
from monespace_cli.record.profile import Entry
from monespace_cli.record.sections import Section
from monespace_cli.vault.building import NewVault, create_vault
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.in_use import OWNER_SPACE
from monespace_cli.vault.sealed import Claim, Sealer
from monespace_cli.vault.vault import Vault, open_vault
from tests.vault.world import put

FOLDER = Path(__file__).parent
ROOT = FOLDER / "vault"
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
PASSPHRASE = "un coffre pour trente ans"
KIT = bytes(range(16))
OWNER = Identity("MARTIN", ("Zoé",), date(1980, 5, 17), Sex.FEMALE)
BLOOD, OLD, UNREAD, WAITING = (
    f"{text}\n".encode() for text in ("Hémoglobine 13,5 g/dL", "Ordonnance de 1998", "%PDF, abîmé", "Scanné la nuit")
)
CARD = FOLDER.parent / "bundle-v1" / "luc.card"


def main() -> None:
    """Write the vault and `expected.json`."""
    shutil.rmtree(ROOT, ignore_errors=True)
    create_vault(ROOT, NewVault(OWNER, PASSPHRASE, Argon2Params.default(os.urandom), KIT), clock, os.urandom)
    with open_vault(ROOT, read_header(ROOT), PASSPHRASE, clock, os.urandom) as vault:
        expected = fill(vault)
    Sealer(ROOT, read_header(ROOT), clock, os.urandom).add(Claim("nuit.txt", "/scans/nuit.txt", NOW, NOW), WAITING)
    (FOLDER / "expected.json").write_text(json.dumps(expected, ensure_ascii=False, indent=2) + "\n", "utf-8")


def fill(vault: Vault) -> dict[str, object]:
    """Put something of everything into the vault, and return what must be found there."""
    blood = put(
        vault, BLOOD.decode(), data=BLOOD, title="Prise de sang", practitioner="Dr Luc DURAND", date=date(2026, 11, 2), tags=("sang",)
    )
    old = put(vault, OLD.decode(), data=OLD, title="Vieille ordonnance")
    vault.documents.trash(old)
    vault.quarantine.add(vault.blobs.write(io.BytesIO(UNREAD)), OWNER_SPACE, Provenance(source_name="abime.pdf"), "damaged-file")
    vault.contacts.put("a" * 64, CARD.read_bytes())
    vault.contacts.verify("a" * 64, Check.WORDS)
    allergy = vault.profile.add(Entry(vault.profile.new_id(), Section.ALLERGY, "Pénicilline", PartialDate(1992)))
    vault.profile.edit(allergy.id, comment="urticaire")
    vault.profile.declare_none(Section.DEVICE)
    pressure = Measure(
        vault.measures.new_id(), measure_kind("blood-pressure"), (Decimal(120), Decimal(80)), date(2026, 11, 2), typed="12/8 cmHg"
    )
    vault.measures.add(pressure)
    return {
        "passphrase": PASSPHRASE,
        "recovery_kit": " ".join(kit_words(KIT)),
        "documents": {
            document.id: {"title": document.title, "sha256": document.sha256, "in_trash": document is old} for document in (blood, old)
        },
        "quarantine": [hashlib.sha256(UNREAD).hexdigest()],
        "sealed": [hashlib.sha256(WAITING).hexdigest()],
        "contacts": ["a" * 64],
        "entries": [["allergy", "Pénicilline", "1992", "urticaire"], ["device", "", "2026-11-23", ""]],
        "measures": [["blood-pressure", "120/80", "12/8 cmHg"]],
    }


def clock() -> datetime:
    """Return the time at which everything here happened."""
    return NOW


if __name__ == "__main__":
    main()
