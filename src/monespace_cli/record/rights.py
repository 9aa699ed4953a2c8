"""Who may do what to a space. What may be seen is `access`'s; this is about acts.

Every act leaves a line in the journal, so the journal asks before it writes: a line's event says which act it is (`ACT_OF`), and a change
whose line is refused is not made. The threat model says what of this is policy and what is cryptography.

Source: Mon espace santé, "Aidants" (what a helper may not do); Code de la santé publique R1111-33 (representatives until majority).
"""

from enum import StrEnum

from monespace_cli.record.actor import Decision, Relation
from monespace_cli.record.journal import Event
from monespace_cli.record.life import LifeState


class Act(StrEnum):
    """A kind of act. Shown to scripts: added to, never renamed."""

    READ = "read"
    ADD = "add"
    EDIT = "edit"
    """Removing what an undo brings back is among it."""
    ERASE = "erase"
    """Destroying for good."""
    SHARE = "share"
    """Anything that leaves for somebody else."""
    DECIDE = "decide"
    """Who may see what, who helps, and whom to trust."""
    EXPORT = "export"
    LIFE = "life"
    """Opening, opposing, closing."""
    HAND_OVER = "hand-over"
    KEYS = "keys"
    """What opens the vault, and its own secret keys."""
    UPKEEP = "upkeep"
    """What keeps a vault whole, and shows nothing of it."""


_WHOLE = frozenset(Act) - {Act.KEYS}
_MAY = {
    Relation.HOLDER: _WHOLE,
    Relation.REPRESENTATIVE: _WHOLE,
    Relation.HELPER: frozenset({Act.READ, Act.ADD, Act.EDIT, Act.UPKEEP}),
    Relation.FORMER_REPRESENTATIVE: frozenset({Act.HAND_OVER, Act.ERASE, Act.UPKEEP}),
    Relation.PRACTITIONER: frozenset({Act.UPKEEP}),
    Relation.NONE: frozenset({Act.UPKEEP}),
}
_IN_ANY_STATE = frozenset({Act.LIFE, Act.ERASE, Act.KEYS, Act.UPKEEP})


def may(relation: Relation, act: Act, state: LifeState = LifeState.ACTIVE, *, owns_vault: bool = False) -> Decision:
    """Decide whether somebody may do something to a space.

    Args:
        relation: what they are to its person.
        act: what they want to do.
        state: what the space is; while it is not active it can only be opened, closed or erased.
        owns_vault: whether the vault is theirs: its keys, and what is signed with them, are nobody else's, whatever they are to a space.
    """
    if act is Act.KEYS:
        return Decision(allowed=owns_vault, reason="owner" if owns_vault else "not-owner")
    if act is Act.SHARE and not owns_vault:
        return Decision(allowed=False, reason="not-owner")
    if act not in _MAY[relation]:
        return Decision(allowed=False, reason=str(relation))
    if state is not LifeState.ACTIVE and act not in _IN_ANY_STATE:
        return Decision(allowed=False, reason=f"space-{state}")
    return Decision(allowed=True, reason=str(relation))


ACT_OF: dict[Event, Act] = {
    **dict.fromkeys(
        (
            Event.KEY_ADDED,
            Event.KEY_CHANGED,
            Event.KEY_REMOVED,
            Event.KEYS_ROTATED,
            Event.IDENTITY_EDITED,
            Event.IDENTITY_EXPORTED,
            Event.IDENTITY_KEYS_CHANGED,
            Event.IDENTITY_KEYS_ERASED,
            Event.IDENTITY_RENEWED,
            Event.IDENTITY_REVOCATION_PREPARED,
            Event.IDENTITY_REVOKED,
        ),
        Act.KEYS,
    ),
    **dict.fromkeys(
        (
            Event.DOCUMENT_READ,
            Event.DOCUMENTS_LISTED,
            Event.SEARCHED,
            Event.PROFILE_READ,
            Event.MEASURES_READ,
            Event.ACCESS_READ,
            Event.BUNDLE_SHOWN,
            Event.BUNDLE_OPENED,
        ),
        Act.READ,
    ),
    **dict.fromkeys(
        (
            Event.DOCUMENT_IMPORTED,
            Event.ITEM_QUARANTINED,
            Event.ITEM_RELEASED,
            Event.ENTRY_ADDED,
            Event.MEASURE_ADDED,
            Event.PRACTITIONER_ADDED,
        ),
        Act.ADD,
    ),
    **dict.fromkeys(
        (
            Event.DOCUMENT_EDITED,
            Event.DOCUMENT_REVIEWED,
            Event.DOCUMENT_DELETED,
            Event.DOCUMENT_RESTORED,
            Event.DOCUMENT_MOVED,
            Event.DOCUMENT_SUPERSEDED,
            Event.DOCUMENT_REINSTATED,
            Event.ENTRY_EDITED,
            Event.ENTRY_REMOVED,
            Event.ENTRY_UNDONE,
            Event.MEASURE_REMOVED,
            Event.MEASURE_RESTORED,
            Event.PRACTITIONER_EDITED,
            Event.PRACTITIONER_REMOVED,
            Event.SPACE_EDITED,
        ),
        Act.EDIT,
    ),
    Event.DOCUMENT_ERASED: Act.ERASE,
    Event.ITEM_DISCARDED: Act.ERASE,
    Event.SPACE_ERASED: Act.ERASE,
    **dict.fromkeys(
        (Event.BUNDLE_SEALED, Event.BUNDLE_SENT, Event.BUNDLE_ANSWERED, Event.BUNDLE_REVOKED, Event.SHARE_STANDING, Event.SHARE_STOPPED),
        Act.SHARE,
    ),
    **dict.fromkeys(
        (
            Event.CONTACT_ADDED,
            Event.CONTACT_VERIFIED,
            Event.CONTACT_REMOVED,
            Event.CONTACT_TRUSTED,
            Event.CONTACT_IDENTIFIED,
            Event.CONTACT_RENEWED,
            Event.CONTACT_KEY_QUESTIONED,
            Event.CONTACT_KEY_ACCEPTED,
            Event.CONTACT_KEY_REJECTED,
            Event.CONTACT_REVOKED,
            Event.CARD_EXPORTED,
            Event.BUNDLE_IMPORTED,
            Event.BUNDLE_ACCEPTED,
            Event.BUNDLE_REFUSED,
            Event.ACCESS_GRANTED,
            Event.ACCESS_REVOKED,
            Event.ACCESS_BLOCKED,
            Event.ACCESS_UNBLOCKED,
            Event.EMERGENCY_SWITCHED,
            Event.ITEM_HIDDEN,
            Event.ITEM_SHOWN,
            Event.HABILITATION_CHANGED,
            Event.REPRESENTATIVE_ADDED,
            Event.REPRESENTATIVE_ENDED,
            Event.SPACE_TAKEN_OVER,
            Event.DELEGATE_APPOINTED,
            Event.DELEGATE_ENDED,
        ),
        Act.DECIDE,
    ),
    **dict.fromkeys((Event.DOCUMENT_EXPORTED, Event.PAPERS_SENT, Event.RECORD_EXPORTED, Event.JOURNAL_EXPORTED), Act.EXPORT),
    Event.SPACE_CHANGED: Act.LIFE,
    Event.SPACE_HANDED_OVER: Act.HAND_OVER,
    **dict.fromkeys(
        (
            Event.VAULT_CREATED,
            Event.VAULT_RESTORED,
            Event.VAULT_REPAIRED,
            Event.KEY_CHANGE_FOUND,
            Event.OLDER_COPY_ACCEPTED,
            Event.SESSION_OPENED,
            Event.UNLOCK_FAILED,
            Event.BACKUP_CREATED,
            Event.BACKUP_FORGOTTEN,
            Event.BUNDLE_ARRIVED,
            Event.EMERGENCY_OPENED,
            Event.SPACE_ADDED,
            Event.SPACE_CHOSEN,
            Event.REMOTE_ADDED,
            Event.REMOTE_EDITED,
            Event.REMOTE_REMOVED,
        ),
        Act.UPKEEP,
    ),
}
"""Which act a journal line tells of. Every event has one: a test sees to it."""


def act_of(event: Event) -> Act:
    """Return the act that a line of the journal tells of; what no rule knows is the owner's alone."""
    return ACT_OF.get(event, Act.KEYS)
