import subprocess
import sys
from pathlib import Path

import keyring as library
import pytest
from keyring.backends import null
from keyring.errors import KeyringError

from monespace_cli.adapters.keyring import BACKENDS, SystemKeyring, system_keyring
from monespace_cli.errors import LockedError, MissingDependencyError
from monespace_cli.vault.header_file import read_header

VAULT, SLOT, SECRET = "0" * 32, "0a1b2c3d", bytes(range(32))


def test_a_secret_is_kept_by_a_real_keyring(desktop: dict[str, str]) -> None:
    keyring = system_keyring()
    assert keyring.get(VAULT, SLOT) is None
    keyring.put(VAULT, SLOT, SECRET)
    assert system_keyring().get(VAULT, SLOT) == SECRET
    assert keyring.get("1" * 32, SLOT) is None
    assert keyring.get(VAULT, "00000000") is None
    keyring.put(VAULT, SLOT, bytes(32))
    assert keyring.get(VAULT, SLOT) == bytes(32)
    keyring.remove(VAULT, SLOT)
    keyring.remove(VAULT, SLOT)
    assert keyring.get(VAULT, SLOT) is None


def test_it_is_not_in_plain_in_the_keyrings_file(desktop: dict[str, str], own_home: Path) -> None:
    system_keyring().put(VAULT, SLOT, SECRET)
    files = [path for path in own_home.rglob("*") if path.is_file()]
    assert files
    assert not any(b"AAECAwQFBgcICQ" in path.read_bytes() or SECRET in path.read_bytes() for path in files)


def test_without_one_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    with pytest.raises(MissingDependencyError):
        system_keyring()


def test_no_setting_brings_in_a_keyring_that_is_not_on_the_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    library.set_keyring(null.Keyring())  # type: ignore[no-untyped-call]
    with pytest.raises(MissingDependencyError):
        system_keyring()
    assert not any("alt" in module or "fail" in module or "chainer" in module for module, _name in BACKENDS)


class Faulty:
    """A keyring that fails, or keeps something else."""

    name = "faulty"

    def __init__(self, answer: str | Exception) -> None:
        self.answer = answer

    def get_password(self, _service: str, _name: str) -> str:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def set_password(self, *_: str) -> None:
        raise KeyringError("the secret is hunter2")


@pytest.mark.parametrize("fault", [KeyringError("hunter2"), OSError("hunter2"), RuntimeError("hunter2")])
def test_what_a_keyring_says_when_it_fails_is_not_repeated(fault: Exception) -> None:
    keyring = SystemKeyring(Faulty(fault))
    for call, arguments in (("get", ()), ("put", (SECRET,)), ("remove", ())):
        with pytest.raises(LockedError) as caught:
            getattr(keyring, call)(VAULT, SLOT, *arguments)
        assert "hunter2" not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize("text", ["", "not base64!", "é"])
def test_what_somebody_else_put_there_is_no_secret(text: str) -> None:
    assert SystemKeyring(Faulty(text)).get(VAULT, SLOT) is None


def test_the_vault_opens_by_itself_in_a_session_and_not_outside(desktop: dict[str, str], tmp_path: Path) -> None:
    """The whole way, in processes of their own: add the slot, open without a passphrase, remove it."""
    (tmp_path / "passphrase").write_text("bien long et facile à retenir")
    program = Path(sys.executable).with_name("monespace")
    vault = {**desktop, "MONESPACE_VAULT": str(tmp_path / "vault")}
    knowing = {**vault, "MONESPACE_PASSPHRASE_FILE": str(tmp_path / "passphrase")}
    outside = {name: value for name, value in vault.items() if name != "DBUS_SESSION_BUS_ADDRESS"}

    def run(environment: dict[str, str], *arguments: str) -> int:
        return subprocess.run([program, *arguments], env=environment, capture_output=True, stdin=subprocess.DEVNULL).returncode

    person = ("--family-name", "MARTIN", "--given-name", "Zoé", "--birth-date", "1980-05-17", "--sex", "female")
    assert run(knowing, "init", *person) == 0
    assert run(vault, "status") == 13
    assert run(vault, "key", "add", "keyring") == 13, "the passphrase is asked for"
    assert run(knowing, "key", "add", "keyring") == 0
    assert run(vault, "status") == 0
    assert run(outside, "status") == 13
    before = read_header(tmp_path / "vault")
    assert run(vault, "key", "rotate") == 13
    assert run(knowing, "key", "rotate") == 0
    assert run(vault, "status") == 0, "what the keyring keeps was renewed with the key"
    assert [system_keyring().get(before.vault, slot.id) for slot in before.slots] == [None, None]
    assert run(vault, "key", "remove", "keyring", "--yes") == 13, "what changes the keys takes more than a login"
    assert run(knowing, "key", "remove", "keyring", "--yes") == 0
    assert run(vault, "status") == 13
    assert system_keyring().get("*", "*") is None
