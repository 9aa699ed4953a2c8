"""`monespace unlock`: open the vault for a while."""

import re
from typing import Annotated

import typer

from monespace_cli.commands.services import services
from monespace_cli.errors import UsageError
from monespace_cli.i18n import _
from monespace_cli.ui.views import duration

app = typer.Typer(add_completion=False)

UNITS = {"s": 1, "m": 60, "h": 3600}
LONGEST = 24 * 3600


@app.command()
def unlock(
    context: typer.Context,
    duration_text: Annotated[str, typer.Option("--for", metavar="TIME", help=_("How long: 90s, 15m, 2h; 24h at most."))] = "15m",
) -> None:
    """Keep the vault unlocked for a while: commands then ask for no passphrase, until the time is over or `monespace lock`.

    The key is kept in memory: by the Linux kernel, elsewhere by a small process on a private socket. While it lasts, every program of yours
    can read the vault. Changing the keys still takes the passphrase.
    """
    tools = services(context)
    seconds = parse_duration(duration_text)
    tools.start_session(seconds)
    if tools.output.is_json:
        tools.output.object({"type": "unlocked", "seconds": seconds})
    tools.output.say(_("Unlocked for {time}; `monespace lock` ends it").format(time=duration(seconds)))


def parse_duration(text: str) -> int:
    """Return the seconds that a time like `90s`, `15m`, `2h` or `1h30m` means.

    Raises:
        UsageError: it is none, or more than a day.
    """
    if not re.fullmatch(r"(\d{1,5}[smh])+", text):
        raise UsageError(_("{text} is not a time").format(text=text), hint=_("for example 90s, 15m or 2h"))
    seconds = sum(int(number) * UNITS[unit] for number, unit in re.findall(r"(\d+)([smh])", text))
    if not 0 < seconds <= LONGEST:
        raise UsageError(_("a vault can be unlocked for 24h at most"), hint=_("for example 90s, 15m or 2h"))
    return seconds
