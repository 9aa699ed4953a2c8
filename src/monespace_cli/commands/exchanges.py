"""How bundles that were sent and received look: as JSON for scripts, as words for people."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from monespace_cli.actions.arrivals import Arrival, ArrivalStatus
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.exchange import ReceivedState, SentState
from monespace_cli.record.identity import Identity, Owner, differing_traits, is_valid_ins
from monespace_cli.sync.card import kept_card
from monespace_cli.sync.kinds import Kind
from monespace_cli.sync.manifest import Manifest, read_manifest
from monespace_cli.ui.views import KIND_LABELS, day, moment
from monespace_cli.vault.inbox import ReceivedBundle, Withdrawal
from monespace_cli.vault.outbox import SentBundle

OUTBOX_COLUMNS = (_("Id"), _("When"), _("Kind"), _("To"), _("State"), _("Documents"))
INBOX_COLUMNS = (_("Id"), _("When"), _("Kind"), _("From"), _("State"), _("Why"), _("Documents"))

STATE_LABELS = {
    "made": _("not handed over yet"),
    "sent": _("handed over"),
    "received": _("arrived, not decided"),
    "accepted": _("accepted"),
    "refused": _("refused"),
    "quarantined": _("in quarantine"),
    "partly": _("partly accepted"),
    "waiting": _("waits for you"),
    "revoked": _("taken back by its sender"),
}
REASON_LABELS = {
    "unverified": _("nobody compared the sender's words"),
    "not-automatic": _("this sender's deposits are not taken in by themselves (`contact trust`)"),
    "identity-without-ins": _("the four traits are the same, the INS is missing"),
    "identity-different": _("it may be about somebody else"),
    "other-signer": _("this person's papers were signed with another key before"),
    "asks-first": _("a whole record: it is taken over into an empty vault, when you say so"),
    "declined": _("you said no"),
}
ANSWER_LABELS = {"declined": _("they said no")}
"""Why a recipient refused, for its sender; other codes are told as they are."""
TRAIT_LABELS = {
    "family_name": _("family name"),
    "given_name": _("given name"),
    "birth_date": _("birth date"),
    "sex": _("sex"),
    "ins": _("INS"),
}
ARRIVAL_LABELS = {
    ArrivalStatus.ACCEPTED: (_("taken in"), "green"),
    ArrivalStatus.WAITING: (_("waits"), "yellow"),
    ArrivalStatus.NOTED: (_("noted"), "green"),
    ArrivalStatus.KNOWN: (_("already known"), "dim"),
    ArrivalStatus.OWN: (_("made here"), "dim"),
    ArrivalStatus.REFUSED: (_("refused"), "red"),
}
"""The word for what became of something that came, and its colour on a terminal."""


def sent_json(sent: SentBundle, later: Iterable[SentBundle] = ()) -> dict[str, Any]:
    """Return a bundle that was made here as JSON-ready data, with what was sent later about it."""
    manifest = read_manifest(sent.manifest.encode())
    return {
        "bundle": sent.bundle,
        "kind": sent.kind,
        "to": sent.peer,
        "state": str(sent.state),
        "code": sent.code,
        "documents": _documents_json(manifest),
        "outcomes": list(sent.documents),
        "answered_at": sent.answered_at and sent.answered_at.isoformat(),
        "at": sent.at.isoformat(),
        "sent_at": sent.sent_at and sent.sent_at.isoformat(),
        "waits": sent.waits,
        "about": sent.about,
        "followed_by": [each.bundle for each in later],
    }


def sent_row(sent: SentBundle, name: str, later: Sequence[SentBundle]) -> tuple[str, ...]:
    """Return it as the cells of OUTBOX_COLUMNS; `name` is its recipient's, `later` what was sent about it."""
    manifest = read_manifest(sent.manifest.encode())
    return sent.bundle[:8], moment(sent.at), sent.kind, _whom(manifest, name), sent_state(sent, later), _titles(manifest)


def _whom(manifest: Manifest, name: str) -> str:
    """Return who is sent a bundle, and for whom where that is somebody else, such as their child."""
    patient = manifest.subject.display_name if manifest.subject and manifest.kind in (Kind.DEPOSIT, Kind.CORRECTION) else name
    return name if patient == name else _("{name}, for {patient}").format(name=name, patient=patient)


def sent_fields(sent: SentBundle, name: str, later: Sequence[SentBundle]) -> list[tuple[str, str]]:
    """Return it as labelled values for a person."""
    manifest = read_manifest(sent.manifest.encode())
    return [
        (_("Kind"), sent.kind),
        (_("To"), name),
        *_about(manifest),
        (_("A word"), manifest.purpose),
        (_("Until"), moment(manifest.expires) if manifest.expires else ""),
        (_("Made"), moment(sent.at)),
        (_("State"), sent_state(sent, later)),
        (_("Answered"), moment(sent.answered_at) if sent.answered_at else ""),
        *_document_fields(manifest, sent.documents),
        (_("Standing share"), sent.standing or ""),
        (_("Speaks of"), sent.about or ""),
        (_("Followed by"), ", ".join(f"{each.kind} {each.bundle[:8]}" for each in later)),
        (_("Id"), sent.bundle),
    ]


def received_json(received: ReceivedBundle) -> dict[str, Any]:
    """Return a bundle that came as JSON-ready data."""
    manifest = read_manifest(received.manifest.encode())
    return {
        "bundle": received.bundle,
        "kind": received.kind,
        "from": received.sender,
        "sender": _sender(manifest),
        "state": str(received.state),
        "code": received.code,
        "match": received.match,
        "space": received.space,
        "purpose": manifest.purpose,
        "documents": _documents_json(manifest),
        "outcomes": list(received.documents),
        "at": received.at.isoformat(),
    }


def received_row(received: ReceivedBundle) -> tuple[str, ...]:
    """Return it as the cells of INBOX_COLUMNS."""
    manifest = read_manifest(received.manifest.encode())
    return (
        received.bundle[:8],
        moment(received.at),
        received.kind,
        _sender(manifest),
        STATE_LABELS[received.state],
        _reason(received.code),
        _titles(manifest),
    )


def received_fields(received: ReceivedBundle, said: Iterable[Withdrawal], owner: Owner | None) -> list[tuple[str, str]]:
    """Return it as labelled values: who signed it, whom it says to be about, whose space it goes into, and what was `said` of it."""
    revoked = [each for each in said if each.kind == "revocation" and each.sender == received.sender]
    manifest = read_manifest(received.manifest.encode())
    return [
        (_("Kind"), received.kind),
        (_("From"), _sender(manifest)),
        *_about(manifest),
        (_("Into the space of"), owner.display_name if owner else ""),
        (_("Otherwise there"), ", ".join(f"{TRAIT_LABELS[trait]} {here}" for trait, here in differing(received, owner).items())),
        (_("A word"), manifest.purpose),
        (_("Came"), moment(received.at)),
        (_("State"), STATE_LABELS[received.state]),
        (_("Why"), _reason(received.code)),
        (_("Taken back"), ", ".join(each.reason or _("by its sender") for each in revoked)),
        *_document_fields(manifest, received.documents),
        (_("Id"), received.bundle),
    ]


def _about(manifest: Manifest) -> list[tuple[str, str]]:
    """Return whom a bundle is about, by every trait."""
    subject = manifest.subject
    if subject is None:
        return []
    traits = f"{' '.join(subject.given_names)} {subject.family_name}, {day(subject.birth_date)}, {subject.sex}"
    return [(_("About"), traits), (_("INS"), ins_words(subject.ins))]


def ins_words(ins: str | None) -> str:
    """Return an INS as it came, and a warning where its key does not fit: what somebody else wrote is shown, and judged by a person."""
    if ins is None:
        return _("none")
    return ins if is_valid_ins(ins) else _("{ins} (its key does not fit: look at it before you take anything in)").format(ins=ins)


def arrival_json(arrival: Arrival) -> dict[str, Any]:
    """Return what became of a file as JSON-ready data."""
    return {
        "path": arrival.path,
        "status": str(arrival.status),
        "bundle": arrival.bundle,
        "kind": arrival.kind,
        "code": arrival.code,
        "message": arrival.message,
        "missing": list(arrival.missing),
    }


def differing(received: ReceivedBundle, owner: Owner | None) -> dict[str, str]:
    """Return the traits that a bundle which waits says otherwise than its person's space, each as it is there."""
    subject = read_manifest(received.manifest.encode()).subject
    if received.state is not ReceivedState.WAITING or subject is None or not isinstance(owner, Identity):
        return {}
    here = {
        "family_name": owner.family_name,
        "given_name": owner.given_names[0],
        "birth_date": day(owner.birth_date),
        "sex": str(owner.sex),
        "ins": ins_words(owner.ins),
    }
    return {trait: here[trait] for trait in differing_traits(subject, owner) if (trait, subject.ins, owner.ins) != ("ins", None, None)}


def _sender(manifest: Manifest) -> str:
    """Return the name on the sender's card, which was checked when the bundle came."""
    return kept_card(manifest.sender_card.encode()).display_name


def sent_state(sent: SentBundle, later: Sequence[SentBundle] = ()) -> str:
    """Return how far a bundle that was made here has come: what its receipt said, or since when one is waited for.

    `later` is what was sent about it: it was put right or taken back, and how far that has come says more.
    """
    if later:
        words = _("taken back ({state})") if later[-1].kind == Kind.REVOCATION else _("put right ({state})")
        return words.format(state=sent_state(later[-1]))
    words = STATE_LABELS[sent.state]
    if sent.waits and sent.sent_at:
        return _("{handed_over} {day}, no answer").format(handed_over=words, day=day(sent.sent_at.astimezone().date()))
    return f"{words} ({ANSWER_LABELS.get(sent.code, sent.code)})" if sent.code else words


def count_words(states: Sequence[SentState | ReceivedState], shown: int) -> str:
    """Return how many bundles there are, and how many of them in each state; `shown` is how many were listed."""
    count = ngettext("{count} bundle", "{count} bundles", len(states)).format(count=len(states))
    each = ", ".join(f"{STATE_LABELS[state]} {number}" for state, number in Counter(states).most_common())
    listed = _(" (the last {shown} are shown)").format(shown=shown) if shown < len(states) else ""
    return (f"{count}: {each}" if each else count) + listed


def arrival_words(arrival: Arrival) -> str:
    """Return what came, and what became of it or why it waits."""
    code = "" if arrival.status is ArrivalStatus.KNOWN else arrival.code or ""
    return ": ".join(filter(None, (arrival.kind, arrival.message or REASON_LABELS.get(code) or STATE_LABELS.get(code) or code)))


def _reason(code: str | None) -> str:
    return REASON_LABELS.get(code, code) if code else ""


def _documents_json(manifest: Manifest) -> list[dict[str, Any]]:
    return [
        {"title": info.title, "kind": str(info.kind), "date": info.date, "pages": info.page_count, "sha256": file.sha256}
        for file, info in manifest.documents
    ]


def _document_fields(manifest: Manifest, outcomes: Iterable[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return each document on a line of its own, with what became of it."""
    became = {each["sha256"]: each["outcome"] for each in outcomes}
    return [
        (
            _("Document {number}").format(number=number),
            " · ".join(
                filter(None, (info.title, KIND_LABELS[info.kind], day(info.date), STATE_LABELS.get(became.get(file.sha256, ""), "")))
            ),
        )
        for number, (file, info) in enumerate(manifest.documents, 1)
    ]


def _titles(manifest: Manifest) -> str:
    return ", ".join(info.title for _file, info in manifest.documents)
