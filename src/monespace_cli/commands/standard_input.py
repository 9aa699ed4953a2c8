"""What a person types: as an argument, which other users of the machine can see while the command runs, or on standard input."""

import sys

from monespace_cli.errors import UsageError
from monespace_cli.i18n import _

STANDARD_INPUT = "-"


def typed(argument: str, length: int) -> str:
    """Return an argument, or for `-` what standard input holds.

    Args:
        argument: as given.
        length: characters at most.

    Raises:
        UsageError: it is longer.
    """
    text = sys.stdin.read(length + 1) if argument == STANDARD_INPUT else argument
    if len(text) > length:
        raise UsageError(_("this is longer than {count} characters").format(count=length))
    return text.strip()
