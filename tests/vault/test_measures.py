from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from monespace_cli.errors import NotFoundError
from monespace_cli.record.document import DocumentId
from monespace_cli.record.journal import Event
from monespace_cli.record.measures import Measure, measure_kind
from monespace_cli.record.profile import Origin, Source
from monespace_cli.vault.vault import Vault
from tests.vault.world import NOW, World


def put(vault: Vault, kind: str = "weight", value: str = "72.4", day: str = "2026-01-01", **fields: Any) -> Measure:
    values = tuple(Decimal(part) for part in value.split("/"))
    measure = Measure(vault.measures.new_id(), measure_kind(kind), values, date.fromisoformat(day), **fields)
    vault.measures.add(measure)
    return measure


def test_a_measurement_is_kept_as_it_was(vault: Vault) -> None:
    origin = Origin(Source.EXTRACTED, DocumentId("d"))
    said = put(vault, "blood-pressure", "120/80", time=time(8, 30), typed="12/8 cmHg", comment="au repos", origin=origin)
    plain = put(vault, value="72.393342")
    assert vault.measures.all() == [plain, said]
    assert vault.measures.find(said.id[:5]) == said


def test_oldest_first(vault: Vault) -> None:
    later = put(vault, day="2026-01-01", time=time(8))
    first = put(vault, day="2026-01-01")
    same = put(vault, day="2026-01-01", time=time(8))
    assert vault.measures.all() == [first, later, same]


def test_kinds_and_spaces_are_apart(vault: Vault) -> None:
    weight = put(vault)
    height = put(vault, "height", "175")
    child = vault.spaces.add(vault.owner)
    other = put(vault, space=child)
    assert vault.measures.all(kinds=(measure_kind("height"),)) == [height]
    assert vault.measures.all(kinds=(measure_kind("height"), measure_kind("weight"))) == [weight, height]
    assert vault.measures.all(child) == [other]


def test_a_removed_measurement_can_be_restored(vault: Vault, world: World) -> None:
    measure = put(vault)
    world.now += timedelta(days=1)
    gone = vault.measures.remove(measure)
    vault.measures.remove(measure)
    assert gone == replace(measure, removed_at=NOW + timedelta(days=1))
    assert (vault.measures.all(), vault.measures.all(removed=True)) == ([], [gone])
    vault.measures.restore(gone)
    vault.measures.restore(gone)
    assert vault.measures.all() == [measure]
    events = [Event.MEASURE_ADDED, Event.MEASURE_REMOVED, Event.MEASURE_RESTORED]
    assert [(line.event, line.subject, line.details) for line in vault.journal.entries(3)] == [(event, measure.id, {}) for event in events]


@pytest.mark.parametrize("prefix", ["", "zzzzzzzzzzz", "%"])
def test_what_is_not_there_is_not_found(vault: Vault, prefix: str) -> None:
    put(vault)
    with pytest.raises(NotFoundError):
        vault.measures.find(prefix)
