"""People, places and numbers that cannot be real.

- Names combine common given and family names at random; whoever bears one of them by chance is not meant.
- Towns do not exist, and their postcodes and FINESS numbers start with 96, which is no département.
- Telephone numbers are in the blocks that ARCEP keeps free for works of fiction (décision n° 2018-0881).
- RPPS numbers fail Luhn's check, which every allotted one passes; national numbers (NIR) name the commune 99 999, which does not exist.
"""

PHONE_PREFIXES = ("01 99 00", "02 61 91", "03 53 01", "04 65 71", "05 36 49", "06 39 98")
DEPARTMENT = "96"

WOMEN = (
    "Adèle", "Agathe", "Anaïs", "Béatrice", "Céline", "Clémence", "Danièle", "Éléonore", "Émilie", "Fatima", "Geneviève", "Héloïse",
    "Inès", "Jeanne", "Léa", "Maëlys", "Marie-Noëlle", "Noémie", "Océane", "Renée", "Solène", "Thérèse", "Valérie", "Yvonne",
)  # fmt: skip
MEN = (
    "Adrien", "Aurélien", "Bastien", "Cédric", "Clément", "Didier", "Émile", "Étienne", "Félix", "Gaétan", "Gérard", "Hervé",
    "Jean-Baptiste", "Jérôme", "Joël", "Karim", "Léon", "Loïc", "Mickaël", "Noël", "Rémi", "Sébastien", "Théo", "Yanis",
)  # fmt: skip
FAMILIES = (
    "ABADIE", "ANDRÉ", "BARBIER", "BÉRARD", "BESSON", "BOUVIER", "CARLIER", "CHARPENTIER", "COLLET", "CORDIER", "DELAUNAY", "DESCHAMPS",
    "DIALLO", "FABRE", "FERRÉ", "FLEURY", "GAILLARD", "GÉRARD", "HAMON", "HOARAU", "JACQUET", "KLEIN", "LACROIX", "LE GOFF", "LEMOINE",
    "MAILLARD", "MALLET", "MÉNARD", "NGUYEN", "OLIVIER", "PÉRON", "POIRIER", "PRÉVOST", "RENAUD", "SALAÜN", "TESSIER", "VASSEUR", "VIDAL",
)  # fmt: skip
TOWNS = (
    "Aubevoye-le-Château", "Beaurivage", "Bellegarde-sous-Bois", "Châtelmont", "Clairfontaine-les-Bains", "Évrymont", "Grandpré-l'Abbaye",
    "La Roche-Perdue", "L'Isle-Verte", "Montclair-sur-Aune", "Neuville-aux-Ormes", "Pierrelongue-Saint-Éloi", "Saint-Aubin-des-Prés",
    "Sainte-Hélène-sur-Brume", "Valcourt", "Villedieu-la-Plaine",
)  # fmt: skip
STREETS = (
    "rue des Tilleuls", "avenue du Maréchal-Ferrant", "boulevard des Écoles", "place du Marché-aux-Fleurs", "chemin de la Source",
    "impasse des Hirondelles", "rue du Vieux-Moulin", "allée des Châtaigniers", "quai de l'Écluse", "rue de la Côte-Pavée",
    "cours des Façades", "rue Neuve", "route de la Forêt", "square des Œillets",
)  # fmt: skip
SPECIALTIES = (
    "Médecine générale", "Cardiologie et maladies vasculaires", "Dermatologie et vénéréologie", "Endocrinologie, diabétologie, nutrition",
    "Gastro-entérologie et hépatologie", "Néphrologie", "Neurologie", "Ophtalmologie", "Oto-rhino-laryngologie", "Pédiatrie",
    "Pneumologie", "Rhumatologie", "Chirurgie orthopédique", "Médecine vasculaire",
)  # fmt: skip
DEGREES = (
    "Ancien interne des hôpitaux", "Ancien chef de clinique à la faculté", "Diplômé de la faculté de médecine", "Conventionné secteur 1",
    "Capacité de médecine du sport", "D.U. d'échographie",
)  # fmt: skip
HOSPITALS = (
    "Centre hospitalier", "Clinique des Quatre-Vents", "Hôpital Saint-Honoré", "Centre hospitalier intercommunal", "Polyclinique du Parc",
)  # fmt: skip
WARDS = (
    "Service des urgences",
    "Service de médecine interne",
    "Unité de chirurgie ambulatoire",
    "Service de pneumologie",
    "Pôle mère-enfant",
)
LABORATORIES = (
    "Laboratoire des Deux-Rives", "Laboratoire de biologie médicale", "BioSanté Analyses", "Laboratoire du Centre",
    "Laboratoire d'Évrymont",
)  # fmt: skip
IMAGING_CENTRES = ("Centre d'imagerie médicale", "Cabinet de radiologie", "Imagerie des Remparts", "Service de radiologie et d'échographie")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
