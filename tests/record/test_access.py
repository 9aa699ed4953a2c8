"""Each rule of who may see what is a row here; the properties say what no combination of rules may do."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.access import (
    HIDDEN_FROM_REPRESENTATIVES,
    MASKED,
    Circumstance,
    EmergencySwitches,
    Grant,
    Item,
    Policy,
    can_see,
    class_of,
    is_habilitated,
)
from monespace_cli.record.actor import Actor, Relation
from monespace_cli.record.identity import Profession
from monespace_cli.record.tables import table

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
DAY = timedelta(days=1)

HOLDER = Actor("holder", "Zoé MARTIN", Relation.HOLDER)
PARENT = Actor("parent", "Anne MARTIN", Relation.REPRESENTATIVE)
HELPER = Actor("helper", "Paul MARTIN", Relation.HELPER)
STRANGER = Actor("stranger", "Léo PETIT", Relation.NONE)
DOCTOR = Actor("doctor", "Luc DURAND", Relation.PRACTITIONER, Profession.PHYSICIAN)
PHYSIO = Actor("physio", "Eva BLANC", Relation.PRACTITIONER, Profession.PHYSIOTHERAPIST)
ACTORS = (HOLDER, PARENT, HELPER, STRANGER, DOCTOR, PHYSIO)

ITEM = Item("doc", 1, "10", recorded_at=NOW - 10 * DAY, type_code="11502-2")
SECRET = replace(ITEM, confidentiality=("N", MASKED))
MY_SECRET = replace(SECRET, author="doctor")
TEENS = replace(ITEM, confidentiality=("N", HIDDEN_FROM_REPRESENTATIVES))
RESIDENCE = replace(ITEM, class_code="95", type_code="ATTEST-RESID")
DISPENSED = replace(ITEM, class_code="43", type_code="60593-1")
ALLERGY = Item("entry", 1, "profile", recorded_at=NOW - DAY, section="allergy")

NOBODY = Policy()
ALLOWED = Policy(grants=(Grant("doctor"), Grant("physio"), Grant("stranger")))
ATTENDING = Policy(attending=Grant("doctor"))
ATTENDING_ALL = Policy(attending=Grant("doctor", sees_masked=True))
GENERAL = Policy(general=Grant())
HIDDEN = replace(ALLOWED, masks={"doc": frozenset()})
NAMED = replace(ALLOWED, masks={"doc": frozenset({"doctor"})})
SECTION = replace(ALLOWED, masks={"allergy": frozenset({"physio"})})
BOTH = replace(ALLOWED, masks={"allergy": frozenset({"physio"}), "entry": frozenset({"doctor"})})
ENDED = Policy(grants=(Grant("doctor", end=NOW),))
LASTING = Policy(grants=(Grant("doctor", end=NOW + timedelta(seconds=1)),))
LATER = Policy(grants=(Grant("doctor", start=NOW + DAY),))
FROM_TODAY = Policy(grants=(Grant("doctor", since=NOW - DAY),))
SINCE_LONG = Policy(grants=(Grant("doctor", since=NOW - 10 * DAY),))
SWITCHED_OFF = Policy(emergency=EmergencySwitches(samu=False, others=False))
SAMU_ONLY = Policy(emergency=EmergencySwitches(samu=True, others=False))
WITH_MASKED = Policy(emergency=EmergencySwitches(masked=True))
CLOSED = replace(ATTENDING_ALL, is_active=False)
BLOCKED = replace(ATTENDING_ALL, grants=(Grant("doctor"),), general=Grant(), blocked=frozenset({"doctor"}))
SAMU, OTHER = Circumstance.EMERGENCY_SAMU, Circumstance.EMERGENCY_OTHER

RULES: list[tuple[Actor, Item, Policy, bool, str]] = [
    (HOLDER, ITEM, NOBODY, True, "holder"),
    (HOLDER, SECRET, HIDDEN, True, "holder"),
    (HOLDER, ITEM, CLOSED, False, "space-not-active"),
    (HOLDER, ITEM, replace(NOBODY, space=2), False, "other-person"),
    (DOCTOR, ITEM, replace(ALLOWED, space=2), False, "other-person"),
    (DOCTOR, ITEM, CLOSED, False, "space-not-active"),
    (PARENT, ITEM, CLOSED, False, "space-not-active"),
    (PARENT, ITEM, NOBODY, True, "representative"),
    (PARENT, SECRET, NOBODY, True, "representative"),
    (PARENT, TEENS, NOBODY, False, "hidden-from-representatives"),
    (PARENT, TEENS, Policy(grants=(Grant("parent", sees_masked=True),)), False, "hidden-from-representatives"),
    (replace(PARENT, relation=Relation.NONE), ITEM, NOBODY, False, "no-grant"),
    (HELPER, ITEM, NOBODY, True, "helper"),
    (HELPER, SECRET, NOBODY, False, "masked"),
    (HELPER, ITEM, replace(HIDDEN, masks={"doc": frozenset({"helper"})}), True, "helper"),
    (STRANGER, ITEM, NOBODY, False, "no-grant"),
    (STRANGER, ITEM, GENERAL, False, "no-grant"),
    (STRANGER, ITEM, ALLOWED, True, "allowed"),
    (STRANGER, replace(ITEM, author="stranger"), NOBODY, False, "no-grant"),
    (DOCTOR, ITEM, NOBODY, False, "no-grant"),
    (DOCTOR, MY_SECRET, NOBODY, True, "author"),
    (DOCTOR, MY_SECRET, BLOCKED, False, "blocked"),
    (DOCTOR, ITEM, BLOCKED, False, "blocked"),
    (DOCTOR, ITEM, ALLOWED, True, "allowed"),
    (DOCTOR, ITEM, GENERAL, True, "general"),
    (DOCTOR, SECRET, GENERAL, False, "masked"),
    (DOCTOR, ITEM, ENDED, False, "grant-expired"),
    (DOCTOR, ITEM, LASTING, True, "allowed"),
    (DOCTOR, ITEM, LATER, False, "no-grant"),
    (DOCTOR, ITEM, FROM_TODAY, False, "older-than-grant"),
    (DOCTOR, ITEM, SINCE_LONG, True, "allowed"),
    (DOCTOR, replace(ITEM, recorded_at=None), SINCE_LONG, False, "older-than-grant"),
    (DOCTOR, ITEM, ATTENDING, True, "attending"),
    (DOCTOR, SECRET, ATTENDING, False, "masked"),
    (DOCTOR, SECRET, ATTENDING_ALL, True, "attending"),
    (DOCTOR, RESIDENCE, ATTENDING_ALL, False, "profession"),
    (DOCTOR, RESIDENCE, replace(ALLOWED, habilitations={("physician", "ATTEST-RESID"): True}), True, "allowed"),
    (PHYSIO, ITEM, Policy(attending=Grant("physio")), False, "no-grant"),
    (PHYSIO, DISPENSED, ALLOWED, False, "profession"),
    (PHYSIO, DISPENSED, replace(ALLOWED, habilitations={("physiotherapist", "43"): True}), True, "allowed"),
    (DOCTOR, ITEM, HIDDEN, False, "masked"),
    (DOCTOR, ITEM, NAMED, True, "allowed"),
    (DOCTOR, SECRET, NAMED, True, "allowed"),
    (PHYSIO, ITEM, NAMED, False, "masked"),
    (DOCTOR, ALLERGY, SECTION, False, "masked"),
    (PHYSIO, ALLERGY, SECTION, True, "allowed"),
    (DOCTOR, ALLERGY, BOTH, False, "masked"),
    (PHYSIO, ALLERGY, BOTH, False, "masked"),
]

IN_AN_EMERGENCY: list[tuple[Actor, Item, Circumstance, Policy, bool, str]] = [
    (DOCTOR, ITEM, SAMU, NOBODY, True, "emergency"),
    (DOCTOR, ITEM, OTHER, NOBODY, True, "emergency"),
    (DOCTOR, SECRET, OTHER, NOBODY, False, "masked"),
    (DOCTOR, SECRET, OTHER, WITH_MASKED, True, "emergency"),
    (DOCTOR, ITEM, SAMU, SWITCHED_OFF, False, "emergency-off"),
    (DOCTOR, ITEM, SAMU, SAMU_ONLY, True, "emergency"),
    (DOCTOR, ITEM, OTHER, SAMU_ONLY, False, "emergency-off"),
    (DOCTOR, RESIDENCE, SAMU, NOBODY, False, "profession"),
    (DOCTOR, ITEM, SAMU, BLOCKED, False, "blocked"),
    (DOCTOR, ITEM, SAMU, CLOSED, False, "space-not-active"),
    (DOCTOR, ITEM, OTHER, replace(SWITCHED_OFF, grants=(Grant("doctor"),)), True, "allowed"),
    (STRANGER, ITEM, SAMU, NOBODY, False, "emergency-off"),
    (HELPER, SECRET, SAMU, WITH_MASKED, False, "masked"),
    (PARENT, TEENS, SAMU, WITH_MASKED, False, "hidden-from-representatives"),
]


@pytest.mark.parametrize(("actor", "item", "policy", "allowed", "reason"), RULES)
def test_each_rule(actor: Actor, item: Item, policy: Policy, allowed: bool, reason: str) -> None:
    decision = can_see(actor, item, Circumstance.NORMAL, policy, NOW)
    assert (decision.allowed, decision.reason) == (allowed, reason)


@pytest.mark.parametrize(("actor", "item", "circumstance", "policy", "allowed", "reason"), IN_AN_EMERGENCY)
def test_each_rule_in_an_emergency(
    actor: Actor, item: Item, circumstance: Circumstance, policy: Policy, allowed: bool, reason: str
) -> None:
    decision = can_see(actor, item, circumstance, policy, NOW)
    assert (decision.allowed, decision.reason) == (allowed, reason)


moments = st.integers(-5, 5).map(lambda days: NOW + days * DAY)
ends = st.none() | moments
ids = st.sampled_from([actor.id for actor in ACTORS])
grants = st.builds(Grant, contact=ids, start=ends, end=ends, sees_masked=st.booleans(), since=ends)
items = st.builds(
    Item,
    id=st.sampled_from(["doc", "entry"]),
    space=st.sampled_from([1, 1, 1, 2]),
    class_code=st.sampled_from(["10", "43", "95", "profile", "measure"]),
    recorded_at=ends,
    section=st.sampled_from(["", "allergy", "measure"]),
    author=st.none() | ids,
    confidentiality=st.sets(st.sampled_from([MASKED, HIDDEN_FROM_REPRESENTATIVES])).map(lambda codes: ("N", *sorted(codes))),
)
policies = st.builds(
    Policy,
    is_active=st.booleans(),
    attending=st.none() | grants,
    general=st.none() | st.builds(Grant, start=ends, end=ends, sees_masked=st.booleans(), since=ends),
    grants=st.lists(grants, max_size=3).map(tuple),
    blocked=st.frozensets(ids, max_size=2),
    emergency=st.builds(EmergencySwitches, st.booleans(), st.booleans(), st.booleans()),
    masks=st.dictionaries(st.sampled_from(["doc", "entry", "allergy"]), st.frozensets(ids, max_size=3), max_size=2),
)
actors = st.sampled_from(ACTORS)
circumstances = st.sampled_from(Circumstance)
situation = given(actor=actors, item=items, circumstance=circumstances, policy=policies, at=moments)


@situation
def test_blocking_never_widens(actor: Actor, item: Item, circumstance: Circumstance, policy: Policy, at: datetime) -> None:
    for blocked in ACTORS:
        narrower = replace(policy, blocked=policy.blocked | {blocked.id})
        now = can_see(actor, item, circumstance, narrower, at)
        assert not now.allowed or can_see(actor, item, circumstance, policy, at).allowed
        assert actor is not blocked or not now.allowed or actor.relation is Relation.HOLDER


@situation
def test_what_has_ended_stays_ended(actor: Actor, item: Item, circumstance: Circumstance, policy: Policy, at: datetime) -> None:
    """With every grant begun, time only takes away."""
    begun = replace(
        policy,
        attending=policy.attending and replace(policy.attending, start=None),
        general=policy.general and replace(policy.general, start=None),
        grants=tuple(replace(grant, start=None) for grant in policy.grants),
    )
    allowed = [can_see(actor, item, circumstance, begun, at + days * DAY).allowed for days in range(12)]
    assert allowed == sorted(allowed, reverse=True)


@situation
def test_nobody_gains_by_combining_grants(actor: Actor, item: Item, circumstance: Circumstance, policy: Policy, at: datetime) -> None:
    bare = replace(policy, attending=None, general=None, grants=())
    alone = [
        bare,
        replace(bare, attending=policy.attending),
        replace(bare, general=policy.general),
        *(replace(bare, grants=(grant,)) for grant in policy.grants),
    ]
    together = can_see(actor, item, circumstance, policy, at).allowed
    assert together == any(can_see(actor, item, circumstance, each, at).allowed for each in alone)


@situation
def test_hiding_never_widens(actor: Actor, item: Item, circumstance: Circumstance, policy: Policy, at: datetime) -> None:
    hidden = replace(policy, masks={**policy.masks, item.id: frozenset()})
    assert not can_see(actor, item, circumstance, hidden, at).allowed or can_see(actor, item, circumstance, policy, at).allowed


@situation
def test_an_emergency_only_adds(actor: Actor, item: Item, circumstance: Circumstance, policy: Policy, at: datetime) -> None:
    if can_see(actor, item, Circumstance.NORMAL, policy, at).allowed:
        assert can_see(actor, item, circumstance, policy, at).allowed


def test_every_profession_has_a_row_of_yes_and_no() -> None:
    rows = table("habilitations")
    assert [row["profession"] for row in rows] == [str(profession) for profession in Profession]
    assert {value for row in rows for name, value in row.items() if name != "profession"} == {"0", "1"}


def test_a_class_that_the_file_does_not_know_is_not_read() -> None:
    assert not is_habilitated(Profession.PHYSICIAN, replace(ITEM, class_code="new", type_code=""), Policy())


def test_a_typecode_without_a_class_is_the_patients_other() -> None:
    assert (class_of("11502-2"), class_of("unheard-of")) == ("10", "90")
