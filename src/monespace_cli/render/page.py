"""What the pages have in common: one style sheet, one security policy, and how kinds, days and sizes are written."""

import hashlib
from base64 import b64encode
from datetime import date

from monespace_cli.record.codes import Kind

KIND_LABELS = {
    Kind.PRESCRIPTION: "Ordonnance",
    Kind.BIOLOGY: "Résultats de biologie",
    Kind.IMAGING: "Imagerie",
    Kind.LETTER: "Courrier ou compte rendu",
    Kind.CERTIFICATE: "Certificat",
    Kind.VACCINATION: "Vaccination",
    Kind.INVOICE: "Facture ou remboursement",
    Kind.OTHER: "Autre document",
}

STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem; margin: 0 }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; margin: 1.5rem 0 }
dt { color: #555 } dd { margin: 0 }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid #ccc }
td.n { white-space: nowrap }
a { color: #0b57a4 }
footer { color: #555; font-size: .875rem; margin-top: 2rem }
"""
POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()}'; form-action 'none'"
"""Content security policy: nothing runs, nothing is fetched."""


def day(moment: date) -> str:
    """Return a day as French people write it."""
    return f"{moment:%d/%m/}{moment.year:04}"


def size_text(size: int) -> str:
    """Return a size as people read it in French, in powers of ten."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")
