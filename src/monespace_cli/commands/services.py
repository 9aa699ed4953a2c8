"""What a command is given to work with. `app` builds it; a command takes what it needs, when it needs it."""

import contextlib
from collections.abc import Callable, Mapping
from functools import cached_property, partial
from typing import TYPE_CHECKING

import typer

from monespace_cli.config import CommonOptions, Settings, read_settings
from monespace_cli.errors import BusyError, RollbackError
from monespace_cli.i18n import _
from monespace_cli.ports import Clock, NoProgress, Progress, Random, SecretSource, Store
from monespace_cli.ui.output import Output
from monespace_cli.ui.prompt import Terminal

if TYPE_CHECKING:
    from monespace_cli.adapters.session import Sessions
    from monespace_cli.adapters.state import VaultState
    from monespace_cli.ingest.reader import IngestOptions
    from monespace_cli.vault.header import Header
    from monespace_cli.vault.unlock import Unlocked
    from monespace_cli.vault.vault import Vault


class Services:
    """Settings, output, the terminal, the vault: each made at its first use, when the command line has been read."""

    def __init__(
        self, environment: Mapping[str, str], clock: Clock, random: Random, secrets: Callable[[Settings, SecretSource], SecretSource]
    ) -> None:
        """Take the outside world from the composition root."""
        self.options = CommonOptions()
        self.environment = environment
        self.clock = clock
        self.random = random
        self.terminal = Terminal()
        self._make_secrets = secrets

    @cached_property
    def settings(self) -> Settings:
        """What the command line and the environment say."""
        return read_settings(self.options, self.environment)

    @cached_property
    def output(self) -> Output:
        """The printer."""
        return Output(json_mode=self.settings.json, quiet=self.settings.quiet)

    @property
    def ingest_options(self) -> "IngestOptions":
        """How files are read here."""
        from monespace_cli.ingest.reader import IngestOptions

        return IngestOptions(language_data=self.settings.language_data)

    @cached_property
    def secrets(self) -> SecretSource:
        """Where the passphrase comes from."""
        return self._make_secrets(self.settings, self.terminal)

    def open_vault(self) -> "Vault":
        """Open the chosen vault: by `--passphrase-fd`, a session, a passphrase file or command, the system's keyring, the terminal.

        What was said on this command line comes first; a session comes before a passphrase command, which may itself ask somebody.

        Raises:
            NoVaultError, LockedError, WrongPassphraseError, IntegrityError, NewerFormatError: see `vault.vault`.
        """
        from monespace_cli.vault.header_file import read_header

        header = read_header(self.settings.vault)
        unlocked = self._unlock_by_itself(header) or self.unlock_with_secret(header)
        return self.open_unlocked(unlocked)

    def open_vault_with_secret(self) -> "Vault":
        """Open the chosen vault with a passphrase or a recovery kit, given now: changing the keys takes more than an unlocked vault.

        Raises:
            NotAllowedError: the vault is not theirs.
        """
        from monespace_cli.record.journal import Event
        from monespace_cli.vault.header_file import read_header

        vault = self.open_unlocked(self.unlock_with_secret(read_header(self.settings.vault)))
        try:
            vault.journal.require(Event.KEY_CHANGED)
        except BaseException:
            vault.close()
            raise
        return vault

    def unlock_with_secret(self, header: "Header") -> "Unlocked":
        """Unlock with a passphrase or a recovery kit, given now."""
        return self.unlock_with(header, self.secrets.passphrase(_("Passphrase or recovery kit")))

    def unlock_with(self, header: "Header", secret: str) -> "Unlocked":
        """Unlock with this passphrase or these words of a recovery kit."""
        from monespace_cli.vault.vault import unlock_noted

        return unlock_noted(self.settings.vault, header, secret, self.clock, self.random)

    def sessions(self, vault: str) -> "Sessions":
        """Return what keeps a vault unlocked; `vault` is its id."""
        from monespace_cli.adapters.session import sessions

        return sessions(vault, self.settings.socket_directory)

    def start_session(self, seconds: int) -> None:
        """Keep the chosen vault unlocked for a time, with a passphrase or a recovery kit given now.

        Raises:
            MissingDependencyError: nothing here can keep it.
        """
        from monespace_cli.record.journal import Event
        from monespace_cli.vault.header_file import read_header

        unlocked = self.unlock_with_secret(read_header(self.settings.vault))
        with self.open_unlocked(unlocked) as vault:
            self.sessions(unlocked.header.vault).open(unlocked.slot.id, unlocked.master, seconds)
            vault.journal.write(Event.SESSION_OPENED, unlocked.slot.id, seconds=str(seconds))

    def open_unlocked(self, unlocked: "Unlocked") -> "Vault":
        """Open the chosen vault, whose master key is known."""
        from monespace_cli.adapters.pin import pin
        from monespace_cli.adapters.state import VaultState
        from monespace_cli.vault.entering import enter
        from monespace_cli.vault.vault import open_unlocked

        vault = open_unlocked(self.settings.vault, unlocked, self.clock, self.random)
        state = VaultState(self.settings.state_directory, vault.header.vault)
        try:
            self._require_fresh(vault, state.at(self.settings.vault))
            enter(vault, self.settings.space)
        except BaseException:
            vault.close()
            raise
        pin(state, vault.header.sealed_recipient)
        self._keep_keys(vault)
        if vault.is_entered:
            self._show_space(vault)
        return vault

    def _show_space(self, vault: "Vault") -> None:
        """Say in whose space the command works, where there is more than one person."""
        whose = vault.subject.display_name
        who = vault.people.name_of(vault.journal.actor)
        text = _("Space: {name}").format(name=whose) if who == whose else _("Space: {name} (you are {who})").format(name=whose, who=who)
        self.output.say(text)

    def _keep_keys(self, vault: "Vault") -> None:
        """Change the decryption keys where that is due, and say so once; a vault that somebody else writes to is seen to next time."""
        from monespace_cli.record.key_life import lives

        now = self.clock()
        if not vault.is_owner or not any(life.is_over(now) for life in lives(vault.keys.decryption_since())):
            return
        from monespace_cli.actions.identity import keep_keys

        with contextlib.suppress(BusyError):
            if keep_keys(vault, now):
                self.output.say(
                    _(
                        "Your decryption keys were a year old and are replaced. Your words stay; "
                        "your next bundle to each contact brings your new card."
                    )
                )

    def _require_fresh(self, vault: "Vault", state: "VaultState") -> None:
        """See that the vault is no older copy, or that the person wants it all the same; remember it when it is closed."""
        from monespace_cli.actions.freshness import remember, require_fresh
        from monespace_cli.record.journal import Event

        try:
            vault.last_seen = require_fresh(vault, state)
        except RollbackError as problem:
            if not self.terminal.is_present:
                raise
            self.output.warn(problem.message)
            if not self.terminal.confirm(_("Go on with this copy?")):
                raise
            vault.journal.write(Event.OLDER_COPY_ACCEPTED)
            remember(vault, state)
        vault.before_close = partial(remember, vault, state)

    def _unlock_by_itself(self, header: "Header") -> "Unlocked | None":
        if self.settings.passphrase_fd is not None:
            return None
        from monespace_cli.actions.unlocking import unlock_with_session

        unlocked = unlock_with_session(header, self.sessions(header.vault))
        if unlocked or self.settings.gives_passphrase or not any(slot.kind == "keyring" for slot in header.slots):
            return unlocked
        from monespace_cli.actions.unlocking import unlock_with_keyring

        return unlock_with_keyring(header)

    def store(self, location: str) -> Store:
        """Return the store at a location; for now that is a folder."""
        from pathlib import Path

        from monespace_cli.adapters.folder_store import FolderStore

        return FolderStore(Path(location))

    def progress(self, title: str) -> Progress:
        """Return a progress bar, or one that draws nothing where nobody would see it."""
        if not self.output.can_draw:
            return NoProgress()
        from monespace_cli.ui.progress import Bar

        return Bar(title, self.output)


def services(context: typer.Context) -> Services:
    """Return the services of a running command."""
    found = context.obj
    assert isinstance(found, Services)
    return found
