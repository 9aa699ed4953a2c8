from datetime import timedelta

from monespace_cli.record.access import EmergencySwitches, Grant, Policy
from monespace_cli.record.identity import Profession
from monespace_cli.record.journal import Event
from monespace_cli.vault.access import Basis
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW


def test_a_new_space_is_open_to_nobody_but_in_an_emergency(vault: Vault) -> None:
    assert vault.access.policy() == Policy()


def test_all_that_was_decided_comes_back(vault: Vault) -> None:
    end = NOW + timedelta(days=90)
    vault.access.grant(Basis.ATTENDING, Grant("a", sees_masked=True))
    vault.access.grant(Basis.GENERAL, Grant(end=end))
    vault.access.grant(Basis.ALLOWED, Grant("b", start=NOW, end=end, since=NOW))
    vault.access.block("c")
    vault.access.switch_emergency(EmergencySwitches(samu=True, others=False, masked=True))
    vault.access.hide("allergy", {"b", "a"})
    vault.access.habilitate(Profession.NURSE, "60", may_read=True)
    assert vault.access.policy() == Policy(
        attending=Grant("a", sees_masked=True),
        general=Grant(end=end),
        grants=(Grant("b", start=NOW, end=end, since=NOW),),
        blocked=frozenset({"c"}),
        emergency=EmergencySwitches(samu=True, others=False, masked=True),
        masks={"allergy": frozenset({"a", "b"})},
        habilitations={("nurse", "60"): True},
    )


def test_there_is_one_attending_physician_and_one_grant_for_each(vault: Vault) -> None:
    for name in ("a", "b"):
        vault.access.grant(Basis.ATTENDING, Grant(name))
    for end in (None, NOW):
        vault.access.grant(Basis.ALLOWED, Grant("c", end=end))
    assert vault.access.policy() == Policy(attending=Grant("b"), grants=(Grant("c", end=NOW),))


def test_everything_can_be_taken_back(vault: Vault) -> None:
    vault.access.grant(Basis.ATTENDING, Grant("a"))
    vault.access.grant(Basis.ALLOWED, Grant("b"))
    vault.access.block("c")
    vault.access.hide("d")
    vault.access.habilitate(Profession.NURSE, "60", may_read=True)
    assert not vault.access.revoke(Basis.ALLOWED, "a")
    assert vault.access.revoke(Basis.ATTENDING) and vault.access.revoke(Basis.ALLOWED, "b")
    assert vault.access.unblock("c") and not vault.access.unblock("c")
    assert vault.access.unhide("d") and not vault.access.unhide("d")
    vault.access.habilitate(Profession.NURSE, "60", may_read=None)
    assert vault.access.policy() == Policy()


def test_spaces_are_apart(vault: Vault) -> None:
    other = vault.spaces.add(vault.owner)
    vault.access.grant(Basis.ALLOWED, Grant("a"), other)
    vault.access.block("b", other)
    vault.access.hide("c", space=other)
    assert vault.access.policy() == Policy()
    assert vault.access.policy(other) == Policy(space=other, grants=(Grant("a"),), blocked=frozenset({"b"}), masks={"c": frozenset()})


def test_who_gets_a_card_keeps_what_was_decided(vault: Vault) -> None:
    vault.access.grant(Basis.ALLOWED, Grant("old"))
    vault.access.block("old")
    vault.access.hide("d", {"old", "other"})
    with vault.database.transaction():
        vault.access.rename("old", "new")
    assert vault.access.policy() == Policy(grants=(Grant("new"),), blocked=frozenset({"new"}), masks={"d": frozenset({"new", "other"})})


def test_each_decision_is_in_the_journal(vault: Vault) -> None:
    vault.access.grant(Basis.ALLOWED, Grant("a", end=NOW))
    vault.access.revoke(Basis.ALLOWED, "a")
    vault.access.block("a")
    vault.access.block("a")
    vault.access.unblock("a")
    vault.access.hide("d", {"a"})
    vault.access.unhide("d")
    lines = [(line.event, line.subject) for line in vault.journal.entries(6)]
    assert lines == [
        (Event.ACCESS_GRANTED, "a"),
        (Event.ACCESS_REVOKED, "a"),
        (Event.ACCESS_BLOCKED, "a"),
        (Event.ACCESS_UNBLOCKED, "a"),
        (Event.ITEM_HIDDEN, "d"),
        (Event.ITEM_SHOWN, "d"),
    ]
