"""The house's habits as functions on source text: each returns what it finds wrong, one line per finding.

They are apart from the tests so that every rule can be tried on a planted violation as well as on the real tree.
"""

import ast
import re
from collections.abc import Iterable, Iterator

MAX_FUNCTION_LINES = 60
MAX_FILE_LINES = 500
MAX_MEDIAN_FUNCTION_LINES = 15

Function = ast.FunctionDef | ast.AsyncFunctionDef
Documented = Function | ast.ClassDef

HELP_KEYWORDS = {"help", "short_help", "epilog", "prompt", "rich_help_panel"}
"""The keywords of Typer that hold text for people."""

UNFIT_FOR_A_PUBLIC_TREE = {
    "a package registry's host": re.compile(r"py[p]i\.org|pythonhoste[d]\.org|npmj[s]\.(org|com)|crate[s]\.io|proxy\.golan[g]\.org"),
    "a path of one machine": re.compile(r"(?<![\w.~-])/(?:wor[k]|roo[t]|op[t]/pypi|User[s]/\w+)(?![\w-])"),
    "unfinished work": re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b"),
}
"""What must not be in a tracked file; a letter in brackets keeps each pattern from matching itself."""


def functions(tree: ast.AST) -> Iterator[Function]:
    """Yield every function and method, nested ones too."""
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def length(node: Function) -> int:
    """Return a function's number of lines, from its `def` to its last line."""
    return (node.end_lineno or node.lineno) - node.lineno + 1


def missing_docstrings(tree: ast.Module, name: str) -> list[str]:
    """Name the public module, classes, functions and methods without a docstring; a dunder method needs none."""
    missing = [] if ast.get_docstring(tree) else [name]
    missing += [f"{name}:{node.lineno} {node.name}" for node in public_definitions(tree.body) if not ast.get_docstring(node)]
    return missing


def public_definitions(body: Iterable[ast.stmt]) -> Iterator[Documented]:
    """Yield the public classes and functions of a body, and those inside its classes."""
    for node in body:
        if isinstance(node, Documented) and not node.name.startswith("_"):
            yield node
            if isinstance(node, ast.ClassDef):
                yield from public_definitions(node.body)
        elif isinstance(node, ast.If | ast.Try):
            yield from public_definitions(node.body)


def long_functions(tree: ast.Module, name: str) -> list[str]:
    """Name the functions that are longer than a screen."""
    return [f"{name}:{node.lineno} {node.name}: {length(node)} lines" for node in functions(tree) if length(node) > MAX_FUNCTION_LINES]


def error_classes(errors: ast.Module) -> set[str]:
    """Return the names of the classes in the error tree."""
    return {node.name for node in errors.body if isinstance(node, ast.ClassDef) and node.name.endswith("Error")}


def untranslated_errors(tree: ast.Module, name: str, classes: set[str]) -> list[str]:
    """Name the errors whose message or hint does not go through `_()`, wherever they are made."""
    return [
        f"{name}:{call.lineno} {called_name(call)}: {ast.unparse(text)}"
        for call in calls(tree)
        if called_name(call) in classes
        for text in [*call.args[:1], *(keyword.value for keyword in call.keywords if keyword.arg in {"message", "hint"})]
        if is_untranslated(text)
    ]


def untranslated_help(tree: ast.Module, name: str) -> list[str]:
    """Name the help texts and prompts for a Typer program that do not go through `_()`."""
    return [
        f"{name}:{call.lineno} {keyword.arg}={ast.unparse(keyword.value)}"
        for call in calls(tree)
        for keyword in call.keywords
        if keyword.arg in HELP_KEYWORDS and is_untranslated(keyword.value)
    ]


def untranslatable_texts(tree: ast.Module, name: str) -> list[str]:
    """Name the calls of `_()` and `ngettext()` on a text that is put together there: no catalogue could know it."""
    return [
        f"{name}:{call.lineno} {ast.unparse(call)}"
        for call in calls(tree)
        if (count := {"_": 1, "ngettext": 2}.get(called_name(call)))
        and any(isinstance(text, ast.JoinedStr | ast.BinOp | ast.Call) for text in call.args[:count])
    ]


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Yield every call."""
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def called_name(call: ast.Call) -> str:
    """Return the last name of what is called: `errors.UsageError(…)` is a `UsageError`."""
    return call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id if isinstance(call.func, ast.Name) else ""


def is_untranslated(text: ast.expr) -> bool:
    """Whether an expression writes text out itself: a literal, an f-string, or such a thing joined, formatted or chosen between."""
    match text:
        case ast.Constant(value=str(value)):
            return bool(value)
        case ast.JoinedStr():
            return True
        case ast.BinOp(left=left, right=right):
            return is_untranslated(left) or is_untranslated(right)
        case ast.BoolOp(values=values):
            return any(map(is_untranslated, values))
        case ast.IfExp(body=body, orelse=orelse):
            return is_untranslated(body) or is_untranslated(orelse)
        case ast.Call(func=ast.Attribute(value=value, attr="format" | "join")):
            return is_untranslated(value)
    return False


def unfit_lines(text: str, name: str) -> list[str]:
    """Name the lines that hold something no public tree should."""
    return [
        f"{name}:{number} {what}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        for what, pattern in UNFIT_FOR_A_PUBLIC_TREE.items()
        if pattern.search(line)
    ]


def loose_requirements(text: str, name: str) -> list[str]:
    """Name the entries of a requirements file without an exact version or a hash, and every address or option in it."""
    entries = re.sub(r"\s*#.*", "", text).replace("\\\n", " ").splitlines()
    return [f"{name}: {entry[:80]}" for entry in entries if entry.strip() and not is_pinned(entry)]


def is_pinned(entry: str) -> bool:
    """Whether one joined line of a requirements file names a version and the hashes of its files, and no address."""
    return (
        bool(re.match(r"[\w.-]+(\[[\w,-]+\])?==[\w.]+\s", entry))
        and "--hash=sha256:" in entry
        and not re.search(r"://|\s@\s|\s-\w\s", entry)
    )


def newest_release(changelog: str) -> str | None:
    """Return the version that the first heading of a changelog names (Keep a Changelog 1.1.0)."""
    heading = re.search(r"^## \[(\d+\.\d+\.\d+)\]", changelog, re.MULTILINE)
    return heading[1] if heading else None
