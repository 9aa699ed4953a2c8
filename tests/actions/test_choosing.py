"""What is handed over, and what is left out and why."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from monespace_cli.actions.choosing import UNSUPPORTED, Choice, choose
from monespace_cli.actions.people import find_contact
from monespace_cli.errors import NotAllowedError, NotFoundError, UsageError
from monespace_cli.record.access import Grant, Reason
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.sharing import Wanted
from monespace_cli.vault.access import Basis
from monespace_cli.vault.in_use import OWNER_SPACE
from tests.actions.exchange import Party, own_paper, zoe_and_lea


@pytest.fixture
def zoe(tmp_path: Path) -> Iterator[Party]:
    with zoe_and_lea(tmp_path) as (zoe, _lea):
        yield zoe


def chosen(zoe: Party, wanted: Wanted) -> Choice:
    return choose(zoe.vault, wanted, find_contact(zoe.vault, "PETIT"), zoe.now, OWNER_SPACE)


def told(choice: Choice) -> tuple[list[str], dict[str, str]]:
    return [document.title for document in choice.documents], {each.title: each.reason for each in choice.left_out}


def lea(zoe: Party) -> str:
    return find_contact(zoe.vault, "PETIT").card.fingerprint


def test_all_that_somebody_may_see_asks_what_was_decided(zoe: Party) -> None:
    own_paper(zoe, "une")
    with pytest.raises(NotAllowedError):
        chosen(zoe, Wanted(everything=True))
    zoe.vault.access.grant(Basis.ALLOWED, Grant(lea(zoe), end=zoe.now + timedelta(days=1)))
    assert told(chosen(zoe, Wanted(everything=True))) == (["une"], {})
    zoe.later(24 * 3600)
    with pytest.raises(NotAllowedError):
        chosen(zoe, Wanted(everything=True))


def test_all_of_an_empty_record_is_nothing(zoe: Party) -> None:
    zoe.vault.access.grant(Basis.ALLOWED, Grant(lea(zoe)))
    with pytest.raises(NotFoundError):
        chosen(zoe, Wanted(everything=True))


def test_what_is_found_is_picked_out_but_a_mask_stays(zoe: Party) -> None:
    own_paper(zoe, "une")
    zoe.vault.access.hide(own_paper(zoe, "une autre").id)
    assert told(chosen(zoe, Wanted(words="une"))) == (["une"], {"une autre": Reason.MASKED})


def test_somebody_elses_paper_is_named_and_left_out(zoe: Party) -> None:
    own_paper(zoe, "une")
    other = zoe.vault.spaces.add(Identity("MARTIN", ("Ana",), date(2015, 1, 1), Sex.FEMALE))
    document = own_paper(zoe, "une de ma fille")
    zoe.vault.database.execute("UPDATE document SET space = ? WHERE id = ?", (other, document.id))
    assert told(chosen(zoe, Wanted(words="une"))) == (["une"], {"une de ma fille": Reason.OTHER_PERSON})
    with pytest.raises(NotAllowedError):
        chosen(zoe, Wanted((document.id,)))


def test_what_no_bundle_carries_is_left_out(zoe: Party) -> None:
    document = own_paper(zoe, "une")
    zoe.vault.documents.edit(document, media_type="text/html")
    own_paper(zoe, "deux")
    assert told(chosen(zoe, Wanted(words="une OR deux"))) == (["deux"], {"une": UNSUPPORTED})


def test_a_block_wins_over_everything(zoe: Party) -> None:
    own_paper(zoe, "une")
    zoe.vault.access.grant(Basis.ALLOWED, Grant(lea(zoe)))
    zoe.vault.access.block(lea(zoe))
    for wanted in (Wanted(everything=True), Wanted(words="une"), Wanted(sections=("allergy",))):
        with pytest.raises(NotAllowedError):
            chosen(zoe, wanted)


@pytest.mark.parametrize(
    "wanted",
    [Wanted(), Wanted(everything=True, words="une"), Wanted(everything=True, documents=("a",)), Wanted(sections=("nothing",))],
)
def test_what_does_not_go_together(zoe: Party, wanted: Wanted) -> None:
    with pytest.raises(UsageError):
        chosen(zoe, wanted)


def test_nobody_knows_what_a_passphrase_may_see(zoe: Party) -> None:
    own_paper(zoe, "une")
    with pytest.raises(UsageError):
        choose(zoe.vault, Wanted(everything=True), None, zoe.now, OWNER_SPACE)
    assert told(choose(zoe.vault, replace(Wanted(), words="une"), None, zoe.now, OWNER_SPACE)) == (["une"], {})
