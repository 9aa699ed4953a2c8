"""Fixtures for tests that run command lines."""

import pytest

from monespace_cli.crypto.keys import Argon2Params
from monespace_cli.ports import Random


@pytest.fixture
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make new vaults derive their key at the least cost: what a guess costs is not what these tests are about."""

    def cheap(cls: type[Argon2Params], random: Random) -> Argon2Params:
        return cls(random(16), memory_kib=8, iterations=1, lanes=1)

    monkeypatch.setattr(Argon2Params, "default", classmethod(cheap))
