"""Answers kept for a moment."""

import asyncio

import pytest

from onewindow_gateway.memory import ShortMemory


class Source:
    """Something that is looked up, slowly."""

    def __init__(self) -> None:
        self.asked = 0
        self.broken = False

    async def __call__(self) -> int:
        self.asked += 1
        await asyncio.sleep(0.02)
        if self.broken:
            raise LookupError
        return self.asked


async def test_simultaneous_callers_wait_for_one_look_up() -> None:
    memory, source = ShortMemory[int](60), Source()
    assert await asyncio.gather(*(memory.get("a", source) for _ in range(10))) == [1] * 10


async def test_keys_do_not_share_answers() -> None:
    memory, source = ShortMemory[int](60), Source()
    assert {await memory.get("a", source), await memory.get("b", source)} == {1, 2}


async def test_an_answer_is_forgotten_in_time() -> None:
    memory, source = ShortMemory[int](0.05), Source()
    assert await memory.get("a", source) == await memory.get("a", source) == 1
    await asyncio.sleep(0.06)
    assert await memory.get("a", source) == 2


async def test_a_failure_is_told_to_all_who_wait_and_kept_for_nobody() -> None:
    memory, source = ShortMemory[int](60), Source()
    source.broken = True
    answers = await asyncio.gather(*(memory.get("a", source) for _ in range(3)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LookupError] * 3
    source.broken = False
    assert await memory.get("a", source) == 2


async def test_who_gives_up_takes_nothing_from_the_others() -> None:
    memory, source = ShortMemory[int](60), Source()
    hasty = asyncio.create_task(memory.get("a", source))
    patient = asyncio.create_task(memory.get("a", source))
    await asyncio.sleep(0)
    hasty.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hasty
    assert await patient == 1
