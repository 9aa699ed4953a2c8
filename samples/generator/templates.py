"""All templates by name, in the order in which a set walks through them."""

from collections.abc import Callable

from generator import attestations, biology, english, prescriptions, reports, untitled, varied
from generator.chance import Chance, Person, Practitioner
from generator.paper import Paper

TEMPLATES: dict[str, Callable[[Chance], Paper]] = {
    **prescriptions.COMPOSERS,
    **biology.COMPOSERS,
    **reports.COMPOSERS,
    **attestations.COMPOSERS,
    **english.COMPOSERS,
    **untitled.COMPOSERS,
    **varied.COMPOSERS,
}


def compose(template: str, seed: str, patient: Person | None = None, practitioner: Practitioner | None = None) -> Paper:
    """Compose a paper: the same template, seed and people give the same paper."""
    return TEMPLATES[template](Chance(f"{template}/{seed}", patient, practitioner))
