"""How spaces look, and the people who act there."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from monespace_cli.i18n import _
from monespace_cli.record.actor import Relation
from monespace_cli.record.identity import Identity, Owner
from monespace_cli.record.life import LifeState
from monespace_cli.record.people import SpaceKind, Tie
from monespace_cli.record.rights import Act
from monespace_cli.ui.views import day

KINDS = {
    SpaceKind.OWN: _("your own"),
    SpaceKind.CHILD: _("a child's"),
    SpaceKind.HELPED: _("of somebody you help"),
    SpaceKind.RECEIVED: _("papers received"),
}
STATES = {
    LifeState.INVITED: _("invited"),
    LifeState.ACTIVE: _("open"),
    LifeState.OPPOSED: _("opposed"),
    LifeState.CLOSED: _("closed"),
    LifeState.ERASED: _("erased"),
}
RELATIONS = {
    Relation.HOLDER: _("the person"),
    Relation.REPRESENTATIVE: _("legal representative"),
    Relation.FORMER_REPRESENTATIVE: _("legal representative until majority"),
    Relation.HELPER: _("helper"),
    Relation.PRACTITIONER: _("practitioner"),
    Relation.NONE: _("nobody here"),
}
SPACE_COLUMNS = (_("No."), _("Name"), _("Whose"), _("State"), _("You are"), _("Documents"), "")


@dataclass(frozen=True, slots=True)
class Acting:
    """Somebody who acts in a space, and why."""

    person: str
    name: str
    tie: Tie


@dataclass(frozen=True, slots=True)
class SpaceShown:
    """A space as it is shown."""

    number: int
    kind: SpaceKind
    subject: Owner
    state: LifeState
    in_use: bool
    relation: Relation
    """What whoever asks is to its person."""
    acts: tuple[Act, ...]
    """What they may do there."""
    people: tuple[Acting, ...]
    opens_at: str | None
    kept_until: str | None
    documents: int


def space_row(space: SpaceShown) -> tuple[str, ...]:
    """Return a space as a row of SPACE_COLUMNS."""
    return (
        str(space.number),
        space.subject.display_name,
        KINDS[space.kind],
        STATES[space.state],
        RELATIONS[space.relation],
        str(space.documents),
        _("in use") if space.in_use else "",
    )


def space_json(space: SpaceShown) -> dict[str, Any]:
    """Return a space as JSON-ready data."""
    subject = space.subject
    traits = identity_json(subject) if isinstance(subject, Identity) else {"name": subject.display_name}
    return {
        "number": space.number,
        "kind": str(space.kind),
        "state": str(space.state),
        "in_use": space.in_use,
        "you_are": str(space.relation),
        "you_may": [str(act) for act in space.acts],
        "documents": space.documents,
        "opens_at": space.opens_at,
        "kept_until": space.kept_until,
        "people": [
            {"id": each.person, "name": each.name, "relation": str(each.tie.relation), **tie_json(each.tie)} for each in space.people
        ],
        **traits,
    }


def identity_json(subject: Identity) -> dict[str, Any]:
    """Return identity traits as JSON-ready data."""
    return {
        "name": subject.display_name,
        "family_name": subject.family_name,
        "given_names": list(subject.given_names),
        "used_family_name": subject.used_family_name,
        "used_given_name": subject.used_given_name,
        "birth_date": subject.birth_date.isoformat(),
        "birth_place": subject.birth_place,
        "sex": str(subject.sex),
        "ins": subject.ins,
        "mssante_address": subject.mssante_address,
    }


def tie_json(tie: Tie) -> dict[str, Any]:
    """Return since when and until when somebody acts for somebody."""
    return {"from": _iso(tie.start), "until": _iso(tie.end), "mandate": tie.mandate or None}


def space_fields(space: SpaceShown) -> list[tuple[str, str]]:
    """Return a space as pairs of label and text; what is not known is empty."""
    subject = space.subject
    pairs = [(_("Space"), f"{space.number}, {KINDS[space.kind]}"), (_("Name"), subject.display_name)]
    if isinstance(subject, Identity):
        official = f"{' '.join(subject.given_names)} {subject.family_name}"
        pairs += [
            (_("Birth name"), official if official != subject.display_name else ""),
            (_("Born"), f"{day(subject.birth_date)} {subject.birth_place}".strip()),
            (_("Sex"), str(subject.sex)),
            (_("INS"), subject.ins or ""),
            (_("Address"), subject.mssante_address or ""),
        ]
    pairs += [
        (_("State"), STATES[space.state] + _until(space)),
        (_("You are"), RELATIONS[space.relation]),
        (_("You may"), ", ".join(str(act).replace("-", " ") for act in space.acts)),
        *((RELATIONS[each.tie.relation].capitalize(), f"{each.name}{tie_words(each.tie)}") for each in space.people),
        (_("Documents"), str(space.documents)),
    ]
    return pairs


def tie_words(tie: Tie) -> str:
    """Return since when and until when somebody acts, as it stands behind a name."""
    parts = [
        _("from {day}").format(day=day(tie.start)) if tie.start and not (tie.end and tie.end < tie.start) else "",
        _("until {day}").format(day=day(tie.end)) if tie.end else "",
        _("by document {id}").format(id=tie.mandate) if tie.mandate else "",
    ]
    text = ", ".join(filter(None, parts))
    return f", {text}" if text else ""


def _until(space: SpaceShown) -> str:
    if space.opens_at:
        return _(" (opens by itself on {day})").format(day=day(date.fromisoformat(space.opens_at[:10])))
    if space.kept_until:
        return _(" (kept until {day})").format(day=day(date.fromisoformat(space.kept_until[:10])))
    return ""


def _iso(value: date | None) -> str | None:
    return value.isoformat() if value else None
