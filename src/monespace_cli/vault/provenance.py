"""A provenance as the JSON text that the database keeps. Members that an older release did not know are at their defaults."""

import json
from dataclasses import asdict
from datetime import datetime

from monespace_cli.record.document import Author, Provenance
from monespace_cli.record.text import well_formed

_MOMENTS = ("modified_at", "sealed_at")


def provenance_text(provenance: Provenance) -> str:
    """Return a provenance as JSON; its moments are ISO 8601."""
    return well_formed(json.dumps(asdict(provenance), ensure_ascii=False, default=datetime.isoformat))


def parse_provenance(text: str) -> Provenance:
    """Return the provenance that :func:`provenance_text` wrote."""
    traits = json.loads(text)
    moments = {name: datetime.fromisoformat(traits[name]) for name in _MOMENTS if traits.get(name)}
    manifest = tuple((column, value) for column, value in traits.get("manifest", ()))
    return Provenance(**{**traits, **moments, "author": Author(traits["author"]), "manifest": manifest})
