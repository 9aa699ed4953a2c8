"""A group that is a command as well: `monespace share --to NAME` beside `monespace share list`.

The usual thing to do needs no word of its own; what else there is to do with the same things stands behind a word, as in any group.
"""

from copy import copy
from typing import Any

from typer.core import TyperGroup

DEFAULT = "(default)"
"""The name of the command that is meant where no other is named; nobody types it."""


class GroupWithDefault(TyperGroup):
    """A group one of whose commands, :data:`DEFAULT`, is run where the first word names none of the others.

    Its options are shown as the group's own. A first argument that is spelt like another command means that command; `./list` is a file.
    """

    ignore_unknown_options = True  # they are for the default command

    @property
    def default(self) -> Any:
        """The command that is run without being named."""
        return self.commands[DEFAULT]

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names that can be typed."""
        return [name for name in super().list_commands(ctx) if name != DEFAULT]

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that is named, or else take all of the line for the default one."""
        if args and args[0] not in self.list_commands(ctx):
            return None, self.default, args
        return super().resolve_command(ctx, args)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Show the default command's options and arguments, then the other commands."""
        shown = copy(self)
        shown.params, shown.help, shown.subcommand_metavar = self.default.params, self.default.help, f"| {self.subcommand_metavar}"
        TyperGroup.format_help(shown, ctx, formatter)

    def shell_complete(self, ctx: Any, incomplete: str) -> list[Any]:
        """Complete the other commands' names, and the default one's options and arguments."""
        own = super().shell_complete(ctx, incomplete)
        known = {item.value for item in own}
        return [*own, *(item for item in self.default.shell_complete(ctx, incomplete) if item.value not in known)]
