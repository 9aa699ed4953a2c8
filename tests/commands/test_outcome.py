"""How the outcome of an import is shown for a person."""

import io

import pytest
from rich.text import Text

from monespace_cli.actions.imported import ImportedItem, ItemStatus
from monespace_cli.commands.outcome import show_item
from monespace_cli.ui.output import Output

FAILED = ImportedItem("scans/large.bin", ItemStatus.FAILED, code="file-too-large")


class Terminal(io.StringIO):
    """A terminal that remembers what was written to it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (120, ["failed                    scans/large.bin  The file is larger than 256 MiB · split it into smaller files"]),
        (
            60,
            [
                "failed                    scans/large.bin",
                26 * " " + "The file is larger than 256 MiB ·",
                26 * " " + "split it into smaller files",
            ],
        ),
    ],
)
def test_a_failure_says_what_to_do_next_in_whole_words(width: int, lines: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    screen = Terminal()
    show_item(Output(stdout=screen), FAILED)
    assert [line.rstrip() for line in Text.from_ansi(screen.getvalue()).plain.splitlines()] == lines


def test_a_script_gets_the_next_step_in_a_column_of_its_own() -> None:
    pipe = io.StringIO()
    show_item(Output(stdout=pipe), FAILED)
    assert pipe.getvalue() == "failed\t\tscans/large.bin\tThe file is larger than 256 MiB\tsplit it into smaller files\n"
