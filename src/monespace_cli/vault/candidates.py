"""What a machine understood of documents, and what of it a person has settled. Rows go with their document."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from monespace_cli.record.document import Candidate, CandidateState, DocumentId
from monespace_cli.record.text import well_formed
from monespace_cli.vault.connection import Database

OF_DOCUMENT = "document = (SELECT number FROM document WHERE id = ?)"


@dataclass(frozen=True, slots=True)
class StoredCandidate:
    """A candidate of a document, and what became of it."""

    number: int
    """Counted from 1 within the document."""
    candidate: Candidate
    state: CandidateState


class Candidates:
    """The candidates of one vault's documents. Whoever changes them writes the journal's line."""

    def __init__(self, database: Database) -> None:
        """Work with the vault's open database."""
        self._database = database

    def add(self, document: DocumentId, candidates: Iterable[Candidate]) -> None:
        """Keep what was read of a document, as proposed, behind what is kept already; in the caller's transaction."""
        found = list(candidates)
        if found:
            rows = [_row(document, number, candidate) for number, candidate in enumerate(found, len(self.of(document)) + 1)]
            self._database.insert_many(
                "INSERT INTO candidate (document, number, field, value, confidence, page, line, details, state) "
                "VALUES ((SELECT number FROM document WHERE id = ?), ?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def of(self, document: DocumentId) -> list[StoredCandidate]:
        """Return the candidates of a document, in the order in which they were found."""
        rows = self._database.all(
            f"SELECT number, field, value, confidence, page, line, details, state FROM candidate WHERE {OF_DOCUMENT} ORDER BY number",  # noqa: S608
            (document,),
        )
        return [_stored(row) for row in rows]

    def settle(self, document: DocumentId, number: int, state: CandidateState) -> None:
        """Record what became of a candidate."""
        self._database.execute(f"UPDATE candidate SET state = ? WHERE {OF_DOCUMENT} AND number = ?", (str(state), document, number))  # noqa: S608


def _row(document: DocumentId, number: int, candidate: Candidate) -> tuple[Any, ...]:
    details = well_formed(json.dumps(dict(candidate.details), ensure_ascii=False))
    position = (candidate.page, candidate.line)
    return (
        document,
        number,
        candidate.field,
        well_formed(candidate.value),
        candidate.confidence,
        *position,
        details,
        str(CandidateState.PROPOSED),
    )


def _stored(row: tuple[Any, ...]) -> StoredCandidate:
    number, field, value, confidence, page, line, details, state = row
    return StoredCandidate(
        number, Candidate(field, value, confidence, page, line, tuple(json.loads(details).items())), CandidateState(state)
    )
