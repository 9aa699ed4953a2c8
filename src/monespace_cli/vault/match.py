"""A parsed query in the words of FTS5 (https://sqlite.org/fts5.html §3).

Folded letters and digits in quotation marks, so that nothing that was typed has a meaning of its own there.
"""

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.record.query import Any, Expression, Term
from monespace_cli.record.text import words_of


def match(expression: Expression) -> str:
    """Return the FTS5 expression for a query."""
    if isinstance(expression, Term):
        return f'"{" ".join(expression.words)}"' + (" *" if expression.prefix else "")
    if isinstance(expression, Any):
        return _joined(" OR ", expression.parts)
    wanted = _joined(" AND ", expression.parts)
    # One NOT for all of them: FTS5 nests each further one, and bounds the depth (SQLITE_FTS5_MAX_EXPR_DEPTH).
    return f"({wanted} NOT {_joined(' OR ', expression.without)})" if expression.without else wanted


def match_column(column: str, text: str) -> str:
    """Return the FTS5 expression for documents whose `column` holds all the words of `text`.

    Raises:
        UsageError: there is no word in it.
    """
    words = words_of(text)
    if not words:
        raise UsageError(_("there is nothing to search for"), hint=_("give at least one word that must be there"))
    return f"{column} : (" + " AND ".join(f'"{word}"' for word in words) + ")"


def _joined(operator: str, parts: tuple[Expression, ...]) -> str:
    return "(" + operator.join(match(part) for part in parts) + ")"
