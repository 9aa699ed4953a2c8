"""The entry point. `--version` is answered here, before anything that takes time to load."""

import sys

from monespace_cli import __version__


def main() -> None:
    """Run monespace with the process's arguments and exit with its status."""
    if sys.argv[1:] == ["--version"]:
        sys.stdout.write(f"monespace {__version__}\n")
        return
    from monespace_cli.app import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
