"""Write the parts of the documentation that the code already says: exit codes, the command reference, the README's command table.

`--check` writes nothing and fails where a page is not what the code says.
"""

import re
import sys
from pathlib import Path
from typing import Any

from typer.core import TyperGroup

from monespace_cli.app import load_command
from monespace_cli.commands import COMMANDS
from monespace_cli.commands.default_command import DEFAULT
from monespace_cli.commands.verbs import VerbGroup
from monespace_cli.errors import ExitCode

ROOT = Path(__file__).parents[1]
NOTE = "<!-- Made by `make docs` from the code: do not edit. -->\n"
COMMANDS_HEAD = f"""{NOTE}
# Commands

Every command also takes `--vault DIR`, `--passphrase-fd N`, `--json` and `--quiet`, before or after its name, and `--help`.
Exit statuses: [exit-codes.md](exit-codes.md).
"""


def exit_codes() -> str:
    """Return docs/exit-codes.md."""
    rows = "".join(f"| {int(code)} | `{code.name.lower().replace('_', '-')}` | {code.meaning} |\n" for code in ExitCode)
    return f"""{NOTE}
# Exit codes

The exit status of every command; never renumbered. `--json` errors carry the same number as `exit_code`.

| status | name | meaning |
|---|---|---|
{rows}"""


def command_reference() -> str:
    """Return docs/commands.md: each command's own words and options."""
    parts = [COMMANDS_HEAD]
    for name in COMMANDS:
        parts += _command(f"monespace {name}", load_command(name))
    return "\n".join(parts)


def _command(path: str, command: Any) -> list[str]:
    if isinstance(command, VerbGroup):
        verbs = {f"{path} {name}": child for name, child in command.commands.items() if name != VerbGroup.DEFAULT}
        own = _command(path, command.commands[VerbGroup.DEFAULT])
        return [*own, *(line for name, child in verbs.items() for line in _command(name, child))]
    if isinstance(command, TyperGroup):
        inner = [line for name, child in command.commands.items() for line in _command(f"{path} {name}", child)]
        return [f"## {path}\n\n{command.help}\n", *inner]
    path, level = path.removesuffix(f" {DEFAULT}"), "##" if path.count(" ") == 1 else "###"
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    usage = " ".join([path, *(parameter.make_metavar(None) for parameter in arguments), "[OPTIONS]"])
    rows = "".join(_row(parameter) for parameter in command.params if getattr(parameter, "rich_help_panel", None) != "Everywhere")
    table = f"\n| | |\n|---|---|\n{rows}" if rows else ""
    return [f"{level} {path}\n\n`{usage}`\n\n{_prose(command.help)}\n{table}"]


def _row(parameter: Any) -> str:
    declared = (
        ", ".join(f"`{name}`" for name in (*parameter.opts, *parameter.secondary_opts)) if parameter.param_type_name == "option" else ""
    )
    name = declared or f"`{parameter.make_metavar(None)}`"
    choices = ", ".join(f"`{getattr(choice, 'value', choice)}`" for choice in getattr(parameter.type, "choices", None) or ())
    listed = f" One of {choices}." if choices else ""
    return f"| {name} | {_cell(parameter.help or '')}{listed} |\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")


def _prose(text: str | None) -> str:
    return re.sub(r"\n +", "\n", (text or "").strip())


def readme() -> str:
    """Return README.md with its command table and exit codes made anew between their marks."""
    text = (ROOT / "README.md").read_text("utf-8")
    table = "| command | what it does |\n|---|---|\n" + "".join(
        f"| `monespace {name}` | {entry.help} |\n" for name, entry in COMMANDS.items()
    )
    return re.sub(r"(<!-- commands -->\n).*?(<!-- /commands -->)", lambda found: found[1] + table + found[2], text, flags=re.DOTALL)


PAGES = {"docs/exit-codes.md": exit_codes, "docs/commands.md": command_reference, "README.md": readme}


def main(arguments: list[str]) -> int:
    """Write the pages, or with --check say which are out of date."""
    stale = []
    for name, make in PAGES.items():
        path, text = ROOT / name, make()
        if not path.exists() or path.read_text("utf-8") != text:
            stale.append(name)
            if "--check" not in arguments:
                path.write_text(text, "utf-8")
    if stale:
        print(("out of date, run `make docs`: " if "--check" in arguments else "wrote ") + ", ".join(stale))
    return 1 if stale and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
