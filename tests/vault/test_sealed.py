import io
import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import rfc8785
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from monespace_cli.bounds import limits
from monespace_cli.crypto.age import HybridIdentity, HybridRecipient, decrypt, encrypt
from monespace_cli.errors import IntegrityError, NotWritableError, UnreadableInputError, WrongPassphraseError
from monespace_cli.record.journal import Event
from monespace_cli.vault import sealed
from monespace_cli.vault.header import SEALED_LABEL
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.sealed import Claim, Sealed, SealedItem, Sealer, moment_of, waiting
from monespace_cli.vault.unlock import unlock
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, PASSPHRASE, World

if TYPE_CHECKING:
    from collections.abc import Callable

CLAIM = Claim("scan é.pdf", "/srv/scans/scan é.pdf", datetime(2024, 3, 12, 8, 30, tzinfo=UTC), NOW)
_NOW = NOW.isoformat()
GOOD: dict[str, Any] = {"format": "monespace-sealed-file", "version": 1, "name": "a", "path": "/a", "modified": _NOW, "sealed": _NOW}


@pytest.fixture
def sealer(vault: Vault, world: World) -> Sealer:
    return Sealer(world.root, read_header(world.root), world.clock, world.random)


def one(world: World) -> SealedItem:
    (item,) = waiting(world.root)
    return item


def forge(world: World, content: bytes, name: str = "ab" * 16 + ".item") -> Path:
    """Put something there that is encrypted as it should be, as anybody can."""
    buffer = io.BytesIO()
    with encrypt(buffer, [HybridRecipient.parse(read_header(world.root).sealed_recipient)]) as writer:
        writer.write(content)
    path = world.root / "sealed" / name
    path.write_bytes(buffer.getvalue())
    return path


def code_of(vault: Vault, item: SealedItem) -> str:
    with pytest.raises(UnreadableInputError) as caught:
        vault.sealed.read(item)
    return caught.value.code


def test_what_is_sealed_is_read_with_the_vaults_key_and_no_other(vault: Vault, world: World, sealer: Sealer) -> None:
    name = sealer.add(CLAIM, b"%PDF the bytes")
    item = one(world)
    assert (item.id, len(name)) == (name, 32)
    assert vault.sealed.read(item) == (CLAIM, b"%PDF the bytes")
    path = world.root / "sealed" / f"{name}.item"
    assert path.stat().st_mode & 0o777 == 0o600
    assert item.size == path.stat().st_size
    assert b"scan" not in path.read_bytes()
    with pytest.raises(UnreadableInputError):
        Sealed(world.root, [bytes(32)]).read(item)
    vault.sealed.remove(item)
    vault.sealed.remove(item)
    assert waiting(world.root) == []
    with pytest.raises(FileNotFoundError):
        vault.sealed.read(item)


def test_the_format_is_that_of_the_document(world: World, vault: Vault, sealer: Sealer) -> None:
    sealer.add(CLAIM, b"\nbytes\n")
    identity = HybridIdentity(unlock(read_header(world.root), PASSPHRASE).derive(SEALED_LABEL))
    with (world.root / "sealed" / f"{one(world).id}.item").open("rb") as file:
        line, _newline, rest = decrypt(file, [identity]).read().partition(b"\n")
    assert rest == b"\nbytes\n"
    body = json.loads(line)
    assert rfc8785.dumps(body) == line
    assert body == {
        "format": "monespace-sealed-file",
        "version": 1,
        "name": "scan é.pdf",
        "path": "/srv/scans/scan é.pdf",
        "modified": "2024-03-12T08:30:00+00:00",
        "sealed": NOW.isoformat(),
    }


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=15)
@given(name=st.text(st.characters(categories=None), max_size=40), data=st.binary(max_size=200))
def test_any_name_and_any_bytes_come_back(vault: Vault, world: World, sealer: Sealer, name: str, data: bytes) -> None:
    sealer.add(Claim(name, name, NOW, NOW), data)
    claim, found = vault.sealed.read(one(world))
    assert (claim.name.encode(), found) == (name.encode("utf-8", "replace"), data)
    vault.sealed.remove(one(world))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(data=st.data())
def test_a_changed_byte_or_a_missing_end_is_damage(vault: Vault, world: World, sealer: Sealer, data: st.DataObject) -> None:
    name = sealer.add(CLAIM, b"x" * 300)
    path = world.root / "sealed" / f"{name}.item"
    content = bytearray(path.read_bytes())
    if data.draw(st.booleans()):
        content[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    else:
        del content[data.draw(st.integers(0, len(content) - 1)) :]
    path.write_bytes(content)
    assert code_of(vault, one(world)) == "sealed-damaged"
    path.unlink()


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"no line",
        b"{}\n",
        b"[]\n",
        b"[" * 70_000 + b"\n",
        rfc8785.dumps(GOOD | {"version": 2}) + b"\n",
        rfc8785.dumps(GOOD | {"format": "monespace-sealed-event"}) + b"\n",
        rfc8785.dumps(GOOD | {"more": "x"}) + b"\n",
        rfc8785.dumps(GOOD | {"name": 1}) + b"\n",
        rfc8785.dumps(GOOD | {"sealed": "yesterday"}) + b"\n",
        rfc8785.dumps(GOOD | {"sealed": "2026-11-23T09:30:00"}) + b"\n",
        rfc8785.dumps(GOOD | {"path": "x" * 70_000}) + b"\n",
        json.dumps(GOOD).encode() + b"\n",
        rfc8785.dumps(GOOD),
    ],
)
def test_a_line_that_is_not_of_the_format_is_damage(vault: Vault, world: World, line: bytes) -> None:
    forge(world, line)
    assert code_of(vault, one(world)) == "sealed-damaged"


def test_the_line_of_the_format_is_read(vault: Vault, world: World) -> None:
    forge(world, rfc8785.dumps(GOOD) + b"\n")
    assert vault.sealed.read(one(world)) == (Claim("a", "/a", NOW, NOW), b"")


def test_what_is_too_large_or_no_file_is_told(vault: Vault, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    path = forge(world, rfc8785.dumps(GOOD) + b"\n" + bytes(2000))
    for module, limit in ((sealed, "MAX_ITEM_BYTES"), (limits, "MAX_FILE_BYTES")):
        with monkeypatch.context() as patch:
            patch.setattr(module, limit, 1000)
            assert code_of(vault, one(world)) == "file-too-large"
    path.rename(world.root / "elsewhere")
    makers: list[Callable[[], None]] = [lambda: os.mkfifo(path), path.mkdir, lambda: path.symlink_to(world.root / "elsewhere")]
    for make in makers:
        make()
        assert code_of(vault, one(world)) == "not-a-file"
        path.rmdir() if path.is_dir() else path.unlink()


def test_only_our_names_are_seen(world: World, vault: Vault) -> None:
    for name in ("readme.txt", "AB" * 16 + ".item", "a.item", ".new", "ab" * 16 + ".event", "ab" * 17 + ".item", "zz" * 16 + ".item"):
        (world.root / "sealed" / name).write_bytes(b"x")
    assert waiting(world.root) == []


def test_items_come_oldest_first_whatever_their_times(world: World, vault: Vault, sealer: Sealer) -> None:
    first, second, third = (sealer.add(CLAIM, b"") for _ in range(3))
    for name, at in ((first, 3e9), (second, 2e9), (third, -5e9)):
        os.utime(world.root / "sealed" / f"{name}.item", (at, at))
    assert [item.id for item in waiting(world.root)] == [third, second, first]
    assert moment_of(1e20) == datetime(1970, 1, 1, tzinfo=UTC)


def test_so_many_wait_and_no_more(world: World, vault: Vault, sealer: Sealer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "MAX_WALK_FILES", 2)
    sealer.add(CLAIM, b"")
    sealer.add(CLAIM, b"")
    with pytest.raises(NotWritableError):
        sealer.add(CLAIM, b"")
    assert len(waiting(world.root)) == 2


def test_the_folder_is_made_again_and_may_be_missing(world: World, vault: Vault, sealer: Sealer) -> None:
    (world.root / "sealed").rmdir()
    assert waiting(world.root) == []
    vault.sealed.take_events(vault.database, vault.journal)
    sealer.add(CLAIM, b"")
    assert (world.root / "sealed").stat().st_mode & 0o777 == 0o700


# Failed unlocks


def events(vault: Vault) -> list[tuple[str, dict[str, str]]]:
    return [(entry.subject, entry.details) for entry in vault.journal.entries() if entry.event is Event.UNLOCK_FAILED]


def test_a_wrong_passphrase_is_in_the_journal_of_the_next_unlock(world: World) -> None:
    world.create()
    for day in (2, 5, 1, 4, 3):
        world.now = NOW + timedelta(days=day)
        with pytest.raises(WrongPassphraseError):
            world.open("wrong")
    files = list((world.root / "sealed").iterdir())
    assert {path.suffix for path in files} == {".event"}
    assert all(b"wrong" not in path.read_bytes() for path in files)
    with world.open() as vault:
        found = events(vault)
        assert [details for _id, details in found] == [
            {"sealed": "yes", "claimed_at": (NOW + timedelta(days=day)).isoformat()} for day in range(1, 6)
        ]
        assert {subject for subject, _details in found} == {path.stem for path in files}
        vault.journal.verify(None)
    assert list((world.root / "sealed").iterdir()) == []
    with world.open() as vault:
        assert len(events(vault)) == 5


def test_a_night_of_guessing_does_not_fill_the_disk(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed, "MAX_EVENTS", 3)
    world.create()
    for _ in range(5):
        with pytest.raises(WrongPassphraseError):
            world.open("wrong")
    assert len(list((world.root / "sealed").iterdir())) == 3


def test_a_forged_or_damaged_note_is_noted_as_unreadable(world: World) -> None:
    world.create()
    for number, content in enumerate((b"", b"{}\n", rfc8785.dumps(GOOD) + b"\n", b"x" * 9000)):
        forge(world, content, f"{number:032x}.event")
    (world.root / "sealed" / ("f" * 32 + ".event")).write_bytes(b"no age file")
    with world.open() as vault:
        assert [details["claimed_at"] for _id, details in events(vault)] == ["unreadable"] * 5
    assert list((world.root / "sealed").iterdir()) == []


def test_a_wrong_passphrase_is_told_even_where_nothing_can_be_noted(world: World) -> None:
    world.create()
    (world.root / "sealed").rmdir()
    (world.root / "sealed").write_bytes(b"")
    with pytest.raises(WrongPassphraseError):
        world.open("wrong")


def test_a_header_without_a_recipient_is_damaged(world: World, vault: Vault) -> None:
    from dataclasses import replace

    header = replace(read_header(world.root), sealed_recipient="age1pq1nothing")
    with pytest.raises(IntegrityError):
        Sealer(world.root, header, world.clock, world.random).add(CLAIM, b"")
