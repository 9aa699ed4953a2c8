import contextlib
from datetime import UTC, date, datetime, time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.errors import UsageError
from monespace_cli.record.measures import (
    Measure,
    MeasureId,
    is_plausible,
    measure_kind,
    measure_kinds,
    parse_moment,
    parse_values,
    with_body_mass_indexes,
)
from monespace_cli.record.tables import table

NOW = datetime(2026, 11, 23, 9, 30, 12, tzinfo=UTC)


def measure(kind: str, value: str, day: str) -> Measure:
    return Measure(MeasureId(day), measure_kind(kind), (Decimal(value),), date.fromisoformat(day))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("weight", "72.4", "72.4"),
        ("weight", "72,4 kg", "72.4"),
        ("weight", "3450 g", "3.45"),
        ("weight", "159.6lb", "72.393342"),
        ("weight", "11 st 4", "71.667594"),
        ("height", "175", "175"),
        ("height", "1.75 m", "175"),
        ("height", "1m75", "175"),
        ("height", "5'11\"", "180.34"),
        ("height", "5 ft 11 in", "180.34"),
        ("temperature", "98.6 °F", "37"),
        ("temperature", "38,5", "38.5"),
        ("temperature", "37 °C", "37"),
        ("glucose", "99 mg/dL", "0.99"),
        ("glucose", "5.5 mmol/L", "0.990858"),
        ("hba1c", "48 mmol/mol", "6.54304"),
        ("heart-rate", "72 bpm", "72"),
        ("pain", "3/10", "3"),
        ("pain", "0", "0"),
        ("steps", "10000", "10000"),
    ],
)
def test_values_are_read_as_people_write_them(kind: str, text: str, value: str) -> None:
    assert parse_values(measure_kind(kind), text) == (Decimal(value),)


@pytest.mark.parametrize("text", ["120/80", "120 / 80 mmHg", "12/8 cmHg", "12,0/8,0cmhg"])
def test_a_blood_pressure_is_a_pair(text: str) -> None:
    assert parse_values(measure_kind("blood-pressure"), text) == (Decimal(120), Decimal(80))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("weight", ""),
        ("weight", "heavy"),
        ("weight", "-3"),
        ("weight", "0"),
        ("weight", "nan"),
        ("weight", "1e2"),
        ("weight", "72.4.5"),
        ("weight", "72 cm"),
        ("weight", "72 kg 5"),
        ("weight", "٧٢"),
        ("weight", "7" * 41),
        ("weight", "72 kg 3 kg"),
        ("height", "1 m 2 ft"),
        ("temperature", "37 °C 5"),
        ("temperature", "98 °F 6 °F"),
        ("temperature", "10 °F"),
        ("blood-pressure", "120"),
        ("blood-pressure", "120/80/60"),
        ("blood-pressure", "120/80 kg"),
        ("bmi", "22"),
    ],
)
def test_what_is_no_value_is_refused(kind: str, text: str) -> None:
    with pytest.raises(UsageError):
        parse_values(measure_kind(kind), text)


@given(st.text(alphabet="0123456789.,/'\" kglbmftin°FC", max_size=45))
def test_a_value_is_read_or_refused(text: str) -> None:
    for kind in measure_kinds().values():
        with contextlib.suppress(UsageError):
            assert all(value.is_finite() for value in parse_values(kind, text))


@given(st.decimals(40, 200, places=1))
def test_pounds_and_kilograms_are_inverse(pounds: Decimal) -> None:
    (kilograms,) = parse_values(measure_kind("weight"), f"{pounds} lb")
    assert abs(float(kilograms) / 0.45359237 - float(pounds)) < 1e-5


def test_every_unit_is_of_a_kind_and_every_kind_has_its_own() -> None:
    for row in table("units"):
        assert set(row["kinds"].split()) <= set(measure_kinds())
    for kind in measure_kinds().values():
        if kind.name not in ("bmi", "blood-pressure"):
            assert parse_values(kind, f"50 {kind.unit}") == (Decimal(50),)


@pytest.mark.parametrize(
    ("kind", "values", "plausible"),
    [
        ("weight", "72.4", True),
        ("weight", "0.3", True),
        ("weight", "724", False),
        ("weight", "0.2", False),
        ("temperature", "98.6", False),
        ("blood-pressure", "120 80", True),
        ("blood-pressure", "12 8", False),
        ("blood-pressure", "80 120", False),
        ("blood-pressure", "80 80", False),
    ],
)
def test_plausible(kind: str, values: str, plausible: bool) -> None:
    assert is_plausible(measure_kind(kind), tuple(map(Decimal, values.split()))) is plausible


def test_a_kind_is_named_by_its_beginning() -> None:
    assert measure_kind("bl").name == "blood-pressure"
    assert measure_kind("glucose").code == "2345-7"
    for word in ("", "he", "unknown"):
        with pytest.raises(UsageError):
            measure_kind(word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (date(2026, 11, 23), time(9, 30))),
        ("2026-11-20", (date(2026, 11, 20), None)),
        ("2026-11-23", (date(2026, 11, 23), None)),
        ("2026-11-23 09:30", (date(2026, 11, 23), time(9, 30))),
        ("2026-11-20T08:05", (date(2026, 11, 20), time(8, 5))),
    ],
)
def test_moments(text: str, expected: tuple[date, time | None]) -> None:
    assert parse_moment(text, NOW) == expected


@pytest.mark.parametrize(
    "text", ["2026-11-24", "2026-11-23T09:31", "2026-13-01", "2026-11-20T25:00", "20/11/2026", "yesterday", "2026-11-20T"]
)
def test_what_is_no_past_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError):
        parse_moment(text, NOW)


def indexes(measures: list[Measure], birth_date: date | None) -> list[tuple[str, str]]:
    return [(each.id, each.text) for each in with_body_mass_indexes(measures, birth_date) if each.kind.name == "bmi"]


def test_the_body_mass_index_follows_from_the_height_known_then() -> None:
    measures = [
        measure("weight", "70", "2019-12-31"),
        measure("height", "175", "2020-01-01"),
        measure("weight", "70", "2026-01-01"),
        measure("height", "170", "2026-02-01"),
        measure("weight", "70", "2026-03-01"),
    ]
    assert indexes(measures, date(1980, 5, 17)) == [("2026-01-01", "22.9"), ("2026-03-01", "24.2")]
    assert indexes(measures[::-1], None) == [("2026-01-01", "22.9"), ("2026-03-01", "24.2")]


def test_weight_and_height_of_one_day_make_an_index_in_whichever_order_they_were_typed() -> None:
    day = [measure("weight", "70", "2026-01-01"), measure("height", "175", "2026-01-01")]
    assert indexes(day, None) == indexes(day[::-1], None) == [("2026-01-01", "22.9")]


@pytest.mark.parametrize("value", ["3.9", "5.3", "9.9"])
def test_a_usual_glucose_in_mmol_is_asked_about_when_it_was_typed_without_its_unit(value: str) -> None:
    kind = measure_kind("glucose")
    assert not is_plausible(kind, parse_values(kind, value))
    assert is_plausible(kind, parse_values(kind, f"{value} mmol/L"))


def test_a_childs_height_does_not_hold_for_long() -> None:
    measures = [measure("height", "100", "2026-01-01"), measure("weight", "16", "2026-04-03"), measure("weight", "16", "2026-04-04")]
    assert indexes(measures, date(2022, 1, 1)) == [("2026-04-03", "16.0")]
    assert len(indexes(measures, date(2008, 1, 1))) == 2  # 18 on the day of the height
    assert len(indexes(measures, date(2008, 1, 2))) == 1
