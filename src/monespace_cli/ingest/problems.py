"""Why a file cannot be taken in: one stable code each, with what to say about it.

The codes appear in JSON, in the quarantine and in notices; they are never renamed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from functools import cache
from typing import NamedTuple

from monespace_cli.bounds import limits
from monespace_cli.errors import UnreadableInputError
from monespace_cli.i18n import _


class Code(StrEnum):
    """Why a file cannot be taken in."""

    NOT_FOUND = "not-found"
    NO_PERMISSION = "no-permission"
    NOT_A_FILE = "not-a-file"
    READ_ERROR = "read-error"
    CHANGED = "changed-while-reading"
    TOO_LARGE = "file-too-large"
    TOO_DEEP = "too-deep"
    TOO_MANY_FILES = "too-many-files"
    EMPTY = "empty-file"
    UNSUPPORTED = "unsupported-type"
    DAMAGED = "damaged-file"
    ENCRYPTED_PDF = "encrypted-pdf"
    ENCRYPTED_ARCHIVE = "encrypted-archive"
    ARCHIVE_TOO_LARGE = "archive-too-large"
    TOO_MANY_PAGES = "too-many-pages"
    TOO_MANY_PIXELS = "too-many-pixels"
    NO_PICTURE = "no-picture"
    READER_CRASHED = "reader-crashed"
    READER_FAILED = "reader-failed"
    READER_GARBLED = "reader-garbled"
    READER_OUT_OF_MEMORY = "reader-out-of-memory"
    READER_TIMED_OUT = "reader-timed-out"
    OTHER_PATIENT = "other-patient"

    @property
    def is_passing(self) -> bool:
        """Whether another try may go better without anybody doing anything: the reader's or the disk's fault, not the file's."""
        return self in _PASSING


_PASSING = frozenset(
    (
        Code.READ_ERROR,
        Code.CHANGED,
        Code.READER_CRASHED,
        Code.READER_FAILED,
        Code.READER_GARBLED,
        Code.READER_OUT_OF_MEMORY,
        Code.READER_TIMED_OUT,
    )
)


class Notice(StrEnum):
    """What a person should know about a document that was taken in."""

    OCR_MISSING = "ocr-missing"
    OCR_OFF = "ocr-off"
    PAGE_UNREADABLE = "page-unreadable"
    TEXT_CUT = "text-cut"
    NEEDS_PASSWORD = "needs-password"
    """The original opens with its own password alone, which is not kept."""
    NOT_SHOWN = "picture-not-shown"
    """Its picture is coded in a way that is not decoded here; what stands beside the picture was read."""
    NEAR_PATIENT = "near-patient"
    """The paper's patient is nearly the space's person: a slip of a scanner, a name cut short, or somebody else."""


class _Text(NamedTuple):
    message: str
    hint: str | None = None


@cache
def _texts() -> dict[Code, _Text]:
    once_more = _("import it again; if it happens again, open it in another program and save it anew")
    supported = _("give a JPEG, PNG, HEIC, TIFF, WebP, PDF, DICOM, RTF or plain text file")
    smaller = _("split it into smaller files")
    return {
        Code.NOT_FOUND: _Text(_("There is no such file or folder"), _("check the path")),
        Code.NO_PERMISSION: _Text(_("The file or folder may not be read"), _("check its permissions")),
        Code.NOT_A_FILE: _Text(
            _("This is neither a file nor a folder"), _("give a regular file: no device, pipe, socket or circle of links")
        ),
        Code.READ_ERROR: _Text(_("The system could not read the file"), _("check the disk or the network folder and try again")),
        Code.CHANGED: _Text(_("The file changed while it was being read"), _("wait until it is written completely, then import it again")),
        Code.TOO_LARGE: _Text(_("The file is larger than 256 MiB"), smaller),
        Code.TOO_DEEP: _Text(_("Folders or archives are nested too deeply"), _("import the inner one by itself")),
        Code.TOO_MANY_FILES: _Text(_("The folder or archive holds too many files"), _("import it in parts")),
        Code.EMPTY: _Text(_("The file is empty"), _("copy it again from where it came")),
        Code.UNSUPPORTED: _Text(_("This type of file is not supported"), supported),
        Code.DAMAGED: _Text(_("The file is damaged"), _("copy it again from where it came, or scan the paper again")),
        Code.ENCRYPTED_PDF: _Text(
            _("The PDF is protected by a password"),
            _("give its password: `monespace quarantine retry --pdf-password-file FILE`, or retry it at a terminal"),
        ),
        Code.ENCRYPTED_ARCHIVE: _Text(_("The archive is protected by a password"), _("unpack it with its password and import the files")),
        Code.ARCHIVE_TOO_LARGE: _Text(_("The archive unpacks to too much"), _("unpack it and import the files that you know")),
        Code.TOO_MANY_PAGES: _Text(_("The file has more than {count} pages").format(count=limits.MAX_PAGES), smaller),
        Code.TOO_MANY_PIXELS: _Text(_("An image in the file is too large"), _("scan it again with fewer dots per inch")),
        Code.NO_PICTURE: _Text(
            _("There is no picture that can be shown here"), _("`monespace document open` gives the original to a program that may know it")
        ),
        Code.READER_CRASHED: _Text(_("The file crashed the reader, which ran apart from the vault"), once_more),
        Code.READER_FAILED: _Text(_("The reader could not work on the file"), once_more),
        Code.READER_GARBLED: _Text(_("The reader's answer could not be understood"), once_more),
        Code.READER_OUT_OF_MEMORY: _Text(_("Reading the file takes too much memory"), smaller),
        Code.READER_TIMED_OUT: _Text(_("Reading the file takes too long"), smaller),
        Code.OTHER_PATIENT: _Text(
            _("The paper names another patient"), _("look at it; `monespace quarantine release` takes it in here all the same")
        ),
    }


def unreadable(code: str) -> UnreadableInputError:
    """Return the error for a code; a code that is not in :class:`Code` is the reader's failure."""
    known = Code(code) if code in set(Code) else Code.READER_FAILED
    text = _texts()[known]
    return UnreadableInputError(text.message, hint=text.hint, code=known)


@contextmanager
def damage() -> Iterator[None]:
    """Turn whatever a decoder raises into `damaged-file`; running out of memory stays what it is.

    Raises:
        UnreadableInputError: `damaged-file`, or what was raised with a code of its own.
    """
    try:
        yield
    except (UnreadableInputError, MemoryError):
        raise
    except Exception:  # decoders raise what they like on bad input: OSError, SyntaxError, struct.error, KeyError, ...
        raise unreadable(Code.DAMAGED) from None
