"""What the pages have in common: one style sheet, one security policy, and how kinds, days and sizes are written."""

import hashlib
from base64 import b64encode
from datetime import date
from html import escape

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


def html_page(title: str, body: str, style: str = STYLE) -> bytes:
    """Return a page in French as UTF-8, well-formed XML too; its security policy lets nothing run and nothing be fetched.

    Args:
        title: in the window's frame, as text.
        body: markup.
        style: its only style sheet.
    """
    allowed = b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="fr">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-{allowed}'; form-action 'none'"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{escape(title)}</title>
<style>{style}</style>
</head>
<body>
{body}</body>
</html>
""".encode()


def day(moment: date) -> str:
    """Return a day as French people write it."""
    return f"{moment:%d/%m/}{moment.year:04}"


def size_text(size: int) -> str:
    """Return a size as people read it in French, in powers of ten."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")
