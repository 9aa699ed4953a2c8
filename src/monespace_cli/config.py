"""Settings: read once, in `app`, from the command line's common options and the environment."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _

VAULT_VARIABLE = "MONESPACE_VAULT"
SPACE_VARIABLE = "MONESPACE_SPACE"
PASSPHRASE_FILE_VARIABLE = "MONESPACE_PASSPHRASE_FILE"
PASSPHRASE_COMMAND_VARIABLE = "MONESPACE_PASSPHRASE_COMMAND"
LANGUAGE_DATA_VARIABLE = "TESSDATA_PREFIX"


@dataclass(slots=True)
class CommonOptions:
    """The options that every command takes, as the command line gave them."""

    vault: Path | None = None
    space: str | None = None
    passphrase_fd: int | None = None
    json: bool = False
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run of monespace goes by."""

    vault: Path
    state_directory: Path
    """Where this machine remembers things about vaults."""
    json: bool
    quiet: bool
    space: str | None = None
    """The space that is meant, by a name or number; None is the one that was chosen with `space use`."""
    passphrase_fd: int | None = None
    passphrase_file: Path | None = None
    passphrase_command: str | None = None
    language_data: Path | None = None
    """Where tesseract's language data lies, if not where systems keep it."""
    runtime_directory: Path | None = None
    """Where the system lets a user keep files in memory (XDG_RUNTIME_DIR)."""

    @property
    def socket_directory(self) -> Path:
        """Where a private socket may lie."""
        return (self.runtime_directory or self.state_directory) / "monespace"

    @property
    def gives_passphrase(self) -> bool:
        """Whether a passphrase file or command was named."""
        return self.passphrase_file is not None or self.passphrase_command is not None


def read_settings(options: CommonOptions, environment: Mapping[str, str]) -> Settings:
    """Join options and environment; an option wins over its variable, an empty variable counts as absent."""
    vault = options.vault or _path(environment.get(VAULT_VARIABLE)) or default_vault()
    return Settings(
        vault=vault,
        state_directory=(_path(environment.get("XDG_STATE_HOME")) or _home() / ".local" / "state") / "monespace",
        json=options.json,
        quiet=options.quiet,
        space=options.space or environment.get(SPACE_VARIABLE) or None,
        passphrase_fd=options.passphrase_fd,
        passphrase_file=_path(environment.get(PASSPHRASE_FILE_VARIABLE)),
        passphrase_command=environment.get(PASSPHRASE_COMMAND_VARIABLE) or None,
        language_data=_path(environment.get(LANGUAGE_DATA_VARIABLE)),
        runtime_directory=_path(environment.get("XDG_RUNTIME_DIR")),
    )


def default_vault() -> Path:
    """Return the vault's place where nobody names one: the platform's user data directory."""
    from platformdirs import user_data_path

    return user_data_path("monespace", appauthor=False) / "vault"


def _path(text: str | None) -> Path | None:
    try:
        return Path(text).expanduser() if text else None
    except RuntimeError:
        raise UsageError(_("{path} is in nobody's home").format(path=text)) from None


def _home() -> Path:
    try:
        return Path.home()
    except RuntimeError:
        raise UsageError(_("there is no home directory for this user"), hint=_("set HOME")) from None
