"""A person's record in small: something in each section, one that says nothing, and one that says that nothing is known."""

from datetime import UTC, date, datetime, time
from decimal import Decimal

from monespace_cli.record.document import DocumentId
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.record.measures import Measure, MeasureId, measure_kinds
from monespace_cli.record.partial_date import parse_partial_date
from monespace_cli.record.practitioner import CareRole
from monespace_cli.record.profile import Code, Entry, EntryId, Origin, Source
from monespace_cli.record.sections import Section
from monespace_cli.record.summary import ORDER, Caregiver, Record

NOW = datetime(2026, 11, 26, 9, 31, tzinfo=UTC)
ZOE = Identity("MARTIN", ("Zoé", "Anne"), date(1980, 5, 17), Sex.FEMALE, "279035121518989")
PRESCRIPTION = DocumentId("d000000001")


def entry(section: Section, text: str = "", *, start: str = "", end: str = "", source: Source = Source.DECLARED, **details: str) -> Entry:
    number = EntryId(f"{section}-{text}")
    first, last = (parse_partial_date(day) if day else None for day in (start, end))
    return Entry(number, section, text, first, last, details=details, origin=Origin(source))


def none(section: Section) -> Entry:
    return Entry(EntryId(f"{section}-none"), section, start=parse_partial_date("2026-01-05"), is_none=True)


def measure(kind: str, value: str, day: str, at: "time | None" = None) -> Measure:
    values = tuple(Decimal(part) for part in value.split("/"))
    return Measure(MeasureId(f"{kind}-{day}"), measure_kinds()[kind], values, date.fromisoformat(day), at)


def full_record() -> Record:
    thyroid = entry(Section.ILLNESS, "Hypothyroïdie", start="2019")
    pill = Entry(
        EntryId("pill"),
        Section.TREATMENT,
        "Lévothyroxine 75 µg",
        parse_partial_date("2019-05"),
        comment="bien toléré <jusqu'ici>",
        details={"dosage": "1 le matin"},
        documents=(PRESCRIPTION,),
        related=(thyroid.id, EntryId("another-space")),
        origin=Origin(Source.EXTRACTED, PRESCRIPTION),
    )
    penicillin = Entry(
        EntryId("penicillin"),
        Section.ALLERGY,
        "Pénicilline",
        parse_partial_date("1992"),
        comment="œdème",
        codes=(Code("http://snomed.info/sct", "91936005"),),
    )
    entries = (
        penicillin,
        entry(Section.ALLERGY, "Arachide", source=Source.CONFIRMED),
        pill,
        entry(Section.TREATMENT, "Amoxicilline", start="2025-02-01", end="2025-02-08"),
        thyroid,
        entry(Section.ILLNESS, "Asthme", start="1985", end="1998"),
        entry(Section.DEVICE, "Prothèse de hanche", start="2022-11-03", lot="L-44"),
        entry(Section.BLOOD_GROUP, "A+", source=Source.CONFIRMED),
        entry(Section.HOSPITALISATION, "Appendicectomie", start="1995-07"),
        entry(Section.HOSPITALISATION, "Accouchement"),
        entry(Section.VACCINATION, "Revaxis", start="2025-05-17", source=Source.CONFIRMED, lot="AB1", act="booster", performer="Dr DURAND"),
        entry(Section.VACCINATION, "Grippe", diseases="grippe"),
        entry(Section.FAMILY_HISTORY, "Diabète", relation="mother"),
        none(Section.DISABILITY),
        entry(Section.HABIT, "Ancienne fumeuse", kind="tobacco"),
        entry(Section.HABIT, "Marche", kind="activity"),
        entry(Section.DIRECTIVE, "Directives remises au Dr DURAND", start="2026-03-12"),
        entry(Section.PERSON, "Ana MARTIN", role="emergency", phone="06 00 00 00 01", relation="daughter"),
        entry(Section.PERSON, "Rose MARTIN", role="helped"),
        entry(Section.ORGAN_DONATION, "Information lue"),
        entry(Section.PAPER, "Carte de mutuelle"),
    )
    measures = (
        measure("height", "168", "2020-01-01"),
        measure("weight", "70", "2024-01-01"),
        measure("weight", "72.4", "2026-11-02", time(8, 30)),
        measure("blood-pressure", "128/79", "2026-11-02"),
        measure("glucose", "0.95", "2026-10-12"),
        measure("pain", "2", "2026-10-12"),
        measure("gmi", "6.4", "2026-10-12"),
    )
    caregivers = (
        Caregiver(CareRole.ATTENDING, "c1", "DURAND", "Luc", "médecine générale", "01 02 03 04 05", "10000001916"),
        Caregiver(CareRole.PHARMACIST, "c2", "BLANC", "Eva"),
    )
    return Record(ZOE, entries, measures, {PRESCRIPTION: "Ordonnance du 03/05/2019"}, caregivers)


def empty_record() -> Record:
    return Record(ZOE, ())


def none_record() -> Record:
    return Record(ZOE, tuple(none(section) for section in ORDER if section.rules.can_be_none))
