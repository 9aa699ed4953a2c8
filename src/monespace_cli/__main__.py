"""The entry point. `--version` is answered here, before anything that takes time to load."""

import os
import sys

from monespace_cli import __version__


def main() -> None:
    """Run monespace with the process's arguments and exit with its status."""
    _open_streams()
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"monespace {__version__}\n")
        return
    import contextlib

    from monespace_cli.app import run

    status = run(sys.argv[1:])
    with contextlib.suppress(OSError):  # `run` has told what it could
        sys.stdout.flush()
        sys.stderr.flush()
    # Everything is closed; taking the interpreter apart object by object would cost as much time again as a small command takes.
    os._exit(status)


def _open_streams() -> None:
    """Put /dev/null in the place of a standard stream that is closed: the next file opened, such as the vault, would get its number."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            descriptor = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(os.dup2(descriptor, number), "r+" if number == 0 else "w", closefd=False))


if __name__ == "__main__":
    main()
