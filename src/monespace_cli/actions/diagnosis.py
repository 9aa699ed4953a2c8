"""Is this installation sound, and is the vault really encrypted? Each answer is tried, not assumed."""

import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path

from monespace_cli.adapters.viewer import memory_directory
from monespace_cli.errors import ExitCode, IntegrityError, LockedError, MonespaceError, NoVaultError
from monespace_cli.i18n import _
from monespace_cli.ingest.reader import IngestOptions, Reader
from monespace_cli.vault.connection import PLAIN_SQLITE, open_database
from monespace_cli.vault.header import Header
from monespace_cli.vault.header_file import read_header
from monespace_cli.vault.layout import Layout
from monespace_cli.vault.vault import Vault

LIBRARIES = ("cryptography", "sqlcipher3", "typer", "rich", "pillow", "pypdfium2", "mnemonic")


class Health(StrEnum):
    """How a check ended."""

    GOOD = "ok"
    NOTE = "note"
    BAD = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One check: what was looked at, how it ended, and what to do where it did not end well."""

    name: str
    health: Health
    detail: str
    hint: str = ""
    exit_code: ExitCode = ExitCode.OK


def examine_installation(reader: Reader, options: IngestOptions, runtime_directory: Path | None) -> Iterator[Finding]:
    """Yield what is found of the programs and libraries here."""
    yield Finding(_("Python"), Health.GOOD, f"{platform.python_version()} ({platform.system()} {platform.machine()})")
    yield Finding(_("Libraries"), Health.GOOD, ", ".join(f"{name} {version(name)}" for name in LIBRARIES))
    yield _text_recognition(reader, options)
    folder = memory_directory(runtime_directory)
    yield (
        Finding(_("Showing documents"), Health.GOOD, _("from memory, in {path}").format(path=folder))
        if folder
        else Finding(
            _("Showing documents"),
            Health.NOTE,
            _("no memory file system here"),
            _("`document open` asks before it lays a document on the disk"),
        )
    )


def examine_vault(root: Path, open_vault: Callable[[], Vault]) -> Iterator[Finding]:
    """Yield what is found of the vault: with its secret all, without one what its header says."""
    try:
        header = read_header(root)
    except NoVaultError:
        yield Finding(_("Vault"), Health.NOTE, _("none at {path}").format(path=root), _("`monespace init` makes one"))
        return
    except MonespaceError as error:
        yield _failed(_("Vault"), error)
        return
    yield Finding(_("Vault"), Health.GOOD, _("{path}, header intact, {slots}").format(path=root, slots=_slots(header)))
    try:
        with open_vault() as vault:
            yield Finding(_("Database"), Health.GOOD, _("opens; SQLCipher {version}").format(version=vault.database.cipher_version))
            yield _memory(vault)
        yield _encryption(Layout(root))
    except LockedError:
        yield Finding(_("Database"), Health.NOTE, _("locked: not looked into"), _("give the passphrase to check it too"))
    except MonespaceError as error:
        yield _failed(_("Database"), error)


def _memory(vault: Vault) -> Finding:
    if vault.last_seen is None:
        return Finding(
            _("Older copies"),
            Health.NOTE,
            _("this machine has not seen the vault here before: an older copy could not have been noticed"),
            _("from now on it is"),
        )
    return Finding(_("Older copies"), Health.GOOD, _("it goes on from where this machine last saw it"))


def _text_recognition(reader: Reader, options: IngestOptions) -> Finding:
    info = reader.probe(options)
    if info is None:
        return Finding(
            _("Text recognition"),
            Health.BAD,
            _("no OCR engine, or no language data"),
            _("install tesseract-ocr and tesseract-ocr-fra; all but reading photos and scans works without"),
            ExitCode.MISSING_DEPENDENCY,
        )
    languages = ", ".join(info.languages)
    return Finding(
        _("Text recognition"),
        Health.GOOD,
        _("{name} {version}: {languages}").format(name=info.name, version=info.version, languages=languages),
    )


def _encryption(layout: Layout) -> Finding:
    name = _("Encryption")
    with layout.database.open("rb") as file:
        if file.read(len(PLAIN_SQLITE)) == PLAIN_SQLITE:
            return Finding(name, Health.BAD, _("the database file is plain SQLite"), exit_code=ExitCode.INTEGRITY)
    try:
        open_database(layout.database, bytes(32)).close()
    except IntegrityError:
        return Finding(name, Health.GOOD, _("the file does not look like a database, and a wrong key does not open it"))
    return Finding(name, Health.BAD, _("a wrong key opens the database"), exit_code=ExitCode.INTEGRITY)


def _slots(header: Header) -> str:
    return ", ".join(str(slot.kind).replace("-", " ") for slot in header.slots)


def _failed(name: str, error: MonespaceError) -> Finding:
    return Finding(name, Health.BAD, error.message, error.hint or "", error.exit_code)
