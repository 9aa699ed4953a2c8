"""The page that says that a space was opposed or closed. PDF bytes; nothing touches a disk here. In French, for whoever is shown it."""

import io
from datetime import datetime

from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas

from monespace_cli.record.identity import Identity
from monespace_cli.record.life import LifeEvent, Step
from monespace_cli.render.fonts import SANS, SANS_BOLD, printable, register_fonts
from monespace_cli.render.page import day

LEFT = 25 * mm
_WORDS = {
    LifeEvent.OPPOSED: ("Opposition à un espace de santé", "s'est opposé(e) à l'ouverture ou à la tenue de son espace de santé le"),
    LifeEvent.CLOSED: ("Clôture d'un espace de santé", "a clos son espace de santé le"),
}


def life_proof_pdf(subject: Identity, step: Step, made: datetime) -> bytes:
    """Return one A4 page: who opposed or closed their space, and when, by the clock of the machine where it was done."""
    title, words = _WORDS[step.event]
    register_fonts()
    sink = io.BytesIO()
    page = Canvas(sink, pagesize=A4, invariant=1)
    page.setTitle(title)
    height = A4[1] - 30 * mm
    page.setFont(SANS_BOLD, 18)
    page.drawString(LEFT, height, title)
    lines = [
        f"{' '.join(subject.given_names)} {subject.family_name}, né(e) le {day(subject.birth_date)}",
        *([f"INS {subject.ins}"] if subject.ins else []),
        "",
        f"{words} {day(step.at)} à {step.at:%H:%M}.",
        "",
        "Cet espace est tenu dans un coffre monespace, sur l'ordinateur de la personne ou de qui la représente.",
        "Cette page en reprend le journal ; elle n'engage pas l'Assurance Maladie.",
        "",
        f"Fait le {day(made)}",
    ]
    page.setFont(SANS, 11)
    for number, line in enumerate(lines):
        page.drawString(LEFT, height - (15 + 7 * number) * mm, printable(line))
    page.showPage()
    page.save()
    return sink.getvalue()
