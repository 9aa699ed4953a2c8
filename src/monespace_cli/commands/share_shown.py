"""How a share looks before it is made, and what is said of it afterwards."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from monespace_cli.actions.choosing import UNSUPPORTED, Choice
from monespace_cli.actions.sharing import Terms
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.sharing import LeftOut
from monespace_cli.record.summary import Status, Summary
from monespace_cli.sync.manifest import PASSPHRASE, Manifest
from monespace_cli.ui.access import reason_words
from monespace_cli.ui.cards import trust
from monespace_cli.ui.output import Output
from monespace_cli.ui.views import day, document_json, document_table

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
            (_("They get"), _("the below, for good; the name, birth date and sex of {name}").format(name=choice.subject.display_name)),
            (_("Profile"), _told(choice.profile)),
            (_("Purpose"), terms.purpose),
            (_("Until"), day(terms.expires.astimezone().date()) if terms.expires else ""),
        ]
    )
    output.text("")
    if choice.documents:
        output.table(*document_table(choice.documents))
        output.text("")
    _show_left_out(output, choice.left_out)


def show_result(output: Output, choice: Choice, made: Sequence[Manifest], path: Path | None, secret: str | None) -> None:
    """Say what was made."""
    for manifest in made:
        if output.is_json:
            told = {
                "bundle": manifest.bundle,
                "path": str(path) if path else None,
                "recipient": manifest.recipient,
                "expires": manifest.expires.isoformat() if manifest.expires else None,
            }
            output.object({"type": "share", **told, **_choice_json(choice), "passphrase": secret})
    if output.is_json:
        return
    count = len(choice.documents) + bool(choice.profile)
    words = ngettext("with {count} document", "with {count} documents", count).format(count=count)
    if path:
        output.say(_("Wrote {path} {words}.").format(path=path, words=words))
    for manifest in made if not path else ():
        output.say(
            _("Sealed into the outbox {words}: {id}. `monespace outbox write --into DIR` puts it into a file to hand over").format(
                words=words, id=manifest.bundle[:8]
            )
        )
    if secret:
        output.say(_("Its passphrase, to be told on another way than the file:"))
        output.text(secret)


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
