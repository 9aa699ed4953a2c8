"""The error tree and the exit codes: every failure a person or a script can meet.

Rules:

- `message` says what happened, `hint` what to do next. Neither ever holds health data, names of people, document titles or file content;
  a path that the user typed is allowed.
- `code` is a stable word for scripts (it appears in JSON); the exit code is a property of the class. Neither is ever renumbered or renamed.
- Only the boundary in `app` turns an error into an exit.
"""

from enum import IntEnum
from typing import ClassVar


class ExitCode(IntEnum):
    """What a process's exit status says. Never renumbered; `docs/exit-codes.md` is generated from it."""

    OK = 0, "done; duplicates and searches without a hit included"
    UNEXPECTED = 1, "something unforeseen: a bug in monespace, or the user aborted a question"
    USAGE = 2, "the command line is wrong"
    PARTLY = 3, "some of it was done, some not: the output says which"
    NO_VAULT = 10, "there is no vault here"
    BUSY = 11, "another monespace is writing to the vault"
    WRONG_PASSPHRASE = 12, "wrong passphrase or recovery kit"
    LOCKED = 13, "the vault is locked and there is nobody to ask"
    NEWER_FORMAT = 14, "written by a newer monespace"
    INTEGRITY = 15, "the vault was changed or damaged outside monespace"
    UNREADABLE_INPUT = 20, "an input file cannot be read"
    NOT_FOUND = 21, "nothing matched: no such document, contact or item"
    ALL_REJECTED = 22, "every input was rejected"
    BAD_MANIFEST = 23, "the manifest of an import or a deposit is wrong"
    PATIENT_MISMATCH = 24, "the patient is not the one of this space"
    BAD_BUNDLE = 30, "the bundle is damaged, badly signed, or not for you"
    EXPIRED = 31, "the bundle or share has expired"
    NOT_ALLOWED = 32, "not allowed by the holder's policy"
    UNVERIFIED = 33, "the contact has not been verified"
    DECLINED = 34, "the person said no"
    ROLLBACK = 35, "an older copy of the vault was put back"
    MISSING_DEPENDENCY = 40, "a program or library is missing"
    NOT_WRITABLE = 41, "no space left, or not writable"
    TRY_LATER = 75, "a passing fault: try again later"
    INTERRUPTED = 130, "interrupted (Ctrl-C)"

    meaning: str

    def __new__(cls, value: int, meaning: str) -> "ExitCode":
        """Make a member that is an integer and knows what it says."""
        member = int.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member


class MonespaceError(Exception):
    """Any failure that monespace foresees: a message, a hint, a stable code and an exit code."""

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED
    code: str = "unexpected"

    def __init__(self, message: str, *, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class UsageError(MonespaceError):
    """The arguments do not fit together."""

    exit_code, code = ExitCode.USAGE, "usage"


class VaultError(MonespaceError):
    """The vault cannot serve the request."""


class NoVaultError(VaultError):
    """There is no vault in the chosen directory."""

    exit_code, code = ExitCode.NO_VAULT, "no-vault"


class BusyError(VaultError):
    """Another process holds the writer's place."""

    exit_code, code = ExitCode.BUSY, "busy"


class WrongPassphraseError(VaultError):
    """No key slot opens with the given secret."""

    exit_code, code = ExitCode.WRONG_PASSPHRASE, "wrong-passphrase"


class LockedError(VaultError):
    """A secret is needed and there is no terminal to ask on."""

    exit_code, code = ExitCode.LOCKED, "locked"


class NewerFormatError(MonespaceError):
    """A vault or bundle written in a format this release does not know."""

    exit_code, code = ExitCode.NEWER_FORMAT, "newer-format"


class IntegrityError(VaultError):
    """Stored bytes are not those that were written."""

    exit_code, code = ExitCode.INTEGRITY, "integrity"


class InputError(MonespaceError):
    """Something handed in from outside cannot be used."""


class UnreadableInputError(InputError):
    """An input file cannot be read or understood; `code` says why, for quarantine lists and scripts."""

    exit_code, code = ExitCode.UNREADABLE_INPUT, "unreadable-input"

    def __init__(self, message: str, *, hint: str | None = None, code: str | None = None) -> None:
        super().__init__(message, hint=hint)
        if code:
            self.code = code


class NotFoundError(InputError):
    """No document, contact or item has the given id or name."""

    exit_code, code = ExitCode.NOT_FOUND, "not-found"


class PatientMismatchError(InputError):
    """What is to be filed or deposited is about somebody else, or about nobody who can be told for certain."""

    exit_code, code = ExitCode.PATIENT_MISMATCH, "patient-mismatch"


class BadManifestError(InputError):
    """A manifest that drives an import or deposit is wrong."""

    exit_code, code = ExitCode.BAD_MANIFEST, "bad-manifest"


class ExchangeError(MonespaceError):
    """A bundle, card or contact is not what it must be."""


class BundleError(ExchangeError):
    """A bundle is damaged, badly signed, or addressed to somebody else."""

    exit_code, code = ExitCode.BAD_BUNDLE, "bad-bundle"


class NotForYouError(BundleError):
    """A bundle that is encrypted to somebody else."""

    code = "not-for-you"


class NotMadeHereError(BundleError):
    """An answer to a bundle of which this vault knows nothing: another copy of it made that one."""

    code = "not-made-here"


class RevokedIdentityError(BundleError):
    """The sender has said that nothing signed with this key counts any more."""

    code = "revoked-identity"


class ReplayedError(BundleError):
    """A bundle that was taken in before."""

    code = "replayed"


class ExpiredError(ExchangeError):
    """A bundle's or share's end date has passed."""

    exit_code, code = ExitCode.EXPIRED, "expired"


class NotAllowedError(ExchangeError):
    """The holder's policy forbids it."""

    exit_code, code = ExitCode.NOT_ALLOWED, "not-allowed"


class UnverifiedError(ExchangeError):
    """A contact's key was never compared, and nobody accepted that."""

    exit_code, code = ExitCode.UNVERIFIED, "unverified"


class DeclinedError(ExchangeError):
    """The person was asked and said no."""

    exit_code, code = ExitCode.DECLINED, "declined"


class RollbackError(VaultError):
    """The vault is an older copy than the one last seen here."""

    exit_code, code = ExitCode.ROLLBACK, "rollback"


class SystemProblemError(MonespaceError):
    """The machine lacks something."""


class MissingDependencyError(SystemProblemError):
    """A program or library is not installed."""

    exit_code, code = ExitCode.MISSING_DEPENDENCY, "missing-dependency"


class NotWritableError(SystemProblemError):
    """No space left on the device, read-only, or no permission."""

    exit_code, code = ExitCode.NOT_WRITABLE, "not-writable"


class StoreNotWritableError(NotWritableError):
    """A place that bundles travel through takes nothing: it is full, or write-protected."""

    code = "store-not-writable"


class TryLaterError(SystemProblemError):
    """A passing fault."""

    exit_code, code = ExitCode.TRY_LATER, "try-later"
