"""The journal: what happened to a vault, one line per access, change and exchange."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Event(StrEnum):
    """What happened. Values are stored: they are added to, never renamed."""

    VAULT_CREATED = "vault-created"
    KEY_ADDED = "key-added"
    KEY_CHANGED = "key-changed"
    KEY_REMOVED = "key-removed"
    KEY_CHANGE_FOUND = "key-change-found"
    KEYS_ROTATED = "keys-rotated"
    OLDER_COPY_ACCEPTED = "older-copy-accepted"
    SESSION_OPENED = "session-opened"
    DOCUMENT_IMPORTED = "document-imported"
    DOCUMENT_READ = "document-read"
    DOCUMENT_EXPORTED = "document-exported"
    DOCUMENT_EDITED = "document-edited"
    DOCUMENT_REVIEWED = "document-reviewed"
    DOCUMENT_DELETED = "document-deleted"
    DOCUMENT_RESTORED = "document-restored"
    DOCUMENT_ERASED = "document-erased"
    ITEM_QUARANTINED = "item-quarantined"
    ITEM_RELEASED = "item-released"
    ITEM_DISCARDED = "item-discarded"
    DOCUMENTS_LISTED = "documents-listed"
    SEARCHED = "searched"
    PROFILE_READ = "profile-read"
    ENTRY_ADDED = "entry-added"
    ENTRY_EDITED = "entry-edited"
    ENTRY_REMOVED = "entry-removed"
    ENTRY_UNDONE = "entry-undone"
    MEASURES_READ = "measures-read"
    MEASURE_ADDED = "measure-added"
    MEASURE_REMOVED = "measure-removed"
    MEASURE_RESTORED = "measure-restored"
    CONTACT_ADDED = "contact-added"
    CONTACT_VERIFIED = "contact-verified"
    CONTACT_REMOVED = "contact-removed"
    CONTACT_RENEWED = "contact-renewed"
    """A newer card of the same key came with a bundle."""
    CONTACT_KEY_QUESTIONED = "contact-key-questioned"
    CONTACT_KEY_ACCEPTED = "contact-key-accepted"
    CONTACT_KEY_REJECTED = "contact-key-rejected"
    CONTACT_REVOKED = "contact-revoked"
    SPACE_HANDED_OVER = "space-handed-over"
    SPACE_TAKEN_OVER = "space-taken-over"
    CARD_EXPORTED = "card-exported"
    IDENTITY_EXPORTED = "identity-exported"
    IDENTITY_KEYS_CHANGED = "identity-keys-changed"
    IDENTITY_KEYS_ERASED = "identity-keys-erased"
    IDENTITY_RENEWED = "identity-renewed"
    IDENTITY_REVOKED = "identity-revoked"
    SHARE_STANDING = "share-standing"
    SHARE_STOPPED = "share-stopped"
    BUNDLE_SEALED = "bundle-sealed"
    BUNDLE_SHOWN = "bundle-shown"
    BUNDLE_OPENED = "bundle-opened"
    BUNDLE_IMPORTED = "bundle-imported"
    BUNDLE_SENT = "bundle-sent"
    BUNDLE_ANSWERED = "bundle-answered"
    BUNDLE_ARRIVED = "bundle-arrived"
    BUNDLE_ACCEPTED = "bundle-accepted"
    BUNDLE_REFUSED = "bundle-refused"
    BUNDLE_REVOKED = "bundle-revoked"
    DOCUMENT_SUPERSEDED = "document-superseded"
    DOCUMENT_REINSTATED = "document-reinstated"
    CONTACT_TRUSTED = "contact-trusted"
    CONTACT_IDENTIFIED = "contact-identified"
    UNLOCK_FAILED = "unlock-failed"
    """Kept outside while the vault was locked, and brought in at the next unlock: `claimed_at` is what it says of its time."""
    BACKUP_CREATED = "backup-created"
    BACKUP_FORGOTTEN = "backup-forgotten"
    VAULT_RESTORED = "vault-restored"
    VAULT_REPAIRED = "vault-repaired"
    RECORD_EXPORTED = "record-exported"
    ACCESS_GRANTED = "access-granted"
    ACCESS_REVOKED = "access-revoked"
    ACCESS_BLOCKED = "access-blocked"
    ACCESS_UNBLOCKED = "access-unblocked"
    ACCESS_READ = "access-read"
    """Somebody looked at who may see what."""
    EMERGENCY_SWITCHED = "emergency-switched"
    EMERGENCY_OPENED = "emergency-opened"
    ITEM_HIDDEN = "item-hidden"
    ITEM_SHOWN = "item-shown"
    HABILITATION_CHANGED = "habilitation-changed"
    PRACTITIONER_ADDED = "practitioner-added"
    PRACTITIONER_EDITED = "practitioner-edited"
    PRACTITIONER_REMOVED = "practitioner-removed"
    JOURNAL_EXPORTED = "journal-exported"
    REMOTE_ADDED = "remote-added"
    REMOTE_REMOVED = "remote-removed"
    SPACE_ADDED = "space-added"
    SPACE_EDITED = "space-edited"
    SPACE_CHOSEN = "space-chosen"
    SPACE_CHANGED = "space-changed"
    """It was opened, opposed, closed or reopened: `step` says which."""
    SPACE_ERASED = "space-erased"
    REPRESENTATIVE_ADDED = "representative-added"
    REPRESENTATIVE_ENDED = "representative-ended"
    DELEGATE_APPOINTED = "delegate-appointed"
    DELEGATE_ENDED = "delegate-ended"
    DOCUMENT_MOVED = "document-moved"


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal. `subject` is the id of what it is about; `details` never repeat content."""

    sequence: int
    at: datetime
    actor: str
    event: Event
    subject: str = ""
    details: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class JournalHead:
    """The last line of a journal: its number, and the hash that the whole chain before it ends in."""

    sequence: int
    hash: str
    """64 hexadecimal digits."""
