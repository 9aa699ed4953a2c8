"""Writes the sample bundles of format version 1, from published keys: `python tests/vectors/bundle-v1/make.py`.

A released vector is never written again: every later release must open it. This script writes what is missing and leaves the rest alone;
`tests/sync/test_vectors.py` checks that the two have not drifted apart.
"""

import io
import json
from pathlib import Path

from monespace_cli.sync.body import IdentityRevocation, Renewal
from monespace_cli.sync.card import card_text
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.record import record_bytes
from monespace_cli.sync.sealing import Contents, Destination, ToPassphrase, seal
from monespace_cli.vault.handing import COLUMNS
from tests.sync.people import (
    EVE_KEYS,
    LUC_CARD,
    LUC_KEYS,
    NOW,
    PLACE,
    SENDER,
    TO_LUC,
    TO_LUC_COMPAT,
    ZOE,
    ZOE_CARD,
    ZOE_KEYS,
    Dice,
    document,
    share,
)

FOLDER = Path(__file__).parent
PASSPHRASE = "quatre mots de passe"
DESTINATIONS: dict[str, Destination] = {
    "share-mlkem768x25519.age": TO_LUC,
    "share-x25519.age": TO_LUC_COMPAT,
    "share-passphrase.age": ToPassphrase(PASSPHRASE, work_factor=10),
}


def record() -> bytes:
    """Return a small record: a document with its page, an entry that was edited, a measurement, a decision, a line of the journal."""
    at, ids = NOW.isoformat(), ("0000000001", "0000000002", "0000000003")
    paper = document().document
    content = {
        "text": "arachide",
        "start": "2019",
        "end": None,
        "comment": "",
        "details": {},
        "documents": [ids[0]],
        "related": [],
        "codes": [],
        "origin": {"source": "declared", "document": None, "signer": None},
        "is_none": False,
        "is_removed": False,
    }
    provenance = {"author": "practitioner", "signer": LUC_KEYS.fingerprint, "bundle": "cd" * 16, "source_name": "", "source_path": ""}
    origin = json.dumps(content["origin"])
    entry = {"entry": ids[1], "section": "allergy", "change": "added", "restores": None, "at": at}
    rows: dict[str, list[dict[str, str | int | None]]] = {table: [] for table in COLUMNS}
    rows["document"] = [
        {
            "id": ids[0],
            "title": paper.title,
            "type_code": paper.type_code,
            "media_type": paper.media_type,
            "size": paper.size,
            "sha256": paper.sha256,
            "page_count": 1,
            "confidence": "0.5",
            "imported_at": at,
            "date": "2026-03-02",
            "practitioner": "",
            "tags": "[]",
            "confidentiality": '["N"]',
            "provenance": json.dumps(provenance),
            "deleted_at": None,
            "proposed": "",
            "notices": "",
        }
    ]
    rows["page"] = [{"document": ids[0], "number": 1, "text": "ordonnance", "confidence": "0.5", "source": "ocr", "steps": "levelled"}]
    rows["entry"] = [
        {**entry, "version": 1, "content": json.dumps(content)},
        {**entry, "version": 2, "change": "edited", "content": json.dumps({**content, "comment": "grave"})},
    ]
    rows["measure"] = [
        {
            "id": ids[2],
            "kind": "weight",
            "value": "31.5",
            "typed": "31,5 kg",
            "day": "2020-05-01",
            "time": None,
            "comment": "",
            "origin": origin,
            "removed_at": None,
            "added_at": at,
        }
    ]
    rows["contact"] = [{"card": card_text(LUC_CARD, LUC_KEYS.signing).decode()}]
    rows["access_block"] = [{"contact": LUC_CARD.fingerprint}]
    rows["journal"] = [{"at": at, "actor": "holder", "event": "document-imported", "subject": ids[0], "details": "{}"}]
    return record_bytes(rows)


NEW_CARD = card_text(EVE_KEYS.card(ZOE, NOW), EVE_KEYS.signing)
OTHERS = {
    "renewal-x25519.age": Contents(Kind.RENEWAL, body=Renewal(NEW_CARD)),
    "identity-revocation-x25519.age": Contents(Kind.IDENTITY_REVOCATION, body=IdentityRevocation("volée")),
    "handover-x25519.age": Contents(Kind.HANDOVER, ZOE, (document(),), record=record()),
}
"""What else Zoé sends to Luc; that he is not whom the handover is about, its readers here overlook."""


def bundle(to: Destination, what: Contents | None = None) -> bytes:
    """Return Zoé's share, or something else of hers, to a destination."""
    sink = io.BytesIO()
    seal(sink, what or share(), PLACE, sender=SENDER, to=to, now=NOW, random=Dice())
    return sink.getvalue()


def vectors() -> dict[str, bytes]:
    """Return every vector by its file name."""
    keys = LUC_KEYS.export_secret()
    return {
        "zoe.card": card_text(ZOE_CARD, ZOE_KEYS.signing),
        "luc.card": card_text(LUC_CARD, LUC_KEYS.signing),
        "luc-age-keys.txt": keys.age.encode(),
        **{name: bundle(to) for name, to in DESTINATIONS.items()},
        **{name: bundle(TO_LUC_COMPAT, what) for name, what in OTHERS.items()},
    }


if __name__ == "__main__":
    for name, content in vectors().items():
        if not (FOLDER / name).exists():
            (FOLDER / name).write_bytes(content)
