"""Medicines, vaccines and ways to take them, as they are written on French papers.

Names of products are facts, the combinations are invented.
"""

from dataclasses import dataclass

VACCINES = (
    ("REVAXIS", "", "Diphtérie, tétanos, poliomyélite"), ("REPEVAX", "", "Diphtérie, tétanos, polio, coqueluche"),
    ("M-M-RVAXPRO", "", "Rougeole, oreillons, rubéole"), ("PRIORIX", "", "Rougeole, oreillons, rubéole"),
    ("INFANRIX HEXA", "", "Hexavalent"), ("HEXYON", "", "Hexavalent"), ("GARDASIL", "9", "Papillomavirus"),
    ("HAVRIX", "1440", "Hépatite A"), ("ENGERIX", "B20", "Hépatite B"), ("VAXIGRIP TETRA", "", "Grippe saisonnière"),
    ("INFLUVAC TETRA", "", "Grippe saisonnière"), ("PNEUMOVAX", "", "Pneumocoque"), ("PREVENAR", "20", "Pneumocoque"),
    ("MENQUADFI", "", "Méningocoque ACWY"), ("BEXSERO", "", "Méningocoque B"), ("SHINGRIX", "", "Zona"), ("STAMARIL", "", "Fièvre jaune"),
    ("COMIRNATY", "", "Covid-19"), ("TYPHIM VI", "", "Typhoïde"),
)  # fmt: skip
"""Brand, the number printed behind it (of strains or of units), and the diseases."""

DAILY = ("le matin", "le soir", "le midi", "matin et soir", "le soir au coucher", "le matin à jeun")
OFTEN = ("matin et soir", "matin, midi et soir", "toutes les 8 heures", "3 fois par jour")
MEALS = ("", "", ", au cours du repas", ", avant le repas", ", avec un grand verre d'eau")
MONTHS = ("pendant 1 mois", "pendant 3 mois", "pendant 6 mois", "QSP 1 mois", "QSP 3 mois", "à renouveler 2 fois", "à renouveler 5 fois")
DAYS = ("pendant 5 jours", "pendant 7 jours", "pendant 10 jours", "pendant 3 semaines", "si besoin, pendant 5 jours", "en cas de besoin")
SWALLOWED = ("comprimé", "gélule", "sachet", "ampoule")
UNITS = {
    "comprimé": "comprimé", "gélule": "gélule", "capsule": "capsule", "sachet": "sachet", "poudre pour inhalation": "bouffée",
    "poudre": "sachet", "suspension pour inhalation": "bouffée",
    "solution": "ampoule", "collyre": "goutte", "sirop": "cuillère-mesure", "crème": "application", "gel": "application", "patch": "patch",
    "spray": "pulvérisation",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Product:
    """A medicine of the market: brand or generic name, substance, strengths sold, form."""

    name: str
    dci: str
    strengths: tuple[str, ...]
    form: str
    is_acute: bool = False
    """Taken for days, several times a day, rather than daily for months."""

    @property
    def unit(self) -> str:
        """What one takes of it at a time."""
        return next(unit for form, unit in UNITS.items() if self.form.startswith(form))


ENGLISH = (
    ("Salbutamol inhaler", "100 micrograms"), ("Amlodipine", "5 mg"), ("Ramipril", "2.5 mg"), ("Bisoprolol", "1.25 mg"),
    ("Omeprazole", "20 mg"), ("Lansoprazole", "30 mg"), ("Prednisolone", "5 mg"), ("Doxycycline", "100 mg"), ("Amoxicillin", "500 mg"),
    ("Paracetamol", "500 mg"), ("Codeine", "30 mg"), ("Furosemide", "40 mg"), ("Metformin", "500 mg"), ("Atorvastatin", "20 mg"),
    ("Sertraline", "50 mg"), ("Levothyroxine", "50 micrograms"), ("Folic acid", "5 mg"), ("Beclometasone inhaler", "100 micrograms"),
)  # fmt: skip
"""Names and strengths as British hospitals write them."""

PRODUCTS = (
    Product("AMOXICILLINE", "amoxicilline", ("500 mg", "1 g"), "gélule", is_acute=True),
    Product("AUGMENTIN", "amoxicilline et acide clavulanique", ("500 mg/62,5 mg",), "comprimé pelliculé", is_acute=True),
    Product("DAFALGAN", "paracétamol", ("500 mg", "1 g"), "comprimé effervescent", is_acute=True),
    Product("EFFERALGAN", "paracétamol", ("1 g",), "comprimé", is_acute=True),
    Product("IBUPROFÈNE", "ibuprofène", ("200 mg", "400 mg"), "comprimé enrobé", is_acute=True),
    Product("SPASFON", "phloroglucinol", ("80 mg",), "comprimé enrobé", is_acute=True),
    Product("METFORMINE", "metformine", ("500 mg", "850 mg", "1000 mg"), "comprimé pelliculé"),
    Product("GLICLAZIDE", "gliclazide", ("30 mg", "60 mg"), "comprimé à libération modifiée"),
    Product("JARDIANCE", "empagliflozine", ("10 mg", "25 mg"), "comprimé pelliculé"),
    Product("BISOPROLOL", "bisoprolol", ("2,5 mg", "5 mg", "10 mg"), "comprimé sécable"),
    Product("AMLODIPINE", "amlodipine", ("5 mg", "10 mg"), "gélule"),
    Product("PÉRINDOPRIL", "périndopril", ("4 mg", "8 mg"), "comprimé"),
    Product("VALSARTAN", "valsartan", ("80 mg", "160 mg"), "comprimé pelliculé sécable"),
    Product("ROSUVASTATINE", "rosuvastatine", ("5 mg", "10 mg", "20 mg"), "comprimé pelliculé"),
    Product("TAHOR", "atorvastatine", ("10 mg", "40 mg"), "comprimé pelliculé"),
    Product("PLAVIX", "clopidogrel", ("75 mg",), "comprimé pelliculé"),
    Product("XARELTO", "rivaroxaban", ("15 mg", "20 mg"), "comprimé pelliculé"),
    Product("LASILIX", "furosémide", ("20 mg", "40 mg"), "comprimé sécable"),
    Product("INEXIUM", "ésoméprazole", ("20 mg", "40 mg"), "comprimé gastro-résistant"),
    Product("PANTOPRAZOLE", "pantoprazole", ("20 mg", "40 mg"), "comprimé gastro-résistant"),
    Product("GAVISCON", "alginate de sodium", ("500 mg/267 mg",), "sachet de suspension buvable", is_acute=True),
    Product("LÉVOTHYROXINE", "lévothyroxine sodique", ("25 µg", "50 µg", "75 µg"), "comprimé sécable"),
    Product("SOLUPRED", "prednisolone", ("5 mg", "20 mg"), "comprimé orodispersible", is_acute=True),
    Product("AERIUS", "desloratadine", ("5 mg",), "comprimé pelliculé"),
    Product("CÉTIRIZINE", "cétirizine", ("10 mg",), "comprimé pelliculé sécable"),
    Product("SERETIDE DISKUS", "salmétérol et fluticasone", ("250 µg/50 µg",), "poudre pour inhalation"),
    Product("AIROMIR", "salbutamol", ("100 µg/dose",), "suspension pour inhalation", is_acute=True),
    Product("ESCITALOPRAM", "escitalopram", ("5 mg", "10 mg"), "comprimé pelliculé"),
    Product("LAMICTAL", "lamotrigine", ("25 mg", "100 mg"), "comprimé dispersible"),
    Product("TRAMADOL", "tramadol", ("50 mg", "100 mg"), "gélule", is_acute=True),
    Product("LAMALINE", "paracétamol, opium et caféine", ("300 mg/10 mg/30 mg",), "gélule", is_acute=True),
    Product("ZYMAD", "cholécalciférol", ("80 000 UI", "100 000 UI"), "solution buvable en ampoule"),
    Product("TARDYFERON", "fer", ("80 mg",), "comprimé pelliculé"),
    Product("SPECIAFOLDINE", "acide folique", ("0,4 mg", "5 mg"), "comprimé"),
    Product("MAGNÉ B6", "magnésium et vitamine B6", ("48 mg/5 mg",), "comprimé enrobé"),
    Product("MACROGOL", "macrogol 4000", ("10 g",), "poudre en sachet", is_acute=True),
    Product("XALATAN", "latanoprost", ("50 µg/ml",), "collyre en solution"),
    Product("NASONEX", "mométasone", ("50 µg/dose",), "spray nasal"),
    Product("VOLTARÈNE", "diclofénac", ("1 %",), "gel pour application cutanée", is_acute=True),
    Product("DIPROSONE", "bétaméthasone", ("0,05 %",), "crème", is_acute=True),
    Product("DÉSOGESTREL", "désogestrel", ("75 µg",), "comprimé pelliculé"),
    Product("MONURIL", "fosfomycine", ("3 g",), "sachet de granulés", is_acute=True),
)
