"""Whose paper it may be, among the people whose spaces this vault holds."""

from monespace_cli.record.document import Document
from monespace_cli.record.identity import Identity
from monespace_cli.record.patient import PatientMatch, compare_patients, printed_patients
from monespace_cli.record.rights import Act
from monespace_cli.vault.vault import Vault


def others_named(vault: Vault, document: Document) -> list[str]:
    """Return the people whom a document names as its patient, where the person of its space is none and another space is theirs.

    Who is called exactly so comes before who is nearly called so. Spaces that whoever asks may not add to are not told of.
    """
    printed = printed_patients(each.candidate for each in vault.documents.candidates.of(document.id))
    matches = {
        number: compare_patients(owner, printed)
        for number, owner in vault.spaces.own().items()
        if isinstance(owner, Identity) and (number == document.space or vault.allows(Act.ADD, number))
    }
    if not printed or matches.get(document.space) is PatientMatch.SAME:
        return []
    return [
        vault.spaces.owner(number).display_name
        for wanted in (PatientMatch.SAME, PatientMatch.NEAR)
        for number, match in matches.items()
        if match is wanted and number != document.space
    ]
