"""Each item is written exactly once and answered for itself, whatever fails around it."""

import asyncio
import random
from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onewindow_shared.plumbing.groupcommit import LARGEST, GroupCommitter
from onewindow_shared.plumbing.problems import Unavailable


@dataclass
class Table:
    """Commits all of a batch or nothing; bad items break their batch, bad luck breaks any."""

    bad: frozenset[int] = frozenset()
    seed: int = 0
    luck: float = 1.0
    rows: list[int] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._noise = random.Random(self.seed)

    async def write(self, items: Sequence[int]) -> list[int]:
        self.batches.append(len(items))
        await asyncio.sleep(0)
        if self.bad.intersection(items):
            raise LookupError
        if len(items) > 1 and self._noise.random() > self.luck:
            raise TypeError
        self.rows.extend(items)
        return [item * 10 for item in items]


@given(
    several=st.integers(1, 150),
    bad=st.frozensets(st.integers(0, 150), max_size=20),
    seed=st.integers(0, 1000),
    luck=st.sampled_from((1.0, 0.7, 0.0)),
    writers=st.integers(1, 3),
)
async def test_every_good_item_is_written_once_and_every_bad_one_refused(
    several: int, bad: frozenset[int], seed: int, luck: float, writers: int
) -> None:
    table = Table(bad, seed, luck)
    committer = GroupCommitter(table.write, writers)
    answers = await asyncio.gather(*map(committer.submit, range(several)), return_exceptions=True)
    for item, answer in enumerate(answers):
        assert isinstance(answer, LookupError) if item in bad else answer == item * 10
    assert sorted(table.rows) == [item for item in range(several) if item not in bad]
    assert max(table.batches) <= LARGEST


async def test_a_request_that_is_alone_is_a_batch_of_one() -> None:
    table = Table()
    committer = GroupCommitter(table.write, 1)
    assert [await committer.submit(item) for item in range(3)] == [0, 10, 20]
    assert table.batches == [1, 1, 1]


async def test_what_comes_during_a_commit_goes_into_the_next() -> None:
    table = Table()
    committer = GroupCommitter(table.write, 1)
    await asyncio.gather(*map(committer.submit, range(2 * LARGEST + 5)))
    assert table.batches == [LARGEST, LARGEST, 5]


@pytest.mark.parametrize("outage", [Unavailable(retry_after=1), ConnectionRefusedError()])
async def test_an_outage_fails_a_whole_batch_at_once(outage: Exception) -> None:
    batches: list[int] = []

    async def gone(items: Sequence[int]) -> list[int]:
        batches.append(len(items))
        await asyncio.sleep(0)
        raise outage

    committer: GroupCommitter[int, int] = GroupCommitter(gone, 1)
    answers = await asyncio.gather(*map(committer.submit, range(LARGEST + 3)), return_exceptions=True)
    assert all(isinstance(answer, type(outage)) for answer in answers)
    assert batches == [LARGEST, 3]


async def test_who_gave_up_waiting_harms_nobody() -> None:
    table = Table()
    committer = GroupCommitter(table.write, 1)
    impatient = asyncio.create_task(committer.submit(1))
    await asyncio.sleep(0)
    impatient.cancel()
    assert await committer.submit(2) == 20
    assert sorted(table.rows) == [1, 2]


async def test_a_writer_that_forgets_an_answer_leaves_nobody_waiting() -> None:
    async def forgetful(items: Sequence[int]) -> list[int]:
        return []

    committer: GroupCommitter[int, int] = GroupCommitter(forgetful, 1)
    with pytest.raises(ValueError, match="zip"):
        async with asyncio.timeout(1):
            await committer.submit(1)
