"""A manifest's rows as what is stated of each file; what the command line says of all of them fills the gaps."""

from dataclasses import replace
from pathlib import Path

from monespace_cli.actions.entries import Stated
from monespace_cli.errors import UnreadableInputError
from monespace_cli.i18n import _
from monespace_cli.interop.import_manifest import MAX_SIZE, ManifestRow, read_import_manifest


def read_statements(path: Path, otherwise: Stated) -> dict[Path, Stated]:
    """Return what a manifest says of each file it names, in its order.

    Raises:
        UnreadableInputError: it cannot be read.
        BadManifestError: it is wrong; nothing was read beyond it.
    """
    return {row.path: _stated(row, otherwise) for row in read_rows(path)}


def read_rows(path: Path) -> tuple[ManifestRow, ...]:
    """Return the rows of a manifest, validated whole.

    Raises:
        UnreadableInputError: it cannot be read.
        BadManifestError: it is wrong.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UnreadableInputError(_("the manifest {path} cannot be read").format(path=path), hint=error.strerror) from None
    return read_import_manifest(data, path.parent)


def _stated(row: ManifestRow, otherwise: Stated) -> Stated:
    return replace(
        otherwise,
        type_code=row.type_code or otherwise.type_code,
        date=row.date or otherwise.date,
        practitioner=row.practitioner or otherwise.practitioner,
        title=row.title or otherwise.title,
        tags=tuple(dict.fromkeys((*row.tags, *otherwise.tags))),
        extra=row.extra,
    )
