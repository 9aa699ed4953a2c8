"""How a share looks before it is made, and what is said of it afterwards."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from monespace_cli.actions.choosing import UNSUPPORTED, Choice
from monespace_cli.actions.sharing import Terms
from monespace_cli.actions.standing import Updated
from monespace_cli.commands.exchanges import sent_state
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.identity import Identity
from monespace_cli.record.sharing import LeftOut, Wanted
from monespace_cli.record.summary import Status, Summary
from monespace_cli.sync.manifest import PASSPHRASE, Manifest, read_manifest
from monespace_cli.ui.access import reason_words
from monespace_cli.ui.cards import trust
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import KIND_LABELS, day, document_json, document_table, moment
from monespace_cli.vault.outbox import SentBundle
from monespace_cli.vault.shares import StandingShare

MOST_SHOWN = 20
"""Of what is left out; --json names all of it."""

THING_LABELS = {"document": _("document"), "entry": _("profile"), "measure": _("measurement")}


def show_preview(output: Output, choice: Choice, terms: Terms, *, dry_run: bool) -> None:
    """Show what will be revealed and what is left out. On stdout: titles are data, and stderr often ends in a log."""
    if output.is_json:
        if dry_run:
            recipient = choice.contact.card.fingerprint if choice.contact else PASSPHRASE
            expires = terms.expires.isoformat() if terms.expires else None
            output.object({"type": "share", "dry_run": True, "recipient": recipient, "expires": expires, **_choice_json(choice)})
        return
    recipient = f"{choice.contact.card.display_name}, {trust(choice.contact)}" if choice.contact else _("whoever knows the passphrase")
    output.fields(
        [
            (_("To"), recipient),
            (_("They get"), _revealed(choice.subject)),
            (_("Profile"), _told(choice.profile)),
            (_("As"), _("a page to read, and FHIR data for their program") if choice.profile else ""),
            (_("Purpose"), terms.purpose),
            (_("Until"), day(terms.expires.astimezone().date()) if terms.expires else ""),
        ]
    )
    output.text("")
    if choice.documents:
        output.table(*document_table(choice.documents))
        output.text("")
    _show_left_out(output, choice.left_out)


def show_result(
    output: Output,
    choice: Choice,
    made: Sequence[Manifest],
    path: Path | None,
    secret: str | None,
    standing: StandingShare | None,
    way: str,
) -> None:
    """Say what was made, and what takes to its recipient what is in the outbox."""
    for manifest in made:
        if output.is_json:
            told = {
                "bundle": manifest.bundle,
                "path": str(path) if path else None,
                "recipient": manifest.recipient,
                "expires": manifest.expires.isoformat() if manifest.expires else None,
            }
            output.object(
                {"type": "share", **told, **_choice_json(choice), "passphrase": secret, "standing": standing.id if standing else None}
            )
    if output.is_json and standing and not made:
        output.object({"type": "share", "bundle": None, "standing": standing.id, **_choice_json(choice)})
    if output.is_json:
        return
    count = len(choice.documents) + 2 * bool(choice.profile)  # a page and its data
    words = ngettext("with {count} document", "with {count} documents", count).format(count=count)
    if path:
        output.say(_("Wrote {path} {words}.").format(path=path, words=words))
    for manifest in made if not path else ():
        output.say(_("Sealed into the outbox {words}: {id}. {way}").format(words=words, id=manifest.bundle[:8], way=way))
    if standing:
        output.say(_("Standing share {id}: `monespace share update` sends what is new, `share stop` ends it").format(id=standing.id))
    if secret:
        output.say(_("Its passphrase, to be told on another way than the file:"))
        output.text(secret)


def _revealed(subject: Identity) -> str:
    told = (
        _("what is listed here, for good; the name, birth date, sex and INS of {name}")
        if subject.ins
        else _("what is listed here, for good; the name, birth date and sex of {name}")
    )
    return told.format(name=subject.display_name)


def _show_left_out(output: Output, left_out: Sequence[LeftOut]) -> None:
    if not left_out:
        return
    output.text(_("Left out:"))
    columns = (_("Id"), _("What"), _("Title"), _("Why"))
    output.table(columns, ((each.id, THING_LABELS[each.kind], each.title, _why(each)) for each in left_out[:MOST_SHOWN]))
    if len(left_out) > MOST_SHOWN:
        output.text(_("… and {count} more; --json names them all").format(count=len(left_out) - MOST_SHOWN))
    output.text("")


def _why(left_out: LeftOut) -> str:
    return _("of a type that bundles do not carry") if left_out.reason == UNSUPPORTED else reason_words(left_out.reason)


def _told(profile: Summary | None) -> str:
    """Return the sections of the profile that say something, by their French names."""
    if profile is None:
        return ""
    labels = [each.section.rules.label for each in profile.sections if each.status is not Status.EMPTY]
    return ", ".join([*labels, *([_("measurements")] if profile.measures else [])])


def _choice_json(choice: Choice) -> dict[str, Any]:
    profile = choice.profile
    sections = [str(each.section) for each in profile.sections if each.status is not Status.EMPTY] if profile else []
    return {
        "documents": [document_json(document) for document in choice.documents],
        "sections": sections + (["measures"] if profile and profile.measures else []),
        "left_out": [{"kind": each.kind, "id": each.id, "title": each.title, "reason": each.reason} for each in choice.left_out],
    }


SHARE_COLUMNS = (_("Id"), _("When"), _("To"), _("State"), _("Until"), _("Documents"))
STANDING_COLUMNS = (_("Standing"), _("Since"), _("To"), _("What"), _("State"), _("Until"))


def share_row(sent: SentBundle, name: str, later: Sequence[SentBundle], now: datetime) -> tuple[str, ...]:
    """Return a share as the cells of SHARE_COLUMNS; `later` is what was sent about it."""
    manifest = read_manifest(sent.manifest.encode())
    titles = ", ".join(info.title for _file, info in manifest.documents)
    return sent.bundle[:8], moment(sent.at), name, _share_state(sent, manifest, later, now), _last_day(manifest.expires), titles


def share_json(sent: SentBundle, later: Sequence[SentBundle], now: datetime) -> dict[str, Any]:
    """Return a share as JSON-ready data."""
    manifest = read_manifest(sent.manifest.encode())
    return {
        "bundle": sent.bundle,
        "to": sent.peer,
        "at": sent.at.isoformat(),
        "state": str(sent.state),
        "purpose": manifest.purpose,
        "expires": manifest.expires.isoformat() if manifest.expires else None,
        "is_over": manifest.expires is not None and manifest.expires <= now,
        "revoked": bool(later),
        "standing": sent.standing,
        "documents": [{"title": info.title, "kind": str(info.kind), "date": info.date} for _file, info in manifest.documents],
    }


def standing_row(standing: StandingShare, name: str, now: datetime) -> tuple[str, ...]:
    """Return a standing share as the cells of STANDING_COLUMNS."""
    state = _("active") if standing.is_active(now) else _("ended")
    return standing.id, moment(standing.created_at), name, wanted_words(standing.wanted), state, _last_day(standing.until)


def standing_fields(standing: StandingShare, name: str, now: datetime) -> list[tuple[str, str]]:
    """Return a standing share as labelled values for a person."""
    ended = _("ended {when}").format(when=moment(standing.ended_at)) if standing.ended_at else ""
    return [
        (_("To"), name),
        (_("What"), wanted_words(standing.wanted)),
        (_("Purpose"), standing.purpose),
        (_("Since"), moment(standing.created_at)),
        (_("Until"), _last_day(standing.until)),
        (_("State"), ended or (_("active") if standing.is_active(now) else _("ended"))),
        (_("Id"), standing.id),
    ]


def standing_json(standing: StandingShare, now: datetime) -> dict[str, Any]:
    """Return a standing share as JSON-ready data."""
    wanted = standing.wanted
    return {
        "standing": standing.id,
        "to": standing.contact,
        "space": standing.space,
        "active": standing.is_active(now),
        "purpose": standing.purpose,
        "until": standing.until and standing.until.isoformat(),
        "since": standing.created_at.isoformat(),
        "ended_at": standing.ended_at and standing.ended_at.isoformat(),
        "all": wanted.everything,
        "query": wanted.words,
        "kind": wanted.kind,
        "from": wanted.since,
        "practitioner": wanted.practitioner,
        "sections": list(wanted.sections),
    }


def wanted_words(wanted: Wanted) -> str:
    """Return what a share is of, in a few words."""
    said = [
        _("all that they may see") if wanted.everything else "",
        KIND_LABELS[wanted.kind] if wanted.kind else "",
        _("what “{words}” finds").format(words=wanted.words) if wanted.words else "",
        _("from {day} on").format(day=day(wanted.since)) if wanted.since else "",
        _("by {name}").format(name=wanted.practitioner) if wanted.practitioner else "",
        _("profile: {sections}").format(sections=", ".join(wanted.sections)) if wanted.sections else "",
    ]
    return ", ".join(filter(None, said))


def updated_json(done: Updated) -> dict[str, Any]:
    """Return what became of a standing share as JSON-ready data."""
    return {
        "type": "updated",
        "standing": done.standing.id,
        "bundles": [manifest.bundle for manifest in done.made],
        "code": done.problem.code if done.problem else None,
        "message": done.problem.message if done.problem else None,
        **(_choice_json(done.choice) if done.choice else {}),
    }


def _share_state(sent: SentBundle, manifest: Manifest, later: Sequence[SentBundle], now: datetime) -> str:
    state = sent_state(sent, later)
    return _("over ({state})").format(state=state) if not later and manifest.expires and manifest.expires <= now else state


def _last_day(end: datetime | None) -> str:
    return day(end.astimezone().date()) if end else ""
