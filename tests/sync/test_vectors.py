"""The sample files of format version 1 open, now and in every later release, and are what the format says they are."""

import importlib.util
from dataclasses import replace
from pathlib import Path
from types import ModuleType

import pytest

from monespace_cli.crypto import age
from monespace_cli.sync.card import read_card
from monespace_cli.sync.keys import OwnKeys
from monespace_cli.sync.opening import Opener, Passphrase
from tests.sync.people import JPEG, LUC_CARD, LUC_KEYS, PDF, ZOE_CARD, decrypted, opened

FOLDER = Path(__file__).parents[1] / "vectors/bundle-v1"
PASSPHRASE = "quatre mots de passe"
OPENERS: dict[str, Opener] = {
    "share-mlkem768x25519.age": LUC_KEYS,
    "share-x25519.age": LUC_KEYS,
    "share-passphrase.age": Passphrase(PASSPHRASE),
}


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
        if name in OPENERS:
            old, new = (opened(data, opener=OPENERS[name]).manifest for data in (released, content))
            assert replace(old, files=new.files) == new
            assert old.documents == new.documents
        else:
            assert content == released


def test_the_published_keys_open_the_bundles() -> None:
    lines = [line for line in (FOLDER / "luc-age-keys.txt").read_text().splitlines() if not line.startswith("#")]
    identities: list[age.Identity] = [age.HybridIdentity.parse(lines[0]), age.X25519Identity.parse(lines[1])]
    for name, opener in OPENERS.items():
        if isinstance(opener, OwnKeys):
            assert decrypted((FOLDER / name).read_bytes(), identities).startswith(b"PK\x03\x04")
