"""Everything a paper leaves to chance: people, places, dates, numbers and medicines, drawn from one seeded generator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import TypeVar

from generator import lexicon
from generator.laboratory import Analysis
from generator.paper import Analyte, Colour, Medicine
from generator.pharmacy import DAILY, DAYS, MEALS, MONTHS, OFTEN, PRODUCTS, SWALLOWED

T = TypeVar("T")

DATE_STYLES = (
    "{d:02}/{m:02}/{y}",
    "{d:02}/{m:02}/{yy:02}",
    "{d:02}.{m:02}.{y}",
    "{d:02}-{m:02}-{y}",
    "{first} {month} {y}",
    "{weekday} {first} {month} {y}",
)
ACCENTS: tuple[Colour, ...] = ((24, 24, 26), (30, 55, 110), (110, 25, 40), (20, 85, 75), (70, 40, 110), (60, 60, 60))


@dataclass(frozen=True, slots=True)
class Person:
    """A patient who does not exist."""

    given: str
    family: str
    is_woman: bool
    birth: date

    @property
    def name(self) -> str:
        """Given name, then family name in capitals."""
        return f"{self.given} {self.family}"

    @property
    def title(self) -> str:
        """`Madame` or `Monsieur`."""
        return "Madame" if self.is_woman else "Monsieur"

    @property
    def e(self) -> str:
        """The letter of the feminine, where it is due."""
        return "e" if self.is_woman else ""


@dataclass(frozen=True, slots=True)
class Place:
    """An address that does not exist."""

    street: str
    postcode: str
    town: str

    @property
    def line(self) -> str:
        """Postcode and town in capitals, as on an envelope."""
        return f"{self.postcode} {self.town.upper()}"


@dataclass(frozen=True, slots=True)
class Practitioner:
    """A practitioner who does not exist."""

    given: str
    family: str
    specialty: str
    rpps: str
    place: Place
    phone: str

    @property
    def name(self) -> str:
        """Given name, then family name in capitals."""
        return f"{self.given} {self.family}"


ZOE = Person("Zoé", "MARTIN", is_woman=True, birth=date(1980, 5, 17))
DURAND = Practitioner(
    "Luc", "DURAND", "Médecine générale", "10001234567", Place("12 rue des Tilleuls", "96120", "Montclair-sur-Aune"), "01 99 00 12 34"
)


class Chance:
    """Draws from a seed; a given patient or practitioner takes the place of a drawn one."""

    def __init__(self, seed: str, patient: Person | None = None, practitioner: Practitioner | None = None) -> None:
        """Start the sequence of `seed`: the same seed draws the same things."""
        self._random = Random(seed)
        self._patient = patient
        self._practitioner = practitioner

    def choice(self, options: Sequence[T]) -> T:
        """Return one of the options."""
        return self._random.choice(options)

    def several(self, options: Sequence[T], low: int, high: int) -> tuple[T, ...]:
        """Return `low` to `high` different options, in no order."""
        return tuple(self._random.sample(options, min(len(options), self._random.randint(low, high))))

    def number(self, low: int, high: int) -> int:
        """Return a whole number between the bounds, both included."""
        return self._random.randint(low, high)

    def happens(self, share: float) -> bool:
        """Return True in this share (0–1) of the draws."""
        return self._random.random() < share

    def digits(self, count: int) -> str:
        """Return so many digits."""
        return "".join(str(self._random.randint(0, 9)) for _ in range(count))

    def patient(self) -> Person:
        """Return the given patient, or a drawn one between 3 and 95 years old."""
        if self._patient:
            return self._patient
        is_woman = self.happens(0.5)
        given = self.choice(lexicon.WOMEN if is_woman else lexicon.MEN)
        return Person(given, self.choice(lexicon.FAMILIES), is_woman, self.day(1929, 2013))

    def practitioner(self) -> Practitioner:
        """Return the given practitioner, or a drawn one."""
        if self._practitioner:
            return self._practitioner
        return self.colleague()

    def colleague(self) -> Practitioner:
        """Return a drawn practitioner, whoever was given."""
        given = self.choice(lexicon.WOMEN + lexicon.MEN)
        return Practitioner(given, self.choice(lexicon.FAMILIES), self.choice(lexicon.SPECIALTIES), self.rpps(), self.place(), self.phone())

    def place(self) -> Place:
        """Return an address in a town that does not exist."""
        postcode = f"{lexicon.DEPARTMENT}{self.number(1, 99) * 10:03}"
        return Place(f"{self.number(1, 180)} {self.choice(lexicon.STREETS)}", postcode, self.choice(lexicon.TOWNS))

    def phone(self) -> str:
        """Return a telephone number kept free for fiction."""
        return f"{self.choice(lexicon.PHONE_PREFIXES)} {self.digits(2)} {self.digits(2)}"

    def rpps(self) -> str:
        """Return eleven digits like an RPPS number, which fail Luhn's check."""
        stem = f"10{self.digits(8)}"
        return stem + str((_luhn_digit(stem) + self.number(1, 9)) % 10)

    def day(self, first_year: int = 2016, last_year: int = 2025) -> date:
        """Return a day in these years, both included."""
        start = date(first_year, 1, 1)
        return start + timedelta(days=self.number(0, (date(last_year, 12, 31) - start).days))

    def date_style(self) -> str:
        """Return a way to write dates, for :func:`written`."""
        return self.choice(DATE_STYLES)

    def birth_style(self) -> str:
        """Return a way to write birth dates: people are not said to be born on a Tuesday."""
        return self.choice([style for style in DATE_STYLES if "weekday" not in style])

    def accent(self) -> Colour:
        """Return a colour of ink for headings."""
        return self.choice(ACCENTS)

    def medicines(self, low: int, high: int) -> tuple[Medicine, ...]:
        """Return `low` to `high` different prescribed medicines."""
        return tuple(self._medicine(index) for index in self.several(range(len(PRODUCTS)), low, high))

    def _medicine(self, index: int) -> Medicine:
        product = PRODUCTS[index]
        count = self.choice((1, 1, 1, 2))
        unit = product.unit + ("s" if count > 1 and not product.unit.endswith("s") else "")
        moments, durations = (OFTEN, DAYS) if product.is_acute else (DAILY, MONTHS)
        moment = self.choice(moments)
        meal = "" if product.unit not in SWALLOWED or "jeun" in moment or "coucher" in moment else self.choice(MEALS)
        posology = f"{count} {unit} {moment}{meal}, {self.choice(durations)}"
        return Medicine(product.name, product.dci, self.choice(product.strengths), product.form, posology)

    def analyte(self, analysis: Analysis, mark: str = ",") -> Analyte:
        """Return a drawn result, out of its reference about one time in four; `mark` is the decimal mark."""
        low = analysis.low if analysis.low is not None else (analysis.high or 0) * 0.2
        high = analysis.high if analysis.high is not None else low * 2
        value = round(self._random.uniform(low, high), analysis.decimals)
        if self.happens(0.25):
            beyond = 0.35 * (high - low)
            value = round(self.choice((max(low - beyond, low / 2), high + beyond)), analysis.decimals)
        is_low = analysis.low is not None and value < analysis.low
        is_high = analysis.high is not None and value > analysis.high

        def written_number(number: float | None) -> str:
            return "" if number is None else f"{number:.{analysis.decimals}f}".replace(".", mark)

        flag = "B" if is_low else "H" if is_high else ""
        return Analyte(
            analysis.name, written_number(value), analysis.unit, written_number(analysis.low), written_number(analysis.high), flag
        )

    def earlier(self, analyte: Analyte) -> str:
        """Return an earlier result near this one, with a decimal comma and as many decimals."""
        decimals = len(analyte.value.partition(",")[2])
        return f"{float(analyte.value.replace(',', '.')) * self._random.uniform(0.85, 1.2):.{decimals}f}".replace(".", ",")


def written(day: date, style: str) -> str:
    """Write a date in one of the `DATE_STYLES`; the first of a month is `1er`."""
    first = "1er" if day.day == 1 else str(day.day)
    names = {"month": lexicon.MONTHS[day.month - 1], "weekday": lexicon.WEEKDAYS[day.weekday()], "first": first}
    return style.format(d=day.day, m=day.month, y=day.year, yy=day.year % 100, **names)


def age(birth: date, day: date) -> int:
    """Return whole years from birth to a day."""
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _luhn_digit(stem: str) -> int:
    """Return the digit that completes `stem` (ISO/IEC 7812-1, annex B)."""
    doubled = sum((2 * int(digit) - 9 * (int(digit) > 4)) if place % 2 == 0 else int(digit) for place, digit in enumerate(reversed(stem)))
    return -doubled % 10
