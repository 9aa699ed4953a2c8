"""The entry point. `--version` is answered here, before anything that takes time to load."""

import os
import sys

from monespace_cli import __version__


def main() -> None:
    """Run monespace with the process's arguments and exit with its status."""
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


if __name__ == "__main__":
    main()
