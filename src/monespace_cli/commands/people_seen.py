"""Joins what an action knows of people with how they stand, for showing."""

from collections.abc import Iterable
from datetime import datetime

from monespace_cli.actions.directory import Known
from monespace_cli.record.access import standing
from monespace_cli.ui.people import Person
from monespace_cli.vault.vault import Vault


def people_seen(vault: Vault, known: Iterable[Known], at: datetime, space: int | None = None) -> list[Person]:
    """Return people as they are shown, with what they may see of a space at a moment."""
    space = vault.space_in_use.or_this(space)
    policy = vault.access.policy(space)
    return [Person(each.actor, each.contact, each.practitioner, each.roles, standing(each.actor, policy, at)) for each in known]
