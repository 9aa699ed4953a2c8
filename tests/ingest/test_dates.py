"""Dates are read day first, birth dates and days to come are left out, and the paper's own date is told from the others."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monespace_cli.ingest.dates import find_dates
from monespace_cli.record.text import fold

TODAY = date(2026, 11, 23)
FRENCH = ["janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"]
ENGLISH = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


def days(text: str) -> list[date]:
    return [found.day for found in find_dates(fold(text), TODAY)]


def best(text: str) -> date:
    return max(find_dates(fold(text), TODAY), key=lambda found: found.confidence).day


@pytest.mark.parametrize(
    "written",
    [
        *("03/04/2021", "3/4/2021", "03.04.2021", "03-04-2021", "03 / 04 / 2021", "03/04/21", "2021-04-03", "3 avril 2021", "03 avr. 2021"),
        *("3 April 2021", "3 Apr 2021", "3rd April 2021", "3-Apr-2021", "April 3, 2021", "Apr. 3rd, 2021", "3 AVRIL 21", "3avril 2021"),
    ],
)
def test_ways_to_write_a_date(written: str) -> None:
    assert days(f"x {written}.") == [date(2021, 4, 3)]


@pytest.mark.parametrize(
    "written",
    ["O3/04/2021", "03/O4/2o21", "03.04.2O2l", "3 avnil 2021", "3 avri1 2021", "3 avril 2O21", "le 3\navril 2021", "le\n03/04/2021"],
)
def test_a_date_is_found_despite_a_misread_digit_or_month(written: str) -> None:
    assert days(f"x {written}.") == [date(2021, 4, 3)]


def test_two_wrong_letters_are_forgiven_in_a_long_months_name_alone() -> None:
    assert days("le 3 scptcmbre 2021") == [date(2021, 9, 3)]
    assert days("le 3 avnii 2021") == days("il y a 4 mois 2019") == days("le l/l/2oo2") == []


def test_a_birth_is_one_on_the_next_line_as_well() -> None:
    assert days("examiné ce jour Luc BLANC, né(e) le\n10/10/1970.\nFait à Lyon, le 17 septembre 2021") == [date(2021, 9, 17)]


def test_the_first_of_a_month() -> None:
    assert days("Paris, le 1er août 2020") == [date(2020, 8, 1)]


@pytest.mark.parametrize(("year", "expected"), [("26", 2026), ("27", 1927), ("00", 2000), ("99", 1999)])
def test_two_digits_are_never_a_year_to_come(year: str, expected: int) -> None:
    assert days(f"01/02/{year}") == [date(expected, 2, 1)]


@pytest.mark.parametrize(
    "written",
    [
        *(
            "31/02/2021",
            "00/01/2021",
            "13/13/2021",
            "1/2/3/2021",
            "1/2.2021",
            "05 14 41 82 19",
            "120/80/2021",
            "10.12.345",
            "01/02/1899",
            "24/11/2026",
        ),
        *("12/2021", "1,50 - 2,00", "2021-13-01", "may 2021", "N° 14465*01"),
    ],
)
def test_what_is_no_date(written: str) -> None:
    assert days(written) == []


@pytest.mark.parametrize(
    "birth",
    [
        "Né(e) le 22/12/1967",
        "née le : 22/12/1967",
        "DDN 22/12/1967",
        "Date de naissance : 22/12/1967",
        "Born 22 Dec 1967",
        "DOB: 22/12/1967",
    ],
)
def test_birth_dates_are_left_out_wherever_they_stand(birth: str) -> None:
    assert days(f"{birth} Prélevé le : 03/09/2021\n22/12/1967") == [date(2021, 9, 3)]


@pytest.mark.parametrize(
    "text",
    [
        "01/01/2020\nLyon, le 9 juillet 2023\n02/02/2021",
        "Contrôle du 01/01/2020\nDate : 09/07/2023",
        "Fait à Lyon le 9 juillet 2023, valable jusqu'au 9 juillet 2024",
        "Prélevé le : 09/07/2023 à 08h36 Édité le : 10/07/2023",
        "Le 09/07/2023\nProchain rendez-vous le 01/02/2024",
        "Antériorité 01/02/2020\nCollected: 9 Jul 2023",
        "Date of discharge: 09/07/2023, admitted 01/07/2023",
        "Patient : CHEVALIER Zoé    Le 09/07/2023\nexamen comparé à celui du 02/02/2020",
    ],
)
def test_the_papers_own_date_is_preferred(text: str) -> None:
    assert best(text) == date(2023, 7, 9)


@given(
    st.dates(date(1900, 1, 1), TODAY),
    st.sampled_from(["{0:%d/%m/%Y}", "{0.day}.{0.month}.{0.year}", "{0:%Y-%m-%d}", "{0.day} {1} {0.year}"]),
)
def test_every_day_is_read_back(day: date, form: str) -> None:
    for names in (FRENCH, ENGLISH):
        assert days(f"le {form.format(day, names[day.month - 1])} à Lyon") == [day]


@given(st.dates(TODAY + timedelta(days=1)))
def test_no_day_to_come_is_a_candidate(day: date) -> None:
    assert days(f"{day.day:02}/{day.month:02}/{day.year:04}") == []


@given(st.text(alphabet="0123456789/.- ledunmarsjanvieré(),\n", max_size=200))
def test_any_text_is_survived(text: str) -> None:
    assert all(date(1900, 1, 1) <= day <= TODAY for day in days(text))


@pytest.mark.parametrize("text", ["lot B66058, le mercredi 4\nseptembre 2024 par", "le 4 septembre\n2024"])
def test_a_date_may_go_on_in_the_next_line(text: str) -> None:
    assert [found.day for found in find_dates(text, date(2026, 11, 23))] == [date(2024, 9, 4)]


@pytest.mark.parametrize("first", ["1er", "ler", "ier", "|er", "1°", "1*"])
def test_the_first_as_scanners_read_it(first: str) -> None:
    assert days(f"Lyon, le {first} juin 2018") == [date(2018, 6, 1)]
