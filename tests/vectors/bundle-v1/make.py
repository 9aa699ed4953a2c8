"""Writes the sample bundles of format version 1, from published keys: `python tests/vectors/bundle-v1/make.py`.

A released vector is never written again: every later release must open it. This script writes what is missing and leaves the rest alone;
`tests/sync/test_vectors.py` checks that the two have not drifted apart.
"""

import io
from pathlib import Path

from monespace_cli.sync.card import card_text
from monespace_cli.sync.sealing import Destination, ToPassphrase, seal
from tests.sync.people import LUC_CARD, LUC_KEYS, NOW, PLACE, SENDER, TO_LUC, TO_LUC_COMPAT, ZOE_CARD, ZOE_KEYS, Dice, share

FOLDER = Path(__file__).parent
PASSPHRASE = "quatre mots de passe"
DESTINATIONS: dict[str, Destination] = {
    "share-mlkem768x25519.age": TO_LUC,
    "share-x25519.age": TO_LUC_COMPAT,
    "share-passphrase.age": ToPassphrase(PASSPHRASE, work_factor=10),
}


def bundle(to: Destination) -> bytes:
    """Return Zoé's share to a destination."""
    sink = io.BytesIO()
    seal(sink, share(), PLACE, sender=SENDER, to=to, now=NOW, random=Dice())
    return sink.getvalue()


def vectors() -> dict[str, bytes]:
    """Return every vector by its file name."""
    keys = LUC_KEYS.export_secret()
    return {
        "zoe.card": card_text(ZOE_CARD, ZOE_KEYS.signing),
        "luc.card": card_text(LUC_CARD, LUC_KEYS.signing),
        "luc-age-keys.txt": keys.age.encode(),
        **{name: bundle(to) for name, to in DESTINATIONS.items()},
    }


if __name__ == "__main__":
    for name, content in vectors().items():
        if not (FOLDER / name).exists():
            (FOLDER / name).write_bytes(content)
