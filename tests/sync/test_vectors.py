"""The sample files of format version 1 open, now and in every later release, and are what the format says they are."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from monespace_cli.actions.handover import take_over
from monespace_cli.crypto import age
from monespace_cli.ports import NoProgress
from monespace_cli.sync.body import IdentityRevocation, Renewal
from monespace_cli.sync.card import read_card
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.opening import Opener, Passphrase
from monespace_cli.vault.in_use import OWNER_SPACE
from tests.actions.exchange import party
from tests.sync.people import EVE_KEYS, JPEG, LUC_CARD, LUC_KEYS, PDF, ZOE, ZOE_CARD, decrypted, opened

FOLDER = Path(__file__).parents[1] / "vectors/bundle-v1"
PASSPHRASE = "quatre mots de passe"
OPENERS: dict[str, Opener] = {
    "share-mlkem768x25519.age": LUC_KEYS,
    "share-x25519.age": LUC_KEYS,
    "share-passphrase.age": Passphrase(PASSPHRASE),
}
OTHERS = {"renewal-x25519.age", "identity-revocation-x25519.age", "handover-x25519.age"}


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("bundle_v1_make", FOLDER / "make.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", OPENERS)
def test_a_released_bundle_opens(name: str) -> None:
    bundle = opened((FOLDER / name).read_bytes(), opener=OPENERS[name])
    assert [document.open().read() for document in bundle.documents] == [PDF, JPEG]
    assert bundle.sender == ZOE_CARD


def test_the_released_cards_are_read() -> None:
    assert read_card((FOLDER / "zoe.card").read_bytes()) == ZOE_CARD
    assert read_card((FOLDER / "luc.card").read_bytes()) == LUC_CARD


def test_the_script_still_makes_these_vectors(maker: ModuleType) -> None:
    """But for what may improve from release to release: the page and the metadata, which nobody reads back."""
    made = maker.vectors()
    assert {path.name for path in FOLDER.iterdir() if path.suffix not in {".py", ".md"} and path.is_file()} == set(made)
    for name, content in made.items():
        released = (FOLDER / name).read_bytes()
        if name in OPENERS or name in OTHERS:
            old, new = (opened(data, opener=OPENERS.get(name, LUC_KEYS)).manifest for data in (released, content))
            assert replace(old, files=new.files) == new
            assert old.documents == new.documents
        else:
            assert content == released


def test_a_released_renewal_and_revocation_say_what_they_said() -> None:
    renewal = opened((FOLDER / "renewal-x25519.age").read_bytes()).body
    assert isinstance(renewal, Renewal)
    assert (renewal.new_card.fingerprint, renewal.new_card.display_name) == (EVE_KEYS.fingerprint, ZOE_CARD.display_name)
    assert opened((FOLDER / "identity-revocation-x25519.age").read_bytes()).body == IdentityRevocation("volée")


def test_a_released_handover_is_taken_over(tmp_path: Path) -> None:
    bundle = opened((FOLDER / "handover-x25519.age").read_bytes())
    with party(tmp_path / "zoe", ZOE) as zoe:
        with zoe.vault.database.transaction():
            (item,) = take_over(zoe.vault, bundle, NoProgress())
        rows = zoe.vault.handing.rows_of(OWNER_SPACE)
        assert zoe.titles() == ["Ordonnance"]
        assert b"".join(zoe.vault.documents.chunks(zoe.vault.documents.find(item.document or ""))) == PDF
        assert [row["version"] for row in rows["entry"]] == [1, 2]
        assert (len(rows["measure"]), len(rows["access_block"]), len(rows["contact"])) == (1, 1, 1)
        assert len(zoe.vault.handing.former_journal()) == 1


def test_the_published_keys_open_the_bundles() -> None:
    lines = [line for line in (FOLDER / "luc-age-keys.txt").read_text().splitlines() if not line.startswith("#")]
    identities: list[age.Identity] = [age.HybridIdentity.parse(lines[0]), age.X25519Identity.parse(lines[1])]
    for name, opener in OPENERS.items():
        if isinstance(opener, OwnKeys):
            assert decrypted((FOLDER / name).read_bytes(), identities).startswith(b"PK\x03\x04")
