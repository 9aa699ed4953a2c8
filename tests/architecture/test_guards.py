"""The guards that every test runs under, from tests/conftest.py."""

import os
import socket
from pathlib import Path

import pytest


def test_a_test_cannot_reach_the_network() -> None:
    with socket.socket() as outward, pytest.raises(pytest.fail.Exception, match="reached for the network"):
        outward.connect(("192.0.2.1", 9))  # TEST-NET-1, RFC 5737


def test_a_test_can_reach_its_own_machine() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername() == server.getsockname()


def test_a_test_has_a_home_of_its_own(own_home: Path) -> None:
    assert os.environ["HOME"] == str(own_home)
    assert list(own_home.iterdir()) == []
