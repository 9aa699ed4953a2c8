"""The keyring of the operating system, as the place for a key slot's secret.

Only backends that encrypt what they keep are used, and no setting can name another one: `keyring` by itself would also take a plain file.
What it protects ends with the login: while the person is logged in, every program of theirs can ask for the secret.
"""

from base64 import b64decode, b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

from monespace_cli.errors import LockedError, MissingDependencyError
from monespace_cli.i18n import _

BACKENDS = (
    ("keyring.backends.SecretService", "Keyring"),  # GNOME Keyring, KeePassXC and others, through D-Bus
    ("keyring.backends.kwallet", "DBusKeyring"),
    ("keyring.backends.macOS", "Keyring"),
    ("keyring.backends.Windows", "WinVaultKeyring"),
)
"""The allowed ones, as (module, class); the first that works here is used."""

SERVICE = "monespace"


class SystemKeyring:
    """Keeps the secrets of key slots."""

    def __init__(self, backend: Any) -> None:
        """Use a backend of the `keyring` library. Use :func:`system_keyring`."""
        self._backend = backend

    @property
    def name(self) -> str:
        """What the backend is called."""
        return str(self._backend.name)

    def get(self, vault: str, slot: str) -> bytes | None:
        """Return the secret of a slot, or None where there is none.

        Raises:
            LockedError: the keyring cannot be asked, or the person does not open it.
        """
        with _translated():
            text = self._backend.get_password(SERVICE, f"{vault}/{slot}")
        try:
            return b64decode(text, validate=True) if text else None
        except ValueError:
            return None

    def put(self, vault: str, slot: str, secret: bytes) -> None:
        """Keep the secret of a slot.

        Raises:
            LockedError: the keyring cannot be written, or the person does not open it.
        """
        with _translated():
            self._backend.set_password(SERVICE, f"{vault}/{slot}", b64encode(secret).decode())

    def remove(self, vault: str, slot: str) -> None:
        """Forget the secret of a slot, if there is one.

        Raises:
            LockedError: the keyring cannot be written, or the person does not open it.
        """
        if self.get(vault, slot) is not None:
            with _translated():
                self._backend.delete_password(SERVICE, f"{vault}/{slot}")


def system_keyring() -> SystemKeyring:
    """Return the keyring of this system.

    Raises:
        MissingDependencyError: there is none that encrypts, or it does not run.
    """
    for module, name in BACKENDS:
        backend = getattr(import_module(module), name)
        if backend.viable:
            return SystemKeyring(backend())
    raise MissingDependencyError(
        _("this system has no keyring that can be used"), hint=_("GNOME Keyring, KWallet, macOS and Windows have one; it must be running")
    )


@contextmanager
def _translated() -> Iterator[None]:
    """Turn whatever a backend raises into an error of ours: the library knows many, and their words may name what is kept."""
    try:
        yield
    except Exception:
        raise LockedError(_("the keyring of this system does not answer"), hint=_("is it running, and unlocked?")) from None
