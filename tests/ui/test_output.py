"""What is printed for a person, and where."""

import io

import pytest
from rich.console import Console
from rich.text import Text

from monespace_cli.errors import UsageError
from monespace_cli.ui.output import Output


class Terminal(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def screen() -> tuple[Output, Terminal, Terminal, Console]:
    stdout, stderr = Terminal(), Terminal()
    return Output(stdout=stdout, stderr=stderr), stdout, stderr, Console(file=io.StringIO(), width=40)


def test_lines_go_above_a_progress_bar_and_not_through_it(screen: tuple[Output, Terminal, Terminal, Console]) -> None:
    output, stdout, stderr, bar = screen
    output.live = bar
    output.text("a line [of data] that is longer than the screen is wide")
    output.warn("a warning")
    assert (stdout.getvalue(), stderr.getvalue()) == ("", "")
    assert bar.file.getvalue() == "a line [of data] that is longer than the screen is wide\nwarning: a warning\n"  # type: ignore[attr-defined]
    output.live = None
    output.text("data")
    assert stdout.getvalue() == "data\n"


def test_what_a_script_reads_goes_past_the_bar(screen: tuple[Output, Terminal, Terminal, Console]) -> None:
    _output, _stdout, stderr, bar = screen
    pipe = io.StringIO()
    output = Output(stdout=pipe, stderr=stderr)
    output.live = bar
    output.text("data")
    assert (pipe.getvalue(), bar.file.getvalue()) == ("data\n", "")  # type: ignore[attr-defined]


def test_talk_is_broken_between_words(screen: tuple[Output, Terminal, Terminal, Console], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "20")
    monkeypatch.setenv("NO_COLOR", "1")
    output, _stdout, stderr, _bar = screen
    output.error(UsageError("what happened", hint="what [to] do about it next"))
    assert [line.rstrip() for line in stderr.getvalue().splitlines()] == ["error: what happened", "", "hint: what [to] do", "about it next"]


def _shown(screen: tuple[Output, Terminal, Terminal, Console]) -> list[str]:
    return [line.rstrip() for line in Text.from_ansi(screen[1].getvalue()).plain.splitlines()]


COLUMNS = ("Id", "Since", "Reason", "Next")
ROW = ("86baeffa0d", "2026-11-26 16:16", "The file is damaged", "")


def test_a_table_keeps_its_words_whole(screen: tuple[Output, Terminal, Terminal, Console], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    screen[0].table(COLUMNS, iter([ROW, ("7ced55f0bf", "2026-11-26 16:17", "x", "scan it again")]))
    shown = _shown(screen)
    assert shown[0].split() == list(COLUMNS)
    assert shown[2].startswith("86baeffa0d   2026-11-26 16:16   The file is")
    assert shown[4] == "7ced55f0bf   2026-11-26 16:17   x              scan it again"


def test_what_does_not_fit_into_a_table_is_shown_block_by_block(
    screen: tuple[Output, Terminal, Terminal, Console], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "30")
    screen[0].table(COLUMNS, iter([ROW]))
    assert _shown(screen) == ["86baeffa0d", "  Since   2026-11-26 16:16", "  Reason  The file is damaged"]
