"""The practitioners that a page names, and how likely each of them wrote it. Pure functions.

A practitioner is somebody with a title (`Dr Anne BRUN`), behind the word for what they did or are (`Validé par : Anne BRUN`,
`Sage-femme : Anne BRUN`), in front of a degree or profession (`Jane Smith, MD`), or on a line of their own above an RPPS number or under
a letter's closing. Titles are recognised as scanners misread them. Each mention says something about who the author is; a letter's
recipient and who only asked for an examination are named as well, and the patient is none of them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from monespace_cli.ingest.names import ANY_FULL_NAME, ANY_NAME, FULL_NAME, clean_name, is_of_people, is_same_person
from monespace_cli.ingest.specialties import find_specialty
from monespace_cli.record.identity import is_valid_rpps
from monespace_cli.record.text import fold

_LONG_TITLE: Final = r"[DO0][aeo0][ce][l1tf][ec][uo]r?e?|DOCTEURE?|docteure?|Doctor|[Pp]rofesseure?|PROFESSEURE?|Professor|Prof\.?"
_SHORT_TITLE: Final = r"D[rR]e?\.?|P[rR]\.?"
_TITLED: Final = re.compile(
    rf"(?<!\w)(?:(?:{_LONG_TITLE}|{_SHORT_TITLE})[ :]+(?P<name>{ANY_NAME})"
    rf"|(?:D[rt]\.?|Or|0r|O[rt]\.|(?:^|(?<=[:,] ))D['’])[ ]?(?P<misread>{FULL_NAME}))"
)
"""Behind a title; as scanners misread `Dr`, only before a full name, and `D'` only where no name or word goes before it."""


_CIVIL: Final = r"(?:M\.|Mme|Mlle|Mr|Mrs|Ms|Miss|Monsieur|Madame|le|la)"
_LABELLED: Final = re.compile(
    rf"(?::|\b(?:par|by|soussignée?|soussigné\(e\)),?|\bConsultant|\bVaccinateur) *(?:{_CIVIL} )?(?P<name>{ANY_FULL_NAME})"
)
_ALONE: Final = re.compile(rf"[\W_]*(?:{_CIVIL} )?(?P<name>{ANY_FULL_NAME})[\W_]*")
_BEGINS: Final = re.compile(rf"(?:{_CIVIL} )?(?P<name>{ANY_FULL_NAME})(?=[ ,(–-])")
_ROW_END: Final = re.compile(rf"\s(?:{_CIVIL} )?(?P<name>{FULL_NAME})(?:,? [A-Z]{{2,4}})?$")

_DEGREES: Final = re.compile(
    r",? \(?(?:M\.?D|D\.?O|M\.?B\.?,? ?(?:B\.?S|Ch\.?B)|MRCGP|MRCP|FRC[PSR]\w*|MRCS|R\.?N|R\.?M|PharmD|Ph\.?D|D\.?D\.?S|NP|IDE)\b"
)

_PROFESSIONS: Final = (
    "biologistes?|pharmaciens?|radiologues?|sages?-femmes?|infirmier|infirmiere|ide|chirurgien|anesthesiste|dentiste|kinesitherapeute|masseur"
    "|orthophoniste|orthoptiste|pedicure|podologue|psychologue|dieteticienne?|ergotherapeute|osteopathe|opticienn?e?|vaccinateur"
    r"|(?<!medecine )interne"
    "|cardiologue|dermatologue|pediatre|psychiatre|neurologue|ophtalmolog(?:ue|iste)|gynecologue|rhumatologue|pneumologue|urologue|geriatre"
    "|gastro-enterologue|endocrinologue|nephrologue|oncologue|allergologue|angiologue|hematologue|stomatologue|neurochirurgien"
    "|medecin|praticien|consultant|clinician|physician|surgeon|radiologist|pathologist|midwife|nurse|pharmacist|doctor|practitioner"
)
_PROFESSION: Final = re.compile(rf"[\W_]*(?:{_PROFESSIONS})\b")

_SIGNED: Final = re.compile(
    r"\b(?:redige|signe|signature|valide|realise|interprete|etabli|dicte|soussigne|remplac|authori[sz]ed|validated|reported|verified|signed|dictated|written|discharged|completed|issued"
    r"|auteur|author)\w*(?:\(e\))?[^:.]{0,40}[:,]?[^:.]{0,6}$"
)
_ROLE: Final = re.compile(rf"\b(?:{_PROFESSIONS})\b[^:.]{{0,30}}[:(]?[^:.]{{0,6}}$")
_ADDRESSED: Final = re.compile(
    r"attention|\bcher\b|\bchere\b|\bdear\b|destinataire|copie|adresse (?:par|a)|medecin traitant|medecin referent|correspondant"
    r"|referr|\bgp\b|\bto\b|\bcc\b"
)
_ASKED: Final = re.compile(r"prescri|requested|demande|traitant|ordered|chef d|responsable du|head of")
_HEADS: Final = re.compile(r"[ ,(–-]*(?:chef|cheffe|responsable|directeur|directrice)\b")
_ADDRESSED_LINE: Final = re.compile(r"(?:attention d[eu]|destinataires?|copies? a|adresse a|medecin traitant|\bto|\bcc)[ :]*$")
_TITLE_ALONE: Final = re.compile(rf"[\W_]*(?:{_LONG_TITLE}|{_SHORT_TITLE})[\W_]*")
_CLOSING: Final = re.compile(r"confraternel|cordialement|salutations|sentiments|bien a vous|sincerely|regards|faithfully|signature")
_BORN: Final = re.compile(r"\bne(?:e|\(e\))? le\b|\bborn\b|naissance|\bdob\b")

_RPPS: Final = re.compile(r"(?<!\d)\d{11}(?!\d)")

_BEFORE: Final = 60
_HEAD_LINES: Final = 8
_LETTERHEAD_LINES: Final = 12
_LAST_LINES: Final = 4
_NEAR: Final = 3
"""Lines under a name on which its number and specialty stand."""

_MOST: Final = 0.95
_HEADING: Final = (0.7, 0.8)
"""How likely the author is whom a letterhead names: what is surer, the paper says in words."""


@dataclass(frozen=True, slots=True)
class FoundPractitioner:
    """A practitioner's name and how likely this is the paper's author, 0–1."""

    name: str
    confidence: float
    line: int
    """Of its first appearance, counted from 1."""
    rpps: str = ""
    """Eleven digits that stand near the name, if their check digit is right; a number whose digit is wrong was misread or invented."""
    specialty: str = ""
    """As a list of specialties spells it, where one stands near the name."""


@dataclass(frozen=True, slots=True)
class _Mention:
    """A name in one place; `place` counts the lines with something on them, from 0."""

    name: str
    likely: float
    place: int
    is_entry: bool = False
    """Whether it is one of a table's lines, which say nothing more together."""


MOST_ON_A_LINE = 50
"""Practitioners that one line may name: a line of a hospital's heading names a handful, one made to take for ever names thousands."""


def find_practitioners(text: str, patients: Iterable[str] = (), entries: Mapping[int, float] | None = None) -> list[FoundPractitioner]:
    """Return the practitioners named on a page, each once, in order of first appearance.

    `patients` are the names of who is none. `entries` says of lines (from 1) how likely whom they name is the author: those of a table.
    """
    printed = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    lines, numbers = [line for _, line in printed], [number for number, _ in printed]
    nobody = [fold(name).split() for name in patients]
    fixed = {place: entries[number] for place, number in enumerate(numbers) if entries and number in entries}
    found: list[FoundPractitioner] = []
    for mention in _balanced(list(_mentions(lines, text, fixed))):
        if sorted(fold(mention.name).split()) in map(sorted, nobody):
            continue
        known = next((index for index, other in enumerate(found) if is_same_person(other.name, mention.name)), None)
        if known is None:
            rpps, specialty = _details(lines, mention.place, mention.name)
            if _ASKED.search(fold(lines[mention.place])):  # under who only asked for results stands the heading of these
                specialty = ""
            found.append(FoundPractitioner(mention.name, mention.likely, numbers[mention.place], rpps, specialty))
        else:
            found[known] = _again(found[known], mention)
    return found


def _again(known: FoundPractitioner, mention: _Mention) -> FoundPractitioner:
    """Return a practitioner who is named once more: surer, and by the fuller name."""
    name = max(known.name, mention.name, key=lambda each: len(each.replace(".", "").replace(" ", "")) if " " in each else 0)
    surest = max(known.confidence, mention.likely)
    return replace(known, name=name, confidence=surest if mention.is_entry else min(_MOST, surest + 0.1))


def _mentions(lines: Sequence[str], text: str, fixed: Mapping[int, float]) -> Iterator[_Mention]:
    for place in range(len(lines)):
        spans: list[tuple[int, int]] = []
        for match, likely in _on_line(lines, place, fixed):
            name = clean_name(next(filter(None, match.groupdict().values())), text)
            start, end = match.span()
            if len(spans) == MOST_ON_A_LINE:
                break
            if name and not any(a < end and start < b for a, b in spans):
                spans.append((start, end))
                yield _Mention(name, fixed.get(place, likely if " " in name else likely / 2), place, place in fixed)


def _on_line(lines: Sequence[str], place: int, fixed: Mapping[int, float]) -> Iterator[tuple[re.Match[str], float]]:
    """Yield what may be a practitioner's name on a line and how likely it is the author's, the plainest evidence first."""
    line = lines[place]
    before_line = fold(lines[place - 1]) if place else ""
    for match in _TITLED.finditer(line):
        before, behind = fold(line[max(0, match.start() - _BEFORE) : match.start()]), fold(line[match.end() : match.end() + _BEFORE])
        yield match, 0.5 if _HEADS.match(behind) else _signature(lines, place, before) or _titled(before, before_line, place)
    for match in _LABELLED.finditer(line):
        before = fold(line[max(0, match.start("name") - _BEFORE) : match.start("name")])
        if (likely := _labelled(before)) and is_of_people(match["name"]):
            yield match, likely
    yield from _untitled(lines, place)
    if place in fixed and (row := _ROW_END.search(line)):
        yield row, fixed[place]


def _signature(lines: Sequence[str], place: int, before: str) -> float:
    """Return how likely who is named alone under a letter's closing is its author; 0 elsewhere."""
    is_under = not before.strip() and place >= _HEAD_LINES and _CLOSING.search(fold(" ".join(lines[place - _NEAR : place])))
    return 0.84 if is_under else 0.0


def _titled(before: str, before_line: str, place: int) -> float:
    if _ADDRESSED.search(before) or (not before.strip() and _ADDRESSED_LINE.search(before_line)):
        return 0.15
    if not _ASKED.search(before) and (likely := _labelled(before)):
        return likely
    in_head = place < _HEAD_LINES
    likely = 0.8 - 0.01 * place if in_head else 0.35 if len(before.split()) > 2 else 0.55
    return likely - 0.2 if _ASKED.search(before) else likely


def _labelled(before: str) -> float:
    """Return how likely a name is the author's after these words, folded; 0 where they say nothing of a practitioner."""
    if _ADDRESSED.search(before):
        return 0.0
    if _SIGNED.search(before):
        return 0.85
    if _ASKED.search(before):
        return 0.55
    return 0.82 if _ROLE.search(before) else 0.0


def _untitled(lines: Sequence[str], place: int) -> Iterator[tuple[re.Match[str], float]]:
    """Yield a name without a title: before a degree or profession, alone above a number or specialty, or alone under a closing."""
    line = lines[place]
    begins = _BEGINS.match(line)
    if begins and is_of_people(begins["name"]):
        rest = line[begins.end() :]
        if _DEGREES.match(rest) or _PROFESSION.match(fold(rest)):
            yield begins, 0.82 if place < _LETTERHEAD_LINES else 0.7
    alone = _ALONE.fullmatch(line)
    if alone is None or not is_of_people(alone["name"]) or _BORN.search(fold(" ".join(lines[place : place + 2]))):
        return
    if place and _TITLE_ALONE.fullmatch(lines[place - 1]):
        yield alone, 0.8
    under = lines[place + 1 : place + 1 + _NEAR]
    above = fold(" ".join(lines[max(0, place - _NEAR) : place]))
    if any(_is_of_practice(each) for each in under[:2]) or any("rpps" in fold(each) for each in under):
        yield alone, 0.75 if place < _LETTERHEAD_LINES or "rpps" in fold(" ".join(under)) else 0.6
    elif place >= _HEAD_LINES and _CLOSING.search(above):
        yield alone, 0.6
    elif place >= max(_HEAD_LINES, len(lines) - _LAST_LINES):
        yield alone, 0.4


def _is_of_practice(line: str) -> bool:
    """Tell whether a line begins with a profession or a specialty: the one under a name in a letterhead."""
    folded = fold(line)
    return ":" not in line and bool(_PROFESSION.match(folded) or find_specialty(folded))


def _balanced(mentions: list[_Mention]) -> list[_Mention]:
    """Return the mentions with those of a letterhead less sure where it names several: which of them wrote, the rest of the paper says."""
    heads = [mention for mention in mentions if mention.place < _HEAD_LINES and _HEADING[0] < mention.likely <= _HEADING[1]]
    if len({fold(mention.name) for mention in heads}) < 2:
        return mentions
    return [replace(mention, likely=mention.likely - 0.2) if mention in heads else mention for mention in mentions]


def _details(lines: Sequence[str], place: int, name: str) -> tuple[str, str]:
    """Return the RPPS number and the specialty that stand on a name's line or just under it, before anybody else's."""
    near = [lines[place].partition(name)[2], *lines[place + 1 : place + 1 + _NEAR]]
    own = [near[0]]
    for line in near[1:]:
        if _TITLED.search(line):
            break
        own.append(line)
    numbers = (number for line in own for number in _RPPS.findall(line.replace(" ", "")) if is_valid_rpps(number))
    return next(numbers, ""), next(filter(None, map(find_specialty, map(fold, own))), "")
