"""Who may do what to a space."""

from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.record.actor import Relation
from monespace_cli.record.journal import Event
from monespace_cli.record.life import LifeState
from monespace_cli.record.rights import ACT_OF, Act, act_of, may

A, M = Act, LifeState
RIGHTS = {
    Relation.HOLDER: {A.READ, A.ADD, A.EDIT, A.ERASE, A.DECIDE, A.EXPORT, A.LIFE, A.HAND_OVER, A.UPKEEP},
    Relation.REPRESENTATIVE: {A.READ, A.ADD, A.EDIT, A.ERASE, A.DECIDE, A.EXPORT, A.LIFE, A.HAND_OVER, A.UPKEEP},
    Relation.HELPER: {A.READ, A.ADD, A.EDIT, A.UPKEEP},
    Relation.FORMER_REPRESENTATIVE: {A.ERASE, A.HAND_OVER, A.UPKEEP},
    Relation.PRACTITIONER: {A.UPKEEP},
    Relation.NONE: {A.UPKEEP},
}
"""What each may do in an open space of a vault that is not theirs."""
WITH_THE_VAULT = {
    Relation.HOLDER: {A.SHARE, A.KEYS},
    Relation.REPRESENTATIVE: {A.SHARE, A.KEYS},
    Relation.HELPER: {A.KEYS},
    Relation.FORMER_REPRESENTATIVE: {A.KEYS},
    Relation.PRACTITIONER: {A.KEYS},
    Relation.NONE: {A.KEYS},
}
"""What they may do besides where the vault is theirs."""


def test_every_relation_and_act_is_decided_as_the_table_says() -> None:
    for relation in Relation:
        for act in Act:
            assert may(relation, act).allowed is (act in RIGHTS[relation]), (relation, act)
            wanted = act in RIGHTS[relation] | WITH_THE_VAULT[relation]
            assert may(relation, act, owns_vault=True).allowed is wanted, (relation, act)


def test_a_space_that_is_not_open_is_only_opened_closed_or_erased() -> None:
    for state in set(LifeState) - {LifeState.ACTIVE}:
        allowed = {act for act in Act if may(Relation.HOLDER, act, state, owns_vault=True).allowed}
        assert allowed == {A.LIFE, A.ERASE, A.KEYS, A.UPKEEP}


@given(st.sampled_from(Relation), st.sampled_from(Act), st.sampled_from(LifeState), st.booleans())
def test_no_state_opens_more_than_an_open_space_does(relation: Relation, act: Act, state: LifeState, owns: bool) -> None:
    if may(relation, act, state, owns_vault=owns).allowed:
        assert may(relation, act, owns_vault=owns).allowed


def test_every_line_of_the_journal_tells_of_an_act() -> None:
    assert set(ACT_OF) == set(Event)


def test_an_event_that_no_rule_knows_is_the_owner_s_alone() -> None:
    assert act_of("something-new") is Act.KEYS  # type: ignore[arg-type]
