import io
import os
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import rfc8785

from monespace_cli.errors import (
    BusyError,
    IntegrityError,
    MonespaceError,
    NewerFormatError,
    NotFoundError,
    NotWritableError,
    UsageError,
    WrongPassphraseError,
)
from monespace_cli.files import locked
from monespace_cli.ports import NoProgress, Progress
from monespace_cli.record.journal import Event
from monespace_cli.vault.backup import Created, create_backup, forget_backups, restore_backup, verify_backup
from monespace_cli.vault.checking import Flaw
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.exchanges import Stream
from monespace_cli.vault.snapshots import Manifest, Place, open_place, read_manifest
from monespace_cli.vault.vault import Vault
from tests.vault.test_checking import blob_of
from tests.vault.world import PASSPHRASE, World, put


@pytest.fixture
def usb(tmp_path: Path) -> Path:
    return tmp_path / "usb"


def backup(vault: Vault, usb: Path, world: World, progress: Progress | None = None) -> Created:
    return create_backup(vault, usb, world.clock, os.urandom, progress or NoProgress())


def verified(place: Place, snapshot: str | None = None) -> list[tuple[Flaw, str]]:
    report = verify_backup(place.find(snapshot), PASSPHRASE, NoProgress(), read_data=True)
    return [(finding.flaw, finding.title) for finding in report.findings]


def restored(place: Place, world: World, snapshot: str | None = None) -> World:
    other = World(world.root.parent / f"restored-{len(list(world.root.parent.iterdir()))}")
    report = restore_backup(place.find(snapshot), other.root, PASSPHRASE, world.clock, NoProgress())
    assert report.findings == []
    return other


def contents(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.stat()
        found[str(path)] = (status.st_ino, status.st_mtime_ns, path.read_bytes() if path.is_file() else b"")
    return found


def test_a_restored_vault_is_the_vault(vault: Vault, world: World, usb: Path) -> None:
    documents = [put(vault, f"texte {number}", title=f"Document {number}") for number in range(3)]
    made = backup(vault, usb, world)
    put(vault, "depuis")
    with restored(open_place(usb), world).open() as again:
        assert {document.id for document in again.documents.all(Filter())} == {document.id for document in documents}
        for document in documents:
            with again.documents.original(document) as copy, vault.documents.original(document) as original:
                assert copy.read() == original.read()
        assert again.owner == vault.owner
        last = again.journal.entries()[-1]
        assert (last.event, last.subject) == (Event.VAULT_RESTORED, made.snapshot.id)
        assert put(again, "et elle continue").page_count == 1


def test_what_the_folder_has_is_not_copied_again(vault: Vault, world: World, usb: Path) -> None:
    for number in range(4):
        put(vault, f"texte {number}")
    assert backup(vault, usb, world).copied == 4
    before = contents(usb / "blobs")
    put(vault, "un de plus")
    second = backup(vault, usb, world)
    assert (second.blobs, second.copied) == (5, 1)
    after = contents(usb / "blobs")
    assert all(after[path][0] == inode and after[path][2] == data for path, (inode, _at, data) in before.items())
    third = backup(vault, usb, world)
    assert (third.copied, third.copied_bytes) == (0, 0)
    assert contents(usb / "blobs") == after
    assert [snapshot.id for snapshot in open_place(usb).snapshots()][1:] == [second.snapshot.id, third.snapshot.id]


def test_it_is_ciphertext_of_the_owners_only(vault: Vault, world: World, usb: Path) -> None:
    put(vault, "canari-texte-4711", title="canari-titre-4711", data=b"canari-octets-4711" * 100)
    backup(vault, usb, world)
    data = b"".join(path.read_bytes() for path in usb.rglob("*") if path.is_file())
    assert b"4711" not in data
    assert b"SQLite" not in data
    assert {path.stat().st_mode & 0o077 for path in (usb, *usb.rglob("*"))} == {0}


def test_verifying_changes_nothing_and_needs_no_vault(vault: Vault, world: World, usb: Path) -> None:
    put(vault, "texte")
    backup(vault, usb, world)
    before = contents(usb)
    assert verified(open_place(usb)) == []
    assert contents(usb) == before
    with pytest.raises(WrongPassphraseError):
        verify_backup(open_place(usb).find(None), "another", NoProgress(), read_data=False)


def flip(path: Path, position: int) -> None:
    data = bytearray(path.read_bytes())
    data[position] ^= 1
    path.write_bytes(data)


def test_a_damaged_backup_is_told_and_gives_what_it_can(vault: Vault, world: World, usb: Path) -> None:
    put(vault, "un", title="Intacte")
    document = put(vault, "deux", title="Abîmée")
    backup(vault, usb, world)
    name = blob_of(vault, document.id)
    flip(usb / "blobs" / name[:2] / name, 60)
    place = open_place(usb)
    assert verified(place) == [(Flaw.DAMAGED, "Abîmée")]
    (usb / "blobs" / name[:2] / name).unlink()
    assert verified(place) == [(Flaw.MISSING, "Abîmée")]
    root = world.root.parent / "other"
    report = restore_backup(place.find(None), root, PASSPHRASE, world.clock, NoProgress())
    assert [(finding.flaw, finding.title) for finding in report.damage] == [(Flaw.MISSING, "Abîmée")]
    with World(root).open() as again:
        assert again.documents.count(Filter()) == 2
    assert backup(vault, usb, world).copied == 1, "the next one brings it back"
    assert verified(place) == []


def test_a_file_cut_short_in_the_folder_is_copied_again(vault: Vault, world: World, usb: Path) -> None:
    name = blob_of(vault, put(vault, "texte").id)
    backup(vault, usb, world)
    path = usb / "blobs" / name[:2] / name
    path.write_bytes(path.read_bytes()[:-1])
    assert backup(vault, usb, world).copied == 1
    assert verified(open_place(usb)) == []


@pytest.mark.parametrize("damage", ["record.db", "vault.json"])
def test_a_backup_that_does_not_open_is_said_to_be_damaged(vault: Vault, world: World, usb: Path, damage: str) -> None:
    put(vault, "texte")
    path = backup(vault, usb, world).snapshot.layout.root / damage
    flip(path, 40)
    with pytest.raises(IntegrityError):
        verified(open_place(usb))
    with pytest.raises(IntegrityError):
        restored(open_place(usb), world)
    assert not list(world.root.parent.glob("restored*/*"))


def test_it_is_restored_where_nothing_is(vault: Vault, world: World, usb: Path) -> None:
    backup(vault, usb, world)
    with pytest.raises(UsageError, match="a vault here already"):
        restore_backup(open_place(usb).find(None), world.root, PASSPHRASE, world.clock, NoProgress())


class Meanwhile(NoProgress):
    """Does something once the copying of blobs has begun."""

    def __init__(self, work: Callable[[], object], times: int = 1) -> None:
        self.work = work
        self.times = times

    def start(self, total: int) -> None:
        if self.times:
            self.times -= 1
            self.work()


def test_a_document_erased_while_it_is_copied_is_in_no_backup(vault: Vault, world: World, usb: Path) -> None:
    item = vault.quarantine.find(vault.quarantine.add(vault.blobs.write(io.BytesIO(b"?")), 1, put(vault, "a").provenance, "x"))
    made = backup(vault, usb, world, Meanwhile(lambda: vault.quarantine.remove(item, Event.ITEM_DISCARDED)))
    assert (made.blobs, made.missing) == (1, ())
    assert verified(open_place(usb)) == []
    assert not (usb / "blobs" / item.blob[:2] / item.blob).exists()


def test_a_document_imported_while_it_is_copied_waits_for_the_next(vault: Vault, world: World, usb: Path) -> None:
    put(vault, "un")
    assert backup(vault, usb, world, Meanwhile(lambda: put(vault, "deux"))).blobs == 1
    assert verified(open_place(usb)) == []
    assert backup(vault, usb, world).blobs == 2


def test_it_is_consistent_while_others_write(world: World, usb: Path) -> None:
    world.create()
    with world.open() as vault:
        put(vault, "premier")
        stop = threading.Event()

        def write() -> None:
            with world.open() as other:
                while not stop.is_set():
                    put(other, os.urandom(8).hex(), title="Pendant ce temps")

        writer = threading.Thread(target=write)
        writer.start()
        try:
            made = [backup(vault, usb, world) for _each in range(5)]
        finally:
            stop.set()
            writer.join()
    for each in made:
        assert verified(open_place(usb), each.snapshot.id) == []


def test_a_vault_that_never_holds_still_is_said_to_be_busy(vault: Vault, world: World, usb: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    header = world.root / "vault.json"
    copy_to = type(vault.database).copy_to

    def changing(self: object, path: Path) -> object:
        header.write_bytes(header.read_bytes() + b" ")
        return copy_to(vault.database, path)

    monkeypatch.setattr(type(vault.database), "copy_to", changing)
    with pytest.raises(BusyError):
        backup(vault, usb, world)
    assert vault.backups.all() == []
    assert list((usb / "snapshots").iterdir()) == []


def interrupt() -> None:
    raise KeyboardInterrupt


class InterruptedAfter(NoProgress):
    """Stops the work after some files."""

    def __init__(self, files: int) -> None:
        self.files = files

    def advance(self, amount: int = 1, label: str = "") -> None:
        self.files -= 1
        if not self.files:
            interrupt()


def test_an_interrupted_backup_never_was_and_the_next_goes_on_from_there(vault: Vault, world: World, usb: Path) -> None:
    for number in range(4):
        put(vault, f"texte {number}")
    with pytest.raises(KeyboardInterrupt):
        backup(vault, usb, world, InterruptedAfter(3))
    assert open_place(usb).snapshots() == []
    assert vault.backups.all() == []
    assert backup(vault, usb, world).copied == 1
    assert verified(open_place(usb)) == []


def test_what_a_killed_backup_left_is_cleaned_away_and_struck_off(vault: Vault, world: World, usb: Path) -> None:
    put(vault, "texte")
    backup(vault, usb, world)
    place = open_place(usb)
    vault.backups.add("0badbeef", place.id, usb)
    left = [place.folder / f".{'a' * 16}.new", usb / "blobs" / f"aa/.{'b' * 16}.new", usb / "sealed" / f".{'c' * 16}.new"]
    for path in left:
        path.parent.mkdir(exist_ok=True)
        path.mkdir() if path.parent == place.folder else path.touch()
    (left[0] / "record.db").touch()
    (place.folder / "000009-99999999T999999Z-0badbeef").mkdir()  # no name of ours: no such moment
    kept = usb / ".notes.new"
    kept.touch()
    assert len(place.snapshots()) == 1
    backup(vault, usb, world)
    assert not any(path.exists() for path in left)
    assert kept.exists()
    assert "0badbeef" not in {known.id for known in vault.backups.all()}


def test_forgetting_removes_what_no_other_one_needs(vault: Vault, world: World, usb: Path) -> None:
    document = put(vault, "un")
    first = backup(vault, usb, world).snapshot
    put(vault, "deux")
    second = backup(vault, usb, world).snapshot
    place = open_place(usb)
    (usb / "blobs" / "notes.txt").touch()
    assert forget_backups(vault, place, [second]) > 0
    assert len(list(usb.glob("blobs/??/*"))) == 1
    assert (usb / "blobs" / "notes.txt").exists()
    assert verified(place) == []
    assert [known.id for known in vault.backups.holding(document.id)] == [first.id]
    assert Event.BACKUP_FORGOTTEN in {entry.event for entry in vault.journal.entries()}
    forget_backups(vault, place, [first])
    assert list(usb.glob("blobs/??/*")) == []
    with pytest.raises(NotFoundError):
        place.find(None)


def test_nothing_is_removed_where_a_snapshot_does_not_say_what_it_needs(vault: Vault, world: World, usb: Path) -> None:
    put(vault, "un")
    first, second = backup(vault, usb, world).snapshot, backup(vault, usb, world).snapshot
    flip(second.layout.manifest, 20)
    with pytest.raises(IntegrityError):
        forget_backups(vault, open_place(usb), [first])
    assert verified(open_place(usb)) == []


def test_the_vault_knows_which_backups_hold_a_document(vault: Vault, world: World, usb: Path) -> None:
    old = put(vault, "un")
    first = backup(vault, usb, world).snapshot
    new = put(vault, "deux")
    assert vault.backups.holding(new.id) == []
    second = backup(vault, usb, world).snapshot
    assert [known.id for known in vault.backups.holding(old.id)] == [first.id, second.id]
    assert [(known.id, known.path) for known in vault.backups.holding(new.id)] == [(second.id, usb.resolve())]


def test_a_restored_vault_begins_new_streams(vault: Vault, world: World, usb: Path) -> None:
    assert vault.exchanges.reserve("a" * 32, "share", "peer", "5" * 32) == Stream("5" * 32, 1)
    backup(vault, usb, world)
    vault.exchanges.reserve("b" * 32, "share", "peer", "6" * 32)
    with restored(open_place(usb), world).open() as again:
        place = again.exchanges.reserve("c" * 32, "share", "peer", "7" * 32)
        assert place == Stream("7" * 32, 1), "the counters used since are not known to it"
        assert again.exchanges.reserve("d" * 32, "share", "peer", "8" * 32) == Stream("7" * 32, 2)
    assert vault.exchanges.reserve("e" * 32, "share", "peer", "9" * 32) == Stream("5" * 32, 3)


def test_what_waits_to_be_taken_in_comes_along(vault: Vault, world: World, usb: Path) -> None:
    waiting = vault.layout.sealed / f"{'d' * 32}.item"
    waiting.write_bytes(b"ciphertext")
    waiting.chmod(0o600)
    first = backup(vault, usb, world).snapshot
    waiting.unlink()
    backup(vault, usb, world)
    place = open_place(usb)
    assert list((restored(place, world).root / "sealed").iterdir()) == []
    assert (restored(place, world, first.id).root / "sealed" / waiting.name).read_bytes() == b"ciphertext"
    flip(place.find(None).layout.manifest, 20)
    assert (restored(place, world).root / "sealed" / waiting.name).exists(), "rather one too many than one lost"


@pytest.mark.parametrize("name", ["../../../planted", "/tmp/planted", f"../{'d' * 32}.item", "", ".item"])
def test_a_forged_list_of_files_writes_nothing_elsewhere(vault: Vault, world: World, usb: Path, name: str) -> None:
    snapshot = backup(vault, usb, world).snapshot
    for manifest in (Manifest((), (name,), 1), Manifest((name,), (), 1)):
        snapshot.layout.manifest.write_bytes(manifest.to_bytes())
        with pytest.raises(IntegrityError):
            read_manifest(snapshot)


def test_a_folder_holds_the_backups_of_one_vault_and_nothing_else(vault: Vault, world: World, usb: Path, tmp_path: Path) -> None:
    other = World(tmp_path / "other")
    other.random = type(other.random)(b"other")
    other.create()
    backup(vault, usb, world)
    with other.open() as second, pytest.raises(UsageError, match="another vault"):
        backup(second, usb, world)
    (tmp_path / "music").mkdir()
    (tmp_path / "music" / "song.ogg").touch()
    with pytest.raises(UsageError, match="something else"):
        backup(vault, tmp_path / "music", world)
    with pytest.raises(UsageError, match="inside the vault"):
        backup(vault, world.root / "blobs" / "backup", world)
    with pytest.raises(NotWritableError):
        backup(vault, Path("/proc/backup"), world)


def test_one_backup_at_a_time(vault: Vault, world: World, usb: Path) -> None:
    backup(vault, usb, world)
    with locked(usb), pytest.raises(BusyError):
        backup(vault, usb, world)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (b"{}", IntegrityError),
        (b"[]", IntegrityError),
        (b"\xff", IntegrityError),
        (rfc8785.dumps({"format": "monespace-vault", "version": 1, "id": "", "vault": ""}), IntegrityError),
        (rfc8785.dumps({"format": "monespace-backup", "version": 2}), NewerFormatError),
    ],
)
def test_a_folder_that_says_something_else_is_refused(tmp_path: Path, text: bytes, error: type[MonespaceError]) -> None:
    (tmp_path / "backup.json").write_bytes(text)
    with pytest.raises(error):
        open_place(tmp_path)
