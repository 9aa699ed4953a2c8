"""A command with verbs: what begins with one of them is that verb's, anything else is the command's own."""

from typing import Any

import typer
from typer.core import TyperGroup


class _Unnamed(typer.Context):
    """The context of a command that has no name of its own."""

    @property
    def command_path(self) -> str:
        return super().command_path.rstrip()


class VerbGroup(TyperGroup):
    """`monespace import PATH...` beside `monespace import status`: the first word that is no common option decides."""

    DEFAULT = "files"
    """The name under which the command itself is kept; nobody types it."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Put the command's own name before a line that begins with no verb."""
        place = self._first_of_its_own(args)
        if place == len(args) or args[place] not in self.commands or args[place] == self.DEFAULT:
            args = [*args[:place], self.DEFAULT, *args[place:]]
        return list(super().parse_args(ctx, args))

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; its own is called by no name of its own."""
        name, command, rest = super().resolve_command(ctx, args)
        if command is None or name != self.DEFAULT:
            return name, command, rest
        command.context_class = _Unnamed
        return "", command, rest

    def _first_of_its_own(self, args: list[str]) -> int:
        """Return the place of the first argument that is no common option, nor such an option's value."""
        takes_value = {name: not getattr(option, "is_flag", False) for option in self.params for name in option.opts}
        takes_value.pop("--help", None)
        place = 0
        while place < len(args) and args[place].split("=")[0] in takes_value:
            place += 1 + (takes_value[args[place].split("=")[0]] and "=" not in args[place])
        return min(place, len(args))
