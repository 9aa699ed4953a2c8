"""The file vault.json: read with what its absence means, replaced atomically (docs/formats/vault-v1.md §3.1)."""

from pathlib import Path

from monespace_cli.errors import IntegrityError, NotWritableError, NoVaultError
from monespace_cli.files import new_file
from monespace_cli.i18n import _
from monespace_cli.vault.header import MAX_SIZE, Header, header_bytes, parse_header
from monespace_cli.vault.layout import Layout


def read_header(root: Path) -> Header:
    """Return the header of the vault in a directory: all that can be known of it without a secret.

    Raises:
        NoVaultError: there is none.
        IntegrityError: it is damaged, or only it is missing.
        NotWritableError: it may not be read.
    """
    layout = Layout(root)
    try:
        with layout.header.open("rb") as file:
            return parse_header(file.read(MAX_SIZE + 1))
    except FileNotFoundError:
        if layout.database.exists() and not was_interrupted(layout):
            raise IntegrityError(
                _("the vault's header (vault.json) is missing"), hint=_("restore it from a backup of this vault")
            ) from None
        raise NoVaultError(
            _("there is no vault at {path}").format(path=root), hint=_("make one with `monespace init`, or name it with --vault")
        ) from None
    except OSError:
        raise NotWritableError(_("the vault at {path} cannot be read").format(path=root), hint=_("is it yours?")) from None


def write_header(layout: Layout, header: Header, master: bytes) -> None:
    """Replace vault.json: the old or the new, never half.

    Raises:
        NotWritableError: it cannot be written.
    """
    with new_file(layout.header) as file:
        file.write(header_bytes(header, master))


def was_interrupted(layout: Layout) -> bool:
    """Tell whether a directory holds an attempt to make a vault that was interrupted."""
    return Layout(layout.unfinished).header.exists() and not layout.header.exists()
