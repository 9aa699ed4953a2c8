import io
import os
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monespace_cli.errors import IntegrityError, NotWritableError, UnreadableInputError
from monespace_cli.vault.blobs import Blob
from monespace_cli.vault.vault import Vault
from tests.vault.world import World


def stored(vault: Vault, data: bytes) -> Blob:
    blob = vault.blobs.write(io.BytesIO(data))
    vault.blobs.register(blob)
    return blob


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=20)
@given(st.binary(max_size=100) | st.integers(0, 70_000).map(bytes))
def test_what_goes_in_comes_out(vault: Vault, data: bytes) -> None:
    blob = stored(vault, data)
    assert blob.size == len(data)
    assert b"".join(vault.blobs.read(blob.id)) == data
    with vault.blobs.open(blob.id) as file:
        assert file.read(7) + file.read() == data


def test_a_file_read_halfway_is_closed_with_it(vault: Vault) -> None:
    blob = stored(vault, bytes(600_000))
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    file = vault.blobs.open(blob.id)
    assert file.read(1) == b"\0"
    assert len(os.listdir("/proc/self/fd")) == before + 1  # noqa: PTH208
    file.close()
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208


def test_files_are_the_owners_only_and_named_by_chance(vault: Vault, world: World) -> None:
    first, second = stored(vault, b"same"), stored(vault, b"same")
    assert first.id != second.id
    path = world.root / "blobs" / first.id[:2] / first.id
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    assert path.read_bytes() != (world.root / "blobs" / second.id[:2] / second.id).read_bytes()


def test_each_flipped_byte_is_noticed(vault: Vault, world: World) -> None:
    blob = stored(vault, b"Some thirty bytes of a document")
    path = world.root / "blobs" / blob.id[:2] / blob.id
    data = path.read_bytes()
    for position in range(len(data)):
        path.write_bytes(data[:position] + bytes([data[position] ^ 0x20]) + data[position + 1 :])
        with pytest.raises(IntegrityError):
            b"".join(vault.blobs.read(blob.id))


DAMAGES: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _data: b"",
    "cut by a byte": lambda data: data[:-1],
    "cut by a chunk": lambda data: data[:-16_400],
    "longer": lambda data: data + b"\0",
    "chunks swapped": lambda data: data[:56] + data[56 + 16_400 : 56 + 32_800] + data[56 : 56 + 16_400] + data[56 + 32_800 :],
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_cuts_additions_and_other_orders_are_noticed(vault: Vault, world: World, damage: str) -> None:
    blob = stored(vault, bytes(range(250)) * 200)
    path = world.root / "blobs" / blob.id[:2] / blob.id
    path.write_bytes(DAMAGES[damage](path.read_bytes()))
    with pytest.raises(IntegrityError), vault.blobs.open(blob.id) as file:
        file.read()


def test_two_blobs_in_each_others_place_are_noticed(vault: Vault, world: World) -> None:
    first, second = stored(vault, b"one"), stored(vault, b"two")
    paths = [world.root / "blobs" / blob.id[:2] / blob.id for blob in (first, second)]
    left, right = (path.read_bytes() for path in paths)
    paths[0].write_bytes(right)
    paths[1].write_bytes(left)
    for blob in (first, second):
        with pytest.raises(IntegrityError):
            b"".join(vault.blobs.read(blob.id))


def test_the_name_is_bound_even_with_the_key(vault: Vault, world: World) -> None:
    first, second = stored(vault, b"one"), stored(vault, b"two")
    vault.database.execute("UPDATE blob SET key = ? WHERE id = ?", (first.key, second.id))
    (world.root / "blobs" / second.id[:2] / second.id).write_bytes((world.root / "blobs" / first.id[:2] / first.id).read_bytes())
    assert b"".join(vault.blobs.read(first.id)) == b"one"
    with pytest.raises(IntegrityError):
        b"".join(vault.blobs.read(second.id))


def test_a_missing_file_or_row_is_noticed(vault: Vault) -> None:
    blob = stored(vault, b"one")
    vault.blobs.remove_file(blob.id)
    vault.blobs.remove_file(blob.id)
    for name in (blob.id, "0" * 32):
        with pytest.raises(IntegrityError, match="missing"):
            b"".join(vault.blobs.read(name))


def test_a_file_that_cannot_be_read_is_told_from_one_that_is_gone(vault: Vault, world: World) -> None:
    blob = stored(vault, b"one")
    path = world.root / "blobs" / blob.id[:2] / blob.id
    path.unlink()
    path.mkdir()
    with pytest.raises(NotWritableError):
        b"".join(vault.blobs.read(blob.id))


def test_a_forgotten_key_opens_nothing(vault: Vault) -> None:
    blob = stored(vault, b"one")
    vault.blobs.delete(blob.id)
    with pytest.raises(IntegrityError):
        b"".join(vault.blobs.read(blob.id))


class FailingSource(io.RawIOBase):
    def readable(self) -> bool:
        return True

    def readinto(self, _buffer: object) -> int:
        raise OSError(5, "Input/output error")


def test_a_source_that_fails_leaves_nothing_and_says_so(vault: Vault, world: World) -> None:
    before = world.files().keys()
    with pytest.raises(UnreadableInputError):
        vault.blobs.write(io.BufferedReader(FailingSource()))
    assert world.files().keys() == before


def test_a_place_that_cannot_be_written_leaves_nothing_and_says_so(vault: Vault, world: World) -> None:
    (world.root / "blobs").rename(world.root / "elsewhere")
    before = world.files().keys()
    with pytest.raises(NotWritableError):
        vault.blobs.write(io.BytesIO(b"one"))
    assert world.files().keys() == before
