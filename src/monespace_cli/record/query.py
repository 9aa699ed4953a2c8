"""What a person types to find something: words, "phrases", prefix*, AND, OR, NOT and parentheses.

Words that stand side by side must all be there. The operators are upper case, as in most search boxes, so that a French or English word is
never taken for one. What does not parse as an expression is an error that says so; a quotation mark without its fellow means nothing.
Punctuation inside a word separates parts that must follow each other (`13,5`, `anti-inflammatoire`); an elided article or pronoun before it
says nothing (`l'hémoglobine`).
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.text import fold, words_of

MAX_QUERY_LENGTH = 1000
"""Characters. Longer ones are pasted by mistake."""

MAX_DEPTH = 10
"""Parentheses within parentheses; FTS5's own parser gives up a little later."""

_TOKEN = re.compile(r'"([^"]*)"(\*?)|([()])|([^\s()"]+)')
_ELIDED = re.compile(r"\A[\W_]*(?:[cdjlmnst]|qu|jusqu|lorsqu|puisqu)'(?=\w)")


@dataclass(frozen=True, slots=True)
class Term:
    """One word, or several that follow each other; `prefix` lets the last one go on."""

    words: tuple[str, ...]
    """As `record.text.words_of` gives them: folded, letters and digits alone."""
    prefix: bool = False

    def pattern(self) -> re.Pattern[str]:
        """Return what finds this term in folded text."""
        first, *others = self.words
        # The letters stand first, and what may not be before them after: they are then looked for as fast as a plain string.
        body = first + rf"(?<![^\W_]{first})" + "".join(rf"[\W_]+{word}" for word in others)
        return re.compile(body + (r"[^\W_]*" if self.prefix else r"(?![^\W_])"))


@dataclass(frozen=True, slots=True)
class All:
    """Every part must be there, and none of `without`."""

    parts: tuple["Expression", ...]
    without: tuple["Expression", ...] = ()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one part must be there."""

    parts: tuple["Expression", ...]


Expression = Term | All | Any


def terms(expression: Expression) -> Iterator[Term]:
    """Yield the terms that a hit may show, in order; those behind NOT are left out."""
    if isinstance(expression, Term):
        yield expression
    else:
        for part in expression.parts:
            yield from terms(part)


def single_words(expression: Expression) -> list[str]:
    """Return the words that a hit may show and that stand alone, as whole words."""
    return [term.words[0] for term in terms(expression) if len(term.words) == 1 and not term.prefix]


def widen(expression: Expression, similar: Mapping[str, Sequence[str]]) -> Expression:
    """Return an expression to which other words are as good as some of its own; what must not be there stays as it is."""
    if not isinstance(expression, Term):
        return replace(expression, parts=tuple(widen(part, similar) for part in expression.parts))
    if len(expression.words) > 1 or expression.prefix:
        return expression
    return Any((expression, *(Term((word,)) for word in similar.get(expression.words[0], ()))))


def parse(text: str) -> Expression:
    """Return the expression that `text` means.

    Raises:
        UsageError: nothing to search for, an unfinished expression, or one of more than 1,000 characters.
    """
    if len(text) > MAX_QUERY_LENGTH:
        raise UsageError(_("the search is too long"), hint=_("search for a few words"))
    parser = _Parser(list(_tokens(text)))
    expression = parser.alternatives()
    if parser.peek() is not None:
        raise UsageError(_("a closing parenthesis has no opening one"))
    return expression


def _tokens(text: str) -> Iterator[str | Term]:
    """Yield operators and parentheses as strings, everything else as terms."""
    for phrase, star, parenthesis, word in _TOKEN.findall(text):
        if parenthesis or word in ("AND", "OR", "NOT"):
            yield parenthesis or word
            continue
        words = tuple(words_of(phrase or _ELIDED.sub("", fold(word))))
        if words:
            yield Term(words, prefix=bool(star) or word.endswith("*"))


class _Parser:
    """Recursive descent: OR binds loosest, then AND (which may be left out), then NOT."""

    def __init__(self, tokens: list[str | Term]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    def peek(self) -> str | Term | None:
        return self._tokens[self._position] if self._position < len(self._tokens) else None

    def _next(self) -> str | Term | None:
        token = self.peek()
        self._position += 1
        return token

    def alternatives(self) -> Expression:
        parts = [self._conjunction()]
        while self.peek() == "OR":
            self._next()
            parts.append(self._conjunction())
        return parts[0] if len(parts) == 1 else Any(tuple(parts))

    def _conjunction(self) -> Expression:
        parts: list[Expression] = []
        without: list[Expression] = []
        while self.peek() not in (None, ")", "OR"):
            if self.peek() == "AND" and (parts or without):
                self._next()
            if self.peek() == "NOT":
                self._next()
                without.append(self._primary())
            else:
                parts.append(self._primary())
        if not parts:
            raise UsageError(_("there is nothing to search for"), hint=_("give at least one word that must be there"))
        return parts[0] if len(parts) == 1 and not without else All(tuple(parts), tuple(without))

    def _primary(self) -> Expression:
        token = self._next()
        if isinstance(token, Term):
            return token
        if token == "(" and self._depth < MAX_DEPTH:
            self._depth += 1
            inner = self.alternatives()
            self._depth -= 1
            if self._next() == ")":
                return inner
        raise UsageError(
            _("the search is not a complete expression"),
            hint=_('write for example: hemoglobine AND (glycemie OR "bilan lipidique") NOT 2019'),
        )
