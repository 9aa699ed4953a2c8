"""Whatever two people do and a store does to them, in whatever order: in the end each has exactly what the other meant them to have."""

import random
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from tests.actions.exchange import zoe_and_lea
from tests.actions.hostile_store import Exchange, Stopped

SEEDS = st.integers(0, 2**32)
WHO = st.booleans()


@contextmanager
def exchange() -> Iterator[Exchange]:
    """Two vaults and a hostile store, in memory where there is a place for files in memory: what is tested here is no disk."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder, zoe_and_lea(Path(folder)) as (zoe, lea):
        yield Exchange(zoe, lea)


class ExchangeMachine(RuleBasedStateMachine):
    """Deposits, corrections, revocations, shares, receipts; faults; killed processes."""

    def __init__(self) -> None:
        super().__init__()
        self._stack = ExitStack()
        self.exchange = self._stack.enter_context(exchange())

    @rule()
    def deposit(self) -> None:
        self.exchange.deposit()

    @rule()
    def share(self) -> None:
        self.exchange.share()

    @precondition(lambda self: self.exchange.standing)
    @rule(seed=SEEDS)
    def correct(self, seed: int) -> None:
        self.exchange.correct(random.Random(seed).choice(sorted(self.exchange.standing)))

    @precondition(lambda self: self.exchange.standing)
    @rule(seed=SEEDS)
    def revoke(self, seed: int) -> None:
        self.exchange.revoke(random.Random(seed).choice(sorted(self.exchange.standing)))

    @rule(is_zoe=WHO)
    def pull(self, is_zoe: bool) -> None:
        with suppress(Stopped):
            self.exchange.pull(self._who(is_zoe))

    @rule(is_zoe=WHO, again=st.booleans())
    def push(self, is_zoe: bool, again: bool) -> None:
        with suppress(Stopped):
            self.exchange.push(self._who(is_zoe), again=again)

    @rule(seed=SEEDS)
    def harm(self, seed: int) -> None:
        self.exchange.store.harm(random.Random(seed))

    @rule(after=st.one_of(st.none(), st.integers(0, 3)))
    def stop(self, after: int | None) -> None:
        self.exchange.store.stops_after = after

    @rule(lies=st.booleans())
    def lie(self, lies: bool) -> None:
        self.exchange.store.lies_at_second_read = lies

    @invariant()
    def nothing_twice(self) -> None:
        self.exchange.check(is_settled=False)

    def teardown(self) -> None:
        with self._stack:
            self.exchange.settle()
            self.exchange.check(is_settled=True)

    def _who(self, is_zoe: bool):  # type: ignore[no-untyped-def]
        return self.exchange.zoe if is_zoe else self.exchange.lea


def test_in_the_end_both_have_what_was_meant() -> None:
    run_state_machine_as_test(ExchangeMachine, settings=settings(max_examples=30, stateful_step_count=25, deadline=None))


def test_a_thousand_shares_and_a_thousand_deposits() -> None:
    """With 10 % faults, both sides end equal to the model."""
    with exchange() as two:
        two.storm(random.Random(1), shares=1_000, deposits=1_000, faults=0.1, exchanges=0.05)
        two.check(is_settled=True)
        assert len(two.at_lea) == 1_000
        assert len(two.at_zoe) == 2_000
        assert two.refused > 10, "the store did no harm that anybody saw"
