"""A group that is a command as well."""

from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from monespace_cli.commands.default_command import DEFAULT, GroupWithDefault

app = typer.Typer(cls=GroupWithDefault, no_args_is_help=True, add_completion=False)


@app.command(DEFAULT)
def send(files: Annotated[list[str] | None, typer.Argument()] = None, to: Annotated[str, typer.Option("--to", "-t")] = "") -> None:
    """Send files."""
    print("send", to, *(files or []))


@app.command("list")
def list_sent() -> None:
    """List what was sent."""
    print("list")


@pytest.mark.parametrize(
    ("line", "printed"),
    [
        ("--to luc", "send luc\n"),
        ("--to=luc a b", "send luc a b\n"),
        ("-t luc", "send luc\n"),
        ("a --to luc", "send luc a\n"),
        ("a list", "send  a list\n"),
        ("--to list", "send list\n"),
        ("./list", "send  ./list\n"),
        ("list", "list\n"),
    ],
)
def test_what_no_other_command_is_named_by_goes_to_the_default(line: str, printed: str) -> None:
    assert CliRunner().invoke(app, line.split()).stdout == printed


def test_help_shows_the_options_and_the_other_commands() -> None:
    printed = CliRunner().invoke(app, ["--help"]).stdout
    assert "--to" in printed and "list" in printed and "Send files" in printed
    assert DEFAULT not in printed


def test_an_option_that_nobody_knows_is_a_mistake() -> None:
    done = CliRunner().invoke(app, ["--nothing"])
    assert done.exit_code == 2
    assert DEFAULT not in done.output
