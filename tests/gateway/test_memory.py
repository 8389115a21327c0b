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


async def test_an_answer_with_gaps_is_forgotten_sooner(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("onewindow_gateway.memory.PASSING_SECONDS", 0.0)
    memory, source = ShortMemory[int](60, lambda found: found > 1), Source()
    assert [await memory.get("a", source) for _ in range(3)] == [1, 2, 2]


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


async def test_what_is_kept_is_at_hand() -> None:
    memory, source = ShortMemory[int](60), Source()
    assert memory.at_hand("a") is None
    await memory.get("a", source)
    assert memory.at_hand("a") == 1


async def test_while_the_next_is_looked_up_the_one_before_is_at_hand() -> None:
    memory, source = ShortMemory[int](0, meanwhile=60), Source()
    await memory.get("a", source)
    assert memory.at_hand("a") is None, "somebody has to look"
    looking = asyncio.create_task(memory.get("a", source))
    await asyncio.sleep(0)
    assert memory.at_hand("a") == 1
    assert await looking == 2
    assert memory.at_hand("a") is None


async def test_what_is_too_old_is_waited_for() -> None:
    memory, source = ShortMemory[int](0, meanwhile=0), Source()
    await memory.get("a", source)
    looking = asyncio.create_task(memory.get("a", source))
    await asyncio.sleep(0)
    assert memory.at_hand("a") is None
    await looking


async def test_a_failure_leaves_nothing_at_hand() -> None:
    memory, source = ShortMemory[int](0, meanwhile=60), Source()
    await memory.get("a", source)
    source.broken = True
    with pytest.raises(LookupError):
        await memory.get("a", source)
    assert memory.at_hand("a") is None


async def test_whoever_finds_it_over_does_not_wait_for_the_next() -> None:
    memory, source = ShortMemory[int](0.05, meanwhile=60), Source()
    await memory.get("a", source)
    await asyncio.sleep(0.06)
    assert [memory.renewed("a", source) for _ in range(3)] == [1, 1, 1]
    await asyncio.sleep(0.03)
    assert (memory.at_hand("a"), source.asked) == (2, 2)


async def test_what_is_too_old_is_looked_up_and_not_told() -> None:
    memory, source = ShortMemory[int](60), Source()
    assert memory.renewed("a", source) is None
    assert await memory.get("a", source) == 1


async def test_a_failure_for_which_nobody_waits_is_left() -> None:
    memory, source = ShortMemory[int](0, meanwhile=60), Source()
    await memory.get("a", source)
    source.broken = True
    assert memory.renewed("a", source) == 1
    await asyncio.sleep(0.03)
    source.broken = False
    assert await memory.get("a", source) == 3
