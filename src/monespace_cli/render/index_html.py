"""`index.html`: the documents of a bundle for a person who has a browser and nothing else.

One static page in French: no script, nothing fetched, every text escaped, and a content security policy that says the same to the browser.
It is well-formed XML, which IHE XDM asks of its `INDEX.HTM`.
"""

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from monespace_cli.record.codes import Kind
from monespace_cli.record.identity import Identity, Sex

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
_BORN = {Sex.FEMALE: "née le", Sex.MALE: "né le", Sex.OTHER: "né(e) le", Sex.UNKNOWN: "né(e) le"}

_STYLE = """
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
_POLICY = f"default-src 'none'; style-src 'sha256-{b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()}'; form-action 'none'"


@dataclass(frozen=True, slots=True)
class Row:
    """A document on the page."""

    title: str
    kind: Kind
    date: "date | None"
    practitioner: str
    page_count: int
    size: int
    """Bytes."""
    href: str
    """Relative link, made by us."""


@dataclass(frozen=True, slots=True)
class IndexPage:
    """What the page says."""

    subject: Identity
    sender: str
    """Name of who signed, for people."""
    fingerprint_words: Sequence[str]
    created: datetime
    expires: datetime | None
    purpose: str
    documents: Sequence[Row]


def index_html(page: IndexPage) -> bytes:
    """Return the page as UTF-8."""
    name = escape(page.subject.display_name)
    rows = "".join(_row(row) for row in page.documents)
    return f"""<!DOCTYPE html>
<html xmlns="http://www.w3.org/1999/xhtml" lang="fr">
<head>
<meta charset="utf-8"/>
<meta http-equiv="Content-Security-Policy" content="{_POLICY}"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>Documents de santé de {name}</title>
<style>{_STYLE}</style>
</head>
<body>
<h1>Documents de santé de {name}</h1>
<dl>
{_facts(page)}</dl>
<table>
<thead><tr><th scope="col">Date</th><th scope="col">Document</th><th scope="col">Auteur indiqué</th><th scope="col">Taille</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
<footer>Ces documents sont confidentiels. Pour vérifier qui les envoie, comparez les huit mots avec ceux que lit l’expéditeur.</footer>
</body>
</html>
""".encode()


def _facts(page: IndexPage) -> str:
    subject = page.subject
    facts = [("Personne", f"{subject.display_name}, {_BORN[subject.sex]} {_day(subject.birth_date)}")]
    if subject.ins:
        facts.append(("INS", subject.ins))
    facts += [("Envoyé par", page.sender), ("Empreinte", " ".join(page.fingerprint_words)), ("Créé le", _day(page.created))]
    if page.expires:
        facts.append(("Valable jusqu’au", _day(page.expires)))
    if page.purpose:
        facts.append(("Motif", page.purpose))
    return "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>\n" for term, text in facts)


def _row(row: Row) -> str:
    pages = f"{row.page_count} page{'s' if row.page_count > 1 else ''}"
    cells = (
        f'<td class="n">{_day(row.date) if row.date else "sans date"}</td>',
        f'<td><a href="{escape(row.href)}">{escape(row.title)}</a><br/>{escape(KIND_LABELS[row.kind])}</td>',
        f"<td>{escape(row.practitioner)}</td>",
        f'<td class="n">{pages}, {_size(row.size)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>\n"


def _day(moment: date) -> str:
    return f"{moment:%d/%m/}{moment.year:04}"


def _size(size: int) -> str:
    """Return a size as people read it in French, in powers of ten."""
    if size < 1_000_000:
        return f"{max(1, round(size / 1000))} ko"
    return f"{size / 1_000_000:.1f} Mo".replace(".", ",")
