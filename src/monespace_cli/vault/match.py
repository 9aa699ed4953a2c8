"""A parsed query in the words of FTS5 (https://sqlite.org/fts5.html §3): every term quoted, so that no typed character has a meaning of its own."""

from monespace_cli.record.query import All, Any, Expression, Term
from monespace_cli.record.text import index_form


def match(expression: Expression) -> str:
    """Return the FTS5 expression for a query."""
    if isinstance(expression, Term):
        return _quoted(" ".join(expression.words)) + (" *" if expression.prefix else "")
    if isinstance(expression, Any):
        return "(" + " OR ".join(match(part) for part in expression.parts) + ")"
    if isinstance(expression, All):
        wanted = "(" + " AND ".join(match(part) for part in expression.parts) + ")"
        unwanted = "".join(f" NOT {match(part)}" for part in expression.without)
        return f"({wanted}{unwanted})"
    raise AssertionError(expression)


def match_column(column: str, words: str) -> str:
    """Return the FTS5 expression for documents whose `column` holds all of `words`."""
    return f"{column} : ({' AND '.join(_quoted(word) for word in words.split())})"


def _quoted(words: str) -> str:
    return '"' + index_form(words).replace('"', '""') + '"'
