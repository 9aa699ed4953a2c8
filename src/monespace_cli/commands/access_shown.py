"""What the commands about access show: a policy, who sees an item, and what somebody would get."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from monespace_cli.actions.access import Found, Judged, Preview, Seer, visible
from monespace_cli.actions.directory import names_in
from monespace_cli.i18n import _, ngettext
from monespace_cli.record.access import MASKABLE_SECTIONS, MASKED, Circumstance, Grant, Policy, standing
from monespace_cli.record.actor import Relation
from monespace_cli.record.document import Document
from monespace_cli.record.profile import Entry
from monespace_cli.ui.access import grant_words, policy_json, reason_words, standing_json, standing_words, switch_words
from monespace_cli.ui.measures import measure_json
from monespace_cli.ui.output import Output
from monespace_cli.ui.profile import SECTION_LABELS, entry_json, words
from monespace_cli.ui.views import document_json, document_table
from monespace_cli.vault.documents import Filter
from monespace_cli.vault.vault import Vault

SITUATIONS = {
    Circumstance.NORMAL: "",
    Circumstance.EMERGENCY_SAMU: _("SAMU, in an emergency"),
    Circumstance.EMERGENCY_OTHER: _("any other practitioner, in an emergency"),
}


def show_policy(output: Output, vault: Vault, at: datetime, space: int | None = None) -> None:
    """Show all that was decided for a space."""
    space = vault.space_in_use.or_this(space)
    policy = vault.access.policy(space)
    names = names_in(vault, policy)
    hidden = _hidden(vault, policy)
    if output.is_json:
        output.object(policy_json(policy, names, hidden))
        return
    attending = policy.attending
    general = _("every practitioner") if policy.general and policy.general.holds(at) else _("only whom you name")
    output.fields(
        [
            (_("Attending physician"), _named(names, attending, at) if attending else _("none")),
            (_("Others may see"), _with(general, grant_words(policy.general, at) if policy.general else "")),
            (_("Emergency, SAMU"), switch_words(on=policy.emergency.samu)),
            (_("Emergency, others"), switch_words(on=policy.emergency.others)),
            (_("Hidden items then"), switch_words(on=policy.emergency.masked)),
        ]
    )
    decided = [(names.get(grant.contact, grant.contact[:10]), _("allowed"), grant_words(grant, at)) for grant in policy.grants]
    decided += [(names.get(each, each[:10]), _("blocked"), _("in an emergency too")) for each in sorted(policy.blocked)]
    if decided:
        output.text("")
        output.table((_("Name"), _("Decision"), _("Conditions")), sorted(decided))
    if hidden:
        output.text("")
        rows = ((name, title, _but(names, named)) for name, title, named in hidden)
        output.table((_("Hidden"), _("What"), _("From")), rows)


def _hidden(vault: Vault, policy: Policy) -> list[tuple[str, str, frozenset[str]]]:
    """Return what is hidden: its id or section, its title, and who sees it all the same."""
    documents = [each for each in vault.documents.all(Filter(spaces=(policy.space,))) if MASKED in each.confidentiality]
    titles: dict[str, str] = dict.fromkeys(MASKABLE_SECTIONS, _("the whole section"))
    titles |= {str(document.id): document.title for document in documents}
    if policy.masks:
        titles |= {str(entry.id): entry.text for entry in vault.profile.entries(policy.space)}
        titles |= {str(each.id): f"{each.kind.name} {each.text}" for each in vault.measures.all(policy.space)}
    names = dict.fromkeys([*policy.masks, *(str(document.id) for document in documents)])
    return [(name, titles.get(name, ""), policy.masks.get(name, frozenset())) for name in names]


def show_seers(output: Output, found: Found, seers: Iterable[Seer]) -> None:
    """Show who sees an item, and by which rule."""
    if output.is_json:
        rows = [
            {
                "name": seer.actor.name or None,
                "actor": seer.actor.id if seer.actor.name else None,
                "relation": str(seer.actor.relation),
                "profession": str(seer.actor.profession) if seer.actor.profession else None,
                "circumstance": str(seer.circumstance),
                "sees": seer.decision.allowed,
                "reason": seer.decision.reason,
            }
            for seer in seers
        ]
        output.object({"type": "who-sees", "item": found.name, "kind": found.kind, "who": rows})
        return
    output.fields([(_("What"), f"{found.title} ({found.name})" if found.title != found.name else found.name)])
    output.text("")
    output.table(
        (_("Who"), _("Sees it"), _("Because")),
        ((_who(seer), _("yes") if seer.decision.allowed else _("no"), reason_words(seer.decision.reason)) for seer in seers),
    )


def _who(seer: Seer) -> str:
    if seer.circumstance is not Circumstance.NORMAL:
        return SITUATIONS[seer.circumstance]
    if seer.actor.relation is Relation.REPRESENTATIVE and not seer.actor.name:
        return _("a legal representative, of a minor")
    profession = f", {seer.actor.profession}" if seer.actor.profession else ""
    return f"{seer.actor.name}{profession}" if seer.actor.name else _("any other physician")


def show_preview(output: Output, shown: Preview, today: date) -> None:
    """Show what somebody would get, and what is left out and why."""
    left_out = _left_out(shown)
    documents, entries, measures = visible(shown.documents), visible(shown.entries), visible(shown.measures)
    view = shown.view
    if output.is_json:
        output.object(
            {
                "type": "preview",
                "contact": view.actor.id,
                "name": view.actor.name or None,
                "circumstance": str(view.circumstance),
                "standing": standing_json(standing(view.actor, view.policy, view.at)),
                "documents": [document_json(document) for document in documents],
                "entries": [{**entry_json(entry), "current": entry.is_standing(today)} for entry in entries],
                "measures": [measure_json(measure) for measure in measures],
                "left_out": [{"id": name, "kind": kind, "title": title, "reason": reason} for name, kind, title, reason in left_out],
            }
        )
        return
    if view.circumstance is Circumstance.NORMAL:
        output.fields([(_("For"), view.actor.name), (_("May see"), standing_words(standing(view.actor, view.policy, view.at), view.at))])
        output.text("")
    if documents:
        output.table(*document_table(documents))
        output.text("")
    if entries:
        output.table((_("Section"), _("Id"), _("What")), ((SECTION_LABELS[entry.section], entry.id, words(entry)) for entry in entries))
        output.text("")
    count = ngettext("{count} measurement", "{count} measurements", len(measures)).format(count=len(measures))
    output.fields([(_("Besides"), count if measures else ""), (_("They get"), "" if documents or entries or measures else _("nothing"))])
    if left_out:
        output.text("")
        output.table(
            (_("Left out"), _("Id"), _("What"), _("Because")),
            ((kind, name, title, reason_words(why)) for name, kind, title, why in left_out),
        )


def _left_out(shown: Preview) -> list[tuple[str, str, str, str]]:
    """Return what may not be seen: id, kind, title, reason. In an emergency somebody else reads it: nothing is named then."""
    if shown.view.circumstance is not Circumstance.NORMAL:
        return []
    every: list[Judged[Any]] = [*shown.documents, *shown.entries, *shown.measures]
    refused = [each for each in every if not each.decision.allowed]
    return [(each.thing.id, *_kind_and_title(each.thing), each.decision.reason) for each in refused]


def _kind_and_title(thing: Any) -> tuple[str, str]:
    if isinstance(thing, Document):
        return _("document"), thing.title
    if isinstance(thing, Entry):
        return _("entry"), words(thing)
    return _("measurement"), f"{thing.kind.name} {thing.text}"


def _named(names: dict[str, str], grant: Grant, at: datetime) -> str:
    return _with(names.get(grant.contact, grant.contact[:10]), grant_words(grant, at))


def _with(words: str, conditions: str) -> str:
    return f"{words} ({conditions})" if conditions else words


def _but(names: dict[str, str], shown_to: frozenset[str]) -> str:
    kept = ", ".join(sorted(names.get(each, each[:10]) for each in shown_to))
    return _("all but its author and {names}").format(names=kept) if kept else _("all but its author")
