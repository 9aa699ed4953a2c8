"""The habits of CONTRIBUTING.md, each checked on the real tree and seen red on a planted violation."""

import ast
import os
import statistics
import subprocess
from functools import cache
from pathlib import Path

import pytest

import monespace_cli
from tests.architecture import rules

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src/monespace_cli"

LONG_FUNCTIONS_WITH_A_REASON: dict[str, str] = {}
"""Functions over the limit (`path name`), and why: a declaration table, a numbered algorithm."""

LONG_FILES_WITH_A_REASON: dict[str, str] = {}
"""Files over the limit, and why."""


@cache
def source_trees() -> dict[str, ast.Module]:
    """Return the parsed modules of the package, by their path in the repository."""
    return {str(path.relative_to(ROOT)): ast.parse(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.rglob("*.py"))}


@cache
def tracked_texts() -> dict[str, str]:
    """Return the text files that git tracks, by path."""
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return {name: text for name in listed.split("\0") if name and (text := text_of(ROOT / name)) is not None}


def text_of(path: Path) -> str | None:
    """Return a file's text; None for binary files and for those deleted but not committed yet."""
    try:
        return path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, FileNotFoundError):
        return None


def errors() -> set[str]:
    return rules.error_classes(source_trees()["src/monespace_cli/errors.py"])


def test_everything_public_has_a_docstring() -> None:
    assert [finding for name, tree in source_trees().items() for finding in rules.missing_docstrings(tree, name)] == []


def test_errors_are_translated() -> None:
    assert [finding for name, tree in source_trees().items() for finding in rules.untranslated_errors(tree, name, errors())] == []


def test_help_is_translated() -> None:
    assert [finding for name, tree in source_trees().items() for finding in rules.untranslated_help(tree, name)] == []


def test_what_is_translated_is_not_put_together() -> None:
    assert [finding for name, tree in source_trees().items() for finding in rules.untranslatable_texts(tree, name)] == []


def test_no_function_is_longer_than_a_screen() -> None:
    found = [finding for name, tree in source_trees().items() for finding in rules.long_functions(tree, name)]
    assert [finding for finding in found if not any(reason in finding for reason in LONG_FUNCTIONS_WITH_A_REASON)] == []


def test_the_median_function_is_short() -> None:
    lengths = [rules.length(node) for tree in source_trees().values() for node in rules.functions(tree)]
    assert statistics.median(lengths) < rules.MAX_MEDIAN_FUNCTION_LINES


def test_no_file_has_a_second_subject() -> None:
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in source_trees()}
    assert {name for name, lines in lengths.items() if lines > rules.MAX_FILE_LINES} == set(LONG_FILES_WITH_A_REASON)


def test_tracked_files_are_fit_for_a_public_tree() -> None:
    assert [finding for name, text in tracked_texts().items() for finding in rules.unfit_lines(text, name)] == []


@pytest.mark.parametrize("name", ["run.txt", "dev.txt"])
def test_requirements_are_pinned_with_hashes(name: str) -> None:
    text = (ROOT / "requirements" / name).read_text(encoding="utf-8")
    assert "typer==" in text
    assert rules.loose_requirements(text, name) == []


def test_both_requirement_files_pin_the_same_versions() -> None:
    run, dev = (
        {line for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines() if "==" in line}
        for name in ("run.txt", "dev.txt")
    )
    assert run <= dev


def test_the_changelog_speaks_of_this_version() -> None:
    assert rules.newest_release((ROOT / "CHANGELOG.md").read_text(encoding="utf-8")) == monespace_cli.__version__


def test_shell_scripts_can_be_run() -> None:
    scripts = [*(ROOT / "scripts").glob("*.sh"), ROOT / ".ci/run"]
    assert scripts
    assert [script for script in scripts if not os.access(script, os.X_OK)] == []


# Each rule on a planted violation, beside the nearest thing that is allowed.

UNDOCUMENTED = '''
class Vault:
    def __init__(self): ...
    def open(self): ...
    @property
    def path(self):
        """Where it is."""
    class Slot: ...
class _Hidden:
    def anything(self): ...
if True:
    def close():
        def inner(): ...
def _private(): ...
'''


def test_docstring_rule() -> None:
    assert rules.missing_docstrings(ast.parse(UNDOCUMENTED), "m") == ["m", "m:2 Vault", "m:4 open", "m:8 Slot", "m:12 close"]


@pytest.mark.parametrize(
    "source",
    [
        'raise UsageError("no such file")',
        'raise errors.UsageError("no such file")',
        'raise UsageError(f"no {what}")',
        'raise UsageError("no {what}".format(what=what))',
        'raise UsageError(_("no such file") + "!")',
        'raise UsageError(_("no such file"), hint="look elsewhere")',
        'raise UsageError(_("no such file"), hint=None if known else "look elsewhere")',
        'return UsageError("no such file")',
    ],
)
def test_error_rule_finds(source: str) -> None:
    assert len(rules.untranslated_errors(ast.parse(source), "m", {"UsageError"})) == 1


@pytest.mark.parametrize(
    "source",
    [
        'raise UsageError(_("no such file"))',
        'raise UsageError(_("no {what}").format(what="file"), hint=_("look elsewhere"))',
        'raise UsageError(ngettext("one", "many", 2))',
        "raise UsageError(problem.message, hint=problem.hint)",
        'raise ValueError("a programming error")',
    ],
)
def test_error_rule_allows(source: str) -> None:
    assert rules.untranslated_errors(ast.parse(source), "m", {"UsageError"}) == []


def test_error_rule_knows_the_whole_tree() -> None:
    assert {"MonespaceError", "UsageError", "TryLaterError"} <= errors()


def test_help_rule() -> None:
    assert rules.untranslated_help(ast.parse('typer.Option(help="The file")'), "m") == ["m:1 help='The file'"]
    assert rules.untranslated_help(ast.parse('app.command("show", help=f"Show {what}")'), "m") != []
    assert rules.untranslated_help(ast.parse('typer.Option("--file", help=_("The file"))'), "m") == []


def test_put_together_rule() -> None:
    assert rules.untranslatable_texts(ast.parse('_(f"no {what}")'), "m") == ["m:1 _(f'no {what}')"]
    assert rules.untranslatable_texts(ast.parse("ngettext('one', '%d' % count, count)"), "m") != []
    assert rules.untranslatable_texts(ast.parse("_('no {what}'.format(what=what))"), "m") != []
    assert (
        rules.untranslatable_texts(ast.parse('_("no {what}").format(what=what)\nngettext("one", "many", n())\n_(LABELS[kind])'), "m") == []
    )


def test_length_rule() -> None:
    body = "\n    pass" * rules.MAX_FUNCTION_LINES
    assert rules.long_functions(ast.parse(f"def f():{body}"), "m") == ["m:1 f: 61 lines"]
    assert rules.long_functions(ast.parse(f"def f():{body[:-9]}"), "m") == []


@pytest.mark.parametrize(
    "line",
    ["https://files.pythonhosted" + ".org/x", "cd /" + "work/main", "see /" + "root/.cache", "# TO" + "DO later", "'/" + "Users/zoe'"],
)
def test_public_tree_rule_finds(line: str) -> None:
    assert len(rules.unfit_lines(f"fine\n{line}\n", "m")) == 1


@pytest.mark.parametrize("line", ["src/work/x.py", "a framework/work", "~/root", "# to do", "/workflow", "https://example.org/"])
def test_public_tree_rule_allows(line: str) -> None:
    assert rules.unfit_lines(line, "m") == []


@pytest.mark.parametrize(
    "entry",
    [
        "typer==0.28.0",
        "typer>=0.24 \\\n    --hash=sha256:00",
        "typer @ https://example.org/typer.whl --hash=sha256:00",
        "--index-url https://example.org/simple",
        "-e .",
    ],
)
def test_requirements_rule_finds(entry: str) -> None:
    assert len(rules.loose_requirements(f"{entry}\n", "m")) == 1


def test_requirements_rule_allows() -> None:
    entry = "typer==0.28.0 ; sys_platform == 'win32' \\\n    --hash=sha256:00 \\\n    --hash=sha256:01\n    # via monespace-cli\n"
    assert rules.loose_requirements(entry, "m") == []


def test_changelog_rule() -> None:
    assert rules.newest_release("# Changelog\n\n## [1.2.3] - unreleased\n\n## [1.0.0] - 2026-01-01\n") == "1.2.3"
    assert rules.newest_release("# Changelog\n") is None
