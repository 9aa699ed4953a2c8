"""What the core asks of the world around it: secrets, time, randomness, progress. Protocols only; `adapters` and `ui` implement them."""

from collections.abc import Callable
from concurrent.futures import Future
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import BinaryIO, Protocol, TypeVar

Clock = Callable[[], datetime]
"""Returns the present moment, timezone-aware, in UTC."""

Random = Callable[[int], bytes]
"""Returns that many bytes from a cryptographically secure source (`os.urandom`); tests hand in a fixed one."""


OBJECT_NAME = r"[0-9a-f]{32}\.age"
"""What an object in a store is called: random, so that the name says nothing."""


class SecretSource(Protocol):
    """Gives a secret as late as possible, so that nobody is asked for one that is not needed."""

    def passphrase(self, prompt: str, *, confirm: bool = False) -> str:
        """Return the passphrase; `confirm` asks for it twice where a person types it.

        Raises:
            LockedError: no source was configured and there is no terminal to ask on.
        """


Task_contra = TypeVar("Task_contra", contravariant=True)
Result = TypeVar("Result")


class Executor(Protocol[Task_contra, Result]):
    """Does tasks that cost time, several at once: in processes of this machine, or on a cluster. Tasks know nothing of each other."""

    @property
    def width(self) -> int:
        """How many tasks are done at once."""

    def submit(self, task: Task_contra) -> Future[Result]:
        """Take a task, to be done after those taken before unless it goes on with one of them; its failure is raised by `result()`."""


class Progress(Protocol):
    """Follows long work. The core reports, the user interface draws; :class:`NoProgress` draws nothing."""

    def start(self, total: int) -> None:
        """Announce the amount of work, in the unit the caller chose (files, bytes)."""

    def advance(self, amount: int = 1, label: str = "") -> None:
        """Report work done; `label` names what is worked on now and is never logged."""

    def stop(self) -> None:
        """End the display."""

    def paused(self) -> AbstractContextManager[None]:
        """Leave the terminal to a question meanwhile."""


class NoProgress:
    """A progress that says nothing."""

    def start(self, total: int) -> None:
        """Ignore it."""

    def advance(self, amount: int = 1, label: str = "") -> None:
        """Ignore it."""

    def stop(self) -> None:
        """Ignore it."""

    def paused(self) -> AbstractContextManager[None]:
        """Ignore it."""
        return nullcontext()


class Store(Protocol):
    """A place that carries sealed files between people and is trusted with nothing: it may lose, keep, swap or repeat them.

    Names are of :data:`OBJECT_NAME`'s form; whatever else lies there is not listed (docs/formats/store-v1.md).

    Raises:
        TryLaterError: the place cannot be reached, or not any more.
        StoreNotWritableError: it takes nothing.
        UnreadableInputError: an object cannot be read.
    """

    def identity(self) -> str | None:
        """Return the name that the store gave itself when it was set up, or None where nobody did: another place is another store."""

    def set_up(self, identity: str) -> str:
        """Let the store be called `identity` from now on, unless it has a name already; return its name."""

    def objects(self) -> dict[str, str]:
        """Return what is there: each object's name, and a stamp that is another one once its bytes are."""

    def get(self, name: str) -> AbstractContextManager[BinaryIO]:
        """Give an object, to be read once from its start to its end."""

    def put(self, name: str, source: BinaryIO) -> str:
        """Add an object, which is there whole and lasting or not at all; return its stamp."""

    def delete(self, name: str) -> None:
        """Remove an object; one that is gone already is no error."""

    def tidy(self, now: datetime) -> None:
        """Remove what was begun so long before `now` that nobody is still putting it."""
