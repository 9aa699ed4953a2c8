"""Bundles and programs that are not ours: they open what we seal, we open what they encrypt, and they check our signatures."""

import json
import subprocess
import sys
from pathlib import Path

import pyrage
import pytest

from monespace_cli.crypto import age
from monespace_cli.sync import layout
from monespace_cli.sync.card import export_age, export_allowed_signers
from monespace_cli.sync.kinds import Content
from monespace_cli.sync.opening import OpenedBundle, Passphrase
from monespace_cli.sync.sealing import ToPassphrase
from tests.crypto.conftest import Program, TerminalProgram, required
from tests.sync.people import JPEG, LUC_CARD, LUC_KEYS, PDF, TO_LUC, TO_LUC_COMPAT, ZOE_CARD, decrypted, opened, sealed, unzipped

SECRETS = LUC_KEYS.export_secret()
HYBRID, CLASSICAL = (line for line in SECRETS.age.splitlines() if not line.startswith("#"))
PLAIN = decrypted(sealed())
WORDS = "quatre mots de passe"


def check(bundle: OpenedBundle) -> None:
    assert [document.open().read() for document in bundle.documents] == [PDF, JPEG]


def plain_of(archive: bytes) -> None:
    assert list(unzipped(archive)) == list(layout.NAMES[Content.DOCUMENTS])


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    path = tmp_path / "keys.txt"
    path.write_text(SECRETS.age_compat)
    return path


def test_age_opens_ours(age_program: Program, keys: Path) -> None:
    plain_of(age_program("-d", "-i", keys, stdin=sealed(to=TO_LUC_COMPAT)))


def test_we_open_what_age_encrypts(age_program: Program) -> None:
    check(opened(age_program("-r", LUC_CARD.recipients[1].public, stdin=PLAIN)))


def test_pyrage_opens_ours() -> None:
    plain_of(pyrage.decrypt(sealed(to=TO_LUC_COMPAT), [pyrage.x25519.Identity.from_str(CLASSICAL)]))


def test_we_open_what_pyrage_encrypts() -> None:
    check(opened(pyrage.encrypt(PLAIN, [pyrage.x25519.Recipient.from_str(LUC_CARD.recipients[1].public)])))


def test_npm_age_opens_our_post_quantum_bundle(node_age: Program) -> None:
    plain_of(node_age("decrypt", HYBRID, stdin=sealed(to=TO_LUC)))


def test_we_open_the_post_quantum_bundle_that_npm_age_encrypts(node_age: Program) -> None:
    (recipient,) = (line for line in export_age(LUC_CARD).splitlines() if not line.startswith("#"))
    check(opened(node_age("encrypt", recipient, stdin=PLAIN)))


def test_age_opens_our_passphrase_bundle(on_a_terminal: TerminalProgram, tmp_path: Path) -> None:
    (tmp_path / "bundle.age").write_bytes(sealed(to=ToPassphrase(WORDS, work_factor=10)))
    on_a_terminal([required("age", "age"), "-d", "-o", str(tmp_path / "plain"), str(tmp_path / "bundle.age")], [WORDS])
    plain_of((tmp_path / "plain").read_bytes())


def test_pyrage_and_npm_age_open_our_passphrase_bundle(node_age: Program) -> None:
    bundle = sealed(to=ToPassphrase(WORDS, work_factor=10))
    plain_of(pyrage.passphrase.decrypt(bundle, WORDS))
    plain_of(node_age("decrypt-passphrase", WORDS, stdin=bundle))


def test_we_open_the_passphrase_bundle_that_npm_age_encrypts(node_age: Program) -> None:
    plain = decrypted(sealed(to=ToPassphrase(WORDS, work_factor=2)), [age.ScryptIdentity(WORDS)])
    check(opened(node_age("encrypt-passphrase", WORDS, stdin=plain), opener=Passphrase(WORDS)))


def test_we_open_the_passphrase_bundle_that_age_encrypts(on_a_terminal: TerminalProgram, tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(decrypted(sealed(to=ToPassphrase(WORDS, work_factor=2)), [age.ScryptIdentity(WORDS)]))
    on_a_terminal([required("age", "age"), "-p", "-o", str(tmp_path / "bundle.age"), str(tmp_path / "plain")], [WORDS, WORDS])
    check(opened((tmp_path / "bundle.age").read_bytes(), opener=Passphrase(WORDS)))


def test_public_tools_alone_open_and_check_everything(age_program: Program, ssh_keygen: Program, keys: Path, tmp_path: Path) -> None:
    """The steps of docs/formats/bundle-v1.md §1."""
    (tmp_path / "bundle.zip").write_bytes(age_program("-d", "-i", keys, stdin=sealed(to=TO_LUC_COMPAT)))
    for archive in ("bundle.zip", layout.PACKAGE):
        subprocess.run([sys.executable, "-m", "zipfile", "-e", archive, "."], cwd=tmp_path, check=True)
    (tmp_path / "signers").write_text(export_allowed_signers(ZOE_CARD))
    arguments = ["-f", tmp_path / "signers", "-I", ZOE_CARD.fingerprint, "-n", "monespace-share-v1", "-s", tmp_path / layout.SIGNATURE]
    manifest = (tmp_path / layout.MANIFEST).read_bytes()
    assert b"Good" in ssh_keygen("-Y", "verify", *arguments, stdin=manifest)
    with pytest.raises(subprocess.CalledProcessError):
        ssh_keygen("-Y", "verify", *arguments, stdin=manifest + b" ")
    files = json.loads(manifest)["files"]
    sums = "".join(f"{file['sha256']}  {file['path']}\n" for file in files)
    result = subprocess.run(["sha256sum", "--check", "--strict"], input=sums.encode(), cwd=tmp_path, check=True, capture_output=True)
    assert result.stdout.count(b": OK") == len(files) == 6
