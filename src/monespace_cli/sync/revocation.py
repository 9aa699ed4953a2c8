"""Prepared revocations (docs/formats/card-v1.md): that a key counts no more, signed in advance for the day its vault is lost.

Who has the file can end the key, and do nothing else with it: it opens nothing and vouches for nothing.
"""

from datetime import datetime
from typing import Final

from monespace_cli.crypto import signing, sshsig
from monespace_cli.crypto.signing import SigningKey
from monespace_cli.errors import NewerFormatError, UnreadableInputError
from monespace_cli.i18n import _
from monespace_cli.record.card import fingerprint
from monespace_cli.sync.canonical import FormatError, from_canonical, to_canonical
from monespace_cli.sync.card import read_signing_key
from monespace_cli.sync.fields import Fields, moment_text
from monespace_cli.sync.kinds import REVOCATION_NAMESPACE
from monespace_cli.sync.limits import LIMITS

FORMAT: Final = "monespace-revocation"
VERSION: Final = 1


def prepared_revocation(key: SigningKey, now: datetime) -> bytes:
    """Return the file that says that `key` counts no more, from whenever somebody takes it in."""
    public = signing.authorized_key(key.public)
    message = to_canonical({"format": FORMAT, "prepared": moment_text(now), "signing_key": public, "version": VERSION}) + b"\n"
    return message + sshsig.sign(key, message, REVOCATION_NAMESPACE)


def read_prepared_revocation(data: bytes) -> str:
    """Return the fingerprint of the key that a file revokes, its signature checked.

    Raises:
        UnreadableInputError: this is no prepared revocation.
        NewerFormatError: written by a later release.
        BundleError: not signed by the key that it names.
    """
    line, line_end, signature = data.partition(b"\n")
    try:
        public = _revoked_key(Fields(from_canonical(line, max_size=LIMITS.card)))
    except FormatError:
        raise UnreadableInputError(
            _("this is no prepared revocation"), hint=_("it is the file that `monespace identity revoke --prepare` wrote")
        ) from None
    sshsig.verify(signature, line + line_end, REVOCATION_NAMESPACE, public)
    return fingerprint(public)


def _revoked_key(fields: Fields) -> bytes:
    if fields.matching("format", ".{1,64}") != FORMAT:
        raise FormatError("another format")
    if fields.integer("version", least=1, most=LIMITS.counter) > VERSION:
        raise NewerFormatError(_("this revocation was written by a newer monespace"), hint=_("update monespace"))
    fields.moment("prepared")
    public = read_signing_key(fields)
    fields.end()
    return public
