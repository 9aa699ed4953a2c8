"""Take the README's picture: the demo's vault in a real terminal (tmux), drawn by a real browser (chromium). Needs `make demo` first.

Usage: python scripts/screenshot.py OUT.png COMMAND...
"""

import io
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.terminal_theme import MONOKAI
from rich.text import Text

ROOT = Path(__file__).parents[1]
WIDTH, HEIGHT = 110, 40
SESSION = "monespace-screenshot"


def capture(commands: list[str]) -> str:
    """Return what a terminal shows after the commands, with its colours (tmux capture-pane -e)."""
    shell = [
        "tmux",
        "new-session",
        "-d",
        "-s",
        SESSION,
        "-x",
        str(WIDTH),
        "-y",
        str(HEIGHT),
        "env",
        "PS1=\\[\\e[1;32m\\]$\\[\\e[0m\\] ",
        "bash",
        "--norc",
    ]
    environment = {
        **os.environ,
        "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}",
        "MONESPACE_VAULT": str(ROOT / "demo" / "zoe"),
        "MONESPACE_PASSPHRASE_FILE": str(ROOT / "demo" / "zoe.passphrase"),
        "COLORTERM": "truecolor",
    }
    subprocess.run(shell, check=True, env=environment, cwd=ROOT / "demo")
    try:
        for command in ["clear", *commands]:
            subprocess.run(["tmux", "send-keys", "-t", SESSION, command, "Enter"], check=True)
            time.sleep(2)
        return subprocess.run(["tmux", "capture-pane", "-p", "-e", "-t", SESSION], check=True, capture_output=True, text=True).stdout
    finally:
        subprocess.run(["tmux", "kill-session", "-t", SESSION], check=True)


def draw(screen: str, out: Path) -> None:
    """Draw a captured screen as a PNG."""
    console = Console(record=True, width=WIDTH, file=io.StringIO(), force_terminal=True, color_system="truecolor")
    console.print(Text.from_ansi(screen.rstrip()))
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "screen.html"
        svg = console.export_svg(title="monespace", theme=MONOKAI)
        page.write_text(f"<body style='margin:0;background:#fff'>{svg}</body>", "utf-8")
        lines = screen.rstrip().count("\n") + 1
        size = f"--window-size={WIDTH * 12 + 40},{lines * 25 + 60}"
        flags = ["--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-background-networking", "--no-first-run"]
        browser = ["chromium", *flags, f"--user-data-dir={folder}/profile", size, f"--screenshot={out}", page.as_uri()]
        subprocess.run(browser, check=True, capture_output=True)


if __name__ == "__main__":
    draw(capture(sys.argv[2:]), Path(sys.argv[1]).absolute())
