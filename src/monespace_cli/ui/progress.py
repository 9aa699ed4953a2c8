"""Progress as a person sees it: a bar with count, rate, time left and what is worked on now. Implements the `Progress` port."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, ProgressColumn, SpinnerColumn, Task, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as RichProgress
from rich.text import Text

from monespace_cli.i18n import _
from monespace_cli.ui.output import Output, printable

LABEL_WIDTH = 40


class RateColumn(ProgressColumn):
    """How many are done in a second, or in a minute where that is less than one."""

    def render(self, task: Task) -> Text:
        """Return the rate in words; nothing until it is known."""
        speed = task.finished_speed or task.speed
        if not speed:
            return Text("")
        per_second, per_minute = _("{rate:.0f}/s"), _("{rate:.0f}/min")
        return Text(per_second.format(rate=speed) if speed >= 1 else per_minute.format(rate=60 * speed), "dim")


class Bar:
    """A progress bar on stderr, gone when the work is done."""

    def __init__(self, title: str, output: Output) -> None:
        """Prepare a bar above which `output` prints; nothing is drawn before :meth:`start`."""
        self._output = output
        columns = (
            SpinnerColumn(),
            TextColumn(title),
            BarColumn(),
            MofNCompleteColumn(),
            RateColumn(),
            TimeRemainingColumn(),
            TextColumn("{task.fields[label]}"),
        )
        self._bar = RichProgress(*columns, console=Console(stderr=True), transient=True)
        self._task: TaskID | None = None

    def start(self, total: int) -> None:
        """Show the bar."""
        self._output.live = self._bar.console
        self._bar.start()
        self._task = self._bar.add_task("", total=total, label="")

    def advance(self, amount: int = 1, label: str = "") -> None:
        """Move the bar on."""
        if self._task is not None:
            self._bar.update(self._task, advance=amount, label=printable(label)[-LABEL_WIDTH:])

    def stop(self) -> None:
        """Take the bar away."""
        self._output.live = None
        self._bar.stop()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Take the bar away meanwhile."""
        self.stop()
        yield
        if self._task is not None:
            self._output.live = self._bar.console
            self._bar.start()
