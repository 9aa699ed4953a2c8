"""The composition root: the command tree, the common options, the adapters, and the one boundary where errors become exits."""

import contextlib
import io
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption
from typer.exceptions import Abort, TyperException

from monespace_cli import __version__
from monespace_cli.commands import COMMANDS
from monespace_cli.commands.services import Services
from monespace_cli.config import Settings
from monespace_cli.errors import ExitCode, MonespaceError, NotWritableError, UsageError
from monespace_cli.files import NO_SPACE
from monespace_cli.i18n import _
from monespace_cli.ports import SecretSource
from monespace_cli.ui.output import Output, drop, unwatched

EPILOG = _("`monespace COMMAND --help` says more. Exit codes, formats and the threat model: docs/ in the source.")


class LazyGroup(TyperGroup):
    """The first level of commands: names and help from a table, a command's own module only when it is run."""

    def __init__(self, **attributes: Any) -> None:
        """Fill the group with stand-ins that have no more than a name, a help line and a heading."""
        super().__init__(**attributes)
        self.commands = {name: TyperCommand(name, help=entry.help, rich_help_panel=entry.panel) for name, entry in COMMANDS.items()}
        self._is_running = False

    def list_commands(self, ctx: Any) -> list[str]:
        """Return the names in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """Return a command, or its stand-in while names are only listed."""
        if not self._is_running or cmd_name not in COMMANDS:
            return super().get_command(ctx, cmd_name)
        return load_command(cmd_name)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that a command line, or a completion of its arguments, means."""
        self._is_running = True
        try:
            return super().resolve_command(ctx, args)
        finally:
            self._is_running = False


def load_command(name: str) -> Any:
    """Return a command of the first level with all that belongs to it."""
    entry = COMMANDS[name]
    command = typer.main.get_command(import_module(f"monespace_cli.commands.{entry.module}").app)
    command.name = name
    if isinstance(command, TyperGroup):
        command.help = entry.help
    _add_common_options(command)
    return command


root = typer.Typer(
    cls=LazyGroup,
    help=_("Your health record on your own machine, encrypted: papers you can search, and hand to a practitioner signed and sealed."),
    epilog=EPILOG,
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@root.callback()
def _root(version: Annotated[bool, typer.Option("--version", help=_("Print the version."), is_eager=True)] = False) -> None:
    if version:
        sys.stdout.write(f"monespace {__version__}\n")
        raise typer.Exit


def run(arguments: Sequence[str], services: Services | None = None) -> int:
    """Run one command line and return its exit status (`errors.ExitCode`)."""
    _protect_process()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a terminal that is not UTF-8 is no reason to stop half-way
    services = services or build_services()
    command = build_root()
    try:
        status = command.main(list(arguments), prog_name="monespace", standalone_mode=False, obj=services)
        with unwatched(sys.stdout):  # what was done is done, and the exit status says so, whether or not anybody reads the rest
            sys.stdout.flush()
        if status == ExitCode.INTERRUPTED:
            sys.stderr.write("\n")
        return int(status or ExitCode.OK)
    except SystemExit as stop:  # Typer's way to say that whoever read our output has seen enough (1), or that completion is installed (0)
        return ExitCode.OK if stop.code == 1 else int(stop.code or 0)
    except MonespaceError as error:
        return _report(error, arguments)
    except TyperException as error:
        if type(error).__name__ == "NoArgsIsHelpError" and "--json" not in arguments:  # the help was the message
            return ExitCode.USAGE
        return _report(UsageError(error.format_message(), hint=_("see `{command} --help`").format(command=_command_of(error))), arguments)
    except (KeyboardInterrupt, Abort):
        sys.stderr.write("\n")
        return ExitCode.INTERRUPTED
    except BrokenPipeError:  # whoever read our output has seen enough, as in `monespace document list | head`
        drop(sys.stdout)
        return ExitCode.OK
    except Exception as error:
        if isinstance(error, OSError) and error.errno in NO_SPACE:  # as in `monespace document list > FILE` on a full disk
            drop(sys.stdout)
            return _report(NotWritableError(_("no space is left for the output"), hint=_("make room and try again")), arguments)
        if "MONESPACE_DEBUG" in os.environ:
            raise
        return _report(_unexpected(error), arguments)


def build_root() -> Any:
    """Return the command tree's root, which takes the common options too."""
    command = typer.main.get_command(root)
    command.params.extend(_common_options())
    return command


def build_services() -> Services:
    """Join the command line to the real world: environment, clock, randomness, secrets."""
    from monespace_cli.adapters.clock import system_clock

    return Services(os.environ, system_clock, os.urandom, _secrets)


def _secrets(settings: Settings, terminal: SecretSource) -> SecretSource:
    from monespace_cli.adapters.secrets import ConfiguredSecrets

    return ConfiguredSecrets(
        terminal,
        descriptor=settings.passphrase_fd,
        file=settings.passphrase_file,
        command=settings.passphrase_command,
    )


def _common_options() -> list[TyperOption]:
    panel = _("Everywhere")

    def option(declaration: str, help_text: str, **more: Any) -> TyperOption:
        return TyperOption(
            param_decls=declaration.split(), help=help_text, expose_value=False, callback=_keep_option, rich_help_panel=panel, **more
        )

    return [
        option("--vault", _("The vault's directory (or MONESPACE_VAULT)."), type=Path, metavar="DIR"),
        option("--space", _("Work in this person's space, by a name or number (or MONESPACE_SPACE)."), metavar="NAME"),
        option("--passphrase-fd", _("Read the passphrase from this file descriptor."), type=int, metavar="N"),
        option("--json", _("Print JSON on stdout, for scripts."), is_flag=True, default=False),
        option("--quiet -q", _("Print results only."), is_flag=True, default=False),
    ]


def _keep_option(ctx: typer.Context, param: Any, value: Any) -> Any:
    if value is not None and value is not False:
        setattr(ctx.obj.options, param.name, value)
    return value


def _add_common_options(command: Any) -> None:
    """Let a command, a group and every command of it take the common options, so that they may stand anywhere on the line."""
    command.params.extend(_common_options())
    if isinstance(command, TyperGroup):
        for child in command.commands.values():
            _add_common_options(child)


def _report(error: MonespaceError, arguments: Sequence[str]) -> int:
    with contextlib.suppress(OSError):  # where nobody can be told, the exit status still says it
        Output(json_mode="--json" in arguments).error(error)
    return error.exit_code


def _command_of(error: TyperException) -> str:
    context = getattr(error, "ctx", None)
    return context.command_path.strip() if context else "monespace"


def _unexpected(error: Exception) -> MonespaceError:
    """Say where it happened and of what type it was, but not its words: they may quote what was being worked on."""
    from traceback import walk_tb

    frames = [(frame.f_globals.get("__name__", "?"), line) for frame, line in walk_tb(error.__traceback__)]
    module, line = next((each for each in reversed(frames) if each[0].startswith("monespace_cli")), ("?", 0))
    place = f"{module}:{line}"
    return MonespaceError(
        _("something unforeseen happened: {kind} at {place}").format(kind=type(error).__name__, place=place),
        hint=_("please report it with this line; MONESPACE_DEBUG=1 shows all of it, which may include private data"),
    )


def _protect_process() -> None:
    """Write no core dump, and clean up when asked to end."""
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
