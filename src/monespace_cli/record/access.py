"""Who may see what: what a space's holder decided, and the one rule that answers by it.

Every listing, search, share, export and summary asks :func:`can_see`. The order of its steps is that of the DMP: space, identity, block,
consent, profession, masking; an emergency stands in for consent, and for masking where the holder said so, and for nothing else.

- A block wins over everything, an emergency included, and has no end: what is forbidden never opens by itself.
- Whatever lets somebody see can have an end, and ends by itself.
- Of several grants each stands for itself: together they open what one of them opens alone, and nothing more.

Source: Code de la santé publique L1111-17, R1111-46 to R1111-50; Mon espace santé, settings of confidentiality.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from functools import cache

from monespace_cli.record.actor import Actor, Decision, Relation
from monespace_cli.record.codes import type_codes
from monespace_cli.record.document import Author, Document
from monespace_cli.record.identity import Profession
from monespace_cli.record.measures import Measure
from monespace_cli.record.profile import Entry
from monespace_cli.record.sections import Section
from monespace_cli.record.tables import table

MASKED = "MASQUE_PS"
"""XDS confidentialityCode: masked from practitioners (ANS TRE_A07)."""
HIDDEN_FROM_REPRESENTATIVES = "INVISIBLE_REPRESENTANTS_LEGAUX"
PROFILE, MEASURE = "profile", "measure"
"""What stands for the classCode of what is no document."""
OTHER_CLASS = "90"


class Circumstance(StrEnum):
    """In which situation somebody looks."""

    NORMAL = "normal"
    EMERGENCY_SAMU = "emergency-samu"
    EMERGENCY_OTHER = "emergency-other"


class Reason(StrEnum):
    """The rule that decided. Values are shown to scripts: they are added to, never renamed."""

    HOLDER = "holder"
    REPRESENTATIVE = "representative"
    HELPER = "helper"
    AUTHOR = "author"
    ATTENDING = "attending"
    ALLOWED = "allowed"
    GENERAL = "general"
    EMERGENCY = "emergency"
    SPACE_NOT_ACTIVE = "space-not-active"
    OTHER_PERSON = "other-person"
    HIDDEN_FROM_REPRESENTATIVES = "hidden-from-representatives"
    BLOCKED = "blocked"
    NO_GRANT = "no-grant"
    GRANT_EXPIRED = "grant-expired"
    PROFESSION = "profession"
    OLDER_THAN_GRANT = "older-than-grant"
    MASKED = "masked"
    EMERGENCY_OFF = "emergency-off"


@dataclass(frozen=True, slots=True)
class Item:
    """What the rules look at in a document, an entry of the profile or a measurement."""

    id: str
    space: int
    class_code: str
    """An XDS classCode, `profile` or `measure`."""
    recorded_at: datetime | None = None
    """When it came into the record; None where nobody needs to know."""
    type_code: str = ""
    section: str = ""
    """Of an entry its section, of a measurement `measure`: what can be hidden as a whole."""
    author: str | None = None
    """The id of the practitioner who deposited or confirmed it."""
    confidentiality: tuple[str, ...] = ()
    """XDS confidentialityCodes."""


@dataclass(frozen=True, slots=True)
class Grant:
    """That somebody may see, from a moment on and up to another."""

    contact: str = ""
    """The actor's id; empty in the general setting, which means every practitioner."""
    start: datetime | None = None
    end: datetime | None = None
    """The first moment at which it no longer holds; None is until it is taken back."""
    sees_masked: bool = False
    """Whether masked items are included ("administrator" in the DMP)."""
    since: datetime | None = None
    """Only what came into the record from then on."""
    any_class: bool = False
    """Whatever the profession usually reads: what the holder picks out and hands over, paper by paper."""

    def holds(self, at: datetime) -> bool:
        """Tell whether it is in force at a moment."""
        return (self.start is None or self.start <= at) and not self.is_over(at)

    def is_over(self, at: datetime) -> bool:
        """Tell whether it has expired."""
        return self.end is not None and self.end <= at


@dataclass(frozen=True, slots=True)
class EmergencySwitches:
    """What an emergency opens without consent."""

    samu: bool = True
    """The regulation centre of the SAMU (15, 112)."""
    others: bool = True
    """Any other practitioner who says that it is one."""
    masked: bool = False
    """Masked items as well."""

    def open_to(self, circumstance: Circumstance) -> bool:
        """Tell whether an emergency of this sort opens the record."""
        return {Circumstance.EMERGENCY_SAMU: self.samu, Circumstance.EMERGENCY_OTHER: self.others}.get(circumstance, False)


@dataclass(frozen=True, slots=True)
class Policy:
    """All that the holder of a space decided about who may see it."""

    space: int = 1
    is_active: bool = True
    attending: Grant | None = None
    """The attending physician's ("médecin traitant")."""
    general: Grant | None = None
    """For every other practitioner; None asks for each one's own."""
    grants: tuple[Grant, ...] = ()
    """For named persons."""
    blocked: frozenset[str] = frozenset()
    """Ids of actors."""
    emergency: EmergencySwitches = field(default_factory=EmergencySwitches)
    masks: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """What is masked, by an item's id or a section's name, and who all the same is to see it: with nobody there, only its author."""
    habilitations: Mapping[tuple[str, str], bool] = field(default_factory=dict)
    """Where this vault departs from `data/habilitations.csv`: (profession, class or type code) to whether it may be read."""


def handing_over(policy: Policy, contact: str) -> Policy:
    """Return a policy in which picking something out for somebody is consent to it; a block and a mask stay what they are."""
    return replace(policy, grants=(*policy.grants, Grant(contact, any_class=True)))


def can_see(actor: Actor, item: Item, circumstance: Circumstance, policy: Policy, at: datetime) -> Decision:
    """Decide whether somebody may see an item.

    Args:
        actor: who looks.
        item: what they look at.
        circumstance: an emergency adds to what is open normally, and never takes from it.
        policy: what the holder decided.
        at: when.
    """
    if item.space != policy.space:
        return _no(Reason.OTHER_PERSON)
    if not policy.is_active:
        return _no(Reason.SPACE_NOT_ACTIVE)
    if actor.relation is Relation.HOLDER:
        return _yes(Reason.HOLDER)
    if actor.id in policy.blocked:
        return _no(Reason.BLOCKED)
    if actor.relation is Relation.REPRESENTATIVE:
        is_hidden = HIDDEN_FROM_REPRESENTATIVES in item.confidentiality
        return _no(Reason.HIDDEN_FROM_REPRESENTATIVES) if is_hidden else _yes(Reason.REPRESENTATIVE)
    if actor.relation is Relation.HELPER:
        return _yes(Reason.HELPER) if not _is_masked_from(actor, item, policy) else _no(Reason.MASKED)
    normal = _by_consent(actor, item, policy, at)
    if normal.allowed or circumstance is Circumstance.NORMAL:
        return normal
    return _by_emergency(actor, item, circumstance, policy)


def sees_whole(actor: Actor, policy: Policy, *, has_codes: bool = True) -> bool:
    """Tell whether :func:`can_see` lets somebody see everything of a space, so that it need not be asked for each thing.

    Args:
        actor: who looks.
        policy: what was decided for the space.
        has_codes: whether what they look at can carry confidentiality codes, as documents do.
    """
    if not policy.is_active or actor.relation is Relation.HOLDER:
        return policy.is_active
    return actor.relation is Relation.REPRESENTATIVE and not has_codes and actor.id not in policy.blocked


def _by_consent(actor: Actor, item: Item, policy: Policy, at: datetime) -> Decision:
    """Decide by who deposited the item, then by each grant for itself: one that opens it is enough."""
    if item.author is not None and item.author == actor.id and actor.profession:
        return _yes(Reason.AUTHOR)
    refusal = _no(Reason.NO_GRANT)
    for reason, grant in _grants(actor, policy):
        if not grant.holds(at):
            refusal = _no(Reason.GRANT_EXPIRED) if grant.is_over(at) and refusal.reason == Reason.NO_GRANT else refusal
            continue
        problem = _refused_under(grant, actor, item, policy)
        if problem is None:
            return _yes(reason)
        refusal = _no(problem)
    return refusal


def _grants(actor: Actor, policy: Policy) -> Iterator[tuple[Reason, Grant]]:
    if policy.attending and policy.attending.contact == actor.id and actor.profession is Profession.PHYSICIAN:
        yield Reason.ATTENDING, policy.attending
    for grant in policy.grants:
        if grant.contact == actor.id:
            yield Reason.ALLOWED, grant
    if policy.general and actor.profession:
        yield Reason.GENERAL, policy.general


def _refused_under(grant: Grant, actor: Actor, item: Item, policy: Policy) -> Reason | None:
    """Return why a grant that is in force does not open an item, or None where it does."""
    if not grant.any_class and not is_habilitated(actor.profession, item, policy):
        return Reason.PROFESSION
    if grant.since and (item.recorded_at is None or item.recorded_at < grant.since):
        return Reason.OLDER_THAN_GRANT
    if not grant.sees_masked and _is_masked_from(actor, item, policy):
        return Reason.MASKED
    return None


def _by_emergency(actor: Actor, item: Item, circumstance: Circumstance, policy: Policy) -> Decision:
    """Decide without consent. The caller journals it, whatever comes out."""
    if actor.profession is None or not policy.emergency.open_to(circumstance):
        return _no(Reason.EMERGENCY_OFF)
    if not is_habilitated(actor.profession, item, policy):
        return _no(Reason.PROFESSION)
    if not policy.emergency.masked and _is_masked_from(actor, item, policy):
        return _no(Reason.MASKED)
    return _yes(Reason.EMERGENCY)


def _is_masked_from(actor: Actor, item: Item, policy: Policy) -> bool:
    """Tell whether an item, or its section as a whole, is hidden from somebody: each mask that lies on it must name them."""
    masks = [policy.masks[name] for name in (item.id, item.section) if name in policy.masks]
    if MASKED in item.confidentiality and item.id not in policy.masks:
        masks.append(frozenset())
    return any(actor.id not in named for named in masks)


@dataclass(frozen=True, slots=True)
class Standing:
    """How somebody stands to a space as a whole, before any single item is looked at."""

    reason: Reason
    grant: Grant | None = None
    """What it rests on."""


def standing(actor: Actor, policy: Policy, at: datetime) -> Standing:
    """Return by which rule somebody may see something of a space, or why nothing but what they deposited."""
    if not policy.is_active:
        return Standing(Reason.SPACE_NOT_ACTIVE)
    if actor.relation in _BY_RELATION:
        return Standing(_BY_RELATION[actor.relation])
    if actor.id in policy.blocked:
        return Standing(Reason.BLOCKED)
    grants = list(_grants(actor, policy))
    in_force = next((Standing(reason, grant) for reason, grant in grants if grant.holds(at)), None)
    expired = next((Standing(Reason.GRANT_EXPIRED, grant) for _reason, grant in grants if grant.is_over(at)), None)
    return in_force or expired or Standing(Reason.NO_GRANT)


def is_open(actor: Actor, circumstance: Circumstance, policy: Policy, at: datetime) -> bool:
    """Tell whether a space is open at all to somebody in a situation, by a grant or by the emergency switches."""
    by_grant = standing(actor, policy, at)
    if by_grant.reason in (Reason.BLOCKED, Reason.SPACE_NOT_ACTIVE):
        return False
    is_granted = by_grant.reason not in (Reason.NO_GRANT, Reason.GRANT_EXPIRED)
    return is_granted or (actor.profession is not None and policy.emergency.open_to(circumstance))


_BY_RELATION = {
    Relation.HOLDER: Reason.HOLDER,
    Relation.REPRESENTATIVE: Reason.REPRESENTATIVE,
    Relation.HELPER: Reason.HELPER,
}


def is_habilitated(profession: Profession | None, item: Item, policy: Policy) -> bool:
    """Tell whether a profession may read documents of an item's type or class; who has no profession is not asked."""
    if profession is None:
        return True
    row = _shipped()[profession]
    for code in filter(None, (item.type_code, item.class_code)):
        if (profession, code) in policy.habilitations:
            return policy.habilitations[profession, code]
        if code in row:
            return row[code] == "1"
    return False


@cache
def _shipped() -> dict[str, dict[str, str]]:
    return {row["profession"]: row for row in table("habilitations")}


def item_of_document(document: Document) -> Item:
    """Return what the rules look at in a document."""
    return Item(
        id=document.id,
        space=document.space,
        class_code=class_of(document.type_code),
        recorded_at=document.imported_at,
        type_code=document.type_code,
        author=document.provenance.signer if document.provenance.author is Author.PRACTITIONER else None,
        confidentiality=document.confidentiality,
    )


def item_of_entry(entry: Entry, recorded_at: datetime | None = None) -> Item:
    """Return what the rules look at in an entry of the medical profile."""
    return Item(entry.id, entry.space, PROFILE, recorded_at, section=str(entry.section), author=entry.origin.signer)


def item_of_measure(measure: Measure) -> Item:
    """Return what the rules look at in a measurement, which was recorded at the earliest when it was measured."""
    return Item(measure.id, measure.space, MEASURE, measure.moment.astimezone(), section=MEASURE, author=measure.origin.signer)


def class_of(type_code: str) -> str:
    """Return the classCode of a typeCode; the patient's "other" where the nomenclature gives none."""
    known = type_codes().get(type_code)
    return known.class_code if known else OTHER_CLASS


MASKABLE_SECTIONS = (*(str(section) for section in Section), MEASURE)
"""What can be hidden as a whole."""


def _yes(reason: Reason) -> Decision:
    return Decision(allowed=True, reason=str(reason))


def _no(reason: Reason) -> Decision:
    return Decision(allowed=False, reason=str(reason))
