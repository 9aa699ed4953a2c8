"""The only printer: stdout is data, stderr is talk.

- With `--json`, stdout carries JSON alone: one object, or one object a line with a summary last.
- On a terminal, tables and colours; in a pipe, tab-separated lines without a header, for `cut` and `awk`.
- Text that came from documents never reaches a terminal with control characters or direction marks in it: a paper must not be able to
  move the cursor or to make one name look like another.
"""

import contextlib
import json
import os
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, TextIO

from monespace_cli.errors import MonespaceError
from monespace_cli.i18n import _

if TYPE_CHECKING:
    from rich.console import Console

SHORT = 16
"""What has no more characters (an id, a date with its time, a size) is never broken within a table."""

COLUMN_GAP = 3
"""The space between the columns of a table."""

_UNSAFE = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def printable(text: str) -> str:
    """Return `text` with control, direction and private-use characters shown as `\ufffd`; line ends and tabs stay."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("\ufffd" if unicodedata.category(c) in _UNSAFE and c not in "\n\t\u00ad\u200d" else c for c in text)


def one_line(text: str) -> str:
    """Return `text` without tabs and line ends, so that it stays in its cell and on its line."""
    return " ".join(text.split()) if any(c in text for c in "\t\n\r\v\f") else text


def _least_width(cells: Sequence[str]) -> int:
    """Return how wide a column must be: as its longest cell where all are short, and else as its longest word that is."""
    if all(map(_is_short, cells)):
        return max(map(len, cells))
    return max((min(len(word), SHORT) for cell in cells for word in cell.split()), default=0)


def _is_short(cell: str) -> bool:
    return len(cell) <= SHORT


def drop(stream: TextIO) -> None:
    """Let nothing more be written to a stream, not even what was held back."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@contextlib.contextmanager
def unwatched(stream: TextIO) -> Iterator[None]:
    """Write where whoever reads may go away at any time, as in `| head -1`: the work goes on, and nothing more is written."""
    try:
        yield
    except BrokenPipeError:
        drop(stream)


class Output:
    """Prints for people or for scripts."""

    def __init__(self, *, json_mode: bool = False, quiet: bool = False, stdout: TextIO | None = None, stderr: TextIO | None = None) -> None:
        """Print to the process's streams unless others are given."""
        self.is_json = json_mode
        self._quiet = quiet
        self._stdout = stdout or sys.stdout
        self._stderr = stderr or sys.stderr
        self.live: Console | None = None
        """Where a progress bar is drawn now: lines for the same terminal go above it, not through it."""

    @property
    def is_terminal(self) -> bool:
        """Whether stdout is a terminal."""
        return self._stdout.isatty()

    @property
    def width(self) -> int:
        """How many columns a line of stdout has, where it is a terminal."""
        return self._console().width

    @property
    def can_draw(self) -> bool:
        """Whether progress may be drawn: stderr is a terminal and nobody asked for silence."""
        return self._stderr.isatty() and not self._quiet and not self.is_json

    def unwatched(self) -> contextlib.AbstractContextManager[None]:
        """Report on work that goes on, and changes something, when nobody reads the reports any more."""
        return unwatched(self._stdout)

    def object(self, data: dict[str, Any]) -> None:
        """Print one JSON object."""
        print(json.dumps(data, ensure_ascii=False, default=str), file=self._stdout, flush=True)

    def text(self, text: str) -> None:
        """Print text to stdout."""
        if self.live and self.is_terminal:
            self._print_on(self.live, printable(text), soft_wrap=True)
        else:
            print(printable(text), file=self._stdout)

    def raw(self, data: bytes) -> None:
        """Write bytes to stdout as they are: what a person asked to have there with `-o -`."""
        self._stdout.flush()
        self._stdout.buffer.write(data)
        self._stdout.flush()

    def styled(self, *pieces: tuple[str, str], indent: int = 0) -> None:
        """Print (text, rich style) pieces, wrapped behind an indent of some columns; without a terminal, their plain text on a line."""
        if self.is_terminal:
            from rich.padding import Padding
            from rich.text import Text

            text = Text.assemble(*((printable(text), style) for text, style in pieces))
            (self.live or self._console()).print(Padding(text, (0, 0, 0, indent)) if indent else text, soft_wrap=not indent)
        else:
            self.text("".join(text for text, _style in pieces))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
        """Print rows: a table on a terminal, or a block for each where it is too narrow; tab-separated in a pipe."""
        if not self.is_terminal:
            for row in rows:
                self.text("\t".join(map(one_line, row)))
            return
        from rich import box
        from rich.table import Table
        from rich.text import Text

        rows = list(rows)
        cells = list(zip(columns, *rows, strict=True))
        if sum(map(_least_width, cells)) + COLUMN_GAP * (len(cells) - 1) > self.width:
            for head, *rest in rows:
                self.styled((head, "bold"))
                self._print_fields(zip(columns[1:], rest, strict=True), indent=2)
            return
        table = Table(box=box.SIMPLE_HEAD, header_style="bold", pad_edge=False, show_edge=False)
        for column in cells:
            table.add_column(column[0], overflow="fold", no_wrap=all(map(_is_short, column)))
        for row in rows:
            table.add_row(*(Text(printable(cell)) for cell in row))
        self._console().print(table)

    def fields(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Print labelled values, one a line, the labels aligned; empty values are left out."""
        if self.is_terminal:
            self._print_fields(pairs)
            return
        shown = [(label, value) for label, value in pairs if value]
        width = max((len(label) for label, _value in shown), default=0)
        for label, value in shown:
            self.text(f"{label:<{width}}  {one_line(value)}")

    def _print_fields(self, pairs: Iterable[tuple[str, str]], indent: int = 0) -> None:
        from rich.padding import Padding
        from rich.table import Table
        from rich.text import Text

        grid = Table.grid(padding=(0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for label, value in pairs:
            if value:
                grid.add_row(label, Text(printable(value)))
        self._console().print(Padding(grid, (0, 0, 0, indent)))

    def say(self, text: str) -> None:
        """Talk to a person on stderr; silent with --quiet and --json."""
        if not self._quiet and not self.is_json:
            self._talk(printable(text))

    def heading(self, text: str) -> None:
        """Begin something new in a talk with a person."""
        if not self._quiet and not self.is_json:
            self._talk("\n" + self._styled(printable(text), "1"))

    def warn(self, text: str) -> None:
        """Warn on stderr, also with --quiet; with --json as an object."""
        if self.is_json:
            self._talk(json.dumps({"type": "warning", "message": text}, ensure_ascii=False))
        else:
            self._talk(self._styled(_("warning:"), "33") + " " + printable(text))

    def error(self, error: MonespaceError) -> None:
        """Say an error on stderr: what happened, then what to do next; with --json as one object."""
        if self.is_json:
            data = {"type": "error", "code": error.code, "exit_code": int(error.exit_code), "message": error.message, "hint": error.hint}
            self._talk(json.dumps(data, ensure_ascii=False))
            return
        self._talk(self._styled(_("error:"), "1;31") + " " + printable(error.message))
        if error.hint:
            self._talk("\n" + self._styled(_("hint:"), "1;36") + " " + printable(error.hint))

    def _talk(self, text: str) -> None:
        """Print on stderr, after what was printed on stdout: both often end in one log."""
        with contextlib.suppress(OSError):  # a stdout that is full or gone is told by whoever prints to it
            self._stdout.flush()
        if self._stderr.isatty():
            self._print_on(self.live or self._console(self._stderr), text)
        else:
            print(text, file=self._stderr)

    @staticmethod
    def _print_on(console: "Console", text: str, *, soft_wrap: bool = False) -> None:
        """Print on a terminal, above a bar that is there; lines are broken between words, or where they end with `soft_wrap`."""
        from rich.text import Text

        console.print(Text.from_ansi(text), soft_wrap=soft_wrap)

    def _styled(self, text: str, sgr: str) -> str:
        return f"\x1b[{sgr}m{text}\x1b[0m" if self._stderr.isatty() and "NO_COLOR" not in os.environ else text

    def _console(self, stream: TextIO | None = None) -> "Console":
        from rich.console import Console

        return Console(file=stream or self._stdout, highlight=False)
