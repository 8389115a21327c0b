"""A figure is what counting again would give, whenever it is asked and whoever folds meanwhile."""

import asyncio
from dataclasses import dataclass
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, func, select

from onewindow_shared.contracts.metrics import STANDING, Metric
from onewindow_shared.plumbing.rollups import Rollup, RollupDelta, delta, figures, fold, hold, rebuild
from onewindow_shared.plumbing.runtime import Runtime
from onewindow_shared.plumbing.scope import EVERYTHING, NOTHING, Scope, place
from onewindow_shared.plumbing.unit import Actor, Unit
from shared.conftest import NewReplica
from testkit.api import DONGSHAN, KAIYUAN, XIAN

DAY = date(2026, 11, 23)
COMMUNITIES = (XIAN, KAIYUAN, DONGSHAN)
METRICS = (Metric.CASES_RECEIVED, Metric.CASES_OVERDUE_OPEN, Metric.VOLUNTEERS_REGISTERED)


@dataclass(frozen=True)
class Count:
    metric: Metric
    community: str
    day: date
    item: str
    n: int


counts = st.lists(
    st.builds(
        Count,
        st.sampled_from(METRICS),
        st.sampled_from(COMMUNITIES),
        st.integers(-3, 3).map(lambda days: DAY + timedelta(days=days)),
        st.sampled_from(("", "soc-1")),
        st.integers(-2, 5),
    ),
    max_size=25,
)
areas = st.sampled_from(sorted({code[:level] for code in COMMUNITIES for level in (6, 9, 12)}))


def record(unit: Unit, *several: Count) -> None:
    for one in several:
        unit.count(one.metric, one.n, community=one.community, day=one.day, item=one.item)


def folding(unit: Unit) -> int:
    return fold(unit.session)


def ask(unit: Unit, area: str) -> dict[Metric, int]:
    return figures(unit.session, area, DAY - timedelta(days=1), DAY + timedelta(days=1))


def forget(unit: Unit) -> None:
    unit.session.execute(delete(Rollup))
    unit.session.execute(delete(RollupDelta))


def recounted(several: list[Count], area: str, scope: Scope = EVERYTHING) -> dict[Metric, int]:
    found: dict[Metric, int] = {}
    for one in several:
        within = one.community.startswith(area) and (scope.everything or scope.covers(one.community))
        since = one.metric in STANDING or one.day >= DAY - timedelta(days=1)
        if within and since and one.day <= DAY + timedelta(days=1):
            found[one.metric] = found.get(one.metric, 0) + one.n
    return found


@settings(max_examples=25)
@given(several=counts, area=areas, folds=st.sets(st.integers(0, 25)))
async def test_figures_are_those_of_a_recount_however_often_folded(
    runtime: Runtime, several: list[Count], area: str, folds: set[int]
) -> None:
    await runtime.system(forget)
    for place_, one in enumerate(several):
        await runtime.system(record, one)
        if place_ in folds:
            await runtime.system(folding)
            await runtime.system(folding)
    assert await runtime.system(ask, area) == recounted(several, area)


@settings(max_examples=15)
@given(several=counts, area=areas, mine=areas)
async def test_figures_count_only_what_the_asker_reaches(
    runtime: Runtime, several: list[Count], area: str, mine: str
) -> None:
    await runtime.system(forget)
    await runtime.system(record, *several[::2])
    await runtime.system(folding)
    await runtime.system(record, *several[1::2])
    scope = Scope(area=mine)
    actor = Actor("clerk", "", frozenset(), scope)
    assert await runtime.read(actor, ask, area) == recounted(several, area, scope)
    assert await runtime.read(Actor("nobody", "", frozenset(), NOTHING), ask, area) == {}


async def test_two_folders_and_a_writer_at_once_lose_and_double_nothing(new_replica: NewReplica) -> None:
    replicas = [new_replica() for _ in range(3)]
    one = Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 1)

    async def write() -> None:
        for _ in range(40):
            await replicas[0].system(record, one, one)

    async def fold_often(replica: Runtime) -> None:
        for _ in range(25):
            await replica.system(folding)

    async def look() -> None:
        before = 0
        for _ in range(25):
            now = (await replicas[0].system(ask, XIAN)).get(Metric.CASES_RECEIVED, 0)
            assert now >= before, "a figure never falls back while rows are folded"
            before = now

    await asyncio.gather(write(), fold_often(replicas[1]), fold_often(replicas[2]), look())
    assert await replicas[0].system(ask, XIAN) == {Metric.CASES_RECEIVED: 80}
    while await replicas[1].system(folding):
        pass
    rows = await replicas[0].system(
        lambda u: u.session.execute(select(func.sum(Rollup.n), func.count())).one()
    )
    assert tuple(rows) == (80, 1)


async def test_what_fails_is_not_counted(runtime: Runtime) -> None:
    def failing(unit: Unit) -> None:
        record(unit, Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 1))
        unit.session.flush()
        raise LookupError

    await asyncio.gather(runtime.system(failing), return_exceptions=True)
    assert await runtime.system(ask, XIAN) == {}


async def test_a_count_without_day_belongs_to_the_districts_today(runtime: Runtime) -> None:
    await runtime.system(lambda unit: unit.count(Metric.CASES_RECEIVED, community=XIAN))
    assert await runtime.system(lambda u: u.session.scalar(select(RollupDelta.day))) == DAY


async def test_rebuilding_replaces_every_counter(runtime: Runtime) -> None:
    await runtime.system(record, *[Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 7)] * 3)
    await runtime.system(folding)

    def anew(unit: Unit) -> None:
        hold(unit.session)
        rebuild(unit.session, [delta(Metric.CASES_ACCEPTED, DAY, "", 2, place(XIAN))])

    await runtime.system(anew)
    assert await runtime.system(ask, XIAN) == {Metric.CASES_ACCEPTED: 2}
    await runtime.system(lambda unit: rebuild(unit.session, []))
    assert await runtime.system(ask, XIAN) == {}


async def test_nothing_counted_during_a_recount_is_lost(new_replica: NewReplica) -> None:
    rebuilding, counting = new_replica(), new_replica()
    counted = asyncio.Event()
    loop = asyncio.get_running_loop()
    one = Count(Metric.CASES_RECEIVED, XIAN, DAY, "", 1)
    await counting.system(record, one)

    async def count() -> None:
        await counted.wait()
        await counting.system(record, one)

    def anew(unit: Unit) -> None:
        hold(unit.session)
        total = unit.session.scalar(select(func.sum(RollupDelta.n))) or 0
        loop.call_soon_threadsafe(counted.set)
        rebuild(unit.session, [delta(Metric.CASES_RECEIVED, DAY, "", total, place(XIAN))])

    await asyncio.gather(count(), rebuilding.system(anew))
    assert await counting.system(ask, XIAN) == {Metric.CASES_RECEIVED: 2}
