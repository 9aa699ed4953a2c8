"""`index.html`: the documents of a bundle for a person who has a browser and nothing else.

One static page in French: no script, nothing fetched, every text escaped, and a content security policy that says the same to the browser.
It is well-formed XML, which IHE XDM asks of its `INDEX.HTM`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from html import escape

from monespace_cli.record.codes import Kind
from monespace_cli.record.identity import Identity, Sex
from monespace_cli.render.page import KIND_LABELS, day, html_page, size_text

_BORN = {Sex.FEMALE: "née le", Sex.MALE: "né le", Sex.OTHER: "né(e) le", Sex.UNKNOWN: "né(e) le"}


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
    title = f"Documents de santé de {page.subject.display_name}"
    rows = "".join(_row(row) for row in page.documents)
    return html_page(
        title,
        f"""<h1>{escape(title)}</h1>
<dl>
{_facts(page)}</dl>
<table>
<thead><tr><th scope="col">Date</th><th scope="col">Document</th><th scope="col">Auteur indiqué</th><th scope="col">Taille</th></tr></thead>
<tbody>
{rows}</tbody>
</table>
<footer>Ces documents sont confidentiels. Pour vérifier qui les envoie, comparez les huit mots avec ceux que lit l’expéditeur.</footer>
""",
    )


def _facts(page: IndexPage) -> str:
    subject = page.subject
    facts = [("Personne", f"{subject.display_name}, {_BORN[subject.sex]} {day(subject.birth_date)}")]
    if subject.ins:
        facts.append(("INS", subject.ins))
    facts += [("Envoyé par", page.sender), ("Empreinte", " ".join(page.fingerprint_words)), ("Créé le", day(page.created))]
    if page.expires:
        facts.append(("Valable jusqu’au", day(page.expires)))
    if page.purpose:
        facts.append(("Motif", page.purpose))
    return "".join(f"<dt>{escape(term)}</dt><dd>{escape(text)}</dd>\n" for term, text in facts)


def _row(row: Row) -> str:
    pages = f"{row.page_count} page{'s' if row.page_count > 1 else ''}"
    cells = (
        f'<td class="n">{day(row.date) if row.date else "sans date"}</td>',
        f'<td><a href="{escape(row.href)}">{escape(row.title)}</a><br/>{escape(KIND_LABELS[row.kind])}</td>',
        f"<td>{escape(row.practitioner)}</td>",
        f'<td class="n">{pages}, {size_text(row.size)}</td>',
    )
    return f"<tr>{''.join(cells)}</tr>\n"
