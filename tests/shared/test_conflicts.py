"""A broken constraint is told by its name on both databases."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from onewindow_shared.plumbing.conflicts import constraint_of
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.timers import Timer
from onewindow_shared.plumbing.unit import Unit
from shared import sample
from shared.sample import LabelTaken, Note, Thing, thing
from testkit.api import MONDAY


def timer_twice(unit: Unit) -> None:
    for _ in range(2):
        unit.session.add(Timer(kind="a", entity_id="b", due_at=MONDAY, try_at=MONDAY))
        unit.session.flush()


def number_twice(unit: Unit) -> None:
    unit.session.add(Thing(id=1, label="one", community="", street="", district=""))
    unit.session.flush()
    unit.session.expunge_all()
    unit.session.add(Thing(id=1, label="two", community="", street="", district=""))


BROKEN: dict[str, Callable[[Unit], Any]] = {
    "uq_things_nickname": lambda unit: [thing(unit, "a", nickname="X"), thing(unit, "b", nickname="x")],
    "uq_timers_kind_entity_id": timer_twice,
    "ck_things_small": lambda unit: thing(unit, "a", n=1000),
    "pk_things": number_twice,
}


@pytest.mark.parametrize("name", BROKEN)
async def test_the_constraint_is_named(runtime: Runtime, name: str) -> None:
    with pytest.raises(IntegrityError) as broken:
        await runtime.system(BROKEN[name])
    assert constraint_of(broken.value, sample.TABLES) == name


async def test_a_known_constraint_becomes_its_problem(runtime: Runtime) -> None:
    with pytest.raises(LabelTaken):
        await runtime.system(lambda unit: [thing(unit, "a"), thing(unit, "a")])


async def test_an_unknown_one_stays_a_defect(runtime: Runtime) -> None:
    with pytest.raises(IntegrityError):
        await runtime.system(lambda unit: unit.session.add(Note(thing_id=404)))
